"""Plain CP-SAT: one model with a variable for each way to hold a meeting, default search, its own bound.

What somebody writes who knows the solver and not the problem; only the benchmark uses it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduling.solvers.model import Model, compile_model
from scheduling.solvers.state import State
from scheduling.solvers.tables import seat

if TYPE_CHECKING:
    from scheduling.problem import Problem
    from scheduling.solution import Solution

ROUNDING = 1e-6  # the bound is a whole number, told as a float


@dataclass(frozen=True, slots=True)
class Plain:
    """The plan and the proven bound of the value beside the musts the plan holds; None = nothing found."""

    plan: Solution | None
    bound: int | None
    optimal: bool


def solve(problem: Problem, *, seconds: float, workers: int, seed: int) -> Plain:
    """Most musts, then most value."""
    model = compile_model(problem)
    sat = cp_model.CpModel()
    held = [sat.new_bool_var("") for _ in model.wish]
    _post(sat, model, held)
    steep = 1 + sum(wish.value for wish in model.wishes)  # a must outweighs all value
    price = [steep * model.wishes[wish].must + model.wishes[wish].value for wish in model.wish]
    sat.maximize(cp_model.LinearExpr.weighted_sum(held, price))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    status = solver.solve(sat)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Plain(None, None, False)
    state = _state(model, [column for column, one in enumerate(held) if solver.boolean_value(one)])
    musts = sum(model.wishes[model.wish[column]].must for column in state.columns())
    bound = math.floor(solver.best_objective_bound + ROUNDING) - steep * musts
    return Plain(seat(state), bound, status == cp_model.OPTIMAL)


def _state(model: Model, columns: list[int]) -> State:
    state = State.empty(model)
    for column in columns:
        state.put(column)
    state.log.clear()
    return state


def _post(sat: cp_model.CpModel, model: Model, held: list[cp_model.IntVar]) -> None:
    """Each wish once, nobody in two places, every row within its capacity."""
    for number, wish in enumerate(model.wishes):
        columns = [held[column] for column in model.columns(number)]
        (sat.add_exactly_one if wish.mandatory else sat.add_at_most_one)(columns)
    at: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    counted: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for column, variable in enumerate(held):
        for place in _places(model, column):
            at[place].append(variable)
        for row in model.rows[column]:
            counted[row].append(variable)
    for columns in at.values():
        sat.add_at_most_one(columns)
    for row, columns in counted.items():
        least = model.low[row] if model.hard[row] else 0
        sat.add_linear_constraint(cp_model.LinearExpr.sum(columns), least, model.capacity[row])


def _places(model: Model, column: int) -> Iterator[tuple[int, int]]:
    """(person, slot) of everybody during the meeting."""
    mask = model.mask[column]
    for slot in range(mask.bit_length()):
        if mask >> slot & 1:
            yield from ((person, slot) for person in model.team[column])
