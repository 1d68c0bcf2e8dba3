"""One registration as its page shows it; what a role may not see is not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from salon.enums import (
    ConsentPurpose,
    DelegateStatus,
    MailKind,
    MailState,
    MeetingStatus,
    QuestionKind,
    Source,
    TermKind,
    WishLevel,
)
from salon.models import (
    Absence,
    Account,
    Answer,
    AuditEntry,
    ConsentRecord,
    Delegate,
    Edition,
    Organisation,
    OrganisationTerm,
    OutboxMail,
    Participation,
    Placement,
    Question,
    ReleasedMeeting,
    ReleasedSeat,
    Seat,
    Slot,
    Table,
    Wish,
)
from salon.queries.registrations import current_draft, latest_release

_HISTORY = 40  # entries shown; the journal page has the rest


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the person: for roles that may."""

    email: str
    phone: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    id: int
    name: str
    job_title: str
    status: DelegateStatus
    is_lead: bool


@dataclass(frozen=True, slots=True)
class PresenceSlot:
    """One slot of the edition and whether the person can be met then."""

    id: int
    session_id: int
    starts_at: datetime
    ends_at: datetime
    free: bool


@dataclass(frozen=True, slots=True)
class WishLine:
    """A wish given to a structure, or received from a person."""

    who: str
    level: WishLevel
    rank: int | None


