"""Neighbourhood search on when meetings are held: re-time the meetings of a few connected people by CP-SAT.

One core-guided worker without linearisation closes such models in a fraction of the time of the default
portfolio: breaks are few and unit-priced, the case of MaxSAT solvers (scheduling handbook, section 2).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ortools.sat.python import cp_model

from scheduling.problem import TermName
from scheduling.solvers.choosing import Move
from scheduling.solvers.index import Index
from scheduling.solvers.relaxation import Choice
from scheduling.solvers.state import PINNED, State

WORK_PER_SECOND = 1.0  # CP-SAT's deterministic unit is meant to be about a second


@dataclass(frozen=True, slots=True)
class Effort:
    """How long one neighbourhood may take; `repeatable` counts deterministic units instead of seconds."""

    seconds: float
    seed: int
    repeatable: bool = False


def sessions(index: Index) -> list[list[int]]:
    """Slots grouped by the span within which breaks count."""
    across = index.problem.weights.breaks_across_sessions
    spans = index.day if across else index.session
    return [list(group) for _, group in groupby(range(index.num_slots), key=lambda slot: spans[slot])]


def breaks_of(state: State, person: int, spans: list[list[int]]) -> int:
    """Breaks in one person's agenda."""
    agenda, found = state.agenda[person], 0
    for span in spans:
        used = [agenda[slot] >= 0 for slot in span]
        starts = sum(now and not before for before, now in zip([False, *used], used, strict=False))
        found += max(0, starts - 1)
    return found


def connected(state: State, dice: random.Random, *, size: int, spans: list[list[int]]) -> list[int]:
    """People who meet each other, most of them with breaks: where re-timing can gain."""
    index = state.index
    broken = [breaks_of(state, person, spans) for person in range(len(index.people))]
    sore = [person for person, count in enumerate(broken) if count]
    chosen = [dice.choice(sore)] if sore else [dice.randrange(len(broken))]
    while len(chosen) < size:
        near = [one for person in chosen for one in _counterparts(state, person) if one not in chosen]
        if not near:
            break
        weights = [1 + 4 * broken[one] for one in near]
        chosen.append(dice.choices(near, weights)[0])
    return chosen


def _counterparts(state: State, person: int) -> Iterator[int]:
    for number in state.agenda[person]:
        if number >= 0:
            candidate = state.index.candidates[number]
            yield candidate.b if candidate.a == person else candidate.a


def retime(
    state: State, people: Collection[int], effort: Effort, *, prices: dict[TermName, int] | None = None
) -> Move | None:
    """The re-timing of these people's meetings with fewest breaks, or None without a better one.

    With `prices` (of must_meets, value, breaks) meetings may also be left or added, as the prices say.
    """
    return _Retiming(state, people, effort, prices).solve()


