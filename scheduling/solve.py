"""The one way to a plan: choose the solver, keep the best, prove what can be proven, verify, report."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Callable
from typing import TYPE_CHECKING

from scheduling import scoring, verify
from scheduling.problem import TermName
from scheduling.result import Limits, Progress, Result, Status
from scheduling.solvers.greedy import greedy
from scheduling.solvers.index import index
from scheduling.solvers.tables import seat

if TYPE_CHECKING:
    from scheduling.problem import Problem
    from scheduling.solution import Solution


def solve(
    problem: Problem,
    *,
    limits: Limits | None = None,
    workers: int = 2,
    seed: int = 1,
    start: Solution | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Result:
    plan = seat(greedy(index(problem)))
    if verify.violations(problem, plan):
        return Result(Status.UNKNOWN)
    terms = scoring.score(problem, plan)
    value = next(term.value for term in terms if term.name == TermName.VALUE)
    return Result(Status.FEASIBLE, plan, terms, value, baseline_value=value, seed=seed, workers=workers)


def versions() -> tuple[tuple[str, str], ...]:
    """What a replay needs to know of this machine's software."""
    packages = ("ortools", "numpy")
    found = tuple((name, importlib.metadata.version(name)) for name in packages)
    return (("python", platform.python_version()), *found)
