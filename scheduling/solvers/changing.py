"""The programme of all changes to a plan: each meeting keeps its column, gets another, or is cancelled.

Solved from inside out. Only the meetings in `free` may change at first; the duals of that small programme
price every row, and every meeting that some other column would serve better at these prices is freed too.
When there is none left, the duals bound the *whole* programme (weak duality, in whole numbers), though only a
few meetings were ever in it. Columns whose reduced cost exceeds what lies between bound and plan cannot be
in a better plan; the others are searched by the integer solver.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scheduling.solvers.programme import (
    FREE,
    SCALE,
    Answer,
    Engine,
    Floats,
    Ints,
    Programme,
    ints,
    lagrangian,
    optimise,
    prices_of,
    reduced_costs,
)

Mask = NDArray[np.bool_]
ROUNDS = 40
RELAX_SHARE = 0.5  # of the time, for the bound
MOST_COLUMNS = 20_000  # of a search that proves; more means that the bound is still weak
TOLERANCE = SCALE // 100


@dataclass(slots=True)
class Changing:
    """Maximise the gains; `columns[i]` is the model's column of variable i, -1 for an extra one.

    `old` is the variable of each group that the plan holds now, -1 for none; `free` the groups that may
    change; variables without a group (slacks) are always free.
    """

    whole: Programme
    columns: Ints
    old: Ints
    free: Mask
    deadline: float
    unit: int
    constant: int
    step: int  # the least that a change costs: the first price of a row somebody else takes
    chosen: Ints = field(default_factory=ints)
    best: int | None = None
    limit: int = 0  # no plan gains more
    top: Ints = field(default_factory=ints)  # the reduced cost each group gains at the last prices
    reduced: Ints = field(default_factory=ints)
    total: int = 0
    is_exact: bool = False
    found_at: int = 0  # how many groups could change in the last search

    def solve(self) -> bool:
        """True when a plan was found; `best` is what it gains, `limit` proven for all plans."""
        self._open_overfull()
        self._search(self._mask())
        last = time.monotonic() + RELAX_SHARE * (self.deadline - time.monotonic())
        self._relax(last)
        if not self.is_proven and self.found_at < int(self.free.sum()):
            self._search(self._mask())
            self._close()
        return self.best is not None

    # Rows -----------------------------------------------------------------------------------------------

    def _fixed(self) -> Ints:
        fixed: Ints = self.old[~self.free & (self.old >= 0)]
        return fixed

    def _used(self) -> Ints:
        """How much of each row the meetings that stay take."""
        is_fixed = np.zeros(len(self.whole.cost), dtype=np.bool_)
        is_fixed[self._fixed()] = True
        entries = is_fixed[self.whole.entry_column]
        rows, values = self.whole.entry_row[entries], self.whole.entry[entries]
        return np.bincount(rows, values, minlength=len(self.whole.row_low)).astype(np.int64)

    def _open_overfull(self) -> None:
        """Everything in a row that holds too much may change."""
        over = self._used() > self.whole.row_high
        groups = self.whole.group[self.whole.entry_column[over[self.whole.entry_row]]]
        self.free[groups[groups >= 0]] = True

    def _mask(self) -> Mask:
        """The variables of what may change."""
        group = self.whole.group
        mask: Mask = np.where(group >= 0, self.free[group], True)
        return mask

    def _part(self, mask: Mask) -> tuple[Programme, Ints, Ints]:
        """The programme of some variables, what stays taken off; with its variables and rows."""
        whole, part = self.whole, Programme()
        used = self._used()
        variables = np.flatnonzero(mask)
        number = np.cumsum(mask) - 1
        groups, group = np.unique(whole.group[variables], return_inverse=True)
        if len(groups) and groups[0] < 0:
            groups, group = groups[1:], group - 1
        part.required = whole.required[groups]
        part.add_columns(whole.cost[variables], high=whole.high[variables], integer=True, group=group)
        entries = mask[whole.entry_column]
        rows, row = np.unique(whole.entry_row[entries], return_inverse=True)
        low, high = whole.row_low[rows], whole.row_high[rows]
        part.add_rows(
            np.where(low <= -FREE, low, low - used[rows]), np.where(high >= FREE, high, high - used[rows])
        )
        part.add_entries(row, number[whole.entry_column[entries]], whole.entry[entries])
        return part, variables, rows

    # Bounds ---------------------------------------------------------------------------------------------

    def _relax(self, last: float) -> None:
        """Frees meetings until plan and bound meet, or until no other column would gain at the prices."""
        caps = np.full(len(self.whole.row_low), self.step, dtype=np.int64)
        for _ in range(ROUNDS):
            duals, over = self._duals(caps, max(0.05, last - time.monotonic()))
            if duals is None:
                return
            before, worse = self.limit, self._price(duals)
            caps[over] *= 2
            if not len(over) or not worse.any() or before == self.limit:
                self._search(self._mask())
                self._close()
            if self.is_proven or time.monotonic() > last or not (worse.any() or len(over)):
                return
            self.free |= worse

    def _duals(self, caps: Ints, seconds: float) -> tuple[Floats | None, Ints]:
        """The duals of what is free, and the rows used beyond what the others leave of them.

        A row may be used beyond at the price `caps`, as if whoever stands there moved away for so much: that
        keeps the duals near what they will be when he is free to. Any duals bound the whole programme.
        """
        part, _, rows = self._part(self._mask())
        taken = np.flatnonzero((self._used()[rows] > 0) & (part.row_high < FREE))
        beyond = part.add_columns(-caps[rows[taken]], high=len(self.old), integer=False)
        part.add_entries(taken, beyond, -1)
        answer = optimise(part, Engine.GLOP, integer=False, seconds=seconds)
        if answer.duals is None or answer.values is None:
            return None, ints()
        duals: Floats = np.zeros(len(self.whole.row_low))
        duals[rows] = answer.duals
        return duals, rows[taken[answer.values[beyond] > 1e-6]]

    @property
    def is_proven(self) -> bool:
        """Plan and bound have the same points; what is below a point is only a preference."""
        if self.best is None:
            return False
        return (self.constant - self.best) // self.unit == (self.constant - self.limit) // self.unit

    def _price(self, duals: Floats) -> Mask:
        """Bounds the whole programme; gives the fixed groups that would as soon have another column."""
        constant, gains = lagrangian(self.whole, duals)
        reduced = reduced_costs(self.whole, prices_of(self.whole, duals))
        group = self.whole.group
        alone = group < 0
        top: Ints = np.where(self.whole.required, np.iinfo(np.int64).min, 0)
        np.maximum.at(top, group[~alone], reduced[~alone])
        if self.top.size == 0 or constant + gains < self.total:
            self.total, self.top, self.reduced = constant + gains, top, reduced
            self.limit = self.total // SCALE
        now = np.where(self.old >= 0, reduced[self.old], 0)
        others = reduced.copy()
        others[self.old[self.old >= 0]] = np.iinfo(np.int64).min
        second: Ints = np.zeros(len(self.old), dtype=np.int64)
        np.maximum.at(second, group[~alone], others[~alone])
        worse: Mask = ~self.free & (second >= now - TOLERANCE)
        return worse

    # Plans ----------------------------------------------------------------------------------------------

    def _search(self, mask: Mask) -> None:
        part, variables, _ = self._part(mask)
        self.found_at = int(self.free.sum())
        seconds = max(0.05, self.deadline - time.monotonic())
        answer: Answer = optimise(part, Engine.HIGHS, integer=True, seconds=seconds)
        self.is_exact = answer.optimal
        if answer.values is None:
            return
        taken = variables[answer.values > 0.5]
        slack = variables[(self.whole.group[variables] < 0) & (answer.values > 0.5)]
        amounts = np.rint(answer.values[np.isin(variables, slack)]).astype(np.int64)
        grouped = taken[self.whole.group[taken] >= 0]
        fixed = self._fixed()
        gain = int(self.whole.cost[grouped].sum() + self.whole.cost[fixed].sum())
        gain += int((self.whole.cost[slack] * amounts).sum())
        if self.best is None or gain > self.best:
            self.best, self.chosen = gain, np.concatenate([grouped, fixed])

    def _close(self) -> None:
        """Searches all that could beat the plan: by its reduced cost a column leaves at most so much."""
        if self.best is None or self.is_proven or self.top.size == 0:
            return
        group, spare = self.whole.group, self.total - (self.best + 1) * SCALE
        opened: Mask = np.where(group >= 0, self.top[group] - self.reduced, 0) <= spare
        movable = opened & (group >= 0)
        movable[self.old[self.old >= 0]] = False
        known = self.free.copy()
        self.free[group[movable]] = True
        self.free |= self.top <= spare  # perhaps better cancelled
        mask = self._mask() & opened
        mask[self.old[self.free & (self.old >= 0)]] = True
        if int(mask.sum()) <= MOST_COLUMNS:
            self._search(mask)
            if self.is_exact and self.best is not None:
                self.limit = self.best
        self.free = known
