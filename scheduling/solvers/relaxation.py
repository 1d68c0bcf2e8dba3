"""The programme of a model: its linear relaxation gives bounds and guidance, its integer form over a few
columns gives neighbourhoods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduling.problem import TermName
from scheduling.scoring import PER_MILLE, tail
from scheduling.solvers.model import Model
from scheduling.solvers.programme import FREE, Floats, Ints, Programme, ints
from scheduling.solvers.spans import spans
from scheduling.solvers.state import State

LINEAR = (
    TermName.MUST_MEETS,
    TermName.VALUE,
    TermName.MIN_SHORTFALL,
    TermName.FAIRNESS,
    TermName.CROSS_SILO,
    TermName.CHANGES,
)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The programme, and the columns of the model its first columns stand for."""

    programme: Programme
    columns: Ints
    unit: int
    offset: int  # what a plan that holds nothing has of the priced terms

    def chosen(self, values: Floats) -> list[int]:
        """The columns of an integer point."""
        return self.columns[values[: len(self.columns)] > 0.5].tolist()  # type: ignore[no-any-return]


def relax(
    model: Model,
    prices: Mapping[TermName, int],
    *,
    around: State | None = None,
    among: NDArray[np.bool_] | None = None,
) -> Relaxation:
    """The best choice of columns by `prices` (per unit of a term, never negative).

    With `around`, what that state holds stays, and only the columns marked in `among` may be added. With
    fairness priced all costs are multiplied by `unit`, the size of its tail, so that they stay whole.
    """
    return _Builder(model, prices, around or State.empty(model), among).build()


