"""The one way to a plan: choose the solver, keep the best, prove what can be proven, verify, report."""

from __future__ import annotations

import importlib.metadata
import platform
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from scheduling import scoring, verify
from scheduling.bounds.run import Bounds
from scheduling.problem import DEFAULT_ORDER, TermName
from scheduling.result import Limits, Progress, Result, Status, Trace
from scheduling.scoring import SENSES, Term
from scheduling.solvers import search
from scheduling.solvers.clash import clash
from scheduling.solvers.cp_sat import run as cp_sat
from scheduling.solvers.cp_sat import whole
from scheduling.solvers.greedy import by_want, fill, greedy
from scheduling.solvers.model import compile_model
from scheduling.solvers.state import State
from scheduling.solvers.tables import seat
from scheduling.solvers.warm import state_of

if TYPE_CHECKING:
    from scheduling.problem import Problem
    from scheduling.solution import Solution

SEAT_SHARE, SEAT_SECONDS = 0.05, 1.0  # kept back for tables, verification and the report
BOUND_SHARE, LEAST_BOUND_SECONDS = 0.2, 0.2  # of the time left, for one bound
EXACT_SHARE = 0.6  # of the time, for the complete model of a small fair
EXACT_WORK_PER_NEIGHBOURHOOD = 0.1  # deterministic units of CP-SAT, when work is limited instead of time
PROVEN_EXACTLY = "exhaustive search, given the terms ranked before"


class UnverifiedPlan(Exception):
    """A solver made a wrong plan: a defect of this program, never to be shown as a plan."""


