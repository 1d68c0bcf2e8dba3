"""Repairing a published plan: what a change costs, what must not change, what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scheduling.diff import Change, Diff
from scheduling.scoring import worth

if TYPE_CHECKING:
    from scheduling.problem import Id, Meeting, Problem
    from scheduling.solution import Assignment, Solution


@dataclass(frozen=True, slots=True)
class Prices:
    """Points for each change. A meeting at another time costs `move` wherever it sits, one that keeps its time
    but not its table `table`; other people or another interpreter cost `people` on top.

    `value` and `must` are what a newcomer's meetings gain by unit of worth and as a must; by default no
    number of changes in reach outweighs them. An order that cannot be kept costs `broken`.
    """

    cancel: int = 10
    move: int = 3
    table: int = 1
    new: int = 1
    people: int = 2
    value: int = 1_000
    must: int = 50_000
    broken: int = 1_000_000

    def __post_init__(self) -> None:
        if min(self.cancel, self.move, self.table, self.new, self.people, self.value, self.must) < 0:
            raise ValueError("a price must not be negative")
        if self.cancel == 0:
            raise ValueError("to cancel must cost something")


@dataclass(frozen=True, slots=True)
class Freeze:
    """Nothing that starts before the slot `before` changes, nor do the `meetings` named (keys); what the fault
    makes impossible among them is cancelled, never moved."""

    before: Id | None = None
    meetings: frozenset[Meeting] = frozenset()


@dataclass(frozen=True, slots=True)
class Repair:
    """A repaired plan (None: some order cannot be kept, `clash` tells in words).

    `points` are the price of the changes less the worth of newcomers' meetings; no plan has fewer than
    `bound`, and with `proven` they are equal. `cost` is the price of the changes alone.
    """

    problem: Problem
    plan: Solution | None
    diff: Diff
    cost: int
    points: int
    bound: int
    seconds: float
    clash: str | None = None
    argument: str = field(
        default="duals of the linear relaxation over all meetings, evaluated exactly; what they leave open"
        " searched exhaustively"
    )

    @property
    def proven(self) -> bool:
        return self.plan is not None and self.points == self.bound


def cost(problem: Problem, diff: Diff, prices: Prices) -> int:
    """The price of the changes."""
    return (
        prices.cancel * len(diff.cancelled)
        + prices.new * len(diff.added)
        + sum(_price(problem, change, prices) for change in diff.moved)
    )


def _price(problem: Problem, change: Change, prices: Prices) -> int:
    other = change.new_people or change.old.interpreter != change.new.interpreter
    people = prices.people if other else 0
    if change.new_time:
        return prices.move + people
    return people + (prices.table if change.old.table != change.new.table else 0)


def gained(problem: Problem, added: tuple[Assignment, ...], newcomers: frozenset[Id], prices: Prices) -> int:
    """The worth in points of what newcomers get."""
    wishes = (problem.wish(held.key) for held in added if newcomers.intersection(held.key))
    return sum(prices.value * worth(problem, wish) + prices.must * wish.is_must for wish in wishes if wish)
