"""The public benchmark of choosing meetings: generated fairs, each solver in a process of its own.

`python -m scheduling.bench.generated CASE SOLVER` is that process: it prints one figure sheet as JSON.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scheduling import generate, io, scoring, verify
from scheduling.fields import BadInput
from scheduling.problem import TermName, Weights

if TYPE_CHECKING:
    from scheduling.problem import Problem
    from scheduling.solution import Solution

SALON, PLAIN = "salon", "plain-cp-sat"
VENDORS = ("alphabetical", "sponsored", "mutual")  # of scheduling.bench.vendors
SOLVERS = (SALON, PLAIN, *VENDORS)
ALIASES = {"ESS-full": "ess-full:250"}
KIB_PER_MIB = 1024


@dataclass(frozen=True, slots=True)
class Case:
    """A generated fair by its name: a size (`M`), a kind and a size (`bench:M`) or people (`ess-full:250`)."""

    name: str
    kind: str
    size: str | int
    seed: int

    def problem(self) -> Problem:
        """The fair; the benchmark kind optimises its value alone, as it is defined by."""
        found = generate.make(self.kind, self.size, seed=self.seed)
        return replace(found, weights=Weights(order=(TermName.VALUE,))) if self.kind == "bench" else found


def case(name: str, seed: int) -> Case:
    """The case of that name. Raises BadInput for a kind or a size there is not."""
    kind, colon, size = ALIASES.get(name, name).rpartition(":")
    kind = kind if colon else "ess"
    if kind not in generate.KINDS:
        raise BadInput(f"{name}: the kinds are {', '.join(generate.KINDS)}")
    if size in generate.SIZES:
        return Case(name, kind, size, seed)
    if size.isdecimal() and int(size) > 0:
        return Case(name, kind, int(size), seed)
    raise BadInput(f"{name}: give a number of people or one of the sizes {', '.join(generate.SIZES)}")


@dataclass(frozen=True, slots=True)
class Task:
    """What one process does."""

    case: Case
    solver: str
    seconds: float
    workers: int


def sheet(task: Task) -> dict[str, Any]:
    """The figures of one solver on one fair, the plan judged by the verifier; times in seconds.

    `seconds` is the solver's time, reading the fair left out; `peak_mib` is the process's, imports included.
    """
    problem = task.case.problem()
    begin = time.monotonic()
    plan, found = _solved(task, problem)
    found["seconds"] = round(time.monotonic() - begin, 2)
    return {**found, **_figures(problem, plan), "peak_mib": _peak_mib()}


def _solved(task: Task, problem: Problem) -> tuple[Solution | None, dict[str, Any]]:
    if task.solver == SALON:
        return _salon(task, problem)
    if task.solver == PLAIN:
        from scheduling.bench import plain_cp_sat

        answer = plain_cp_sat.solve(problem, seconds=task.seconds, workers=task.workers, seed=task.case.seed)
        status = "optimal" if answer.optimal else "feasible" if answer.plan else "unknown"
        return answer.plan, {"status": status, "bound": answer.bound}
    from scheduling.bench import vendors

    return vendors.plan(problem, vendors.PASSES[task.solver]), {"status": "feasible", "bound": None}


def _salon(task: Task, problem: Problem) -> tuple[Solution | None, dict[str, Any]]:
    from scheduling.result import Limits
    from scheduling.solving import solve

    result = solve(problem, limits=Limits(task.seconds), workers=task.workers, seed=task.case.seed)
    first = result.trace[0].seconds if result.trace else None
    reached = next((one.seconds for one in result.trace if one.value == result.objective), None)
    bounds = {str(term.name): term.bound for term in result.terms}
    return result.solution, {
        "status": str(result.status),
        "bound": result.bound,
        "first_seconds": first,
        "value_seconds": reached,
        "breaks_bound": bounds.get(TermName.BREAKS),
        "musts_bound": bounds.get(TermName.MUST_MEETS),
    }


def _figures(problem: Problem, plan: Solution | None) -> dict[str, Any]:
    """What the plan is worth, recomputed; nothing where there is none."""
    size = {"participants": len(problem.participants), "wishes": len(problem.wishes)}
    if plan is None:
        return size
    terms = scoring.values(problem, plan)
    return {
        **size,
        "meetings": len(plan.assignments),
        "musts": terms[TermName.MUST_MEETS],
        "value": terms[TermName.VALUE],
        "breaks": terms[TermName.BREAKS],
        "violations": sorted({one.rule for one in verify.violations(problem, plan)}),
    }


def _peak_mib() -> int:
    """The most memory this process and those it started have had resident (Linux counts in KiB)."""
    people = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(who).ru_maxrss for who in people) // KIB_PER_MIB


def main() -> int:
    """Prints the sheet; exit code 2 for a case there is not."""
    parser = argparse.ArgumentParser(prog="python -m scheduling.bench.generated")
    parser.add_argument("case")
    parser.add_argument("solver", choices=SOLVERS)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    try:
        task = Task(case(options.case, options.seed), options.solver, options.seconds, options.workers)
    except BadInput as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    from scheduling import supervision

    with supervision.silent_output():
        found = sheet(task)
    sys.stdout.write(io.encode(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
