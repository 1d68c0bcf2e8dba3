"""A given plan as a state to start from: what still fits of it is kept, the rest is left to the search."""

from __future__ import annotations

from scheduling.problem import meeting_key
from scheduling.solution import Solution
from scheduling.solvers.index import Index
from scheduling.solvers.state import State


def state_of(index: Index, plan: Solution) -> State:
    """The state with the plan's legal meetings; ids that no longer exist are passed over."""
    problem = index.problem
    people = problem.participants
    numbers = {
        meeting_key(people[one.a].id, people[one.b].id): number for number, one in enumerate(index.candidates)
    }
    state = State(index)
    for held in plan.assignments:
        number = numbers.get(held.key)
        if number is None or state.at[number] is not None or not problem.knows(slot=held.slot):
            continue
        slot = problem.slot_rank(held.slot)
        for option in index.candidates[number].options:
            if option[0] == slot and _same_pool(index, held.table, option[1]) and state.fits(number, *option):
                state.place(number, *option)
                break
    return state


def _same_pool(index: Index, table: int, pool: int) -> bool:
    if not index.problem.knows(table=table):
        return False
    return index.problem.table(table).organisation == index.pools[pool].organisation
