"""One linear relaxation solved: a proven bound on a term, and what the optimum likes to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scheduling.problem import TermName
from scheduling.solvers.model import Model
from scheduling.solvers.programme import (
    SCALE,
    Answer,
    Engine,
    Floats,
    Interrupt,
    Ints,
    lagrangian,
    optimise,
    prices_of,
    reduced_costs,
)
from scheduling.solvers.relaxation import Relaxation, relax

SMALL = 3000  # columns; GLOP is exact and faster below, PDLP beyond
SIMPLEX_WORK, FIRST_ORDER_WORK = 100_000, 5_000
LIKELY = 1  # of a middling wish's worth that a wish may cost against the bound and still be tried


class Hopeless(Exception):
    """The relaxation has no point, so no plan exists."""


@dataclass(frozen=True, slots=True)
class Guide:
    """`bound` is proven for the sum of the priced terms times `unit` (None when time left no duals); `support`
    says per wish how much of it the relaxation holds, `likely` which wishes a plan near the bound may hold;
    `reach` per column of the model the most that a plan with that column can have, as `bound` counts."""

    prices: Mapping[TermName, int]
    bound: int | None
    unit: int
    support: Floats
    likely: list[int]
    reach: Ints | None = None


def guide(
    model: Model,
    prices: Mapping[TermName, int],
    *,
    seconds: float,
    repeatable: bool = False,
    interrupt: Interrupt | None = None,
) -> Guide:
    """The relaxation for the prices of linear terms.

    Raises Hopeless when the relaxation itself has no point.
    """
    relaxation = relax(model, prices)
    programme = relaxation.programme
    engine = Engine.GLOP if len(programme.cost) <= SMALL else Engine.PDLP
    work = (SIMPLEX_WORK if engine is Engine.GLOP else FIRST_ORDER_WORK) if repeatable else None
    answer = optimise(programme, engine, integer=False, seconds=seconds, work=work, interrupt=interrupt)
    if answer.infeasible:
        raise Hopeless
    return _guide(model, prices, relaxation, answer)


def _guide(model: Model, prices: Mapping[TermName, int], relaxation: Relaxation, answer: Answer) -> Guide:
    support: Floats = np.zeros(len(model.wishes))
    of_wish = model.arrays.wish[relaxation.columns]
    if answer.values is not None:
        counted = np.bincount(of_wish, answer.values[: len(of_wish)], minlength=len(model.wishes))
        support = counted.astype(float)
    if answer.duals is None:
        return Guide(prices, None, relaxation.unit, support, list(range(len(model.wishes))))
    programme, columns = relaxation.programme, slice(0, len(of_wish))
    reduced = reduced_costs(programme, prices_of(programme, answer.duals))[columns]
    constant, gain = lagrangian(programme, answer.duals)
    best = np.full(len(model.wishes), np.iinfo(np.int64).min)
    np.maximum.at(best, of_wish, reduced)
    part = np.where(model.arrays.mandatory, best, np.maximum(best, 0))  # of each wish in the bound
    reach = (constant + gain - part[of_wish] + reduced) // SCALE + relaxation.offset
    return Guide(
        prices,
        (constant + gain) // SCALE + relaxation.offset,
        relaxation.unit,
        support,
        _likely(best, programme.cost[columns]),
        reach if model.stands_for is None else reach[model.stands_for],
    )


def _likely(best: Ints, cost: Ints) -> list[int]:
    """Wishes that cost little against the bound."""
    dear = max(1, int(np.median(cost))) if len(cost) else 1
    return np.flatnonzero(best >= -(LIKELY * dear * SCALE + SCALE // 1000)).tolist()
