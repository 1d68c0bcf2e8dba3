"""The messages of an edition: who got what and how it went; and whom a sending would reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, MailKind, MailState
from salon.keys import fold
from salon.models import (
    Account,
    Delegate,
    Edition,
    MailBatch,
    Organisation,
    OutboxMail,
    ParticipantType,
    TypeRule,
)
from salon.queries.registrations import wish_count

PER_PAGE = 25
SORTS = ("created", "kind", "recipient", "state")
ON_ITS_WAY = (MailState.QUEUED, MailState.SENDING, MailState.RETRY)
LOST = (MailState.FAILED, MailState.DROPPED)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is asked for; an empty set filters nothing."""

    q: str = ""
    states: frozenset[MailState] = frozenset()
    kinds: frozenset[MailKind] = frozenset()
    delegate: int | None = None
    batch: int | None = None
    sort: str = "created"
    descending: bool = True
    page: int = 1

    @property
    def is_set(self) -> bool:
        return bool(self.q or self.states or self.kinds or self.delegate or self.batch)


@dataclass(frozen=True, slots=True)
class MailLine:
    """One message in the list."""

    id: int
    kind: MailKind
    state: MailState
    delegate_id: int | None
    name: str  # of the person, or of the account when no registration is meant
    organisation: str
    recipient: str
    attempts: int
    error: str
    created_at: datetime
    sent_at: datetime | None
    next_attempt_at: datetime


@dataclass(frozen=True, slots=True)
class MailPage:
    """One page of the list; counts obey every filter but the one they count."""

    lines: tuple[MailLine, ...]
    matching: int
    page: int
    pages: int
    by_state: Mapping[MailState, int]
    by_kind: Mapping[MailKind, int]
    everything: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PER_PAGE + 1 if self.lines else 0

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1 if self.lines else 0


