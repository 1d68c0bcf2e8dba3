"""The oracle: what a right plan is, in plain loops, sharing no code with any solver.

One function per hard rule in `scheduling.rules`, registered under the name that `solvers/cp_sat/rules.py` posts
and `explain.py` words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from scheduling.rules import orders, people, places, quotas, times
from scheduling.rules.register import Checker, Violation, rules_of

if TYPE_CHECKING:
    from scheduling.problem import Problem
    from scheduling.solution import Solution

__all__ = ["RULES", "Checker", "Violation", "violations"]

# Every hard rule by name, in the order in which violations are told.
RULES: dict[str, Checker] = rules_of(times, places, people, quotas, orders)


def violations(problem: Problem, solution: Solution, *, skip: Collection[str] = ()) -> tuple[Violation, ...]:
    """Every violation of every rule; empty means the plan is right.

    A plan that names unknown people, slots, tables or interpreters is reported as `known` alone: no other
    rule can be read.
    """
    if unknown := tuple(_known(problem, solution)):
        return unknown
    checkers = (check for name, check in RULES.items() if name not in skip)
    return tuple(found for check in checkers for found in check(problem, solution))


def _known(problem: Problem, solution: Solution) -> Iterator[Violation]:
    for held in solution.assignments:
        named = all(problem.knows(participant=one) for one in (*held.people, *(held.wish or ())))
        if not (named and problem.knows(slot=held.slot, table=held.table, interpreter=held.interpreter)):
            yield Violation("known", (), (held,))
