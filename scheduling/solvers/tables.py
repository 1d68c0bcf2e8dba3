"""Concrete tables for a plan of slots and pools, with few table moves.

One slot at a time, the tables of the others fixed, is an assignment problem: solved exactly, slot after slot.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from ortools.graph.python import min_cost_flow

from scheduling.problem import Id, key_of
from scheduling.solution import Assignment, Solution
from scheduling.solvers.model import NO_POOL, Model
from scheduling.solvers.pools import pinned_slots
from scheduling.solvers.programme import ints
from scheduling.solvers.state import State

SWEEPS = 4  # the second sweep gains most of the rest; later ones next to nothing


@dataclass(frozen=True, slots=True)
class Group:
    """The wishes held in one slot and pool, and the tables (numbers) open for them."""

    wishes: tuple[int, ...]
    tables: tuple[int, ...]


@dataclass(slots=True)
class Seating:
    """The table of each held wish; `near` are the wishes that would like the same one."""

    state: State
    near: dict[int, list[int]] = field(default_factory=dict)
    table: dict[int, int] = field(default_factory=dict)

    def liked(self, wish: int) -> Counter[int]:
        """How many neighbours in time sit at each table."""
        return Counter(self.table[other] for other in self.near[wish] if other in self.table)


def seat(state: State, *, sweeps: int = SWEEPS) -> Solution:
    """The plan with a concrete table for every meeting; legal whenever the state is."""
    return assignments(state, seating(state, sweeps=sweeps))


def seating(state: State, *, sweeps: int = SWEEPS) -> Seating:
    """Tables for all held meetings, after the given number of sweeps over the slots."""
    seats = Seating(state, _neighbours(state), _pinned(state))
    groups = _groups(state, _seat_long(seats))
    for sweep in range(sweeps):
        before = dict(seats.table)
        for group in reversed(groups) if sweep % 2 else groups:
            _seat_group(seats, group)
        if before == seats.table:
            break
    return seats


def _pinned(state: State) -> dict[int, int]:
    wishes = state.model.wishes
    return {number: wish.pinned_table for number, wish in enumerate(wishes) if wish.pinned_table is not None}


def _seat_long(seats: Seating) -> dict[int, int]:
    """Meetings of several slots sit first, by start, at any table of their pool that is free throughout;
    gives the slots taken at each table. Their pools are uniform, so one is always free."""
    model, taken = seats.state.model, defaultdict[int, int](int)
    for column in sorted(seats.state.columns(), key=lambda one: model.start[one]):
        mask, pool = model.mask[column], model.lines[model.line[column]].pool
        if pool != NO_POOL and mask & (mask - 1):
            places = open_tables(model, model.start[column], pool)
            table = next(one for one in places if not taken[one] & mask)
            taken[table] |= mask
            seats.table[model.wish[column]] = table
    return taken


def _neighbours(state: State) -> dict[int, list[int]]:
    """Per held wish those held just before and after it in the same session, for each of its people."""
    model = state.model
    sessions = [(slot.day, slot.session) for slot in model.problem.slots]
    near: dict[int, list[int]] = {model.wish[column]: [] for column in state.columns()}
    for agenda in state.agenda:
        held = [column for column in agenda if column >= 0]
        for before, after in pairwise(held):
            if sessions[model.start[before]] == sessions[model.start[after]]:
                near[model.wish[before]].append(model.wish[after])
                near[model.wish[after]].append(model.wish[before])
    return near


def _groups(state: State, taken: dict[int, int]) -> list[Group]:
    """The meetings of one slot, with the tables that no longer meeting has taken."""
    model = state.model
    wishes: dict[tuple[int, int], list[int]] = defaultdict(list)
    for column in state.columns():
        pool, mask = model.lines[model.line[column]].pool, model.mask[column]
        if pool != NO_POOL and not mask & (mask - 1):
            wishes[model.start[column], pool].append(model.wish[column])
    return [
        Group(
            tuple(members),
            tuple(one for one in open_tables(model, slot, pool) if not taken.get(one, 0) >> slot & 1),
        )
        for (slot, pool), members in sorted(wishes.items())
    ]


def open_tables(model: Model, slot: int, pool: int) -> tuple[int, ...]:
    """The tables of a pool open at a slot, those of pins left out."""
    problem = model.problem
    slot_id = problem.slots[slot].id
    pinned = {pin.table for pin in problem.pins if slot_id in pinned_slots(problem, pin)}
    tables = [(number, problem.tables[number]) for number in model.pools[pool].tables]
    return tuple(number for number, table in tables if table.is_open(slot_id) and table.id not in pinned)


def _seat_group(seats: Seating, group: Group) -> None:
    """The best tables for the meetings of one slot; who likes none takes what is left."""
    arcs = list(_arcs(seats, group))
    flow = min_cost_flow.SimpleMinCostFlow()
    tail, head, cost = (ints([arc[part] for arc in arcs]) for part in range(3))
    room = [len(group.wishes) if arc[3] else 1 for arc in arcs]
    flow.add_arcs_with_capacity_and_unit_cost(tail, head, ints(room), cost)
    people, sink = len(group.wishes), len(group.wishes) + len(group.tables) + 1
    flow.set_nodes_supplies(ints(range(people)), ints([1] * people))
    flow.set_node_supply(sink, -people)
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError(f"{people} meetings do not fit {len(group.tables)} tables")
    _take(seats, group, [arc for arc, used in zip(arcs, flow.flows(range(len(arcs))), strict=True) if used])


def _arcs(seats: Seating, group: Group) -> Iterator[tuple[int, int, int, bool]]:
    """(tail, head, cost, many) of a flow from meetings over tables, or over "any other", to the sink."""
    model = seats.state.model
    people = model.problem.participants
    places = {table: len(group.wishes) + rank for rank, table in enumerate(group.tables)}
    anywhere = len(group.wishes) + len(group.tables)
    sink = anywhere + 1
    for rank, wish in enumerate(group.wishes):
        liked = seats.liked(wish)
        needs = any(people[one].step_free for one in model.team[seats.state.held[wish]])
        for table in group.tables if needs else sorted(liked):
            if table in places and (not needs or model.problem.tables[table].step_free):
                yield rank, places[table], -liked[table], False
        if not needs:
            yield rank, anywhere, 0, False
    for place in places.values():
        yield place, sink, 0, False
    yield anywhere, sink, 0, True


def _take(seats: Seating, group: Group, used: list[tuple[int, int, int, bool]]) -> None:
    people = len(group.wishes)
    anywhere = people + len(group.tables)
    taken = {head - people for tail, head, _, _ in used if tail < people and head != anywhere}
    spare = (table for rank, table in enumerate(group.tables) if rank not in taken)
    for tail, head, _, _ in used:
        if tail < people:
            seats.table[group.wishes[tail]] = next(spare) if head == anywhere else group.tables[head - people]


def assignments(state: State, seats: Seating) -> Solution:
    """The plan in the caller's ids, in the order of time."""
    model, problem = state.model, state.model.problem
    interpreters, found = _interpreters(state), []
    for column in sorted(state.columns(), key=lambda one: (model.start[one], model.wish[one])):
        wish = model.wish[column]
        line = model.lines[model.line[column]]
        a, b, *others = (problem.participants[person].id for person in line.team)
        found.append(
            Assignment(
                a,
                b,
                problem.slots[model.start[column]].id,
                problem.tables[seats.table[wish]].id,
                model.wishes[wish].pinned_table is not None,
                tuple(others),
                interpreters.get(column),
                None if key_of((a, b, *others)) == model.wishes[wish].key else model.wishes[wish].key,
            )
        )
    return Solution(tuple(found))


def _interpreters(state: State) -> dict[int, Id]:
    """Who interprets where one is needed or pinned: by start, the first of the group who is free throughout,
    which always exists since the group is there at the same times."""
    model = state.model
    pinned = {pin.key: pin.interpreter for pin in model.problem.pins if pin.interpreter is not None}
    found: dict[int, Id] = {}
    taken = defaultdict[Id, int](int)
    for column in sorted(state.columns(), key=lambda one: model.start[one]):
        group, key = model.lines[model.line[column]].helpers, model.wishes[model.wish[column]].key
        if key in pinned:
            found[column] = pinned[key]
        elif group is not None:
            mask = model.mask[column]
            who = next(one for one in model.helpers[group].members if not taken[one] & mask)
            taken[who] |= mask
            found[column] = who
    return found