def page(session: Session, edition: Edition, filters: Filters) -> MailPage:
    """The asked page, in four statements at most; one beyond the last gives the last."""
    here = [OutboxMail.edition_id == edition.id, *_of(session, edition, filters)]
    counted = _counts(session, here)
    by_state = _sum(counted, 0, lambda _state, kind: not filters.kinds or kind in filters.kinds)
    by_kind = _sum(counted, 1, lambda state, _kind: not filters.states or state in filters.states)
    matching = sum(
        count
        for (state, kind), count in counted.items()
        if (not filters.states or state in filters.states) and (not filters.kinds or kind in filters.kinds)
    )
    pages = max(1, -(-matching // PER_PAGE))
    number = min(max(1, filters.page), pages)
    lines = _lines(session, [*here, *_chosen(filters)], filters, number)
    return MailPage(lines, matching, number, pages, by_state, by_kind, sum(counted.values()))


def _of(session: Session, edition: Edition, filters: Filters) -> list[ColumnElement[bool]]:
    """Search, person and sending: what the counts obey as well."""
    found: list[ColumnElement[bool]] = []
    if filters.delegate is not None:
        found.append(OutboxMail.delegate_id == filters.delegate)
    if filters.batch is not None:
        found.append(OutboxMail.batch_id == filters.batch)
    if filters.q:
        found.append(_searched(session, edition, filters.q))
    return found


def _chosen(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.states:
        found.append(OutboxMail.state.in_(filters.states))
    if filters.kinds:
        found.append(OutboxMail.kind.in_(filters.kinds))
    return found


def _searched(session: Session, edition: Edition, asked: str) -> ColumnElement[bool]:
    """People whose name or structure has every word (accents folded here), or an address that has it all."""
    query = (
        select(Delegate.id, Delegate.first_name, Delegate.last_name, Organisation.name)
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .where(Delegate.edition_id == edition.id)
    )
    words = fold(asked).split()
    ids = [
        one
        for one, first, last, organisation in session.execute(query)
        if words and all(word in fold(f"{first} {last} {organisation}") for word in words)
    ]
    address = func.lower(OutboxMail.recipient).contains(asked.lower(), autoescape=True)
    return or_(OutboxMail.delegate_id.in_(ids) if ids else false(), address)


def _counts(session: Session, here: list[ColumnElement[bool]]) -> dict[tuple[MailState, MailKind], int]:
    query = (
        select(OutboxMail.state, OutboxMail.kind, func.count())
        .where(*here)
        .group_by(OutboxMail.state, OutboxMail.kind)
    )
    return {(state, kind): count for state, kind, count in session.execute(query)}


def _sum(counted: Mapping[tuple[MailState, MailKind], int], part: int, keep: Any) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for key, count in counted.items():
        if keep(*key):
            found[key[part]] = found.get(key[part], 0) + count
    return found


def _order(filters: Filters) -> list[Any]:
    columns: dict[str, Any] = {
        "created": OutboxMail.id,
        "kind": OutboxMail.kind,
        "recipient": func.lower(OutboxMail.recipient),
        "state": case({state: rank for rank, state in enumerate(_STATE_RANK)}, value=OutboxMail.state),
    }
    column = columns[filters.sort]
    return [column.desc() if filters.descending else column.asc(), OutboxMail.id.desc()]


_STATE_RANK = (
    MailState.FAILED, MailState.UNCERTAIN, MailState.RETRY, MailState.QUEUED, MailState.SENDING,
    MailState.SENT, MailState.DROPPED,
)  # fmt: skip


def _lines(
    session: Session, where: list[ColumnElement[bool]], filters: Filters, number: int
) -> tuple[MailLine, ...]:
    query = (
        _line_query().where(*where).order_by(*_order(filters)).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    )
    return tuple(_line(row) for row in session.execute(query))


def _line_query() -> Any:
    return (
        select(
            OutboxMail.id, OutboxMail.kind, OutboxMail.state, OutboxMail.delegate_id, Delegate.first_name,
            Delegate.last_name, Organisation.name, Account.name, OutboxMail.recipient, OutboxMail.attempts,
            OutboxMail.last_error, OutboxMail.created_at, OutboxMail.sent_at, OutboxMail.next_attempt_at,
        )
        .join(Account, Account.id == OutboxMail.account_id)
        .outerjoin(Delegate, Delegate.id == OutboxMail.delegate_id)
        .outerjoin(Organisation, Organisation.id == Delegate.organisation_id)
    )  # fmt: skip


def _line(row: Any) -> MailLine:
    id_, kind, state, delegate, first, last, organisation, account, *rest = row
    name = f"{first or ''} {last or ''}".strip() or account
    return MailLine(id_, kind, state, delegate, name, organisation or "", *rest)


def line(session: Session, mail: OutboxMail) -> MailLine:
    """One message as its page shows it."""
    return _line(session.execute(_line_query().where(OutboxMail.id == mail.id)).one())


@dataclass(frozen=True, slots=True)
class FolderLine:
    """A message of the installation's outbox folder."""

    line: MailLine
    edition: str


def deposited(session: Session, number: int) -> tuple[FolderLine, ...]:
    """The last messages of the whole installation, sign-in links included, in one statement."""
    query = (
        _line_query()
        .add_columns(Edition.name)
        .outerjoin(Edition, Edition.id == OutboxMail.edition_id)
        .order_by(OutboxMail.id.desc())
        .limit(number)
    )
    return tuple(FolderLine(_line(row[:-1]), row[-1] or "") for row in session.execute(query))


# Sendings ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SendingLine:
    """One sending and how far it is."""

    id: int
    kind: MailKind
    note: str
    author: str
    created_at: datetime
    total: int
    sent: int
    on_their_way: int
    lost: int  # failed, or nobody knows
    failed: int
    dropped: int

    @property
    def done(self) -> int:
        return self.total - self.on_their_way


def sendings(
    session: Session, edition: Edition, *, only: int | None = None, most: int = 5
) -> tuple[SendingLine, ...]:
    """The last sendings, or one of them, in one statement."""

    def count(*states: MailState) -> Any:
        return func.count(case((OutboxMail.state.in_(states), OutboxMail.id)))

    query = (
        select(
            MailBatch.id, MailBatch.kind, MailBatch.note, Account.name, Account.email, MailBatch.created_at,
            func.count(OutboxMail.id), count(MailState.SENT), count(*ON_ITS_WAY),
            count(MailState.FAILED, MailState.UNCERTAIN), count(MailState.FAILED), count(MailState.DROPPED),
        )
        .outerjoin(OutboxMail, OutboxMail.batch_id == MailBatch.id)
        .outerjoin(Account, Account.id == MailBatch.account_id)
        .where(MailBatch.edition_id == edition.id)
        .group_by(MailBatch.id, Account.id)
        .order_by(MailBatch.id.desc())
        .limit(most)
    )  # fmt: skip
    if only is not None:
        query = query.where(MailBatch.id == only)
    return tuple(
        SendingLine(id_, kind, note, name or email or "", *rest)
        for id_, kind, note, name, email, *rest in session.execute(query)
    )


# Whom a sending would reach ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the edition, and everything that decides whether a message concerns them."""

    id: int
    name: str
    sorting: tuple[str, str] = field(repr=False)
    organisation: str
    email: str
    language: str
    status: DelegateStatus
    type_id: int
    can_meet: bool  # their type may meet another
    wishes: int
    last_sent: datetime | None  # the last message of this kind that was not lost


def candidates(session: Session, edition: Edition, kind: MailKind) -> tuple[Candidate, ...]:
    """Everybody of the edition by name, in one statement."""
    query = (
        select(
            Delegate.id, Delegate.first_name, Delegate.last_name, Organisation.name, Account.email,
            Delegate.locale, Delegate.status, Delegate.type_id, _can_meet(), wish_count(), _last_sent(kind),
        )
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .join(Account, Account.id == Delegate.account_id)
        .where(Delegate.edition_id == edition.id)
    )  # fmt: skip
    found = [
        Candidate(id_, f"{first} {last}".strip(), (fold(last), fold(first)), *rest)
        for id_, first, last, *rest in session.execute(query)
    ]
    return tuple(sorted(found, key=lambda one: (one.sorting, one.id)))


def _can_meet() -> ColumnElement[bool]:
    rule = select(TypeRule.first_id).where(
        or_(TypeRule.first_id == Delegate.type_id, TypeRule.second_id == Delegate.type_id)
    )
    return rule.correlate(Delegate).exists()


def _last_sent(kind: MailKind) -> ScalarSelect[datetime]:
    same = and_(OutboxMail.delegate_id == Delegate.id, OutboxMail.kind == kind, OutboxMail.state.not_in(LOST))
    return select(func.max(OutboxMail.created_at)).where(same).correlate(Delegate).scalar_subquery()


def types(session: Session, edition: Edition) -> tuple[tuple[int, dict[str, str]], ...]:
    """The participant types, in their order."""
    query = (
        select(ParticipantType.id, ParticipantType.name)
        .where(ParticipantType.edition_id == edition.id)
        .order_by(ParticipantType.position)
    )
    return tuple((row[0], row[1]) for row in session.execute(query))