class _Builder:
    def __init__(
        self, model: Model, prices: Mapping[TermName, int], base: State, among: NDArray[np.bool_] | None
    ) -> None:
        self.model, self.arrays, self.prices, self.base = model, model.arrays, prices, base
        self.programme = Programme()
        taken = np.array([column >= 0 for column in base.held], dtype=np.bool_)
        keep = ~taken[self.arrays.wish]
        if among is not None:
            keep &= among
        keep[self.arrays.person_column[self._busy()]] = False
        self.keep = keep
        self.columns = np.flatnonzero(keep)
        self.number = np.cumsum(keep) - 1  # of each column kept
        served = sum(most > 0 for most in model.ceiling)
        self.unit = tail(served) if prices.get(TermName.FAIRNESS) and served else 1

    def _busy(self) -> NDArray[np.bool_]:
        slots = np.arange(self.model.num_slots)
        free = ints(self.base.free)[:, None] >> slots & 1
        return np.asarray(free.ravel()[self.arrays.person_slot] == 0)

    def build(self) -> Relaxation:
        wishes = self.arrays.wish[self.columns]
        offered, group = np.unique(wishes, return_inverse=True)
        units = {
            TermName.MUST_MEETS: self.arrays.must,
            TermName.VALUE: self.arrays.value,
            TermName.CROSS_SILO: self.arrays.crossing,
            TermName.CHANGES: self.arrays.kept,
        }
        cost = sum((self.prices.get(term, 0) * one[self.columns] for term, one in units.items()), ints([0]))
        cost = np.broadcast_to(cost * self.unit, len(self.columns))
        self.programme.required = self.arrays.mandatory[offered]
        self.programme.add_columns(cost, high=1, integer=True, group=group)
        self._people()
        self._capacities()
        self._lows()
        if self.prices.get(TermName.FAIRNESS):
            self._fairness()
        if self.prices.get(TermName.BREAKS):
            self._breaks()
        return Relaxation(self.programme, self.columns, self.unit, self._offset())

    def _offset(self) -> int:
        """All meetings of the baseline count as changed where none is kept."""
        return -self.prices.get(TermName.CHANGES, 0) * self.unit * len(self.model.problem.baseline)

    def _people(self) -> None:
        """Nobody is in two places at once."""
        kept = self.keep[self.arrays.person_column]
        column, key = self.number[self.arrays.person_column[kept]], self.arrays.person_slot[kept]
        keys, row, count = np.unique(key, return_inverse=True, return_counts=True)
        self._rows(row, column, count, np.ones(len(keys), dtype=np.int64))

    def _capacities(self) -> None:
        kept = self.keep[self.arrays.row_column]
        column, key = self.number[self.arrays.row_column[kept]], self.arrays.row[kept]
        keys, row, count = np.unique(key, return_inverse=True, return_counts=True)
        self._rows(row, column, count, ints(self.base.left)[keys])

    def _rows(self, row: Ints, column: Ints, count: Ints, most: Ints) -> None:
        """Rows with at most `most`, those that cannot bind left out."""
        binding = count > most
        first = self.programme.add_rows(np.full(int(binding.sum()), -FREE), most[binding])
        renumbered = np.cumsum(binding) - 1 + (first[0] if len(first) else 0)
        used = binding[row]
        self.programme.add_entries(renumbered[row[used]], column[used], 1)

    def _lows(self) -> None:
        """held + slack >= low, the slack priced, or forbidden where the low is hard."""
        price = self.prices.get(TermName.MIN_SHORTFALL, 0) * self.unit
        model, base = self.model, self.base
        low = ints(model.low)
        missing = low - np.where(low > 0, ints(model.capacity) - ints(base.left), 0)
        hard = np.array(model.hard, dtype=np.bool_)
        wanted = (low > 0) & (missing > 0) & (hard | (price > 0))
        if not wanted.any():
            return
        rows = self.programme.add_rows(missing[wanted], np.full(int(wanted.sum()), FREE))
        number = np.cumsum(wanted) - 1
        kept = self.keep[self.arrays.row_column] & wanted[self.arrays.row]
        self.programme.add_entries(
            rows[number[self.arrays.row[kept]]], self.number[self.arrays.row_column[kept]], 1
        )
        soft = ~hard[wanted]
        slack = self.programme.add_columns(
            np.full(int(soft.sum()), -price), high=missing[wanted][soft], integer=False
        )
        self.programme.add_entries(rows[soft], slack, 1)

    def _fairness(self) -> None:
        """price * (k * level - sum of max(0, level - satisfaction)), the tail mean times its size k, with levels
        from 0 to 1."""
        price, ceiling = self.prices[TermName.FAIRNESS], ints(self.model.ceiling)
        served = np.flatnonzero(ceiling > 0)
        if not len(served):
            return
        programme = self.programme
        level = programme.add_columns(ints([PER_MILLE * price * self.unit]), high=1, integer=False)
        below = programme.add_columns(np.full(len(served), -PER_MILLE * price), high=1, integer=False)
        rows = programme.add_rows(np.full(len(served), -FREE), self._got()[served])
        programme.add_entries(rows, np.repeat(level, len(served)), ceiling[served])
        programme.add_entries(rows, below, -ceiling[served])
        row_of = np.full(len(ceiling), -1)
        row_of[served] = rows
        person, column = self._named()
        programme.add_entries(row_of[person], column, -self.arrays.value[self.columns[column]])

    def _named(self) -> tuple[Ints, Ints]:
        """(person, column) for each column of value and each person it is named for."""
        wishes = self.model.wishes
        found = [
            (person, number)
            for number, column in enumerate(self.columns.tolist())
            if wishes[self.model.wish[column]].value
            for person in wishes[self.model.wish[column]].named
        ]
        return ints([person for person, _ in found]), ints([column for _, column in found])

    def _got(self) -> Ints:
        got = [0] * len(self.model.ceiling)
        for column in self.base.columns():
            wish = self.model.wishes[self.model.wish[column]]
            for person in wish.named:
                got[person] += wish.value
        return ints(got)

    def _breaks(self) -> None:
        """price * (runs of meetings started - 1) of each person and span, never below nothing."""
        price, programme, size = (
            self.prices[TermName.BREAKS] * self.unit,
            self.programme,
            self.model.num_slots,
        )
        kept = self.keep[self.arrays.person_column]
        column, key = self.number[self.arrays.person_column[kept]], self.arrays.person_slot[kept]
        keys, place = np.unique(key, return_inverse=True)
        start = programme.add_columns(np.full(len(keys), -price), high=1, integer=False)
        rows = programme.add_rows(np.zeros(len(keys), dtype=np.int64), np.full(len(keys), FREE))
        programme.add_entries(rows, start, 1)
        programme.add_entries(rows[place], column, -1)  # started when used now ...
        span = _spans(self.model)
        after = np.minimum(np.searchsorted(keys, key + 1), len(keys) - 1) if len(keys) else key
        follows = (
            (keys[after] == key + 1) & (span[key % size] == span[(key + 1) % size]) if len(keys) else key
        )
        programme.add_entries(rows[after[follows]], column[follows], 1)  # ... and not just before
        groups, member = np.unique(keys // max(1, size) * size + span[keys % size], return_inverse=True)
        anything = programme.add_columns(np.full(len(groups), price), high=1, integer=False)
        least = programme.add_rows(np.zeros(len(groups), dtype=np.int64), np.full(len(groups), FREE))
        programme.add_entries(least[member], start, 1)
        programme.add_entries(least, anything, -1)


def _spans(model: Model) -> Ints:
    """The number of the span of each slot within which breaks count."""
    masks = spans(model)
    return ints(
        [rank for slot in range(model.num_slots) for rank, mask in enumerate(masks) if mask >> slot & 1]
    )
