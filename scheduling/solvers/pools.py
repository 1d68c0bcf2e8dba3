"""Interchangeable places: tables that no rule tells apart are counted, not named, until the plan is seated."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from scheduling.problem import Id, Pin, Problem, Table


@dataclass(frozen=True, slots=True)
class Pool:
    """The stands of one organisation, or ordinary tables (organisation None), in one zone.

    `capacity` and `step_free` count the open places per slot, those of pins taken off. A meeting that needs a
    step-free place counts against both; that family is laminar, so counting is enough (Hall). Where meetings
    last several slots, the tables of a pool are also open at the same times and equally accessible: then a
    table for each meeting can be found one after the other (colouring intervals).
    """

    organisation: Id | None
    zone: Id | None
    tables: tuple[int, ...]
    capacity: tuple[int, ...]
    step_free: tuple[int, ...]

    def room(self, step_free: bool) -> tuple[int, ...]:
        return self.step_free if step_free else self.capacity


def pools(problem: Problem) -> tuple[Pool, ...]:
    """All pools, in the order of their first tables."""
    uniform = any(wish.length_min is not None for wish in problem.wishes)
    taken = _pinned(problem)
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, table in enumerate(problem.tables):
        kind = (table.step_free, _openings(problem, table, taken)) if uniform else ()
        groups[table.organisation, table.zone, *kind].append(number)
    return tuple(_pool(problem, tables, taken) for tables in groups.values())


@dataclass(frozen=True, slots=True)
class Helpers:
    """Interpreters of the same languages who are there at the same times; `capacity` counts them per slot,
    those of pins taken off."""

    members: tuple[Id, ...]
    capacity: tuple[int, ...]


def helpers(problem: Problem) -> tuple[Helpers, ...]:
    """All groups of interchangeable interpreters; a pinned one is no longer like the others."""
    taken = {
        (pin.interpreter, slot)
        for pin in problem.pins
        if pin.interpreter is not None
        for slot in pinned_slots(problem, pin)
    }
    groups: dict[tuple[frozenset[str], tuple[bool, ...]], list[Id]] = defaultdict(list)
    for one in problem.interpreters:
        there = tuple(one.is_present(slot.id) and (one.id, slot.id) not in taken for slot in problem.slots)
        groups[frozenset(one.languages), there].append(one.id)
    return tuple(
        Helpers(tuple(members), tuple(len(members) * present for present in there))
        for (_, there), members in groups.items()
    )


def pinned_slots(problem: Problem, pin: Pin) -> tuple[Id, ...]:
    """The slots a pinned meeting takes."""
    return problem.covered(pin.slot, problem.length_of(pin.key)) or (pin.slot,)


def _pinned(problem: Problem) -> set[tuple[Id, Id]]:
    """The tables and slots that pinned meetings take."""
    return {(pin.table, slot) for pin in problem.pins for slot in pinned_slots(problem, pin)}


def _openings(problem: Problem, table: Table, taken: set[tuple[Id, Id]]) -> tuple[bool, ...]:
    return tuple(table.is_open(slot.id) and (table.id, slot.id) not in taken for slot in problem.slots)


def _pool(problem: Problem, numbers: list[int], taken: set[tuple[Id, Id]]) -> Pool:
    places = [problem.tables[number] for number in numbers]
    accessible = [place for place in places if place.step_free]
    return Pool(
        places[0].organisation,
        places[0].zone,
        tuple(numbers),
        _count(problem, places, taken),
        _count(problem, accessible, taken),
    )


def _count(problem: Problem, places: list[Table], taken: set[tuple[Id, Id]]) -> tuple[int, ...]:
    rows = [_openings(problem, place, taken) for place in places]
    return tuple(sum(row[rank] for row in rows) for rank in range(len(problem.slots)))
