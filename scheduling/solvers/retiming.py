"""Neighbourhoods of people where breaks may outrank or outweigh a meeting: CP-SAT re-times, leaves and adds.

One core-guided worker without linearisation closes such models in a fraction of the time of the default
portfolio: breaks are few and unit-priced, the case of MaxSAT solvers (scheduling handbook, section 2).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduling.problem import Mode, TermName
from scheduling.solvers.model import Model
from scheduling.solvers.relaxation import LINEAR
from scheduling.solvers.slots import prices
from scheduling.solvers.spans import breaks, spans
from scheduling.solvers.state import State

WORK_PER_SECOND = 1.0  # CP-SAT's deterministic unit is meant to be about a second
TRADED = (TermName.MUST_MEETS, TermName.VALUE, TermName.BREAKS)


@dataclass(frozen=True, slots=True)
class Effort:
    """How long one neighbourhood may take; `repeatable` counts deterministic units instead of seconds."""

    seconds: float
    seed: int
    repeatable: bool = False


def break_prices(model: Model) -> dict[TermName, int] | None:
    """Prices for re-timing that may also change what is held, where breaks can outrank or outweigh a meeting;
    None when the meetings held are settled before breaks count."""
    weights = model.problem.weights
    order = [TermName(name) for name in weights.order]
    if TermName.BREAKS not in order:
        return None
    if weights.mode is Mode.WEIGHTED:
        return {name: weights.of(name) for name in order if name in TRADED}
    after = order[order.index(TermName.BREAKS) + 1 :]
    return prices(weights, TRADED) if set(after) & set(LINEAR) else None


def used_by(state: State, person: int) -> int:
    """The mask of the slots in which a person has a meeting."""
    return state.model.free[person] & ~state.free[person]


def connected(state: State, dice: random.Random, *, size: int) -> list[int]:
    """People who meet each other, most of them with breaks: where re-timing can gain."""
    within = spans(state.model)
    broken = [breaks(used_by(state, person), within) for person in range(len(state.free))]
    sore = [person for person, count in enumerate(broken) if count]
    chosen = [dice.choice(sore)] if sore else [dice.randrange(len(broken))]
    while len(chosen) < size:
        near = [one for person in chosen for one in _met(state, person) if one not in chosen]
        if not near:
            break
        chosen.append(dice.choices(near, [1 + 4 * broken[one] for one in near])[0])
    return chosen


def _met(state: State, person: int) -> list[int]:
    held = [column for column in state.agenda[person] if column >= 0]
    return [one for column in held for one in state.model.team[column] if one != person]


def retime(state: State, people: Collection[int], effort: Effort, price: Mapping[TermName, int]) -> bool:
    """The meetings of these people are held at the best times by the prices, left or added; False, with the
    state half taken apart, when nothing was found."""
    return _Retiming(state, people, effort, price).solve()


class _Retiming:
    def __init__(
        self, state: State, people: Collection[int], effort: Effort, price: Mapping[TermName, int]
    ) -> None:
        self.state, self.model, self.effort, self.price = state, state.model, effort, price
        self.before = state.held.copy()
        self.short = state.short
        self.wishes = self._released(set(people))
        self.sat = cp_model.CpModel()
        self.of: dict[int, cp_model.IntVar] = {}
        self.cost: list[cp_model.LinearExprT] = []

    def _released(self, people: set[int]) -> list[int]:
        """The wishes to decide anew, no longer held."""
        found = []
        for wish, column in enumerate(self.before):
            lines = self.model.lines_of[wish]
            if not any(people.intersection(self.model.lines[line].team) for line in lines):
                continue
            if column >= 0 and not self.state.movable(column):
                continue
            found.append(wish)
            if column >= 0:
                self.state.take(column)
        return found

    def solve(self) -> bool:
        for wish in self.wishes:
            self._wish(wish)
        self._people()
        self._rows()
        self.sat.minimize(cp_model.LinearExpr.sum(self.cost))
        return self._run()

    def _wish(self, wish: int) -> None:
        one, found = self.model.wishes[wish], []
        gain = self.price.get(TermName.VALUE, 0) * one.value
        gain += self.price.get(TermName.MUST_MEETS, 0) * one.must
        for column in self.model.columns(wish):
            if self.state.fits(column):
                variable = self.sat.new_bool_var("")
                self.sat.add_hint(variable, self.before[wish] == column)
                self.of[column] = variable
                found.append(variable)
                if gain:
                    self.cost.append(-gain * variable)
        if one.mandatory:
            self.sat.add_exactly_one(found)
        else:
            self.sat.add_at_most_one(found)

    def _people(self) -> None:
        at: dict[int, dict[int, list[cp_model.IntVar]]] = defaultdict(lambda: defaultdict(list))
        for column, variable in self.of.items():
            for person in self.model.team[column]:
                for slot in _bits(self.model.mask[column]):
                    at[person][slot].append(variable)
        for person, slots in at.items():
            for columns in slots.values():
                self.sat.add_at_most_one(columns)
            for span in spans(self.model):
                self._breaks(person, span, slots)

    def _rows(self) -> None:
        """Room left in each row, and no lower minimum than before."""
        rows: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for column, variable in self.of.items():
            for row in self.model.rows[column]:
                rows[row].append(variable)
        for row, columns in rows.items():
            if len(columns) > self.state.left[row]:
                self.sat.add(cp_model.LinearExpr.sum(columns) <= self.state.left[row])
            if self.model.low[row]:
                self._keep_low(row, columns)

    def _keep_low(self, row: int, columns: list[cp_model.IntVar]) -> None:
        held = self.model.capacity[row] - self.state.left[row]
        was = held + sum(self.model.rows[column].count(row) for column in self.before if column in self.of)
        missing = min(self.model.low[row], was) - held
        if missing > 0:
            self.sat.add(cp_model.LinearExpr.sum(columns) >= missing)

    def _breaks(self, person: int, span: int, slots: dict[int, list[cp_model.IntVar]]) -> None:
        """Costs a literal per started run of meetings, less one for a span with any meeting."""
        unit = self.price.get(TermName.BREAKS, 0)
        used = [self._used(person, slot, slots) for slot in _bits(span)]
        if not unit or all(isinstance(one, int) for one in used):
            return
        anything = self.sat.new_bool_var("")
        self.sat.add(cp_model.LinearExpr.sum(used) >= anything)
        self.cost.append(unit * ~anything)
        for before, now in zip([0, *used], used, strict=False):
            if not (isinstance(now, int) and now == 0):
                start = self.sat.new_bool_var("")
                self.sat.add(start + before >= now)
                self.cost.append(unit * start)

    def _used(
        self, person: int, slot: int, slots: dict[int, list[cp_model.IntVar]]
    ) -> cp_model.LinearExpr | int:
        if used_by(self.state, person) >> slot & 1:
            return 1
        columns = slots.get(slot)
        return cp_model.LinearExpr.sum(columns) if columns else 0

    def _run(self) -> bool:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.effort.seed
        solver.parameters.optimize_with_core = True
        solver.parameters.linearization_level = 0
        if self.effort.repeatable:
            solver.parameters.max_deterministic_time = self.effort.seconds * WORK_PER_SECOND
        else:
            solver.parameters.max_time_in_seconds = self.effort.seconds
        if solver.solve(self.sat) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return False
        for column, variable in self.of.items():
            if solver.boolean_value(variable):
                self.state.put(column)
        return True


def _bits(mask: int) -> list[int]:
    return [slot for slot in range(mask.bit_length()) if mask >> slot & 1]
