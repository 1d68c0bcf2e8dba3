"""What can go wrong with a published plan, and the problem that is left of it then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from scheduling.possible import teams
from scheduling.problem import Id, Meeting, Pair, Participant, Problem, Slot, key_of


@dataclass(frozen=True, slots=True)
class Absent:
    """A person is away from the slot `since` on (None = the whole fair)."""

    person: Id
    since: Id | None = None


@dataclass(frozen=True, slots=True)
class TableLost:
    """A table is gone from the slot `since` on."""

    table: Id
    since: Id | None = None


@dataclass(frozen=True, slots=True)
class SlotLost:
    """Nobody meets at a slot; it stays in the list, so that meetings do not run on across it."""

    slot: Id


@dataclass(frozen=True, slots=True)
class Late:
    """A participant who was not planned for, with what is wished with or by him."""

    participant: Participant
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """These people no longer meet."""

    meeting: Meeting


@dataclass(frozen=True, slots=True)
class Delayed:
    """The slots of a session from `since` on (None = all) start `minutes` later; those that no longer end
    before the next session of the day begins, or by `end_min`, are lost."""

    session: int
    minutes: int
    day: int | None = None
    since: Id | None = None
    end_min: int | None = None


Fault: TypeAlias = Absent | TableLost | SlotLost | Late | Refused | Delayed


class UnknownThing(ValueError):
    """A fault names something the problem does not have, or that is there already."""


def apply(problem: Problem, fault: Fault) -> Problem:
    """The problem after the fault; orders that it makes impossible (pins, mandatory meetings, the hard minimum
    of an absent person) are lifted. Raises UnknownThing."""
    _known(problem, fault)
    return _APPLIED[type(fault)](problem, fault)


def newcomers(fault: Fault) -> frozenset[Id]:
    """Those who were not planned for."""
    return frozenset({fault.participant.id}) if isinstance(fault, Late) else frozenset()


def _known(problem: Problem, fault: Fault) -> None:
    named: dict[str, Id | None] = {}
    if isinstance(fault, Absent):
        named = {"participant": fault.person, "slot": fault.since}
    elif isinstance(fault, TableLost):
        named = {"table": fault.table, "slot": fault.since}
    elif isinstance(fault, SlotLost):
        named = {"slot": fault.slot}
    elif isinstance(fault, Late) and problem.knows(participant=fault.participant.id):
        raise UnknownThing(f"participant {fault.participant.id} is not new")
    elif isinstance(fault, Delayed) and not any(_delayed(slot, fault) for slot in problem.slots):
        raise UnknownThing(f"session {fault.session} does not exist")
    people = fault.meeting if isinstance(fault, Refused) else ()
    for kind, one in (*named.items(), *(("participant", person) for person in people)):
        if not problem.knows(**{kind: one}):
            raise UnknownThing(f"{kind} {one} does not exist")


def _before(problem: Problem, since: Id | None, slots: Iterable[Id]) -> tuple[Id, ...]:
    first = 0 if since is None else problem.slot_rank(since)
    return tuple(slot for slot in slots if problem.slot_rank(slot) < first)


def _absent(problem: Problem, fault: Absent) -> Problem:
    person = problem.participant(fault.person)
    left = _before(problem, fault.since, person.available)
    gone = replace(person, available=left, hard_min=False)
    people = tuple(gone if one.id == person.id else one for one in problem.participants)
    return _settled(problem, participants=people)


def _table_lost(problem: Problem, fault: TableLost) -> Problem:
    old = problem.table(fault.table)
    opened = [slot.id for slot in problem.slots if old.is_open(slot.id)]
    new = replace(old, available=_before(problem, fault.since, opened))
    tables = tuple(new if one.id == old.id else one for one in problem.tables)
    return _settled(problem, tables=tables)


def _slot_lost(problem: Problem, fault: SlotLost) -> Problem:
    return _settled(problem, participants=_nobody_at(problem.participants, {fault.slot}))


def _nobody_at(people: Iterable[Participant], slots: set[Id]) -> tuple[Participant, ...]:
    return tuple(
        replace(one, available=tuple(slot for slot in one.available if slot not in slots))
        if slots.intersection(one.available)
        else one
        for one in people
    )


def _late(problem: Problem, fault: Late) -> Problem:
    people, pairs = (*problem.participants, fault.participant), (*problem.pairs, *fault.pairs)
    return replace(problem, participants=people, pairs=pairs)


def _refused(problem: Problem, fault: Refused) -> Problem:
    key = key_of(fault.meeting)
    return replace(
        problem,
        forbidden=(*problem.forbidden, key),
        mandatory=tuple(one for one in problem.mandatory if not set(key) <= set(one)),
        pins=tuple(pin for pin in problem.pins if not set(key) <= set(pin.people)),
    )


def _delayed(slot: Slot, fault: Delayed) -> bool:
    return slot.session == fault.session and fault.day in (None, slot.day)


def _later(problem: Problem, fault: Delayed) -> Problem:
    first = 0 if fault.since is None else problem.slot_rank(fault.since)
    kept, lost = [], set()
    for rank, slot in enumerate(problem.slots):
        if rank < first or not _delayed(slot, fault):
            kept.append(slot)
            continue
        end = slot.end_min + fault.minutes
        if end > _latest(problem, fault, slot):
            lost.add(slot.id)
        else:
            kept.append(replace(slot, start_min=slot.start_min + fault.minutes, end_min=end))
    return _settled(problem, **_without_slots(problem, lost), slots=tuple(kept))


def _latest(problem: Problem, fault: Delayed, slot: Slot) -> float:
    """When the slot must be over."""
    following = (
        other.start_min
        for other in problem.slots
        if other.start_min > slot.start_min and not _delayed(other, fault)
    )
    return min(following, default=float("inf") if fault.end_min is None else fault.end_min)


def _without_slots(problem: Problem, lost: set[Id]) -> dict[str, Any]:
    """The parts that name slots, without those lost; slots go at the end of a session only, so what is left
    still follows on."""

    def left(slots: tuple[Id, ...]) -> tuple[Id, ...]:
        return tuple(slot for slot in slots if slot not in lost)

    def cut(one: Any) -> Any:
        return one if one.available is None else replace(one, available=left(one.available))

    return {
        **{
            name: tuple(map(cut, getattr(problem, name)))
            for name in ("participants", "tables", "pairs", "groups", "interpreters")
        },
        "baseline": tuple(held for held in problem.baseline if held.slot not in lost),
    }


def _settled(problem: Problem, **parts: Any) -> Problem:
    """The problem with these parts, and without the pins and mandatory meetings they make impossible."""
    free = {one.id: set(one.available) for one in parts.get("participants", problem.participants)}
    tables = {one.id: one for one in parts.get("tables", problem.tables)}

    def possible(key: Meeting) -> bool:
        wish = problem.wish(key)
        return any(
            set.intersection(*(free[one] for one in team)) for team in (teams(wish) if wish else (key,))
        )

    pins = tuple(
        pin
        for pin in problem.pins
        for span in [problem.covered(pin.slot, problem.length_of(pin.key)) or (pin.slot,)]
        if all(free[one].issuperset(span) for one in pin.people)
        and all(tables[pin.table].is_open(slot) for slot in span)
    )
    mandatory = tuple(one for one in problem.mandatory if possible(key_of(one)))
    return replace(problem, **parts, pins=pins, mandatory=mandatory)


_APPLIED: Mapping[type, Callable[[Problem, Any], Problem]] = {
    Absent: _absent,
    TableLost: _table_lost,
    SlotLost: _slot_lost,
    Late: _late,
    Refused: _refused,
    Delayed: _later,
}
