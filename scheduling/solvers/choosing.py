"""Neighbourhood search on what is held: free a few slots and all that is not held, solve by HiGHS."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from scheduling.problem import Mode, TermName, Weights
from scheduling.solvers.index import Index
from scheduling.solvers.programme import Engine, optimise
from scheduling.solvers.relaxation import LINEAR, Choice, relax
from scheduling.solvers.state import PINNED, State

# How many units of the next term one unit of a term outweighs. Whole numbers stay small enough for HiGHS;
# that an answer really is better is decided by the exact rank of the plan.
LADDER = 60
REPEATABLE_NODES = 50


@dataclass(frozen=True, slots=True)
class Move:
    """Placements to leave and to make, computed on a snapshot: `apply` fits it to the present state."""

    removed: tuple[int, ...]
    placed: tuple[Choice, ...]


def prices(weights: Weights, among: Collection[TermName] = LINEAR) -> dict[TermName, int]:
    """What a unit of each optimised term costs in a neighbourhood, by the organiser's order or weights."""
    names = [TermName(name) for name in weights.order if TermName(name) in among]
    if weights.mode is Mode.WEIGHTED:
        return {name: weights.of(name) for name in names if weights.of(name)}
    return {name: LADDER ** (len(names) - 1 - rank) for rank, name in enumerate(names)}


def rechoose(
    state: State,
    slots: Collection[int],
    cost: dict[TermName, int],
    *,
    seconds: float,
    repeatable: bool = False,
) -> Move | None:
    """The best content of some slots, every other meeting staying; None when HiGHS found nothing in time."""
    trial = state.copy()
    removed = release(trial, slots)
    free = [number for number, placed in enumerate(trial.at) if placed is None]
    relaxation = relax(trial, free, slots, cost)
    work = REPEATABLE_NODES if repeatable else None
    answer = optimise(relaxation.programme, Engine.HIGHS, integer=True, seconds=seconds, work=work)
    if answer.values is None:
        return None
    return Move(tuple(removed), tuple(relaxation.chosen(answer.values)))


def release(state: State, slots: Collection[int]) -> list[int]:
    """No meeting but pins is held in these slots any more; gives the candidates removed."""
    wanted = frozenset(slots)
    removed = [
        number
        for number, placed in enumerate(state.at)
        if placed is not None and placed[0] in wanted and placed[1] != PINNED
    ]
    for number in removed:
        state.remove(number)
    return removed


def apply(state: State, move: Move) -> State | None:
    """A new state with the move made, or None when another move made it illegal meanwhile."""
    trial = state.copy()
    for number in move.removed:
        placed = trial.at[number]
        if placed is None:
            return None
        trial.remove(number)
    for number, slot, pool in move.placed:
        if trial.at[number] is not None or not trial.fits(number, slot, pool):
            return None
        trial.place(number, slot, pool)
    return trial


def complete(index: Index, state: State) -> bool:
    """True when nothing mandatory is missing: mandatory meetings held, hard minimums reached."""
    missing = any(
        candidate.mandatory and placed is None
        for candidate, placed in zip(index.candidates, state.at, strict=True)
    )
    short = any(
        limits.hard_min and held < limits.min for limits, held in zip(index.people, state.held, strict=True)
    )
    return not (missing or short or index.hopeless)
