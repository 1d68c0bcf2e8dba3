"""The baseline the market sells: the most wanted meeting first, at its first free place."""

from __future__ import annotations

from scheduling.solvers.index import Index
from scheduling.solvers.state import State


def greedy(index: Index) -> State:
    """A legal plan, except that minimums and mandatory meetings may be missed."""
    state = State(index)
    candidates = index.candidates
    wanted = sorted(
        range(len(candidates)),
        key=lambda n: (not candidates[n].mandatory, not candidates[n].must, -candidates[n].value, n),
    )
    for number in wanted:
        if state.at[number] is None:
            place_first(state, number)
    return state


def place_first(state: State, number: int) -> bool:
    """The meeting is held at its first option that fits; False when none does."""
    for slot, pool in state.index.candidates[number].options:
        if state.fits(number, slot, pool):
            state.place(number, slot, pool)
            return True
    return False
