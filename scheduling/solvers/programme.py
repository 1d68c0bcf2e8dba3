"""A linear programme over whole numbers, in arrays, so that it is built fast and its dual bound is exact."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import callback_pb2, model_parameters_pb2, model_pb2, parameters_pb2, result_pb2
from ortools.math_opt.core.python import solver

Ints: TypeAlias = "NDArray[np.int64]"
Floats: TypeAlias = "NDArray[np.float64]"

SCALE = 10**6  # duals are rounded to millionths before the exact evaluation
FREE = np.iinfo(np.int64).max // 4  # an end of a row that does not bind


Interrupt: TypeAlias = "solver.SolveInterrupter"


class Engine(Enum):
    """The solvers OR-Tools ships; `highspy` beside OR-Tools would crash the process."""

    GLOP = parameters_pb2.SOLVER_TYPE_GLOP
    PDLP = parameters_pb2.SOLVER_TYPE_PDLP
    HIGHS = parameters_pb2.SOLVER_TYPE_HIGHS


def ints(values: object = ()) -> Ints:
    return np.asarray(values, dtype=np.int64)


@dataclass(slots=True)
class Programme:
    """Maximise cost · x with low <= x <= high, row_low <= A x <= row_high, and groups of columns.

    In a group of binary columns at most one is 1 (exactly one if `required`). Columns outside have group -1.
    Entries of A are triplets; `FREE` and `-FREE` stand for ends that do not bind.
    """

    cost: Ints = field(default_factory=ints)
    low: Ints = field(default_factory=ints)
    high: Ints = field(default_factory=ints)
    integer: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    group: Ints = field(default_factory=ints)
    required: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    row_low: Ints = field(default_factory=ints)
    row_high: Ints = field(default_factory=ints)
    entry_row: Ints = field(default_factory=ints)
    entry_column: Ints = field(default_factory=ints)
    entry: Ints = field(default_factory=ints)

    def add_columns(self, cost: Ints, *, high: Ints | int, integer: bool, group: Ints | None = None) -> Ints:
        """New columns from 0 to `high`; gives their numbers."""
        first, count = len(self.cost), len(cost)
        self.cost = np.concatenate([self.cost, cost])
        self.low = np.concatenate([self.low, np.zeros(count, dtype=np.int64)])
        self.high = np.concatenate([self.high, np.broadcast_to(ints(high), count)])
        self.integer = np.concatenate([self.integer, np.full(count, integer)])
        self.group = np.concatenate([self.group, np.full(count, -1) if group is None else group])
        return np.arange(first, first + count)

    def add_rows(self, row_low: Ints, row_high: Ints) -> Ints:
        """New rows without entries; gives their numbers."""
        first = len(self.row_low)
        self.row_low = np.concatenate([self.row_low, row_low])
        self.row_high = np.concatenate([self.row_high, row_high])
        return np.arange(first, first + len(row_low))

    def add_entries(self, rows: Ints, columns: Ints, values: Ints | int) -> None:
        """Coefficients; one that is given twice counts twice."""
        self.entry_row = np.concatenate([self.entry_row, rows])
        self.entry_column = np.concatenate([self.entry_column, columns])
        self.entry = np.concatenate([self.entry, np.broadcast_to(ints(values), len(rows))])


@dataclass(frozen=True, slots=True)
class Answer:
    """A primal point (None when nothing was found) and the duals of the rows, groups left out."""

    values: Floats | None
    duals: Floats | None
    infeasible: bool
    optimal: bool


def optimise(
    programme: Programme,
    engine: Engine,
    *,
    integer: bool,
    seconds: float,
    work: int | None = None,
    interrupt: Interrupt | None = None,
) -> Answer:
    """The engine's answer within the time; `work` (nodes or iterations) makes it repeatable instead."""
    parameters = parameters_pb2.SolveParametersProto()
    if work is None:
        parameters.time_limit.FromMilliseconds(max(1, int(seconds * 1000)))
    elif integer:
        parameters.node_limit = work
    else:
        parameters.iteration_limit = work
    if integer:
        parameters.relative_gap_tolerance = 0.0
    result = solver.solve(
        _proto(programme, integer),
        engine.value,
        parameters_pb2.SolverInitializerProto(),
        parameters,
        model_parameters_pb2.ModelSolveParametersProto(),
        None,
        callback_pb2.CallbackRegistrationProto(),
        None,
        interrupt,
    )
    return _answer(programme, result)


def _answer(programme: Programme, result: result_pb2.SolveResultProto) -> Answer:
    reason = result.termination.reason
    values = duals = None
    for solution in result.solutions:
        if values is None and solution.HasField("primal_solution"):
            values = _dense(solution.primal_solution.variable_values, len(programme.cost))
        if duals is None and solution.HasField("dual_solution"):
            duals = _dense(solution.dual_solution.dual_values, len(programme.row_low))
    infeasible = reason == result_pb2.TERMINATION_REASON_INFEASIBLE
    return Answer(values, duals, infeasible, reason == result_pb2.TERMINATION_REASON_OPTIMAL)


