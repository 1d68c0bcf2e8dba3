"""What the bridge to the engine reads: ids and numbers only, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, Select, literal, select, union_all
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, WishLevel
from salon.models import (
    Absence,
    Delegate,
    Draft,
    Edition,
    Exclusion,
    MandatoryMeeting,
    MeetingSession,
    ParticipantType,
    Placement,
    Seat,
    Slot,
    Table,
    TypeRule,
    Wish,
)


@dataclass(frozen=True, slots=True)
class SlotFact:
    id: int
    session: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class TableFact:
    id: int
    step_free: bool
    organisation: int | None


@dataclass(frozen=True, slots=True)
class DelegateFact:
    """An approved delegate with the quotas of the type, the organiser's and the person's own."""

    id: int
    organisation: int
    type: int
    is_lead: bool
    step_free: bool
    stays_put: bool
    own_max: int | None
    min_override: int | None
    max_override: int | None
    type_min: int
    type_max: int | None
    type_max_per_day: int | None
    minimum_is_hard: bool


@dataclass(frozen=True, slots=True)
class WishFact:
    """A wish of an approved delegate; `named` is the delegate asked for, if any."""

    id: int
    owner: int
    organisation: int
    named: int | None
    level: WishLevel
    rank: int | None
    several: bool


@dataclass(frozen=True, slots=True)
class LockFact:
    """A locked placement of the current draft and who sits there."""

    placement: int
    slot: int
    table: int
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything a problem is built from."""

    timezone: str
    first_day: date
    slots: tuple[SlotFact, ...]
    tables: tuple[TableFact, ...]
    delegates: tuple[DelegateFact, ...]
    absences: Mapping[int, frozenset[int]]  # delegate -> slots
    type_rules: frozenset[tuple[int, int]]
    wishes: tuple[WishFact, ...]
    exclusions: tuple[tuple[int, int], ...]
    mandatory: tuple[tuple[int, int], ...]
    locks: tuple[LockFact, ...]


def sources(session: Session, edition: Edition, *, with_locks: bool = True) -> Sources:
    """The edition as the engine may see it, in six statements; without locks, five, to judge a plan that has them."""
    pairs = _pairs(session, edition.id)
    return Sources(
        timezone=edition.timezone,
        first_day=edition.first_day,
        slots=_slots(session, edition.id),
        tables=_tables(session, edition.id),
        delegates=_delegates(session, edition.id),
        absences=_slots_by_delegate(pairs[_ABSENCE]),
        type_rules=frozenset(pairs[_TYPE_RULE]),
        wishes=_wishes(session, edition.id),
        exclusions=tuple(pairs[_EXCLUSION]),
        mandatory=tuple(pairs[_MANDATORY]),
        locks=locks(session, edition.id) if with_locks else (),
    )


def _slots(session: Session, edition_id: int) -> tuple[SlotFact, ...]:
    query = (
        select(Slot.id, Slot.session_id, Slot.starts_at, Slot.ends_at)
        .join(MeetingSession, MeetingSession.id == Slot.session_id)
        .where(Slot.edition_id == edition_id)
        .order_by(Slot.starts_at, Slot.id)
    )
    return tuple(SlotFact(*row) for row in session.execute(query))


def _tables(session: Session, edition_id: int) -> tuple[TableFact, ...]:
    query = (
        select(Table.id, Table.step_free, Table.organisation_id)
        .where(Table.edition_id == edition_id)
        .order_by(Table.position, Table.id)
    )
    return tuple(TableFact(*row) for row in session.execute(query))


def _delegates(session: Session, edition_id: int) -> tuple[DelegateFact, ...]:
    query = (
        select(
            Delegate.id, Delegate.organisation_id, Delegate.type_id, Delegate.is_lead, Delegate.step_free,
            Delegate.stays_put, Delegate.max_meetings, Delegate.min_override, Delegate.max_override,
            ParticipantType.min_meetings, ParticipantType.max_meetings, ParticipantType.max_per_day,
            ParticipantType.minimum_is_hard,
        )
        .join(ParticipantType, ParticipantType.id == Delegate.type_id)
        .where(Delegate.edition_id == edition_id, Delegate.status == DelegateStatus.APPROVED)
        .order_by(Delegate.id)
    )  # fmt: skip
    return tuple(DelegateFact(*tuple(row)) for row in session.execute(query))


_ABSENCE, _TYPE_RULE, _EXCLUSION, _MANDATORY = range(4)


def _pairs(session: Session, edition_id: int) -> tuple[list[tuple[int, int]], ...]:
    """All that is no more than two ids, by kind, in one statement; exclusions and orders as they came."""

    def part(kind: int, number: Any, first: Any, second: Any) -> Select[Any]:
        return select(literal(kind, Integer).label("kind"), number.label("number"), first, second)

    query = union_all(
        part(_ABSENCE, Absence.slot_id, Absence.delegate_id, Absence.slot_id)
        .join(Delegate, Delegate.id == Absence.delegate_id)
        .where(Delegate.edition_id == edition_id),
        part(_TYPE_RULE, TypeRule.first_id, TypeRule.first_id, TypeRule.second_id)
        .where(TypeRule.edition_id == edition_id),
        part(_EXCLUSION, Exclusion.id, Exclusion.first_id, Exclusion.second_id)
        .where(Exclusion.edition_id == edition_id),
        part(_MANDATORY, MandatoryMeeting.id, MandatoryMeeting.first_id, MandatoryMeeting.second_id)
        .where(MandatoryMeeting.edition_id == edition_id),
    )  # fmt: skip
    found: tuple[list[tuple[int, int]], ...] = ([], [], [], [])
    for kind, _number, first, second in session.execute(query.order_by("kind", "number")):
        found[kind].append((first, second))
    return found


def _slots_by_delegate(absences: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for delegate, slot in absences:
        found.setdefault(delegate, set()).add(slot)
    return {delegate: frozenset(slots) for delegate, slots in found.items()}


def _wishes(session: Session, edition_id: int) -> tuple[WishFact, ...]:
    query = (
        select(
            Wish.id, Wish.owner_id, Wish.organisation_id, Wish.delegate_id,
            Wish.level, Wish.rank, Wish.several,
        )
        .join(Delegate, Delegate.id == Wish.owner_id)
        .where(Wish.edition_id == edition_id, Delegate.status == DelegateStatus.APPROVED)
        .order_by(Wish.owner_id, Wish.rank, Wish.id)
    )  # fmt: skip
    return tuple(WishFact(*row) for row in session.execute(query))


def locks(session: Session, edition_id: int) -> tuple[LockFact, ...]:
    """Locked placements of the current draft, in one statement."""
    query = (
        select(Placement.id, Placement.slot_id, Placement.table_id, Seat.delegate_id)
        .join(Draft, Draft.id == Placement.draft_id)
        .join(Seat, Seat.placement_id == Placement.id)
        .where(Draft.edition_id == edition_id, Draft.is_current, Placement.locked)
        .order_by(Placement.id, Seat.delegate_id)
    )
    found: dict[int, tuple[int, int, list[int]]] = {}
    for placement, slot, table, delegate in session.execute(query):
        found.setdefault(placement, (slot, table, []))[2].append(delegate)
    return tuple(LockFact(p, slot, table, tuple(people)) for p, (slot, table, people) in found.items())
