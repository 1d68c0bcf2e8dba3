"""First plans: the baseline the market sells, and the same order with meetings moved to make room."""

from __future__ import annotations

from scheduling.solvers import kempe
from scheduling.solvers.model import Model
from scheduling.solvers.state import State


def greedy(model: Model) -> State:
    """The most wanted meeting first, at its first free place.

    A legal plan, except that minimums and mandatory meetings may be missed.
    """
    state = State(model)
    for wish in by_want(model):
        if state.held[wish] < 0:
            place_first(state, wish)
    state.log.clear()
    return state


def by_want(model: Model) -> list[int]:
    """Wishes, the most wanted first."""
    wishes = model.wishes
    return sorted(
        range(len(wishes)), key=lambda n: (not wishes[n].mandatory, not wishes[n].must, -wishes[n].value, n)
    )


def place_first(state: State, wish: int) -> bool:
    """The meeting is held at its first option that fits; False when none does."""
    lines = state.model.lines_of[wish]
    columns = state.model.columns(wish)
    ordered = columns if len(lines) == 1 else sorted(columns, key=lambda one: state.model.start[one])
    for column in ordered:
        if state.fits(column):
            state.put(column)
            return True
    return False


def fill(state: State, wishes: list[int]) -> None:
    """The wishes are held in turn, as far as moving others makes room."""
    for wish in wishes:
        if state.held[wish] < 0:
            kempe.insert(state, wish)
    state.log.clear()
