"""The time-indexed programme x[meeting, slot, pool] around a state: its linear relaxation gives bounds, its
integer form over a few slots gives neighbourhoods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from scheduling.problem import TermName
from scheduling.scoring import PER_MILLE, tail
from scheduling.solvers.programme import Programme
from scheduling.solvers.state import State

Choice = tuple[int, int, int]  # candidate, slot, pool
LINEAR = (TermName.MUST_MEETS, TermName.VALUE, TermName.MIN_SHORTFALL, TermName.FAIRNESS)


@dataclass(slots=True)
class Relaxation:
    """The programme and the placements its first columns stand for."""

    programme: Programme
    choices: list[Choice] = field(default_factory=list)

    def chosen(self, values: list[float]) -> list[Choice]:
        """The placements of an integer point."""
        return [choice for choice, value in zip(self.choices, values, strict=False) if value > 0.5]


def relax(
    state: State, free: Collection[int], slots: Collection[int], prices: dict[TermName, int]
) -> Relaxation:
    """The best way to hold the `free` candidates (none held now) in `slots`, everything else as in the state.

    The cost counts the terms of `prices` (per unit, never negative); with fairness priced, all costs are
    multiplied by the size of its tail so that they stay whole.
    """
    return _Builder(state, free, slots, prices).build()


class _Builder:
    def __init__(
        self, state: State, free: Collection[int], slots: Collection[int], prices: dict[TermName, int]
    ) -> None:
        self.state, self.index = state, state.index
        self.free, self.slots, self.prices = sorted(free), frozenset(slots), prices
        self.programme = Programme()
        self.relaxation = Relaxation(self.programme)
        self.users: dict[tuple[object, ...], list[int]] = defaultdict(list)
        self.of: dict[int, list[int]] = defaultdict(list)
        served = sum(person.attainable > 0 for person in self.index.people)
        self.unit = tail(served) if prices.get(TermName.FAIRNESS) and served else 1

    def build(self) -> Relaxation:
        for number in self.free:
            self._columns(number)
        self._rows()
        self._minimums()
        if self.prices.get(TermName.FAIRNESS):
            self._fairness()
        return self.relaxation

    def _columns(self, number: int) -> None:
        candidate = self.index.candidates[number]
        cost = self.prices.get(TermName.VALUE, 0) * candidate.value
        cost = (cost + self.prices.get(TermName.MUST_MEETS, 0) * candidate.must) * self.unit
        group = self.programme.new_group(required=candidate.mandatory)
        for slot, pool in candidate.options:
            if slot in self.slots and self._possible(number, slot):
                column = self.programme.column(cost, group=group)
                self.relaxation.choices.append((number, slot, pool))
                self.of[number].append(column)
                self._count(number, slot, pool, column)

    def _possible(self, number: int, slot: int) -> bool:
        candidate = self.index.candidates[number]
        return self.state.agenda[candidate.a][slot] < 0 and self.state.agenda[candidate.b][slot] < 0

    def _count(self, number: int, slot: int, pool: int, column: int) -> None:
        candidate = self.index.candidates[number]
        for person in (candidate.a, candidate.b):
            self.users["person", person, slot].append(column)
            self.users["day", person, self.index.day[slot]].append(column)
            self.users["max", person].append(column)
        self.users["sides", candidate.sides].append(column)
        self.users["pool", pool, slot].append(column)
        if candidate.step_free:
            self.users["step_free", pool, slot].append(column)

    def _rows(self) -> None:
        for (kind, *key), columns in self.users.items():
            room = self._room(str(kind), *key)
            if self._at_most(columns) > room:
                self.programme.row(((column, 1) for column in columns), high=room)

    def _at_most(self, columns: list[int]) -> int:
        return len({self.programme.group[column] for column in columns})

    def _room(self, kind: str, *key: object) -> int:
        first, *rest = (int(str(one)) for one in key)
        index, state = self.index, self.state
        if kind == "person":
            return 1
        if kind == "day":
            return index.people[first].max_per_day - state.per_day[first][rest[0]]
        if kind == "max":
            return index.people[first].max - state.held[first]
        if kind == "sides":
            return index.side_limits[first] - state.sides[first]
        pool, slot = index.pools[first], rest[0]
        if kind == "pool":
            return pool.capacity[slot] - state.used[first][slot]
        return pool.step_free[slot] - state.used_step_free[first][slot]

    def _minimums(self) -> None:
        """held + slack >= min, the slack priced, or forbidden where the minimum is hard."""
        price = self.prices.get(TermName.MIN_SHORTFALL, 0) * self.unit
        for person, limits in enumerate(self.index.people):
            missing = limits.min - self.state.held[person]
            if missing <= 0 or not (price or limits.hard_min):
                continue
            terms = [(column, 1) for column in self.users["max", person]]
            if not limits.hard_min:
                terms.append((self.programme.column(-price, high=missing, integer=False), 1))
            self.programme.row(terms, low=missing)

    def _fairness(self) -> None:
        """price * (k * level - sum of max(0, level - satisfaction)), the tail mean times its size k."""
        price = self.prices[TermName.FAIRNESS]
        served = [number for number, person in enumerate(self.index.people) if person.attainable > 0]
        if not served:
            return
        level = self.programme.column(price * self.unit, high=PER_MILLE, integer=False)
        got = self._got()
        for person in served:
            most = self.index.people[person].attainable
            below = self.programme.column(-price, high=PER_MILLE, integer=False)
            terms = [(level, most), (below, -most), *self._satisfying(person)]
            self.programme.row(terms, high=PER_MILLE * got[person])

    def _satisfying(self, person: int) -> Iterator[tuple[int, int]]:
        for number in self.index.of_person[person]:
            for column in self.of.get(number, ()):
                if value := self.index.candidates[number].value:
                    yield column, -PER_MILLE * value

    def _got(self) -> list[int]:
        got = [0] * len(self.index.people)
        for number in self.state.held_numbers():
            candidate = self.index.candidates[number]
            got[candidate.a] += candidate.value
            got[candidate.b] += candidate.value
        return got
