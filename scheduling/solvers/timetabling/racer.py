"""One racer: a thread that works through stages, each one CP-SAT worker on one model with one question."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from ortools.sat.python import cp_model

from scheduling.solvers.timetabling.board import Board
from scheduling.solvers.timetabling.facts import Facts
from scheduling.solvers.timetabling.model import Model, Tables, build

ROUNDING = 1e-6  # CP-SAT hands out its integer bounds as floats


class Question(StrEnum):
    """`best`: minimise, bounding from below by cores; `within_bound`: is there a plan as good as the bound?
    `any`: is there a plan at all?"""

    BEST = "best"
    WITHIN_BOUND = "within_bound"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Stage:
    """A question put to a model for at most so much work (CP-SAT's deterministic units, about seconds)."""

    question: Question
    tables: Tables
    work: float
    seed: int


class Racer(threading.Thread):
    """Works until the race is over; what it finds goes to the board, what it dies of too."""

    def __init__(self, facts: Facts, board: Board, stages: Iterator[Stage], deadline: float) -> None:
        super().__init__(daemon=True)
        self._facts, self._board, self._stages = facts, board, stages
        self._deadline = deadline  # of time.monotonic()
        self._solver: cp_model.CpSolver | None = None
        self._asked: int | None = None

    def run(self) -> None:
        """Every stage, or as many as it takes to settle the question."""
        try:
            for stage in self._stages:
                self._work(stage)
                if self._board.over.is_set():
                    return
        except Exception as error:
            self._board.fail(error)

    def interrupt_if_useless(self) -> None:
        """The search stops soon if the race is over or its question has been answered by another racer."""
        asked = self._asked
        if self._solver and (self._board.over.is_set() or (asked is not None and asked < self._board.bound)):
            self._solver.stop_search()

    def _work(self, stage: Stage) -> None:
        if stage.question is Question.ANY and self._board.objective is not None:
            return
        model = build(self._facts, stage.tables)
        left = stage.work
        while left > 0 and not self._board.over.is_set():
            left -= self._ask(model, stage, left)
            if stage.question is not Question.WITHIN_BOUND:
                return

    def _ask(self, model: Model, stage: Stage, work: float) -> float:
        """One search; gives the work it took."""
        solver = _solver(stage, work, self._deadline)
        callback = _Plans(model, self._board, counts=stage.question is Question.BEST)
        cp, bound = model.cp, self._board.bound
        if stage.question is Question.BEST:
            cp.minimize(cp_model.LinearExpr.sum(model.breaks))
            solver.parameters.optimize_with_core = True
            solver.best_bound_callback = self._raise_bound
        elif stage.question is Question.WITHIN_BOUND:
            cp = cp.clone()
            cp.add(cp_model.LinearExpr.sum(model.breaks) <= bound)
            self._asked = bound
        self._solver = solver
        status = solver.solve(cp, callback)
        self._solver = self._asked = None
        self._conclude(stage.question, status, bound)
        return max(solver.response_proto.deterministic_time, ROUNDING)

    def _raise_bound(self, bound: float) -> None:
        self._board.raise_bound(ceil(bound - ROUNDING))

    def _conclude(self, question: Question, status: cp_model.CpSolverStatus, bound: int) -> None:
        if status == cp_model.MODEL_INVALID:
            raise ValueError("CP-SAT refuses the model")
        if status == cp_model.INFEASIBLE:
            if question is Question.WITHIN_BOUND and bound < self._facts.most:
                self._board.raise_bound(bound + 1)
            else:
                self._board.no_plan()
        elif status == cp_model.OPTIMAL and question is Question.BEST and self._board.objective is not None:
            self._board.raise_bound(self._board.objective)


class _Plans(cp_model.CpSolverSolutionCallback):
    """Hands each plan to the board, with its total when the model counted it."""

    def __init__(self, model: Model, board: Board, *, counts: bool) -> None:
        super().__init__()
        self._model, self._board, self._counts = model, board, counts

    def on_solution_callback(self) -> None:
        """Called by CP-SAT; an exception must not travel through it."""
        try:
            slots = {
                number: slot for (number, slot), held in self._model.held.items() if self.boolean_value(held)
            }
            self._board.plan(slots, round(self.objective_value) if self._counts else None)
        except Exception as error:
            self._board.fail(error)


def _solver(stage: Stage, work: float, deadline: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.random_seed = stage.seed
    parameters.linearization_level = 0  # relaxations of this problem prove nothing and cost much
    parameters.cp_model_presolve = stage.tables is Tables.NUMBERS  # of clauses it makes nothing better
    parameters.max_deterministic_time = work
    parameters.max_time_in_seconds = max(0.01, deadline - time.monotonic())
    return solver
