"""The pure scheduling engine: a frozen `Problem` in, a verified `Result` out."""

from __future__ import annotations

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
from scheduling.solve import UnverifiedPlan, solve
from scheduling.validation import Issue
from scheduling.verify import RULES, Violation, violations

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
