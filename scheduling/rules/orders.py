"""What the organiser ordered: locked and mandatory meetings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduling.rules.register import Violation, rule

if TYPE_CHECKING:
    from scheduling.problem import Id, Problem
    from scheduling.solution import Assignment, Solution


@rule
def pins(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Each pin is held exactly at its slot and table, by its people, for its wish, with the interpreter it
    names."""
    at: dict[tuple[Id, Id], list[Assignment]] = defaultdict(list)
    for held in solution.assignments if problem.pins else ():
        at[held.slot, held.table].append(held)
    for pin in problem.pins:
        kept = any(
            set(held.people) == set(pin.people)
            and held.key == pin.key
            and pin.interpreter in (None, held.interpreter)
            for held in at[pin.slot, pin.table]
        )
        if not kept:
            args = (("participants", pin.people), ("slot", pin.slot), ("table", pin.table))
            yield Violation("pins", args)


@rule
def mandatory(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Each mandatory meeting is held, by colleagues where they may go instead."""
    plan = solution.meetings if problem.mandatory else frozenset()
    for meeting in problem.mandatory:
        if tuple(sorted(meeting)) not in plan:
            yield Violation("mandatory", (("participants", meeting),))
