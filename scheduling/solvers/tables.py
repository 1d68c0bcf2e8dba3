"""Concrete tables for a plan of slots and pools, with few table moves.

One slot at a time, the tables of the others fixed, is an assignment problem: solved exactly, slot after slot.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ortools.graph.python import linear_sum_assignment

from scheduling.solution import Assignment, Solution
from scheduling.solvers.index import Index
from scheduling.solvers.state import PINNED, State

SWEEPS = 4  # the second sweep gains most of the rest; later ones next to nothing


@dataclass(slots=True)
class Seating:
    """The table of each held meeting, and the neighbours in time that would like the same one."""

    state: State
    table: dict[int, int] = field(default_factory=dict)

    def neighbours(self, number: int) -> list[int]:
        """The meetings just before and after this one in the same session, for both people."""
        index, found = self.state.index, []
        placed = self.state.at[number]
        assert placed is not None
        candidate = index.candidates[number]
        for person in (candidate.a, candidate.b):
            for step in (-1, 1):
                slot = placed[0] + step
                while 0 <= slot < index.num_slots and index.session[slot] == index.session[placed[0]]:
                    other = self.state.agenda[person][slot]
                    if other >= 0:
                        found.append(other)
                        break
                    slot += step
        return found


def seat(state: State, *, sweeps: int = SWEEPS) -> Solution:
    """The plan with a concrete table for every meeting; legal whenever the state is."""
    return assignments(state, seating(state, sweeps=sweeps))


def seating(state: State, *, sweeps: int = SWEEPS) -> Seating:
    """Tables for all held meetings, after the given number of sweeps over the slots."""
    seats = Seating(state)
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number in state.held_numbers():
        slot, pool = state.at[number] or (0, 0)
        if pool == PINNED:
            pin = state.index.candidates[number].pin
            assert pin is not None
            seats.table[number] = pin[1]
        else:
            groups[slot, pool].append(number)
    for sweep in range(sweeps):
        before = dict(seats.table)
        for slot, pool in sorted(groups, reverse=bool(sweep % 2)):
            _seat_group(seats, slot, pool, groups[slot, pool])
        if before == seats.table:
            break
    return seats


def _seat_group(seats: Seating, slot: int, pool: int, meetings: list[int]) -> None:
    index = seats.state.index
    tables = open_tables(index, slot, pool)
    if len(meetings) > len(tables):  # the solver below would crash the process
        raise RuntimeError(f"slot {slot}, pool {pool}: {len(meetings)} meetings at {len(tables)} tables")
    if len(tables) == 1:
        seats.table[meetings[0]] = tables[0]
        return
    assignment = linear_sum_assignment.SimpleLinearSumAssignment()
    for row in range(len(tables)):
        for column, cost in _costs(seats, meetings[row] if row < len(meetings) else None, tables):
            assignment.add_arc_with_cost(row, column, cost)
    status = assignment.solve()
    if status != assignment.OPTIMAL:
        raise RuntimeError(f"slot {slot}, pool {pool}: {len(meetings)} meetings do not fit, {status}")
    for row, number in enumerate(meetings):
        seats.table[number] = tables[assignment.right_mate(row)]


def _costs(seats: Seating, number: int | None, tables: list[int]) -> list[tuple[int, int]]:
    if number is None:  # an empty table
        return [(column, 0) for column in range(len(tables))]
    index = seats.state.index
    liked: dict[int, int] = defaultdict(int)
    for other in seats.neighbours(number):
        if other in seats.table:
            liked[seats.table[other]] += 1
    needs = index.candidates[number].step_free
    return [
        (column, 4 - liked[table])  # at most four neighbours
        for column, table in enumerate(tables)
        if not needs or index.problem.tables[table].step_free
    ]


def open_tables(index: Index, slot: int, pool: int) -> list[int]:
    """The tables of a pool open at a slot, those of pins left out."""
    problem = index.problem
    slot_id = problem.slots[slot].id
    pinned = {pin.table for pin in problem.pins if pin.slot == slot_id}
    tables = [(number, problem.tables[number]) for number in index.pools[pool].tables]
    return [number for number, table in tables if table.is_open(slot_id) and table.id not in pinned]


def assignments(state: State, seats: Seating) -> Solution:
    """The plan in the caller's ids, in the order of time."""
    index, problem = state.index, state.index.problem
    rows = sorted((slot_pool[0], n) for n, slot_pool in enumerate(state.at) if slot_pool is not None)
    found = []
    for slot, number in rows:
        candidate = index.candidates[number]
        ids = (problem.participants[candidate.a].id, problem.participants[candidate.b].id)
        table = problem.tables[seats.table[number]].id
        found.append(Assignment(*ids, problem.slots[slot].id, table, candidate.pin is not None))
    return Solution(tuple(found))