class _Retiming:
    def __init__(
        self, state: State, people: Collection[int], effort: Effort, prices: dict[TermName, int] | None
    ) -> None:
        self.index, self.effort, self.prices = state.index, effort, prices
        self.before = state
        self.trial = state.copy()
        self.free = self._free(people)
        for number in self.free:
            if state.at[number] is not None:
                self.trial.remove(number)
        self.model = cp_model.CpModel()
        self.variables: dict[Choice, cp_model.IntVar] = {}
        self.at: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        self.pool: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        self.step_free: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        self.of: dict[int, list[cp_model.IntVar]] = {}
        self.cost: list[cp_model.LinearExpr | cp_model.IntVar] = []

    def _free(self, people: Collection[int]) -> list[int]:
        numbers = {number for person in people for number in self.index.of_person[person]}
        held = [n for n in numbers if (placed := self.before.at[n]) is not None and placed[1] != PINNED]
        if self.prices is not None:
            held += [n for n in numbers if self.before.at[n] is None]
        return sorted(held)

    def solve(self) -> Move | None:
        for number in self.free:
            self._place(number)
        for columns in self.at.values():
            self.model.add_at_most_one(columns)
        self._capacity()
        self._quotas()
        for person in sorted({person for person, _ in self.at}):
            self._breaks(person)
        self._gains()
        self.model.minimize(cp_model.LinearExpr.sum(self.cost))
        return self._run()

    def _place(self, number: int) -> None:
        candidate, held = self.index.candidates[number], self.before.at[number]
        found = []
        for slot, pool in candidate.options:
            if not self._open(number, slot, pool):
                continue
            variable = self.model.new_bool_var("")
            self.model.add_hint(variable, held == (slot, pool))
            self.variables[number, slot, pool] = variable
            found.append(variable)
            for person in (candidate.a, candidate.b):
                self.at[person, slot].append(variable)
            self.pool[pool, slot].append(variable)
            if candidate.step_free:
                self.step_free[pool, slot].append(variable)
        self.of[number] = found
        if self.prices is None or candidate.mandatory:
            self.model.add_exactly_one(found)
        else:
            self.model.add_at_most_one(found)

    def _open(self, number: int, slot: int, pool: int) -> bool:
        candidate, trial, places = self.index.candidates[number], self.trial, self.index.pools[pool]
        return (
            trial.agenda[candidate.a][slot] < 0
            and trial.agenda[candidate.b][slot] < 0
            and trial.used[pool][slot] < places.capacity[slot]
            and not (candidate.step_free and trial.used_step_free[pool][slot] >= places.step_free[slot])
        )

    def _capacity(self) -> None:
        for (pool, slot), columns in self.pool.items():
            self._at_most(columns, self.index.pools[pool].capacity[slot] - self.trial.used[pool][slot])
        for (pool, slot), columns in self.step_free.items():
            room = self.index.pools[pool].step_free[slot] - self.trial.used_step_free[pool][slot]
            self._at_most(columns, room)

    def _at_most(self, columns: Sequence[cp_model.IntVar], room: int) -> None:
        if len(columns) > room:
            self.model.add(cp_model.LinearExpr.sum(columns) <= room)

    def _quotas(self) -> None:
        sides: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        people: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        days: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for (number, slot, _), variable in self.variables.items():
            candidate = self.index.candidates[number]
            sides[candidate.sides].append(variable)
            for person in (candidate.a, candidate.b):
                people[person].append(variable)
                days[person, self.index.day[slot]].append(variable)
        for (person, day), columns in days.items():
            limit = self.index.people[person].max_per_day
            self._at_most(columns, limit - self.trial.per_day[person][day])
        if self.prices is None:
            return  # the same meetings are held: the limits on their number hold already
        for side, columns in sides.items():
            self._at_most(columns, self.index.side_limits[side] - self.trial.sides[side])
        for person, columns in people.items():
            limits = self.index.people[person]
            self._at_most(columns, limits.max - self.trial.held[person])
            self._at_least(columns, min(limits.min, self.before.held[person]) - self.trial.held[person])

    def _at_least(self, columns: Sequence[cp_model.IntVar], missing: int) -> None:
        if missing > 0:
            self.model.add(cp_model.LinearExpr.sum(columns) >= missing)

    def _breaks(self, person: int) -> None:
        """Costs a literal per started run of meetings, less one for a span with any meeting."""
        unit = 1 if self.prices is None else self.prices.get(TermName.BREAKS, 0)
        if not unit:
            return
        for span in sessions(self.index):
            used = [self._used(person, slot) for slot in span]
            if all(isinstance(one, int) for one in used):
                continue
            anything = self.model.new_bool_var("")
            self.model.add(cp_model.LinearExpr.sum(used) >= anything)
            self.cost.append(unit * ~anything)
            for before, now in zip([0, *used], used, strict=False):
                if isinstance(now, int) and now == 0:
                    continue
                start = self.model.new_bool_var("")
                self.model.add(start >= now - before)
                self.cost.append(unit * start)

    def _used(self, person: int, slot: int) -> int | cp_model.IntVar:
        if self.trial.agenda[person][slot] >= 0:
            return 1
        columns = self.at.get((person, slot))
        if not columns:
            return 0
        if len(columns) == 1:
            return columns[0]
        used = self.model.new_bool_var("")
        self.model.add(cp_model.LinearExpr.sum(columns) == used)
        return used

    def _gains(self) -> None:
        if self.prices is None:
            return
        for number, columns in self.of.items():
            candidate = self.index.candidates[number]
            gain = self.prices.get(TermName.VALUE, 0) * candidate.value
            gain += self.prices.get(TermName.MUST_MEETS, 0) * candidate.must
            if gain:
                self.cost.extend(-gain * variable for variable in columns)

    def _run(self) -> Move | None:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.effort.seed
        solver.parameters.optimize_with_core = True
        solver.parameters.linearization_level = 0
        if self.effort.repeatable:
            solver.parameters.max_deterministic_time = self.effort.seconds * WORK_PER_SECOND
        else:
            solver.parameters.max_time_in_seconds = self.effort.seconds
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        chosen = [choice for choice, variable in self.variables.items() if solver.boolean_value(variable)]
        placed = tuple(choice for choice in chosen if self.before.at[choice[0]] != choice[1:])
        moved = {choice[0] for choice in placed}
        left = {n for n in self.free if self.before.at[n] is not None} - {choice[0] for choice in chosen}
        removed = sorted((moved | left) & {n for n in self.free if self.before.at[n] is not None})
        return Move(tuple(removed), placed) if placed or removed else None