def solve(
    problem: Problem,
    *,
    limits: Limits | None = None,
    workers: int = 2,
    seed: int = 1,
    start: Solution | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_plan: Callable[[Callable[[], Solution]], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Result:
    """The best plan found within the limits, verified, every term with its proven bound or None.

    `start` is a plan to improve (what still fits of it is kept); `should_stop` is polled several times a
    second and ends the run with the best plan as cancelled; `on_plan` is handed each better plan as a function
    that seats it, since seating takes longer than finding. Raises UnverifiedPlan if a solver broke a rule.
    """
    run = _Run(
        problem, limits or Limits(), workers, seed, on_progress, on_plan, should_stop or (lambda: False)
    )
    return run.result(start)


def versions() -> tuple[tuple[str, str], ...]:
    """What a replay needs to know of this machine's software."""
    found = tuple((name, importlib.metadata.version(name)) for name in ("ortools", "numpy"))
    return (("python", platform.python_version()), *found)


class _Run:
    """One call of `solve`: its clock, its incumbent's story, its bounds."""

    def __init__(
        self,
        problem: Problem,
        limits: Limits,
        workers: int,
        seed: int,
        on_progress: Callable[[Progress], None] | None,
        on_plan: Callable[[Callable[[], Solution]], None] | None,
        should_stop: Callable[[], bool],
    ) -> None:
        self.problem, self.limits, self.seed = problem, limits, seed
        self.repeatable = limits.deterministic is not None
        self.workers = 1 if self.repeatable else max(1, workers)
        self.on_progress, self.on_plan, self.should_stop = on_progress, on_plan, should_stop
        self.begin = time.monotonic()
        reserve = min(SEAT_SECONDS, SEAT_SHARE * limits.seconds)
        self.deadline = self.begin + limits.seconds - reserve
        self.trace: list[Trace] = []
        self.lock = threading.Lock()
        self.model = compile_model(problem)
        self.plain = not _has_general_rules(problem)
        self.bounds = Bounds(
            self.model, seconds=self._bound_seconds, repeatable=self.repeatable, should_stop=self.should_stop
        )

    def _bound_seconds(self) -> float:
        return max(LEAST_BOUND_SECONDS, BOUND_SHARE * (self.deadline - time.monotonic()))

    def result(self, start: Solution | None) -> Result:
        baseline = greedy(self.model)
        baseline_value = search.terms_of(baseline)[TermName.VALUE]
        self._tell("data", None)
        try:
            found = self._solved(baseline, start)
        finally:
            self.bounds.stop()
        seconds = time.monotonic() - self.begin
        return replace(
            found,
            seconds=round(seconds, 3),
            trace=tuple(self.trace),
            baseline_value=baseline_value,
            seed=self.seed,
            workers=self.workers,
            versions=versions(),
        )

    def _solved(self, baseline: State, start: Solution | None) -> Result:
        first = self._first(baseline, start)
        if isinstance(first, Result):
            return first
        self._offer("first", first, search.terms_of(first))
        exact = cp_sat.Exact(None)
        if self.plain and cp_sat.is_small(self.problem) and not self.should_stop():
            exact = cp_sat.exact(self.problem, self._control(EXACT_SHARE))
            if exact.solution is not None and self._complete(exact):
                return self._report(exact.solution, exact)
        self._begin_bounds()
        state = self._better(first, exact.solution)
        plan = seat(self._search(state))
        return self._report(self._best_of(plan, exact.solution), exact)

    def _begin_bounds(self) -> None:
        """Beside the search when there is a second worker, else before it; repeatably, when asked for."""
        if self.workers > 1:
            self.bounds.start()
        elif not self.repeatable:
            self.bounds.compute()

    def _first(self, baseline: State, start: Solution | None) -> State | Result:
        """A complete state, or the result that says why there is none."""
        filled = baseline.copy()
        fill(filled, by_want(self.model))
        states = [filled] if start is None else [state_of(self.model, start), filled]
        for state in states:
            if not state.hard_short:
                return state
        if not self.plain:
            return self._forced()
        answer = cp_sat.feasibility(self.problem, self._control(1.0))
        if answer.conflict:
            return Result(Status.INFEASIBLE, conflict=answer.conflict, conflict_minimal=answer.minimal)
        if answer.solution is None:
            return Result(Status.CANCELLED if self.should_stop() else Status.UNKNOWN)
        return state_of(self.model, answer.solution)

    def _forced(self) -> State | Result:
        """As `_first`, for the rules that the complete model does not post."""
        answer = whole.complete(self.model, self._control(1.0))
        if isinstance(answer, State):
            return answer
        if answer:
            return Result(Status.CANCELLED if self.should_stop() else Status.UNKNOWN)
        found = clash(self.problem, self._control(1.0))
        if found is None:
            return Result(Status.INFEASIBLE, conflict=("mandatory", "hard_minimum"))
        return Result(Status.INFEASIBLE, conflict=found.rules, conflict_minimal=found.minimal)

    def _control(self, share: float) -> cp_sat.Control:
        deadline = self.begin + share * (self.deadline - self.begin)
        work = self.limits.deterministic
        units = None if work is None else work * EXACT_WORK_PER_NEIGHBOURHOOD
        return cp_sat.Control(deadline, self.workers, self.seed, self.should_stop, units)

    def _complete(self, exact: cp_sat.Exact) -> bool:
        return exact.total_proven or len(exact.proven) == len(self._optimised())

    def _optimised(self) -> list[TermName]:
        used = self.problem.terms()
        return [name for name in map(TermName, self.problem.weights.order) if name in used]

    def _better(self, state: State, plan: Solution | None) -> State:
        if plan is None:
            return state
        other = state_of(self.model, plan)
        return max((state, other), key=lambda one: scoring.rank(self.problem, search.terms_of(one)))

    def _best_of(self, plan: Solution, other: Solution | None) -> Solution:
        if other is None:
            return plan
        return max(
            (plan, other), key=lambda one: scoring.rank(self.problem, scoring.values(self.problem, one))
        )

    def _search(self, state: State) -> State:
        budget = search.Budget(time.monotonic(), self.deadline, self.limits.deterministic, self.should_stop)
        return search.Search(
            budget, self.bounds, self.seed, lambda state, terms: self._offer("improve", state, terms)
        ).run(state)

    def _report(self, plan: Solution, exact: cp_sat.Exact) -> Result:
        cancelled = self.should_stop()
        found = scoring.values(self.problem, plan)
        self._tell("verify", found, len(plan.assignments))
        if broken := verify.violations(self.problem, plan):
            raise UnverifiedPlan(", ".join(sorted({one.rule for one in broken})))
        if self.repeatable:
            self.bounds.compute()
        self.bounds.finish()
        terms = tuple(self._term(name, found, exact) for name in found)
        self._tell("done", found, len(plan.assignments))
        headline = next(term for term in terms if term.name is TermName.VALUE)
        return Result(
            self._status(terms, exact, cancelled),
            plan,
            terms,
            objective=headline.value,
            bound=headline.bound,
            gap=headline.gap,
        )

    def _status(self, terms: tuple[Term, ...], exact: cp_sat.Exact, cancelled: bool) -> Status:
        best = {term.name for term in terms if term.bound == term.value}
        if self._complete(exact) or best.issuperset(self._optimised()):
            return Status.OPTIMAL
        return Status.CANCELLED if cancelled else Status.FEASIBLE

    def _term(self, name: TermName, found: dict[TermName, int], exact: cp_sat.Exact) -> Term:
        value = found[name]
        if name in exact.proven:
            return Term(name, SENSES[name], value, value, PROVEN_EXACTLY)
        bound = self.bounds.of(name, found)
        if bound is None:
            return Term(name, SENSES[name], value)
        return Term(name, SENSES[name], value, bound.value, bound.proof)

    def _offer(self, step: str, state: State, terms: dict[TermName, int]) -> None:
        """Hands on a better plan and its figures."""
        if self.on_plan is not None:
            self.on_plan(lambda: seat(state))
        self._tell(step, terms, len(state.columns()))

    def _tell(self, step: str, terms: dict[TermName, int] | None, meetings: int = 0) -> None:
        """Notes the point in the trace and hands it on."""
        elapsed = time.monotonic() - self.begin
        bound = None if terms is None else self.bounds.of(TermName.VALUE, terms)
        most = None if bound is None else bound.value
        with self.lock:
            if terms is not None:
                value = terms[TermName.VALUE]
                self.trace.append(Trace(round(elapsed, 3), step, value, most, terms[TermName.BREAKS]))
            if self.on_progress is not None:
                self.on_progress(_progress(elapsed, step, terms, most, meetings))


def _has_general_rules(problem: Problem) -> bool:
    """True when the problem uses a rule or a term that the complete model lacks."""
    people = any(
        one.languages
        or one.max_in_a_row is not None
        or one.min_per_day
        or one.type_limits
        or one.credit != 100
        for one in problem.participants
    )
    pairs = any(
        one.available is not None or one.length_min is not None or one.a_instead or one.b_instead
        for one in problem.pairs
    )
    rules = problem.groups or problem.forbidden or problem.precedences or problem.walks
    return bool(people or pairs or rules or len(problem.terms()) > len(DEFAULT_ORDER))


def _progress(
    elapsed: float, step: str, terms: dict[TermName, int] | None, bound: int | None, meetings: int
) -> Progress:
    if terms is None:
        return Progress(elapsed, step, bound=bound)
    value = terms[TermName.VALUE]
    gap = None if bound is None else abs(bound - value) / max(1, abs(bound))
    seated = step in ("verify", "done")  # before, nobody has a table yet
    named = tuple((str(name), one) for name, one in terms.items() if seated or name != TermName.TABLE_MOVES)
    return Progress(elapsed, step, value, bound, gap, meetings, terms[TermName.MUST_MEETS], named)
