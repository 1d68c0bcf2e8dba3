"""The organiser's list of registrations: filtered in SQL, searched and sorted here, cut into pages.

Accents and case are folded in Python because SQLite and PostgreSQL do not agree on them: one light row a
person is read whatever the page, so the number of statements never changes. Addresses are read, and searched,
only for roles that may see them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, case, func, literal, or_, select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, MeetingStatus, TermKind, WishLevel
from salon.keys import fold
from salon.models import (
    Account,
    Delegate,
    Draft,
    Edition,
    Organisation,
    OrganisationTerm,
    ParticipantType,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
    Seat,
    Wish,
)

PER_PAGE = 25
PRESENT = (DelegateStatus.PENDING, DelegateStatus.WAITING, DelegateStatus.APPROVED)
HOLDING = (DelegateStatus.PENDING, DelegateStatus.APPROVED)
NEEDS = ("step_free", "interpreter")
SORTS = ("name", "organisation", "type", "status", "wishes", "meetings", "created")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is asked for; an empty set filters nothing."""

    q: str = ""
    types: frozenset[int] = frozenset()
    statuses: frozenset[DelegateStatus] = frozenset()
    sectors: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    wishes: str = ""  # "none", "some" or nothing
    sort: str = "created"
    descending: bool = True
    page: int = 1
    ids: frozenset[int] = field(default_factory=frozenset)  # these people only: the bulk pages

    @property
    def is_set(self) -> bool:
        return bool(self.q or self.types or self.statuses or self.sectors or self.needs or self.wishes)


@dataclass(frozen=True, slots=True)
class RegistrationLine:
    """One person in the list; `email` is empty for roles that may not see it."""

    id: int
    first_name: str
    last_name: str
    organisation: str
    kind: str
    type_letter: str
    type_name: dict[str, str]
    type_hue: str
    type_position: int
    status: DelegateStatus
    wishes: int
    meetings: int | None  # None: nothing is planned for anybody yet
    created_at: datetime
    step_free: bool
    interpreter: str
    email: str

    @property
    def sorted_name(self) -> str:
        return f"{self.last_name}, {self.first_name}"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Totals:
    """The sentence above the list."""

    people: int
    organisations: int
    pending: int
    everybody: int  # whatever the status


@dataclass(frozen=True, slots=True)
class RegistrationPage:
    """One page of the list; `first` is the 1-based rank of its first line among `matching`."""

    lines: tuple[RegistrationLine, ...]
    matching: int
    page: int
    pages: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PER_PAGE + 1 if self.lines else 0

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1 if self.lines else 0


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """A participant type in a filter."""

    id: int
    letter: str
    name: dict[str, str]
    hue: str


