"""Is the fair feasible? Places offered against meetings wished, in plain arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, case, func, select
from sqlalchemy.orm import Session, aliased

from salon.enums import DelegateStatus, WishLevel
from salon.models import Delegate, Edition, ParticipantType, Slot, Table, TypeRule, Wish

MARGIN_PERCENT = 10  # places to keep free: tables = expected meetings ÷ slots, + 10–20 % (domain handbook §1)
TIGHT_PERCENT = 80  # below this share of the wished meetings the room is called too small
EXPECTED_PER_PERSON = 6  # meetings counted for each person while nobody has wished yet


class People(StrEnum):
    """Where the number of people comes from."""

    APPROVED = "approved"
    PLANNED = "planned"  # the capacities of the types
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    OK = "ok"
    TIGHT = "warn"
    SHORT = "bad"
    UNKNOWN = "neutral"


@dataclass(frozen=True, slots=True)
class Capacity:
    """People and wished meetings against tables × slots; figures are counts."""

    people: int
    people_from: People
    wished: int
    is_estimate: bool  # `wished` is expected, not asked
    tables: int
    slots: int

    @property
    def places(self) -> int:
        """Meetings that the room can hold."""
        return self.tables * self.slots

    @property
    def seats(self) -> int:
        """Meetings that people's own time can hold: two people to each."""
        return self.people * self.slots // 2

    @property
    def available(self) -> int:
        """The smaller of both."""
        return min(self.places, self.seats) if self.people else self.places

    @property
    def comfortable(self) -> int:
        """Places that keep the margin."""
        return _ceil(self.wished * (100 + MARGIN_PERCENT), 100)

    @property
    def verdict(self) -> Verdict:
        if not self.places:
            return Verdict.SHORT
        if not self.wished:
            return Verdict.UNKNOWN
        if self.available >= self.comfortable:
            return Verdict.OK
        return Verdict.TIGHT if self.available * 100 >= self.wished * TIGHT_PERCENT else Verdict.SHORT

    @property
    def is_short_of_time(self) -> bool:
        """More tables would not help: it is people who have no slot left."""
        return bool(self.people) and self.seats < self.comfortable and self.seats <= self.places

    @property
    def more_tables(self) -> int:
        """Tables to add for a comfortable room with today's slots."""
        return max(0, _ceil(self.comfortable, self.slots) - self.tables) if self.slots else 0

    @property
    def more_slots(self) -> int:
        """Slots to add for a comfortable fair with today's tables and people."""
        by_room = _ceil(self.comfortable, self.tables) if self.tables else 0
        by_time = _ceil(2 * self.comfortable, self.people) if self.people else 0
        return max(0, max(by_room, by_time) - self.slots)


def _ceil(number: int, by: int) -> int:
    return -(-number // by)


def assess(*, approved: int, planned: int, asked: int, tables: int, slots: int, max_wishes: int) -> Capacity:
    """Judge from counts: people approved (else planned by the types), meetings asked (else expected)."""
    people = approved or planned
    source = People.APPROVED if approved else People.PLANNED if planned else People.UNKNOWN
    each = min(EXPECTED_PER_PERSON, slots, max_wishes)
    return Capacity(people, source, asked or people * each // 2, not asked, tables, slots)


def of_edition(session: Session, edition: Edition) -> Capacity:
    """The edition's capacity as it stands, in one statement."""
    meet = types_that_meet(edition)
    counts: dict[str, Select[Any]] = {
        "approved": _count(
            Delegate, edition, Delegate.status == DelegateStatus.APPROVED, Delegate.type_id.in_(meet)
        ),
        "planned": select(func.coalesce(func.sum(ParticipantType.capacity), 0)).where(
            ParticipantType.edition_id == edition.id, ParticipantType.id.in_(meet)
        ),
        "asked": select(func.count()).select_from(wished_pairs(edition).subquery()),
        "tables": _count(Table, edition),
        "slots": _count(Slot, edition),
    }
    row = session.execute(select(*(query.scalar_subquery() for query in counts.values()))).one()
    return assess(max_wishes=edition.max_wishes, **dict(zip(counts, map(int, row), strict=True)))


def types_that_meet(edition: Edition) -> CompoundSelect[Any]:
    """Ids of the types that some rule names."""
    first = select(TypeRule.first_id).where(TypeRule.edition_id == edition.id)
    return first.union(select(TypeRule.second_id).where(TypeRule.edition_id == edition.id))


def wished_pairs(edition: Edition) -> Select[Any]:
    """Distinct pairs of organisations of which one at least wishes for the other."""
    owner = aliased(Delegate)
    low = case(
        (owner.organisation_id < Wish.organisation_id, owner.organisation_id), else_=Wish.organisation_id
    )
    high = case(
        (owner.organisation_id < Wish.organisation_id, Wish.organisation_id), else_=owner.organisation_id
    )
    return (
        select(low.label("low"), high.label("high"))
        .join(owner, owner.id == Wish.owner_id)
        .where(
            Wish.edition_id == edition.id,
            Wish.level != WishLevel.NO_THANKS,
            owner.status == DelegateStatus.APPROVED,
        )
        .distinct()
    )


def _count(table: Any, edition: Edition, *conditions: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).select_from(table).where(table.edition_id == edition.id, *conditions)
