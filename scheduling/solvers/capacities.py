"""Measures how much of the wishes each size of a fair holds: a plan from below, a proven bound from above."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scheduling.capacity import Point, resized
from scheduling.problem import Problem, TermName
from scheduling.result import Limits
from scheduling.solving import solve


def measure(
    problem: Problem,
    tables: Sequence[int],
    slots: Sequence[int],
    *,
    seconds: float,
    workers: int = 2,
    on_point: Callable[[Point], None] | None = None,
) -> list[Point]:
    """All sizes of the grid, each solved for at most so long; `problem` is as `capacity.wanted` gives it."""
    found = []
    for many in slots:
        for places in tables:
            point = _point(problem, places, many, seconds, workers)
            found.append(point)
            if on_point is not None:
                on_point(point)
    return found


def _point(problem: Problem, tables: int, slots: int, seconds: float, workers: int) -> Point:
    result = solve(resized(problem, tables, slots), limits=Limits(seconds), workers=workers)
    term = result.term(TermName.VALUE)
    wishes = len(problem.pairs)
    bound = min(wishes, tables * slots, wishes if term.bound is None else term.bound)
    return Point(tables, slots, wishes, term.value, bound)
