"""The audit log of one edition, a page at a time, with the names its ids stand for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from salon.models import (
    Account,
    AuditEntry,
    Base,
    Delegate,
    Edition,
    MeetingSession,
    Organisation,
    ParticipantType,
    ProgrammeItem,
    Question,
    Table,
)

PER_PAGE = 50
MOST_EXPORTED = 50_000
_PEOPLE = ("Delegate",)  # object types whose id is a delegate's
_MEMBER = "Membership"  # its entries name the account concerned: `of` in the details


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One event: who (empty: the system), what, on whom; `details` hold ids and states."""

    id: int
    at: datetime
    who: str
    acting_for: str
    action: str
    about: str  # name of the person concerned, if any
    delegate_id: int | None
    subject: str | Mapping[str, str] = ""  # name of the thing concerned, perhaps by language; empty when gone
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Lines, newest first, and where the page stands among all."""

    lines: tuple[JournalLine, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """What the reader asked for; empty means everything."""

    actions: Collection[str] = ()
    account_id: int | None = None

    def conditions(self, edition: Edition) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = [AuditEntry.edition_id == edition.id]
        if self.actions:
            wanted.append(AuditEntry.action.in_(self.actions))
        if self.account_id is not None:
            wanted.append(AuditEntry.account_id == self.account_id)
        return wanted


def page(
    session: Session, edition: Edition, *, number: int, wanted: JournalFilter, per_page: int = PER_PAGE
) -> JournalPage:
    """One page of the journal in four statements at most; a number beyond the end gives the last page."""
    conditions = wanted.conditions(edition)
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(*conditions)) or 0
    number = max(1, min(number, -(-total // per_page)))
    query = select(AuditEntry).where(*conditions).order_by(AuditEntry.id.desc())
    entries = session.scalars(query.limit(per_page).offset((number - 1) * per_page)).all()
    return JournalPage(_lines(session, entries), total, number)


def every(session: Session, edition: Edition, *, wanted: JournalFilter) -> tuple[JournalLine, ...]:
    """The whole journal, oldest first, for an export; the latest `MOST_EXPORTED` lines of a very long one."""
    query = select(AuditEntry).where(*wanted.conditions(edition)).order_by(AuditEntry.id.desc())
    entries = session.scalars(query.limit(MOST_EXPORTED)).all()
    return tuple(reversed(_lines(session, entries)))


def entries(session: Session) -> int:
    """How many entries the whole log holds."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def latest(session: Session, edition: Edition, count: int) -> tuple[JournalLine, ...]:
    """The last events."""
    mine = select(AuditEntry).where(AuditEntry.edition_id == edition.id)
    return _lines(session, session.scalars(mine.order_by(AuditEntry.id.desc()).limit(count)).all())


def people(session: Session, edition: Edition) -> tuple[tuple[int, str], ...]:
    """Accounts that left a line in this edition's journal and that are not erased, by name."""
    wrote = select(AuditEntry.account_id).where(AuditEntry.edition_id == edition.id).distinct()
    ids = session.scalars(wrote).all()
    return tuple(
        sorted(
            ((id_ or 0, name) for id_, name in _account_names(session, edition.id, ids).items()), key=_by_name
        )
    )


def _by_name(person: tuple[int, str]) -> tuple[str, int]:
    return person[1].casefold(), person[0]


def _lines(session: Session, entries: Collection[AuditEntry]) -> tuple[JournalLine, ...]:
    edition_id = next((entry.edition_id for entry in entries), None)
    accounts = _account_names(session, edition_id, {e.account_id for e in entries} | _concerned(entries))
    delegates = _delegate_names(session, {id_ for entry in entries for id_ in _delegates(entry)})
    things = _names_of_things(session, entries)
    return tuple(_line(entry, accounts, delegates, things) for entry in entries)


# Things that a sentence may name: not an exclusion, which is confidential and readers see the journal.
_NAMED: Mapping[str, tuple[type[Base], InstrumentedAttribute[Any]]] = {
    "Table": (Table, Table.label),
    "ParticipantType": (ParticipantType, ParticipantType.name),
    "Question": (Question, Question.label),
    "ProgrammeItem": (ProgrammeItem, ProgrammeItem.title),
    "MeetingSession": (MeetingSession, MeetingSession.label),
    "Organisation": (Organisation, Organisation.name),
}


def _names_of_things(
    session: Session, entries: Collection[AuditEntry]
) -> dict[tuple[str, int | None], str | Mapping[str, str]]:
    """By type and id, in one statement for each type that occurs; what was deleted has no name left."""
    names: dict[tuple[str, int | None], str | Mapping[str, str]] = {}
    for kind in sorted({entry.object_type for entry in entries} & _NAMED.keys()):
        table, column = _NAMED[kind]
        ids = {entry.object_id for entry in entries if entry.object_type == kind}
        key: Any = table.id  # type: ignore[attr-defined]
        names |= {(kind, id_): name for id_, name in session.execute(select(key, column).where(key.in_(ids)))}
    return names


def _line(
    entry: AuditEntry,
    accounts: Mapping[int | None, str],
    delegates: Mapping[int | None, str],
    things: Mapping[tuple[str, int | None], str | Mapping[str, str]],
) -> JournalLine:
    delegate_id = entry.object_id if entry.object_type in _PEOPLE else None
    member = entry.details.get("of") if entry.object_type == _MEMBER else None
    return JournalLine(
        id=entry.id,
        at=entry.at,
        who=accounts.get(entry.account_id, ""),
        acting_for=delegates.get(entry.acting_for_id, ""),
        action=entry.action,
        about=delegates.get(delegate_id, "") or accounts.get(member, ""),
        delegate_id=delegate_id if delegate_id in delegates else None,
        subject=things.get((entry.object_type, entry.object_id), ""),
        details=dict(entry.details),
    )


def _concerned(entries: Collection[AuditEntry]) -> set[int | None]:
    return {entry.details.get("of") for entry in entries if entry.object_type == _MEMBER}


def _delegates(entry: AuditEntry) -> set[int]:
    ids = {entry.acting_for_id, entry.object_id if entry.object_type in _PEOPLE else None}
    return {id_ for id_ in ids if id_ is not None}


def _account_names(
    session: Session, edition_id: int | None, ids: Collection[int | None]
) -> dict[int | None, str]:
    """The account's own name, else that of its registration here, else what stands before the @."""
    known = [id_ for id_ in ids if id_ is not None]
    if not known:
        return {}
    query = (
        select(Account.id, Account.name, Account.email, Delegate.first_name, Delegate.last_name)
        .outerjoin(Delegate, (Delegate.account_id == Account.id) & (Delegate.edition_id == edition_id))
        .where(Account.id.in_(known), Account.erased_at.is_(None))
    )
    return {row.id: row.name or _full(row) or row.email.split("@")[0] for row in session.execute(query)}


def _full(row: Any) -> str:
    return f"{row.first_name or ''} {row.last_name or ''}".strip()


def _delegate_names(session: Session, ids: Collection[int]) -> dict[int | None, str]:
    if not ids:
        return {}
    query = select(Delegate.id, Delegate.first_name, Delegate.last_name).where(Delegate.id.in_(ids))
    return {row.id: _full(row) for row in session.execute(query)}
