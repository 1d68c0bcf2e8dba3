"""Bounds from the linear relaxation: its duals, clipped and evaluated exactly, prove them by weak duality."""

from __future__ import annotations

from dataclasses import dataclass

from scheduling.problem import TermName
from scheduling.scoring import PER_MILLE, tail
from scheduling.solvers.index import Index
from scheduling.solvers.programme import Engine, dual_bound, optimise
from scheduling.solvers.relaxation import relax
from scheduling.solvers.state import State

SMALL = 6000  # columns; GLOP is exact and faster below, PDLP beyond
PROOF = "linear relaxation, duals evaluated exactly"
SIMPLEX_WORK, FIRST_ORDER_WORK = 100_000, 1_000


@dataclass(frozen=True, slots=True)
class Bound:
    """No plan has a term better than `value`; `proof` names the argument."""

    value: int
    proof: str


def linear_bound(index: Index, term: TermName, *, seconds: float, repeatable: bool = False) -> Bound | None:
    """The bound of one linear term over every plan of the problem; None when time left no duals.

    Pinned meetings count as held. Raises `Hopeless` when the relaxation itself has no point.
    """
    base = State(index)
    free = [number for number, placed in enumerate(base.at) if placed is None]
    relaxation = relax(base, free, range(index.num_slots), {term: 1})
    programme = relaxation.programme
    engine = Engine.GLOP if len(programme.cost) <= SMALL else Engine.PDLP
    work = (SIMPLEX_WORK if engine is Engine.GLOP else FIRST_ORDER_WORK) if repeatable else None
    answer = optimise(programme, engine, integer=False, seconds=seconds, work=work)
    if answer.infeasible:
        raise Hopeless
    if answer.duals is None:
        return None
    return Bound(_of_term(base, term, dual_bound(programme, answer.duals)), PROOF)


class Hopeless(Exception):
    """The relaxation has no point, so no plan exists."""


def _of_term(base: State, term: TermName, bound: int) -> int:
    """The term's bound from that of the programme, which leaves out what pinned meetings give."""
    index = base.index
    pinned = [index.candidates[number] for number in base.held_numbers()]
    if term is TermName.VALUE:
        return bound + sum(candidate.value for candidate in pinned)
    if term is TermName.MUST_MEETS:
        return bound + sum(candidate.must for candidate in pinned)
    if term is TermName.MIN_SHORTFALL:
        return max(0, -bound)
    served = sum(person.attainable > 0 for person in index.people)
    return min(PER_MILLE, bound // tail(served)) if served else PER_MILLE
