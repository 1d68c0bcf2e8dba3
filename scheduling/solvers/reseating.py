"""Tables for a changed plan: who keeps time and company keeps the table, unless somebody else needs it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ortools.sat.python import cp_model

from scheduling.problem import Meeting
from scheduling.solution import Assignment, Solution
from scheduling.solvers.model import NO_POOL, Model
from scheduling.solvers.pools import pinned_slots
from scheduling.solvers.state import State
from scheduling.solvers.tables import Seating, assignments

SEAT_SECONDS = 0.5


def reseat(
    state: State, before: dict[Meeting, Assignment], frozen: frozenset[int], closed: Mapping[int, int]
) -> Solution:
    """The plan of a state with as few meetings as possible at another table than before; `frozen` wishes
    move last, `closed` are masks of slots by table that stay empty."""
    places = _Places(state, before, frozen)
    for table, mask in closed.items():
        places.taken[table] |= mask
    plan = assignments(state, Seating(state, {}, places.seated()))
    return _interpreted(state, plan, before) if any(state.model.helpers) else plan


def _interpreted(state: State, plan: Solution, before: dict[Meeting, Assignment]) -> Solution:
    """The plan in which who keeps time and company keeps the interpreter; a group in which that leaves
    somebody without one is left as it was."""
    model, groups = state.model, defaultdict[int, list[int]](list)
    for column in sorted(state.columns(), key=lambda one: model.start[one]):
        line = model.lines[model.line[column]]
        if line.helpers is not None:
            groups[line.helpers].append(column)
    names: dict[Meeting, int] = {}
    for group, columns in groups.items():
        names |= _named(model, model.helpers[group].members, columns, before)
    return Solution(
        tuple(replace(one, interpreter=names.get(one.key, one.interpreter)) for one in plan.assignments)
    )


def _named(
    model: Model, members: tuple[int, ...], columns: list[int], before: dict[Meeting, Assignment]
) -> dict[Meeting, int]:
    """Who of a group interprets at each of its meetings; nothing when it does not come out."""
    taken, names = dict.fromkeys(members, 0), dict[Meeting, int]()

    def take(column: int, candidates: Iterable[int]) -> None:
        for who in candidates:
            if not taken[who] & model.mask[column]:
                taken[who] |= model.mask[column]
                names[model.wishes[model.wish[column]].key] = who
                return

    rest = []
    for column in columns:
        held = before.get(model.wishes[model.wish[column]].key)
        same = held is not None and held.slot == model.problem.slots[model.start[column]].id
        if same and held is not None and held.interpreter in taken:
            take(column, (held.interpreter,))
        else:
            rest.append(column)
    for column in rest:
        take(column, members)
    return names if len(names) == len(columns) else {}


class _Places:
    def __init__(self, state: State, before: dict[Meeting, Assignment], frozen: frozenset[int]) -> None:
        self.state, self.model, self.frozen = state, state.model, frozen
        self.table: dict[int, int] = {}
        self.taken = [0] * len(self.model.problem.tables)  # masks of slots
        self.open = [_open(self.model, number) for number in range(len(self.taken))]
        for pin in self.model.problem.pins:
            ranks = map(self.model.problem.slot_rank, pinned_slots(self.model.problem, pin))
            self.taken[self.model.table_rank[pin.table]] |= sum(1 << rank for rank in ranks)
        self.old = {column: self._old(column, before) for column in state.columns()}

    def _old(self, column: int, before: dict[Meeting, Assignment]) -> int:
        """The table that the meeting has and could keep, or -1."""
        model = self.model
        held = before.get(model.wishes[model.wish[column]].key)
        if held is None or held.table not in model.table_rank or not model.problem.knows(slot=held.slot):
            return -1
        table = model.table_rank[held.table]
        same = model.problem.slot_rank(held.slot) == model.start[column]
        return table if same and table in self._pool(column) and self._fits(column, table) else -1

    def _pool(self, column: int) -> tuple[int, ...]:
        pool = self.model.lines[self.model.line[column]].pool
        return () if pool == NO_POOL else self.model.pools[pool].tables

    def _fits(self, column: int, table: int) -> bool:
        need = self._needs(column) and not self.model.problem.tables[table].step_free
        return not need and not self.model.mask[column] & ~self.open[table]

    def _needs(self, column: int) -> bool:
        people = self.model.problem.participants
        return any(people[one].step_free for one in self.model.team[column])

    def seated(self) -> dict[int, int]:
        wishes = self.model.wishes
        rest: list[int] = []
        for column in self.state.columns():
            pinned = wishes[self.model.wish[column]].pinned_table
            if pinned is not None:
                self.table[self.model.wish[column]] = pinned
            elif (old := self.old[column]) < 0 or not self._take(column, old):
                rest.append(column)
        rest.sort(key=lambda one: (not self._needs(one), -self.model.mask[one].bit_count(), one))
        stuck = [column for column in rest if not self._anywhere(column)]
        for pool in {self.model.lines[self.model.line[column]].pool for column in stuck}:
            self._anew(pool)
        return self.table

    def _take(self, column: int, table: int) -> bool:
        mask = self.model.mask[column]
        if self.taken[table] & mask or not self._fits(column, table):
            return False
        self.taken[table] |= mask
        self.table[self.model.wish[column]] = table
        return True

    def _anywhere(self, column: int) -> bool:
        """At the least useful free table: one that is not step-free, where that will do."""
        tables = self.model.problem.tables
        ordered = sorted(self._pool(column), key=lambda one: tables[one].step_free)
        return any(self._take(column, table) for table in ordered)

    def _anew(self, pool: int) -> None:
        """The whole pool is seated again, exactly, with as few changes as possible."""
        tables = self.model.pools[pool].tables
        columns = [one for one in self.state.columns() if self.model.lines[self.model.line[one]].pool == pool]
        fixed = {table: self.taken[table] for table in tables}
        for column in columns:
            table = self.table.pop(self.model.wish[column], None)
            if table is not None:
                fixed[table] &= ~self.model.mask[column]
        for column, table in self._assigned(columns, tables, fixed):
            self.table[self.model.wish[column]] = table

    def _assigned(
        self, columns: list[int], tables: Iterable[int], fixed: dict[int, int]
    ) -> list[tuple[int, int]]:
        sat, model = cp_model.CpModel(), self.model
        chosen: dict[tuple[int, int], cp_model.IntVar] = {}
        at: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for column in columns:
            mask = model.mask[column]
            for table in tables:
                if self._fits(column, table) and not fixed[table] & mask:
                    one = chosen[column, table] = sat.new_bool_var("")
                    for slot in range(mask.bit_length()):
                        if mask >> slot & 1:
                            at[table, slot].append(one)
            sat.add_exactly_one([one for (held, _), one in chosen.items() if held == column])
        for together in at.values():
            sat.add_at_most_one(together)
        sat.maximize(
            sum(
                self._weight(column) * one
                for (column, table), one in chosen.items()
                if self.old[column] == table
            )
        )
        solver = cp_model.CpSolver()
        solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, SEAT_SECONDS
        if solver.solve(sat) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise RuntimeError(f"{len(columns)} meetings found no tables in {SEAT_SECONDS} s")
        return [pair for pair, one in chosen.items() if solver.boolean_value(one)]

    def _weight(self, column: int) -> int:
        return len(self.table) + 1000 if self.model.wish[column] in self.frozen else 1


def _open(model: Model, number: int) -> int:
    problem = model.problem
    table = problem.tables[number]
    return sum(1 << rank for rank, slot in enumerate(problem.slots) if table.is_open(slot.id))
