"""A given plan as a state to start from: what still fits of it is kept, the rest is left to the search."""

from __future__ import annotations

from scheduling.solution import Assignment, Solution
from scheduling.solvers.model import NO_POOL, Model
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
            if model.start[column] == slot and _same(model, held, column) and state.fits(column):
                state.put(column)
                break
    state.log.clear()
    return state


def _same(model: Model, held: Assignment, column: int) -> bool:
    """The column stands for the same people, interpreter if one is needed, and kind of table."""
    line, problem = model.lines[model.line[column]], model.problem
    people = {problem.participants[person].id for person in line.team}
    if people != set(held.people) or line.pool == NO_POOL:
        return False
    if line.helpers is not None and held.interpreter not in model.helpers[line.helpers].members:
        return False
    return problem.knows(table=held.table) and model.table_rank[held.table] in model.pools[line.pool].tables
