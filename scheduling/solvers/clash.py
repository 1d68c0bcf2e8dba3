"""What cannot be held together: the smallest set of orders, and of named rules, found by leaving out.

An order or a rule is left out for good when the rest still clashes; what stays is minimal (deletion filter;
Chinneck, Feasibility and Infeasibility in Optimization, 2008).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from scheduling.lifting import LIFTS, Order, orders, reduced
from scheduling.problem import Problem
from scheduling.solvers.cp_sat import whole
from scheduling.solvers.cp_sat.run import Control
from scheduling.solvers.model import compile_model

T = TypeVar("T")
PERSON_ONCE = "person_once"


@dataclass(frozen=True, slots=True)
class Clash:
    """`orders` that cannot all be held, and `rules` that alone forbid it; where `minimal`, without any one of
    the orders the others can be held, and without any one of the rules the others forbid nothing."""

    rules: tuple[str, ...]
    orders: tuple[Order, ...]
    minimal: bool


def clash(problem: Problem, control: Control) -> Clash | None:
    """The smallest clash of a fair that has no plan; None when it has one or time ran out."""
    search = Search(problem, control)
    if not search.clashes(orders(problem), frozenset()):
        return None
    few = search.shrunk(orders(problem), lambda kept: search.clashes(kept, frozenset()))
    every = (*LIFTS, PERSON_ONCE)

    def still(kept: Sequence[str]) -> bool:
        return search.clashes(few, frozenset(every) - frozenset(kept))

    rules = search.shrunk(every, still)
    return Clash(tuple(rules), tuple(few), search.sure)


class Search:
    """Tries some orders under some rules."""

    def __init__(self, problem: Problem, control: Control) -> None:
        self.problem, self.control, self.sure = problem, control, True

    def clashes(self, kept: Sequence[Order], lifted: frozenset[str]) -> bool:
        """No plan holds the orders when these rules are lifted; False, unsure, when time ran out."""
        fair = reduced(self.problem, kept)
        for name, lift in LIFTS.items():
            if name in lifted:
                fair = lift(fair)
        model = compile_model(fair)
        answer = whole.complete(model, self.control, at_once=PERSON_ONCE in lifted)
        if answer is True:
            self.sure = False
        return answer is False

    def shrunk(self, kept: Sequence[T], still: Callable[[Sequence[T]], bool]) -> list[T]:
        """The members without which it no longer clashes: halves are left out first, then ever less."""
        left, size = list(kept), max(1, len(kept) // 2)
        while True:
            start = 0
            while start < len(left):
                rest = left[:start] + left[start + size :]
                if still(rest):
                    left = rest
                else:
                    start += size
            if size == 1:
                return left
            size = max(1, size // 2)
