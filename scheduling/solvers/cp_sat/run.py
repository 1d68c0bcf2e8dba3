"""Runs of the complete model: the exact plan of a small fair, a first plan, or the rules that clash."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduling.problem import Mode, Problem, TermName, meeting_key
from scheduling.scoring import SENSES, Sense
from scheduling.solution import Solution
from scheduling.solvers.cp_sat.objective import Expression, Objective
from scheduling.solvers.cp_sat.rules import POSTERS
from scheduling.solvers.cp_sat.variables import Variables, asked, pooled_places, single_places

SMALL_PEOPLE, SMALL_CHOICES = 12, 20_000
POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Control:
    """How a run may go on: until `deadline` (monotonic seconds) or for `work` deterministic units."""

    deadline: float
    workers: int
    seed: int
    should_stop: Callable[[], bool]
    work: float | None = None

    def solver(self) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.random_seed = self.seed
        solver.parameters.num_workers = self.workers
        if self.work is None:
            solver.parameters.max_time_in_seconds = max(0.01, self.deadline - time.monotonic())
        else:
            solver.parameters.max_deterministic_time = self.work
        return solver

    def run(self, solver: cp_model.CpSolver, model: cp_model.CpModel) -> object:
        """Solves the model; a watcher stops it when asked, whether or not solutions come."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(POLL_SECONDS):
                if self.should_stop():
                    solver.stop_search()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            return solver.solve(model)
        finally:
            over.set()
            watcher.join()


@dataclass(frozen=True, slots=True)
class Exact:
    """A plan of the complete model; `proven` are the terms shown best given those before them in the order.

    In weighted mode `proven` holds all optimised terms or none.
    """

    solution: Solution | None
    proven: tuple[TermName, ...] = ()
    infeasible: bool = False
    total_proven: bool = False


def is_small(problem: Problem) -> bool:
    """True when the complete model with concrete tables is worth building."""
    size = len(asked(problem)) * len(problem.slots) * len(problem.tables)
    return len(problem.participants) <= SMALL_PEOPLE and size <= SMALL_CHOICES


def post(these: Variables, rules: Collection[str] | None = None) -> dict[str, cp_model.IntVar]:
    """Posts the named rules (default all), each behind its own literal, and gives the literals."""
    literals = {}
    for name in POSTERS if rules is None else rules:
        literals[name] = these.model.new_bool_var(name)
        POSTERS[name](these, literals[name])
    return literals


def exact(problem: Problem, control: Control) -> Exact:
    """The best plan under the organiser's weights, as far as time allows."""
    these = Variables(problem, meetings=asked(problem), places=single_places(problem))
    for literal in post(these).values():
        these.model.add(literal == 1)
    objective = Objective(these)
    order = [TermName(name) for name in problem.weights.order if name in problem.terms()]
    if problem.weights.mode is Mode.WEIGHTED:
        total = sum(_signed(objective, name) * problem.weights.of(name) for name in order)
        stages: list[tuple[TermName | None, Expression]] = [(None, total)]
    else:
        stages = [(name, _signed(objective, name)) for name in order] or [(None, 0)]
    return _stages(these, stages, control)


def _signed(objective: Objective, name: TermName) -> Expression:
    expression = objective.term(name)
    return expression if SENSES[name] is Sense.MAX else -1 * expression


def _stages(these: Variables, stages: list[tuple[TermName | None, Expression]], control: Control) -> Exact:
    best: Solution | None = None
    proven: list[TermName] = []
    for name, expression in stages:
        these.model.maximize(expression)
        solver = control.solver()
        status = control.run(solver, these.model)
        if status == cp_model.INFEASIBLE:
            return Exact(None, infeasible=True)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Exact(best, tuple(proven))
        best = these.solution(solver)
        if status != cp_model.OPTIMAL:
            return Exact(best, tuple(proven))
        if name is not None:
            proven.append(name)
        _continue(these, solver, expression)
    return Exact(best, tuple(proven), total_proven=stages[0][0] is None)


def _continue(these: Variables, solver: cp_model.CpSolver, expression: Expression) -> None:
    """Keeps what was reached, and starts the next stage from the plan found."""
    reached = round(solver.objective_value)
    these.model.add(expression >= reached)
    these.model.clear_hints()  # type: ignore[no-untyped-call]
    for one in these.choices:
        these.model.add_hint(one.variable, solver.boolean_value(one.variable))


@dataclass(frozen=True, slots=True)
class Feasibility:
    """A plan that holds what must be held, or the names of rules that clash; neither when time ran out."""

    solution: Solution | None = None
    conflict: tuple[str, ...] = ()
    minimal: bool = False


def feasibility(problem: Problem, control: Control) -> Feasibility:
    """Decides whether any plan exists, over the meetings that something forces."""
    these, literals = _feasibility_model(problem)
    these.model.add_assumptions(list(literals.values()))
    solver = control.solver()
    solver.parameters.num_workers = 1  # the portfolio does not report assumptions
    status = control.run(solver, these.model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Feasibility(these.solution(solver))
    if status != cp_model.INFEASIBLE:
        return Feasibility()
    core = set(solver.sufficient_assumptions_for_infeasibility())
    names = [name for name, literal in literals.items() if literal.index in core]
    return _shrink(these, literals, names or list(literals), control)


def _feasibility_model(problem: Problem) -> tuple[Variables, dict[str, cp_model.IntVar]]:
    """The forced meetings under all rules; unwished meetings and strangers' stands, which rules forbid
    anyway, are left out of big models, whose conflicts then may not name those two rules."""
    places = pooled_places(problem)
    firm = {person.id for person in problem.participants if person.hard_min and person.min > 0}
    forced = {meeting_key(*meeting) for meeting in problem.mandatory} | {pin.key for pin in problem.pins}
    wished = forced | {pair.key for pair in problem.pairs if firm & {pair.a, pair.b}}
    others = {meeting_key(one, two.id) for one in firm for two in problem.participants if one != two.id}
    meetings = wished | others
    small = len(meetings) * len(problem.slots) * len(places) <= SMALL_CHOICES
    taken = sorted(meetings if small else wished)
    these = Variables(problem, meetings=taken, places=places, near=not small)
    return these, post(these)


def _shrink(
    these: Variables, literals: dict[str, cp_model.IntVar], names: list[str], control: Control
) -> Feasibility:
    """Leaves out one rule after the other as long as the rest still clashes."""
    kept, sure = list(names), True
    for name in names:
        rest = [one for one in kept if one != name]
        these.model.clear_assumptions()
        these.model.add_assumptions([literals[one] for one in rest])
        solver = control.solver()
        solver.parameters.num_workers = 1
        status = control.run(solver, these.model)
        if status == cp_model.INFEASIBLE:
            kept = rest
        elif status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            sure = False
    return Feasibility(conflict=tuple(kept), minimal=sure)
