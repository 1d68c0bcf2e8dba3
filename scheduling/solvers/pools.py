"""Interchangeable places: tables that no rule tells apart are counted, not named, until the plan is seated."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from scheduling.problem import Id, Problem, Table


@dataclass(frozen=True, slots=True)
class Pool:
    """The stands of one organisation, or ordinary tables (organisation None).

    `capacity` and `step_free` count the open places per slot, those of pins taken off. A meeting that needs a
    step-free place counts against both; that family is laminar, so counting is enough (Hall).
    """

    organisation: Id | None
    tables: tuple[int, ...]
    capacity: tuple[int, ...]
    step_free: tuple[int, ...]

    def room(self, step_free: bool) -> tuple[int, ...]:
        return self.step_free if step_free else self.capacity


def pools(problem: Problem) -> tuple[Pool, ...]:
    """All pools, in the order of their first tables."""
    groups: dict[Id | None, list[int]] = defaultdict(list)
    for number, table in enumerate(problem.tables):
        groups[table.organisation].append(number)
    pinned = {(pin.table, pin.slot) for pin in problem.pins}
    return tuple(_pool(problem, organisation, tables, pinned) for organisation, tables in groups.items())


def _pool(problem: Problem, organisation: Id | None, tables: list[int], pinned: set[tuple[Id, Id]]) -> Pool:
    places = [problem.tables[table] for table in tables]
    fit = [place for place in places if place.step_free]
    return Pool(organisation, tuple(tables), _count(problem, places, pinned), _count(problem, fit, pinned))


def _count(problem: Problem, places: list[Table], pinned: set[tuple[Id, Id]]) -> tuple[int, ...]:
    return tuple(
        sum(place.is_open(slot.id) and (place.id, slot.id) not in pinned for place in places)
        for slot in problem.slots
    )
