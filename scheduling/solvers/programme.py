"""A linear programme over whole numbers, in plain lists so that its dual bound is evaluated exactly."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from ortools.math_opt import callback_pb2, model_parameters_pb2, model_pb2, parameters_pb2, result_pb2
from ortools.math_opt.core.python import solver

SCALE = 10**6  # duals are rounded to millionths before the exact evaluation


class Engine(Enum):
    """The solvers OR-Tools ships; `highspy` beside OR-Tools would crash the process."""

    GLOP = parameters_pb2.SOLVER_TYPE_GLOP
    PDLP = parameters_pb2.SOLVER_TYPE_PDLP
    HIGHS = parameters_pb2.SOLVER_TYPE_HIGHS


@dataclass(slots=True)
class Programme:
    """Maximise cost · x with low <= x <= high, row_low <= A x <= row_high, and groups of columns.

    In a group of binary columns at most one is 1 (exactly one if `required`). Columns outside have group -1.
    """

    cost: list[int] = field(default_factory=list)
    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    integer: list[bool] = field(default_factory=list)
    group: list[int] = field(default_factory=list)
    required: list[bool] = field(default_factory=list)
    row_low: list[int | None] = field(default_factory=list)
    row_high: list[int | None] = field(default_factory=list)
    entry_row: list[int] = field(default_factory=list)
    entry_column: list[int] = field(default_factory=list)
    entry: list[int] = field(default_factory=list)

    def column(self, cost: int, *, high: int = 1, low: int = 0, integer: bool = True, group: int = -1) -> int:
        self.cost.append(cost)
        self.low.append(low)
        self.high.append(high)
        self.integer.append(integer)
        self.group.append(group)
        return len(self.cost) - 1

    def new_group(self, *, required: bool = False) -> int:
        self.required.append(required)
        return len(self.required) - 1

    def row(
        self, terms: Iterable[tuple[int, int]], *, low: int | None = None, high: int | None = None
    ) -> None:
        """Adds low <= sum of coefficient * column <= high, from (column, coefficient) pairs."""
        number = len(self.row_low)
        self.row_low.append(low)
        self.row_high.append(high)
        for column, coefficient in terms:
            self.entry_row.append(number)
            self.entry_column.append(column)
            self.entry.append(coefficient)


@dataclass(frozen=True, slots=True)
class Answer:
    """A primal point (None when nothing was found) and the duals of the rows, groups left out."""

    values: list[float] | None
    duals: list[float] | None
    infeasible: bool


def optimise(
    programme: Programme, engine: Engine, *, integer: bool, seconds: float, work: int | None = None
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
        None,
    )
    return _answer(programme, result)


def _answer(programme: Programme, result: result_pb2.SolveResultProto) -> Answer:
    infeasible = result.termination.reason == result_pb2.TERMINATION_REASON_INFEASIBLE
    values = duals = None
    for solution in result.solutions:
        if values is None and solution.HasField("primal_solution"):
            values = _dense(solution.primal_solution.variable_values, len(programme.cost))
        if duals is None and solution.HasField("dual_solution"):
            duals = _dense(solution.dual_solution.dual_values, len(programme.row_low))
    return Answer(values, duals, infeasible)


def _dense(sparse: object, size: int) -> list[float]:
    found = [0.0] * size
    for position, value in zip(sparse.ids, sparse.values, strict=True):  # type: ignore[attr-defined]
        if position < size:
            found[position] = value
    return found


def _proto(programme: Programme, integer: bool) -> model_pb2.ModelProto:
    proto = model_pb2.ModelProto()
    size = len(programme.cost)
    proto.variables.ids.extend(range(size))
    proto.variables.lower_bounds.extend(map(float, programme.low))
    proto.variables.upper_bounds.extend(map(float, programme.high))
    proto.variables.integers.extend([integer and whole for whole in programme.integer])
    proto.objective.maximize = True
    paid = [column for column, cost in enumerate(programme.cost) if cost]
    proto.objective.linear_coefficients.ids.extend(paid)
    proto.objective.linear_coefficients.values.extend(float(programme.cost[column]) for column in paid)
    _rows(proto, programme)
    return proto


def _rows(proto: model_pb2.ModelProto, programme: Programme) -> None:
    """Writes the rows, then one row per group, entries sorted as MathOpt demands."""
    rows, groups = len(programme.row_low), len(programme.required)
    lows = [-math.inf if low is None else float(low) for low in programme.row_low]
    highs = [math.inf if high is None else float(high) for high in programme.row_high]
    proto.linear_constraints.ids.extend(range(rows + groups))
    proto.linear_constraints.lower_bounds.extend(lows + [float(one) for one in programme.required])
    proto.linear_constraints.upper_bounds.extend(highs + [1.0] * groups)
    grouped = [(column, group) for column, group in enumerate(programme.group) if group >= 0]
    row = np.array(programme.entry_row + [rows + group for _, group in grouped], dtype=np.int64)
    column = np.array(programme.entry_column + [one for one, _ in grouped], dtype=np.int64)
    value = np.array(programme.entry + [1] * len(grouped), dtype=np.float64)
    order = np.lexsort((column, row))
    proto.linear_constraint_matrix.row_ids.extend(row[order].tolist())
    proto.linear_constraint_matrix.column_ids.extend(column[order].tolist())
    proto.linear_constraint_matrix.coefficients.extend(value[order].tolist())


def dual_bound(programme: Programme, duals: list[float]) -> int:
    """A proven upper bound on every integer point: the Lagrangian of the rows, evaluated in whole numbers.

    Any multipliers of the right sign prove a bound (weak duality), so the duals are clipped, rounded and then
    used exactly; within a group the best column is taken, which makes its own multiplier the best possible.
    """
    ends = list(zip(programme.row_low, programme.row_high, strict=True))
    prices = [_clip(dual, *end) for dual, end in zip(duals, ends, strict=True)]
    total = sum(_side(price, *end) for price, end in zip(prices, ends, strict=True))
    reduced = [SCALE * cost for cost in programme.cost]
    for row, column, value in zip(programme.entry_row, programme.entry_column, programme.entry, strict=True):
        if price := prices[row]:
            reduced[column] -= price * value
    best: list[int | None] = [None if required else 0 for required in programme.required]
    for column, gain in enumerate(reduced):
        group = programme.group[column]
        if group < 0:
            total += max(gain * programme.low[column], gain * programme.high[column])
        else:
            seen = best[group]
            best[group] = gain if seen is None else max(seen, gain)
    return (total + sum(gain or 0 for gain in best)) // SCALE


def _clip(dual: float, low: int | None, high: int | None) -> int:
    price = round(dual * SCALE) if math.isfinite(dual) else 0
    if high is None:
        price = min(0, price)
    if low is None:
        price = max(0, price)
    return price


def _side(price: int, low: int | None, high: int | None) -> int:
    side = high if price > 0 else low
    return price * side if price and side is not None else 0