def _dense(sparse: object, size: int) -> Floats:
    found = np.zeros(size)
    positions = ints(sparse.ids)  # type: ignore[attr-defined]
    known = positions < size
    found[positions[known]] = np.asarray(sparse.values)[known]  # type: ignore[attr-defined]
    return found


def _proto(programme: Programme, integer: bool) -> model_pb2.ModelProto:
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(len(programme.cost)))
    proto.variables.lower_bounds.extend(programme.low.astype(float).tolist())
    # A group's row bounds its columns in a relaxation; saying it twice slows first-order methods down.
    high = programme.high.astype(float)
    proto.variables.upper_bounds.extend(
        (high if integer else np.where(programme.group >= 0, math.inf, high)).tolist()
    )
    proto.variables.integers.extend((programme.integer & integer).tolist())
    proto.objective.maximize = True
    paid = np.flatnonzero(programme.cost)
    proto.objective.linear_coefficients.ids.extend(paid.tolist())
    proto.objective.linear_coefficients.values.extend(programme.cost[paid].astype(float).tolist())
    _rows(proto, programme)
    return proto


def _rows(proto: model_pb2.ModelProto, programme: Programme) -> None:
    """Writes the rows, then one row per group, entries sorted as MathOpt demands."""
    rows, groups = len(programme.row_low), len(programme.required)
    lows = np.where(programme.row_low <= -FREE, -math.inf, programme.row_low.astype(float))
    highs = np.where(programme.row_high >= FREE, math.inf, programme.row_high.astype(float))
    proto.linear_constraints.ids.extend(range(rows + groups))
    proto.linear_constraints.lower_bounds.extend([*lows.tolist(), *map(float, programme.required)])
    proto.linear_constraints.upper_bounds.extend([*highs.tolist(), *[1.0] * groups])
    row, column, value = merged(programme)
    grouped = np.flatnonzero(programme.group >= 0)
    row = np.concatenate([row, rows + programme.group[grouped]])
    column = np.concatenate([column, grouped])
    value = np.concatenate([value, np.ones(len(grouped), dtype=np.int64)])
    order = np.lexsort((column, row))
    proto.linear_constraint_matrix.row_ids.extend(row[order].tolist())
    proto.linear_constraint_matrix.column_ids.extend(column[order].tolist())
    proto.linear_constraint_matrix.coefficients.extend(value[order].astype(float).tolist())


def merged(programme: Programme) -> tuple[Ints, Ints, Ints]:
    """The entries as (row, column, value), those given twice added up."""
    key = programme.entry_row * max(1, len(programme.cost)) + programme.entry_column
    order = np.argsort(key, kind="stable")
    key, value = key[order], programme.entry[order]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    total = np.add.reduceat(value, starts) if len(starts) else value
    return programme.entry_row[order][starts], programme.entry_column[order][starts], total


def lagrangian(programme: Programme, duals: Floats) -> tuple[int, int]:
    """A proven upper bound on every integer point, in whole millionths: what rows and lone columns give, and
    what the groups give.

    Any multipliers of the right sign prove a bound (weak duality), so the duals are clipped, rounded and then
    used exactly; within a group the best column is taken, which makes its own multiplier the best possible.
    """
    prices = prices_of(programme, duals)
    reduced = reduced_costs(programme, prices)
    total = int(
        np.where(prices > 0, programme.row_high, programme.row_low)[prices != 0] @ prices[prices != 0]
    )
    alone = programme.group < 0
    total += int(np.maximum(reduced * programme.low, reduced * programme.high)[alone].sum())
    best = np.where(programme.required, np.iinfo(np.int64).min, 0)
    np.maximum.at(best, programme.group[~alone], reduced[~alone])
    return total, int(best[best > np.iinfo(np.int64).min].sum())


def prices_of(programme: Programme, duals: Floats) -> Ints:
    """Duals in millionths, those of the wrong sign made 0."""
    prices = np.rint(np.nan_to_num(duals, nan=0.0, posinf=0.0, neginf=0.0) * SCALE).astype(np.int64)
    prices[(prices > 0) & (programme.row_high >= FREE)] = 0
    prices[(prices < 0) & (programme.row_low <= -FREE)] = 0
    return prices


def reduced_costs(programme: Programme, prices: Ints) -> Ints:
    """What a unit of each column gains beyond the prices of its rows, in millionths."""
    reduced = programme.cost * SCALE
    np.subtract.at(reduced, programme.entry_column, prices[programme.entry_row] * programme.entry)
    return reduced
