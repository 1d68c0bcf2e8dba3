"""The pure scheduling engine: a frozen `Problem` in, a verified `Result` out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduling.problem import (
    DEFAULT_ORDER,
    Group,
    Interpreter,
    InvalidProblem,
    Level,
    Mode,
    Pair,
    Participant,
    Pin,
    Problem,
    Slot,
    Table,
    TermName,
    TypeLimit,
    Weights,
)
from scheduling.result import Limits, Progress, Result, Status, Trace
from scheduling.scoring import Sense, Term, score
from scheduling.solution import Assignment, Solution
from scheduling.validation import Issue
from scheduling.verify import RULES, Violation, violations

if TYPE_CHECKING:
    from scheduling.solving import UnverifiedPlan, solve

__all__ = [
    "DEFAULT_ORDER",
    "RULES",
    "Assignment",
    "Group",
    "Interpreter",
    "InvalidProblem",
    "Issue",
    "Level",
    "Limits",
    "Mode",
    "Pair",
    "Participant",
    "Pin",
    "Problem",
    "Progress",
    "Result",
    "Sense",
    "Slot",
    "Solution",
    "Status",
    "Table",
    "Term",
    "TermName",
    "Trace",
    "TypeLimit",
    "UnverifiedPlan",
    "Violation",
    "Weights",
    "score",
    "solve",
    "violations",
]


def __getattr__(name: str) -> object:
    """Loads the solvers when they are first asked for: reading and verifying do not need them."""
    if name in ("UnverifiedPlan", "solve"):
        from scheduling import solving

        return getattr(solving, name)
    raise AttributeError(name)
