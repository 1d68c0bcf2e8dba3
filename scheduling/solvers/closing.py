"""The last units: a plan near its bound is proven best, or bettered, over the columns a better one could hold.

The duals say of each column the most that any plan with it can have; a plan better than the one at hand holds
none of the columns that reach no further. What is left is mostly small enough for branch and bound.
"""

from __future__ import annotations

import numpy as np

from scheduling.scoring import level
from scheduling.solvers.linear import Guide
from scheduling.solvers.programme import Engine, Interrupt, optimise
from scheduling.solvers.relaxation import relax
from scheduling.solvers.state import State
from scheduling.solvers.tally import Tally

MOST_COLUMNS = 60_000
REPEATABLE_NODES = 200


def close(
    state: State,
    guide: Guide,
    *,
    seconds: float,
    repeatable: bool = False,
    interrupt: Interrupt | None = None,
) -> tuple[State, bool]:
    """A plan with no less of the guide's priced sum, and whether none can have more."""
    if guide.reach is None:
        return state, False
    model, among = state.model, guide.reach > guide.unit * level_of(state, guide)
    offered = np.zeros(len(model.wishes), dtype=np.bool_)
    offered[model.arrays.wish[among]] = True
    if not among.any() or (model.arrays.mandatory & ~offered).any():
        return state, True  # a better plan would have to do without what must be held
    if among.sum() > MOST_COLUMNS:
        return state, False
    relaxation = relax(model, guide.prices, among=among)
    answer = optimise(
        relaxation.programme,
        Engine.HIGHS,
        integer=True,
        seconds=seconds,
        work=REPEATABLE_NODES if repeatable else None,
        interrupt=interrupt,
    )
    if answer.infeasible:
        return state, True
    found = None if answer.values is None else _state(state, relaxation.chosen(answer.values))
    if found is None:
        return state, False
    better = level_of(found, guide) > level_of(state, guide)
    return (found if better else state), answer.optimal


def level_of(state: State, guide: Guide) -> int:
    """The guide's priced sum of a plan."""
    return level(guide.prices, Tally(state).terms(state))


def _state(base: State, columns: list[int]) -> State | None:
    found = State.empty(base.model)
    for column in columns:
        if not found.fits(column):
            return None
        found.put(column)
    found.log.clear()
    return None if found.hard_short else found