def page(session: Session, edition: Edition, filters: Filters, *, sees_contact: bool) -> RegistrationPage:
    """The asked page; one beyond the last gives the last."""
    lines = matching(session, edition, filters, sees_contact=sees_contact)
    pages = max(1, -(-len(lines) // PER_PAGE))
    here = min(max(1, filters.page), pages)
    return RegistrationPage(lines[(here - 1) * PER_PAGE : here * PER_PAGE], len(lines), here, pages)


def matching(
    session: Session, edition: Edition, filters: Filters, *, sees_contact: bool
) -> tuple[RegistrationLine, ...]:
    """Every line that the filters let through, sorted."""
    rows = session.execute(_statement(edition, filters, sees_contact=sees_contact))
    lines: Iterable[RegistrationLine] = (RegistrationLine(*row) for row in rows)
    for word in fold(filters.q).split() if "@" not in filters.q else [filters.q.strip().casefold()]:
        lines = [line for line in lines if word in _searched(line)]
    return tuple(sorted(sorted(lines, key=_name), key=_KEYS[filters.sort], reverse=filters.descending))


def _searched(line: RegistrationLine) -> str:
    return f"{fold(f'{line.full_name} {line.organisation} {line.email}')} {line.email.casefold()}"


def _name(line: RegistrationLine) -> tuple[str, str, int]:
    return fold(line.last_name), fold(line.first_name), line.id


_STATUS_RANK = {
    status: rank
    for rank, status in enumerate(
        (
            DelegateStatus.PENDING, DelegateStatus.WAITING, DelegateStatus.UNCONFIRMED,
            DelegateStatus.APPROVED, DelegateStatus.REFUSED, DelegateStatus.WITHDRAWN,
            DelegateStatus.CANCELLED,
        )
    )
}  # fmt: skip
_KEYS: dict[str, Callable[[RegistrationLine], Any]] = {
    "name": _name,
    "organisation": lambda line: fold(line.organisation),
    "type": lambda line: line.type_position,
    "status": lambda line: _STATUS_RANK[line.status],
    "wishes": lambda line: line.wishes,
    "meetings": lambda line: line.meetings or 0,
    "created": lambda line: line.created_at,
}


def _statement(edition: Edition, filters: Filters, *, sees_contact: bool) -> Select[Any]:
    wishes = wish_count()
    columns = (
        Delegate.id, Delegate.first_name, Delegate.last_name, Organisation.name, Organisation.kind,
        ParticipantType.code, ParticipantType.name, ParticipantType.hue, ParticipantType.position,
        Delegate.status, wishes, meeting_count(edition), Delegate.created_at, Delegate.step_free,
        Delegate.interpreter, Account.email if sees_contact else literal(""),
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .join(ParticipantType, ParticipantType.id == Delegate.type_id)
        .where(Delegate.edition_id == edition.id, *_conditions(filters, wishes))
    )
    return query.join(Account, Account.id == Delegate.account_id) if sees_contact else query


def _conditions(filters: Filters, wishes: ScalarSelect[int]) -> list[Any]:
    found: list[Any] = []
    if filters.ids:
        found.append(Delegate.id.in_(filters.ids))
    if filters.types:
        found.append(Delegate.type_id.in_(filters.types))
    if filters.statuses:
        found.append(Delegate.status.in_(filters.statuses))
    if filters.wishes:
        found.append(wishes == 0 if filters.wishes == "none" else wishes > 0)
    if filters.needs:
        asked = {"step_free": Delegate.step_free, "interpreter": Delegate.interpreter != ""}
        found.append(or_(*(asked[need] for need in sorted(filters.needs))))
    if filters.sectors:
        found.append(
            select(OrganisationTerm.code)
            .where(
                OrganisationTerm.organisation_id == Delegate.organisation_id,
                OrganisationTerm.kind == TermKind.SECTOR,
                OrganisationTerm.code.in_(filters.sectors),
            )
            .exists()
        )
    return found


def wish_count() -> ScalarSelect[int]:
    """Wishes of the delegate of the enclosing statement, *no thanks* left out."""
    return (
        select(func.count())
        .select_from(Wish)
        .where(Wish.owner_id == Delegate.id, Wish.level != WishLevel.NO_THANKS)
        .correlate(Delegate)
        .scalar_subquery()
    )


def latest_release(edition: Edition) -> ScalarSelect[int]:
    """The id of the latest release, or null."""
    query = select(Release.id).where(Release.edition_id == edition.id)
    return query.order_by(Release.number.desc()).limit(1).scalar_subquery()


def current_draft(edition: Edition) -> ScalarSelect[int]:
    """The id of the current draft, or null."""
    query = select(Draft.id).where(Draft.edition_id == edition.id, Draft.is_current)
    return query.limit(1).scalar_subquery()


def meeting_count(edition: Edition) -> Any:
    """Meetings of the delegate: published ones, else those of the current draft, else null."""
    release, draft = latest_release(edition), current_draft(edition)
    published = (
        select(func.count())
        .select_from(ReleasedSeat)
        .join(ReleasedMeeting, ReleasedMeeting.id == ReleasedSeat.released_meeting_id)
        .where(
            ReleasedMeeting.release_id == release,
            ReleasedMeeting.status == MeetingStatus.SCHEDULED,
            ReleasedSeat.delegate_id == Delegate.id,
        )
        .correlate(Delegate)
        .scalar_subquery()
    )
    planned = (
        select(func.count())
        .select_from(Seat)
        .where(Seat.draft_id == draft, Seat.delegate_id == Delegate.id)
        .correlate(Delegate)
        .scalar_subquery()
    )
    return case((release.is_not(None), published), (draft.is_not(None), planned), else_=None)


def totals(session: Session, edition: Edition) -> Totals:
    """How many take part, from how many structures, and how many wait for an answer."""
    present = Delegate.status.in_(PRESENT)
    row = session.execute(
        select(
            func.count(case((present, Delegate.id))),
            func.count(case((present, Delegate.organisation_id)).distinct()),
            func.count(case((Delegate.status == DelegateStatus.PENDING, Delegate.id))),
            func.count(),
        ).where(Delegate.edition_id == edition.id)
    ).one()
    return Totals(*row)


def type_choices(session: Session, edition: Edition) -> tuple[TypeChoice, ...]:
    """The participant types of the edition, in their order."""
    query = (
        select(ParticipantType.id, ParticipantType.code, ParticipantType.name, ParticipantType.hue)
        .where(ParticipantType.edition_id == edition.id)
        .order_by(ParticipantType.position)
    )
    return tuple(TypeChoice(*row) for row in session.execute(query))


def places(session: Session, edition: Edition) -> tuple[tuple[int, dict[str, str], int | None, int], ...]:
    """Each type: id, name, places (None: no limit), and people who hold or ask for one."""
    held = (
        select(func.count())
        .select_from(Delegate)
        .where(Delegate.type_id == ParticipantType.id, Delegate.status.in_(HOLDING))
        .correlate(ParticipantType)
        .scalar_subquery()
    )
    query = select(ParticipantType.id, ParticipantType.name, ParticipantType.capacity, held).where(
        ParticipantType.edition_id == edition.id
    )
    return tuple((row[0], row[1], row[2], row[3]) for row in session.execute(query))


def named(session: Session, edition: Edition, ids: Iterable[int]) -> tuple[RegistrationLine, ...]:
    """These people of the edition by name; ids of other editions are left out."""
    wanted = frozenset(ids)
    if not wanted:
        return ()
    return matching(
        session, edition, replace(Filters(), ids=wanted, sort="name", descending=False), sees_contact=False
    )
