"""A given plan as a state to start from: what still fits of it is kept, the rest is left to the search."""

from __future__ import annotations

from scheduling.problem import Id
from scheduling.solution import Solution
from scheduling.solvers.model import Model
from scheduling.solvers.state import State


def state_of(model: Model, plan: Solution) -> State:
    """The state with the plan's legal meetings; ids that no longer exist are passed over."""
    problem = model.problem
    numbers = {wish.key: number for number, wish in enumerate(model.wishes)}
    state = State(model)
    for held in plan.assignments:
        wish = numbers.get(held.key)
        if wish is None or state.held[wish] >= 0 or not problem.knows(slot=held.slot):
            continue
        slot = problem.slot_rank(held.slot)
        for column in model.columns(wish):
            if model.start[column] == slot and _same_pool(model, held.table, column) and state.fits(column):
                state.put(column)
                break
    state.log.clear()
    return state


def _same_pool(model: Model, table: Id, column: int) -> bool:
    if not model.problem.knows(table=table):
        return False
    pool = model.pools[model.lines[model.line[column]].pool]
    return model.problem.table(table).organisation == pool.organisation
