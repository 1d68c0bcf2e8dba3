"""How large a fair must be: the share of wishes that so many tables and slots can hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scheduling.problem import Participant, Problem, Slot, Table, Weights
from scheduling.remedy import new_slot

TARGETS = (80, 90, 95)  # per cent of the wishes


class NoWishes(ValueError):
    """There is nothing to make room for."""


@dataclass(frozen=True, slots=True)
class Point:
    """Of `wishes`, a plan holds `held` with so many tables and slots, and no plan more than `bound`."""

    tables: int
    slots: int
    wishes: int
    held: int
    bound: int

    @property
    def share(self) -> float:
        return self.held / self.wishes

    @property
    def ceiling(self) -> float:
        return self.bound / self.wishes


@dataclass(frozen=True, slots=True)
class Need:
    """The least size of the grid that reaches a target, by a plan (`point`); None when none does.

    `is_least`: every smaller size of the grid is proven too small.
    """

    target: int
    point: Point | None
    is_least: bool


def wanted(problem: Problem, *, mutual: bool = True) -> Problem:
    """The fair with the wishes to count only, each worth one: mutual ones, or all."""
    pairs = tuple(
        replace(pair, value=1, level_a=None, level_b=None)
        for pair in problem.pairs
        if not mutual or (pair.level_a is not None and pair.level_b is not None)
    )
    if not pairs:
        raise NoWishes("no wish is mutual" if mutual else "there is no wish")
    return replace(
        problem,
        pairs=pairs,
        participants=tuple(map(_free, problem.participants)),
        groups=(),
        mandatory=(),
        pins=(),
        precedences=(),
        baseline=(),
        weights=Weights(("value",)),
    )


def _free(person: Participant) -> Participant:
    limits = tuple(replace(one, min=0) for one in person.type_limits)
    return replace(person, min=0, min_per_day=0, hard_min=False, credit=100, silo=None, type_limits=limits)


def resized(problem: Problem, tables: int, slots: int) -> Problem:
    """The fair with ordinary step-free tables and the first of its slots; slots beyond are added at the end, for
    those who are there at the last."""
    longer = problem
    while len(longer.slots) < slots:
        longer = _longer(longer)
    kept: tuple[Slot, ...] = longer.slots[:slots]
    known = {slot.id for slot in kept}

    def cut(available: tuple[int, ...] | None) -> tuple[int, ...] | None:
        return None if available is None else tuple(one for one in available if one in known)

    return replace(
        longer,
        slots=kept,
        tables=tuple(Table(number, step_free=True) for number in range(1, tables + 1)),
        walks={},
        participants=tuple(replace(one, available=cut(one.available) or ()) for one in longer.participants),
        pairs=tuple(replace(one, available=cut(one.available)) for one in longer.pairs),
        interpreters=tuple(replace(one, available=cut(one.available)) for one in longer.interpreters),
    )


def _longer(problem: Problem) -> Problem:
    new, last = new_slot(problem), problem.slots[-1].id
    people = tuple(
        replace(one, available=(*one.available, new.id)) if last in one.available else one
        for one in problem.participants
    )
    return replace(problem, slots=(*problem.slots, new), participants=people)


def needs(points: Sequence[Point], targets: Sequence[int] = TARGETS) -> Iterator[Need]:
    """The least tables x slots of the grid for each target."""
    ordered = sorted(points, key=lambda one: (one.tables * one.slots, one.slots))
    for target in targets:
        found = next((one for one in ordered if 100 * one.held >= target * one.wishes), None)
        below = [one for one in ordered if found is None or one.tables * one.slots < _size(found)]
        yield Need(target, found, all(100 * one.bound < target * one.wishes for one in below))


def _size(point: Point) -> int:
    return point.tables * point.slots


def grid(most: int, steps: int) -> tuple[int, ...]:
    """Evenly spread whole numbers up to `most`."""
    return tuple(sorted({max(1, round(most * step / steps)) for step in range(1, steps + 1)}))
