"""Greedy passes as vendors publish them, so that every claim of the benchmark is a ratio in one run.

No vendor publishes more than the order in which wishes are served: alphabetical rounds (MeetMax), sponsored
exhibitors first (ExpoPlatform), mutual wishes first (the convention of request and wish systems). Each is
given the best of what it does not say: every rule of the fair is kept, a meeting takes the first place that
fits at all, and tables are assigned by the engine's own seating.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from scheduling.parts import Pair
from scheduling.solvers.greedy import place_first
from scheduling.solvers.model import compile_model
from scheduling.solvers.state import State
from scheduling.solvers.tables import seat

if TYPE_CHECKING:
    from scheduling.parts import Id
    from scheduling.problem import Problem
    from scheduling.solution import Solution
    from scheduling.solvers.model import Model

Pass = Callable[["Model"], Iterator[int]]


def alphabetical_rounds(model: Model) -> Iterator[int]:
    """In each round everybody, in the order of ids, gets the next of the own wishes, the dearest first."""
    lists = _lists(model)
    for rank in range(max(map(len, lists.values()), default=0)):
        yield from (lists[person][rank] for person in sorted(lists) if rank < len(lists[person]))


def sponsored_first(model: Model) -> Iterator[int]:
    """The lists of those with a stand are served whole, one after the other, then everybody's by round.

    In a fair without stands the suppliers are the sponsors.
    """
    paying = {table.organisation for table in model.problem.tables} - {None}
    people = model.problem.participants
    sponsors = [one.id for one in people if one.organisation in paying]
    sponsors = sponsors or [one.id for one in people if one.type == "supplier"]
    lists = _lists(model)
    for person in sponsors:
        yield from lists.get(person, ())
    yield from alphabetical_rounds(model)


def mutual_first(model: Model) -> Iterator[int]:
    """Wishes of both sides, the dearest first, then those of one."""
    yield from sorted(range(len(model.wishes)), key=lambda n: (not _is_mutual(model, n), *_dearest(model, n)))


def _lists(model: Model) -> dict[Id, list[int]]:
    """The wishes each person is named in, musts first, then by value."""
    lists: dict[Id, list[int]] = defaultdict(list)
    for number in sorted(range(len(model.wishes)), key=lambda n: _dearest(model, n)):
        for one in model.wishes[number].key:
            lists[one].append(number)
    return lists


def _dearest(model: Model, wish: int) -> tuple[bool, int, int]:
    one = model.wishes[wish]
    return (not one.must, -one.value, wish)


def _is_mutual(model: Model, wish: int) -> bool:
    """Both sides gave it a level; where a fair has none, values above a single wish's best tell."""
    from scheduling.generating.fair import BEST_SINGLE

    asked = model.problem.wish(model.wishes[wish].key)
    if not isinstance(asked, Pair):
        return False
    if asked.level_a is None and asked.level_b is None:
        return asked.value > BEST_SINGLE
    return asked.level_a is not None and asked.level_b is not None


PASSES: Mapping[str, Pass] = {
    "alphabetical": alphabetical_rounds,
    "sponsored": sponsored_first,
    "mutual": mutual_first,
}


def plan(problem: Problem, order: Pass) -> Solution:
    """One pass: each wish, in the order, at its first free place. What must be held may be missed."""
    model = compile_model(problem)
    state = State(model)
    for wish in order(model):
        if state.held[wish] < 0:
            place_first(state, wish)
    return seat(state)
