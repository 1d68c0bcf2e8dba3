"""Bounds from the linear relaxation: its duals, clipped and evaluated exactly, prove them by weak duality.

The relaxation bounds a *priced sum* of terms. A plan that has given levels of the terms ranked before can have
no more of a term than the sum leaves, whatever the prices: so one sum bounds a term for every such plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduling.problem import TermName
from scheduling.scoring import PER_MILLE, SENSES, Sense, level, tail
from scheduling.solvers.model import Model

PROOF = "linear relaxation, duals evaluated exactly"
CLOSED = "branch and bound over what the reduced costs of the relaxation leave"
GIVEN = ", given the terms ranked before"
PER_VALUE, PER_MUST = 20, 3  # a meeting moved affects few others: steeper prices only blur the relaxation


@dataclass(frozen=True, slots=True)
class Bound:
    """No plan as good in the terms ranked before is better than `value`; `proof` names the argument."""

    value: int
    proof: str


@dataclass(frozen=True, slots=True)
class PricedSum:
    """unit * sum of prices * terms (those to be small negative) is at most `total` in any plan."""

    term: TermName
    prices: Mapping[TermName, int]
    unit: int
    total: int
    proof: str = PROOF

    def bound(self, model: Model, found: Mapping[TermName, int]) -> Bound:
        """What the sum leaves for its term beside the levels found of the others."""
        others = {name: price for name, price in self.prices.items() if name is not self.term}
        rest = (self.total - self.unit * level(others, found)) // self.prices[self.term]
        return Bound(_of_term(model, self.term, rest), self.proof + (GIVEN if others else ""))


def ladder(model: Model, term: TermName, before: list[TermName]) -> dict[TermName, int]:
    """Prices for a term and those ranked before: a unit of these outweighs what it can be exchanged for."""
    steep = PER_MUST * max((wish.value for wish in model.wishes), default=1) + 1
    prices, price = {term: 1}, 1
    for name in reversed(before):
        price *= steep if name is TermName.MUST_MEETS else PER_VALUE
        prices[name] = price
    return prices


def _of_term(model: Model, term: TermName, rest: int) -> int:
    """The term's bound: misses count below zero, fairness as the sum over its tail."""
    if SENSES[term] is Sense.MIN:
        return max(0, -rest)
    if term is TermName.FAIRNESS:
        served = sum(most > 0 for most in model.ceiling)
        return max(0, min(PER_MILLE, rest // tail(served))) if served else PER_MILLE
    return rest
