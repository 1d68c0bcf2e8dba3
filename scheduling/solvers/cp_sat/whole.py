"""Decides over the columns of a model whether everything that must be held can be."""

from __future__ import annotations

from collections import defaultdict

from ortools.sat.python import cp_model

from scheduling.solvers.cp_sat.run import Control
from scheduling.solvers.model import Model
from scheduling.solvers.state import State


def complete(model: Model, control: Control, *, at_once: bool = False) -> State | bool | None:
    """A state with all that must be held, False when there is none, True when time ran out first; with
    `at_once` people may be in several meetings at a time, and None says that there is such a plan."""
    if model.hopeless:
        return False
    sat = cp_model.CpModel()
    held = [sat.new_bool_var("") for _ in model.wish]
    _wishes(sat, model, held)
    if not at_once:
        _people(sat, model, held)
    _rows(sat, model, held)
    solver = control.solver()
    status = control.run(solver, sat)
    if status == cp_model.INFEASIBLE:
        return False
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return True
    if at_once:
        return None  # no state holds it
    state = State.empty(model)
    for column, variable in enumerate(held):
        if solver.boolean_value(variable):
            state.put(column)
    state.log.clear()
    return state


def _wishes(sat: cp_model.CpModel, model: Model, held: list[cp_model.IntVar]) -> None:
    for number, wish in enumerate(model.wishes):
        columns = [held[column] for column in model.columns(number)]
        if wish.mandatory:
            sat.add_exactly_one(columns)
        else:
            sat.add_at_most_one(columns)


def _people(sat: cp_model.CpModel, model: Model, held: list[cp_model.IntVar]) -> None:
    at: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    for column, (team, mask) in enumerate(zip(model.team, model.mask, strict=True)):
        for person in team:
            for slot in range(mask.bit_length()):
                if mask >> slot & 1:
                    at[person, slot].append(held[column])
    for columns in at.values():
        sat.add_at_most_one(columns)


def _rows(sat: cp_model.CpModel, model: Model, held: list[cp_model.IntVar]) -> None:
    counted: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for column, rows in enumerate(model.rows):
        for row in rows:
            counted[row].append(held[column])
    for row, (most, low, hard) in enumerate(zip(model.capacity, model.low, model.hard, strict=True)):
        total = cp_model.LinearExpr.sum(counted[row])
        if len(counted[row]) > most:
            sat.add(total <= most)
        if hard and low:
            sat.add(total >= low)