@dataclass(frozen=True, slots=True)
class Wishes:
    """Counts for everybody, names for organisers only (else both tuples are empty)."""

    given: Mapping[WishLevel, int]
    received: Mapping[WishLevel, int]
    mutual: int
    given_lines: tuple[WishLine, ...] = ()
    received_lines: tuple[WishLine, ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting of the person: published if there is a release, else of the current draft."""

    starts_at: datetime
    table: str
    counterparts: str
    cancelled: bool
    published: bool


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A question of the organiser and the answer, already in words but for translations."""

    label: dict[str, str]
    kind: QuestionKind
    text: str
    choices: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class ConsentLine:
    purpose: ConsentPurpose
    given: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MailLine:
    kind: MailKind
    state: MailState
    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    at: datetime
    action: str
    who: str  # the account's name, or empty for the system
    acting: bool
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StructureSheet:
    """The structure: vocabulary codes, and what it offers and needs here."""

    id: int
    name: str
    kind: str
    legal_form: str
    siret: str
    department: str
    town: str
    size: str
    website: str
    pitch: str
    offers: str
    needs: str
    terms: Mapping[TermKind, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The person, from columns that the guard already loaded."""

    id: int
    first_name: str
    last_name: str
    job_title: str
    organisation_id: int
    organisation: str
    type_letter: str
    type_name: dict[str, str]
    type_hue: str
    status: DelegateStatus
    source: Source
    is_lead: bool
    reason: str
    locale: str
    languages: tuple[str, ...]
    step_free: bool
    interpreter: str
    stays_put: bool
    max_meetings: int | None
    min_override: int | None
    max_override: int | None
    type_min: int
    type_max: int | None
    created_at: datetime
    confirmed_at: datetime | None
    decided_at: datetime | None
    wishes_saved_at: datetime | None
    contact: Contact | None

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


def sheet(delegate: Delegate, *, sees_contact: bool) -> Sheet:
    """The person's own columns; `delegate` comes with its organisation, account and type."""
    account, kind = delegate.account, delegate.type
    contact = Contact(account.email, delegate.phone, account.verified_at is not None)
    return Sheet(
        delegate.id, delegate.first_name, delegate.last_name, delegate.job_title, delegate.organisation_id,
        delegate.organisation.name, kind.code, kind.name, kind.hue, delegate.status, delegate.source,
        delegate.is_lead, delegate.reason, delegate.locale, tuple(delegate.languages), delegate.step_free,
        delegate.interpreter, delegate.stays_put, delegate.max_meetings, delegate.min_override,
        delegate.max_override, kind.min_meetings, kind.max_meetings, delegate.created_at,
        delegate.confirmed_at, delegate.decided_at, delegate.wishes_saved_at,
        contact if sees_contact else None,
    )  # fmt: skip


def structure(session: Session, delegate: Delegate) -> StructureSheet:
    """The person's structure with its terms, in one statement."""
    home = delegate.organisation
    rows = session.execute(
        select(Participation.offers, Participation.needs, OrganisationTerm.kind, OrganisationTerm.code)
        .outerjoin(OrganisationTerm, OrganisationTerm.organisation_id == Participation.organisation_id)
        .where(Participation.edition_id == delegate.edition_id, Participation.organisation_id == home.id)
        .order_by(OrganisationTerm.code)
    ).all()
    terms: dict[TermKind, list[str]] = defaultdict(list)
    for _offers, _needs, kind, code in rows:
        if kind is not None:
            terms[kind].append(code)
    offers, needs = (rows[0][0], rows[0][1]) if rows else ("", "")
    return StructureSheet(
        home.id, home.name, home.kind, home.legal_form, home.siret or "", home.department, home.town,
        home.size, home.website, home.pitch, offers, needs,
        {kind: tuple(codes) for kind, codes in terms.items()},
    )  # fmt: skip


def colleagues(session: Session, delegate: Delegate) -> tuple[Colleague, ...]:
    """The other people of the same structure here."""
    query = (
        select(Delegate)
        .where(
            Delegate.edition_id == delegate.edition_id,
            Delegate.organisation_id == delegate.organisation_id,
            Delegate.id != delegate.id,
        )
        .order_by(Delegate.last_name, Delegate.id)
    )
    return tuple(
        Colleague(row.id, row.full_name, row.job_title, row.status, row.is_lead)
        for row in session.scalars(query)
    )


def presence(session: Session, delegate: Delegate) -> tuple[PresenceSlot, ...]:
    """Every slot of the edition in order, free or not."""
    query = (
        select(Slot.id, Slot.session_id, Slot.starts_at, Slot.ends_at, Absence.slot_id.is_(None))
        .outerjoin(Absence, and_(Absence.slot_id == Slot.id, Absence.delegate_id == delegate.id))
        .where(Slot.edition_id == delegate.edition_id)
        .order_by(Slot.starts_at)
    )
    return tuple(PresenceSlot(*row) for row in session.execute(query))


def wishes(session: Session, delegate: Delegate, *, sees_names: bool) -> Wishes:
    """Wishes given by the person, and received by them or, unnamed, by their structure."""
    owner, target = aliased(Delegate), aliased(Organisation)
    toward_me = and_(
        Wish.organisation_id == delegate.organisation_id,
        or_(Wish.delegate_id.is_(None), Wish.delegate_id == delegate.id),
    )
    query = (
        select(
            Wish.owner_id, Wish.organisation_id, owner.organisation_id, Wish.level, Wish.rank, target.name,
            owner.first_name, owner.last_name,
        )
        .join(owner, owner.id == Wish.owner_id)
        .join(target, target.id == Wish.organisation_id)
        .where(Wish.edition_id == delegate.edition_id, or_(Wish.owner_id == delegate.id, toward_me))
        .order_by(Wish.rank)
    )  # fmt: skip
    rows = session.execute(query).all()
    given = [row for row in rows if row[0] == delegate.id]
    received = [row for row in rows if row[0] != delegate.id]
    return Wishes(
        given=_levels(given),
        received=_levels(received),
        mutual=len(_asked(given, 1) & _asked(received, 2)),
        given_lines=tuple(WishLine(row[5], row[3], row[4]) for row in given) if sees_names else (),
        received_lines=_received(received) if sees_names else (),
    )


def _received(rows: list[Any]) -> tuple[WishLine, ...]:
    return tuple(
        WishLine(f"{row[6]} {row[7]}", row[3], None)
        for row in sorted(rows, key=lambda r: (list(WishLevel).index(r[3]), r[7]))
    )


def _levels(rows: list[Any]) -> dict[WishLevel, int]:
    return {level: sum(row[3] is level for row in rows) for level in WishLevel}


def _asked(rows: list[Any], column: int) -> set[int]:
    return {row[column] for row in rows if row[3] is not WishLevel.NO_THANKS}


def answers(session: Session, delegate: Delegate) -> tuple[AnswerLine, ...]:
    """The organiser's questions that are still asked, or were answered, with the answers."""
    query = (
        select(Question.label, Question.kind, Question.choices, Answer.value)
        .outerjoin(Answer, and_(Answer.question_id == Question.id, Answer.delegate_id == delegate.id))
        .where(
            Question.edition_id == delegate.edition_id,
            or_(Question.archived_at.is_(None), Answer.delegate_id.is_not(None)),
        )
        .order_by(Question.position, Question.id)
    )
    return tuple(_answer(*row) for row in session.execute(query))


def _answer(label: dict[str, str], kind: QuestionKind, choices: list[Any], value: Any) -> AnswerLine:
    value = value or {}
    picked = [choices[i] for i in value.get("choices", ()) if isinstance(i, int) and 0 <= i < len(choices)]
    return AnswerLine(label, kind, str(value.get("text", "")), tuple(picked))


def consents(session: Session, delegate: Delegate) -> tuple[ConsentLine, ...]:
    """The last word on each purpose."""
    query = (
        select(ConsentRecord.purpose, ConsentRecord.given, ConsentRecord.at)
        .where(ConsentRecord.delegate_id == delegate.id)
        .order_by(ConsentRecord.id)
    )
    last = {row[0]: ConsentLine(*row) for row in session.execute(query)}
    return tuple(last[purpose] for purpose in ConsentPurpose if purpose in last)


def mails(session: Session, delegate: Delegate) -> tuple[MailLine, ...]:
    """Messages addressed to the person about this edition, the latest first."""
    query = (
        select(OutboxMail.kind, OutboxMail.state, OutboxMail.sent_at, OutboxMail.created_at,
               OutboxMail.last_error)
        .where(OutboxMail.delegate_id == delegate.id)
        .order_by(OutboxMail.id.desc())
    )  # fmt: skip
    return tuple(
        MailLine(kind, state, sent or created, error)
        for kind, state, sent, created, error in session.execute(query)
    )


def history(session: Session, delegate: Delegate) -> tuple[HistoryLine, ...]:
    """What was done to this registration, or by an organiser at the person's place; the latest first."""
    query = (
        select(AuditEntry.at, AuditEntry.action, Account.name, Account.email, AuditEntry.acting_for_id,
               AuditEntry.details)
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .where(
            AuditEntry.edition_id == delegate.edition_id,
            or_(
                and_(AuditEntry.object_type == "Delegate", AuditEntry.object_id == delegate.id),
                AuditEntry.acting_for_id == delegate.id,
            ),
        )
        .order_by(AuditEntry.id.desc())
        .limit(_HISTORY)
    )  # fmt: skip
    return tuple(
        HistoryLine(at, action, name or email or "", acting is not None, details)
        for at, action, name, email, acting, details in session.execute(query)
    )


# Meetings ---------------------------------------------------------------------------------------------------


def meetings(session: Session, edition: Edition, delegate: Delegate) -> tuple[MeetingLine, ...]:
    """The published meetings of the person, else those of the current draft: two statements at most."""
    release, draft = session.execute(select(latest_release(edition), current_draft(edition))).one()
    if release is not None:
        return _published(session, release, delegate)
    return _planned(session, draft, delegate) if draft is not None else ()


def _published(session: Session, release: int, delegate: Delegate) -> tuple[MeetingLine, ...]:
    mine, other, person, home = aliased(ReleasedSeat), aliased(ReleasedSeat), aliased(Delegate), Organisation
    query = (
        select(
            ReleasedMeeting.id, ReleasedMeeting.starts_at, ReleasedMeeting.table_label,
            ReleasedMeeting.status, person.first_name, person.last_name, home.name,
        )
        .join(mine, and_(mine.released_meeting_id == ReleasedMeeting.id, mine.delegate_id == delegate.id))
        .join(other, and_(other.released_meeting_id == ReleasedMeeting.id, other.delegate_id != delegate.id))
        .join(person, person.id == other.delegate_id)
        .join(home, home.id == person.organisation_id)
        .where(ReleasedMeeting.release_id == release)
    )  # fmt: skip
    rows = session.execute(query).all()
    return _lines([(r[0], r[1], r[2], r[3] is MeetingStatus.CANCELLED, r[4:7]) for r in rows], published=True)


def _planned(session: Session, draft: int, delegate: Delegate) -> tuple[MeetingLine, ...]:
    mine, other, person, home = aliased(Seat), aliased(Seat), aliased(Delegate), Organisation
    query = (
        select(Placement.id, Slot.starts_at, Table.label, person.first_name, person.last_name, home.name)
        .join(mine, and_(mine.placement_id == Placement.id, mine.delegate_id == delegate.id))
        .join(other, and_(other.placement_id == Placement.id, other.delegate_id != delegate.id))
        .join(person, person.id == other.delegate_id)
        .join(home, home.id == person.organisation_id)
        .join(Slot, Slot.id == Placement.slot_id)
        .join(Table, Table.id == Placement.table_id)
        .where(Placement.draft_id == draft)
    )
    rows = session.execute(query).all()
    return _lines([(r[0], r[1], r[2], False, r[3:6]) for r in rows], published=False)


def _lines(rows: list[tuple[Any, ...]], *, published: bool) -> tuple[MeetingLine, ...]:
    people: dict[int, list[str]] = defaultdict(list)
    facts = {}
    for key, starts, table, cancelled, (first, last, home) in rows:
        people[key].append(f"{first} {last} ({home})")
        facts[key] = (starts, table, cancelled)
    found = [
        MeetingLine(starts, table, ", ".join(people[key]), cancelled, published)
        for key, (starts, table, cancelled) in facts.items()
    ]
    return tuple(sorted(found, key=lambda line: line.starts_at))


def scheduled_count(session: Session, edition: Edition, delegate_ids: set[int]) -> int:
    """How many published meetings these people have: what a cancellation frees."""
    query = (
        select(func.count(ReleasedMeeting.id.distinct()))
        .join(ReleasedSeat, ReleasedSeat.released_meeting_id == ReleasedMeeting.id)
        .where(
            ReleasedMeeting.release_id == latest_release(edition),
            ReleasedMeeting.status == MeetingStatus.SCHEDULED,
            ReleasedSeat.delegate_id.in_(delegate_ids),
        )
    )
    return session.scalar(query) or 0
