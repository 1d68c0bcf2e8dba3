"""Neighbourhoods of a few slots: everything in them and all that is not held is free, solved by HiGHS."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from scheduling.problem import Mode, TermName, Weights
from scheduling.solvers.programme import Engine, optimise
from scheduling.solvers.relaxation import LINEAR, relax
from scheduling.solvers.state import State

# How many units of the next term one unit of a term outweighs. Whole numbers stay small enough for HiGHS;
# that an answer really is better is decided by the exact standing of the plan.
LADDER = 60
REPEATABLE_NODES = 50


def prices(weights: Weights, among: Collection[TermName] = LINEAR) -> dict[TermName, int]:
    """What a unit of each optimised term costs in a neighbourhood, by the organiser's order or weights."""
    names = [TermName(name) for name in weights.order if TermName(name) in among]
    if weights.mode is Mode.WEIGHTED:
        return {name: weights.of(name) for name in names if weights.of(name)}
    return {name: LADDER ** (len(names) - 1 - rank) for rank, name in enumerate(names)}


def rechoose(
    state: State,
    slots: Collection[int],
    cost: Mapping[TermName, int],
    *,
    seconds: float,
    repeatable: bool = False,
) -> bool:
    """The best content of some slots replaces theirs, every other meeting staying; False when none was found.

    The steps are in the state's log.
    """
    wanted = sum(1 << slot for slot in slots)
    for column in state.columns():
        if state.model.mask[column] & wanted and state.movable(column):
            state.take(column)
    among = np.array([mask & ~wanted == 0 for mask in state.model.mask], dtype=np.bool_)
    relaxation = relax(state.model, cost, around=state, among=among)
    work = REPEATABLE_NODES if repeatable else None
    answer = optimise(relaxation.programme, Engine.HIGHS, integer=True, seconds=seconds, work=work)
    if answer.values is None:
        return False
    for column in relaxation.chosen(answer.values):
        if not state.fits(column):
            return False
        state.put(column)
    return True
