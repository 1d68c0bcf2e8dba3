"""Repairs a published plan after a fault with the cheapest changes, and proves them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from scheduling import verify
from scheduling.diff import compare
from scheduling.faults import Fault, apply, newcomers
from scheduling.problem import Id, Meeting, Problem
from scheduling.repair import Freeze, Prices, Repair, cost, gained
from scheduling.solution import Assignment, Solution
from scheduling.solvers import kempe
from scheduling.solvers.changing import Changing
from scheduling.solvers.model import NO_POOL, Line, Model, compile_model
from scheduling.solvers.programme import FREE, Ints, Programme, ints
from scheduling.solvers.reseating import reseat
from scheduling.solvers.state import State
from scheduling.solving import UnverifiedPlan

SECONDS = 1.5
DISPLACED = 6  # meetings that one newcomer's meeting can be in the way of: people, table, interpreter, limits


def repair(
    problem: Problem,
    plan: Solution,
    fault: Fault,
    *,
    prices: Prices | None = None,
    freeze: Freeze | None = None,
    seconds: float = SECONDS,
) -> Repair:
    """The plan after a fault, with the cheapest changes found; raises faults.UnknownThing and
    problem.InvalidProblem for a fault that makes no sense, UnverifiedPlan if a rule were broken."""
    begin = time.monotonic()
    frozen = _frozen_slots(problem, freeze or Freeze())
    after = apply(problem, fault)
    return rework(
        after,
        plan,
        prices=prices or Prices(),
        frozen_slots=frozen,
        frozen=(freeze or Freeze()).meetings,
        newcomers=newcomers(fault),
        begin=begin,
        seconds=seconds,
    )


def _frozen_slots(problem: Problem, freeze: Freeze) -> frozenset[Id]:
    if freeze.before is None:
        return frozenset()
    return frozenset(slot.id for slot in problem.slots[: problem.slot_rank(freeze.before)])


def rework(
    problem: Problem,
    plan: Solution,
    *,
    prices: Prices,
    frozen_slots: frozenset[Id] = frozenset(),
    frozen: frozenset[Meeting] = frozenset(),
    newcomers: frozenset[Id] = frozenset(),
    begin: float | None = None,
    seconds: float = SECONDS,
) -> Repair:
    """The cheapest way from a plan, made for another problem, to one that is right for this problem."""
    begin = time.monotonic() if begin is None else begin
    task = Task(compile_model(problem), plan, prices, frozen_slots, frozen, newcomers)
    changing = task.changing(begin + seconds)
    if not changing.solve():
        raise RuntimeError("no plan was found in the time")
    new, clash = task.plan_of(changing)
    diff = compare(plan, new)
    if clash is None and (broken := verify.violations(problem, new)):
        raise UnverifiedPlan(", ".join(sorted({one.rule for one in broken})))
    spent = cost(problem, diff, prices)
    points = spent - gained(problem, diff.added, newcomers, prices)
    bound = min(points, task.bound(changing.limit))
    passed = round(time.monotonic() - begin, 3)
    return Repair(problem, None if clash else new, diff, spent, points, bound, passed, clash)


@dataclass(slots=True)
class Task:
    """What may change and what it gains, in the columns of a model.

    `unit` is what one point weighs: below it, the plan that cancels less value is preferred.
    """

    model: Model
    plan: Solution
    prices: Prices
    frozen_slots: frozenset[Id] = frozenset()
    frozen: frozenset[Meeting] = frozenset()
    newcomers: frozenset[Id] = frozenset()
    owed: frozenset[Meeting] = frozenset()  # to be held, as if they were mandatory
    before: dict[Meeting, Assignment] = field(default_factory=dict)
    held: list[Assignment | None] = field(default_factory=list)  # by wish
    old: list[int] = field(default_factory=list)  # the column of each wish in the plan, or -1
    gone: int = 0  # meetings of the plan that are no longer asked for
    forced: set[int] = field(default_factory=set)
    gain: Ints = field(default_factory=ints)
    keep: list[bool] = field(default_factory=list)
    unit: int = 1
    constant: int = 0
    wish_of: Ints = field(default_factory=ints)
    slack: Ints = field(default_factory=ints)

    def __post_init__(self) -> None:
        self.before = {held.key: held for held in self.plan.assignments}
        self.held = [self.before.get(wish.key) for wish in self.model.wishes]
        asked = {wish.key for wish in self.model.wishes}
        self.gone = sum(key not in asked for key in self.before)
        self.gain = np.zeros(self.model.num_columns, dtype=np.int64)
        self.keep = [False] * self.model.num_columns
        self.old = [self._old(wish) for wish in range(len(self.held))]
        self.forced = {wish for wish, held in enumerate(self.held) if held and self._is_forced(wish)}
        cancelled = len(self.forced) + DISPLACED * self.model.num_slots * (
            len(self.newcomers) + len(self.owed)
        )
        self.unit = 1 + cancelled * max((wish.value for wish in self.model.wishes), default=0)
        firm = self._firm()
        for wish, held in enumerate(self.held):
            if held is not None:
                self._offer_changes(wish, held)
            elif self._is_offered(wish, firm):
                self._offer_new(wish)

    # What the plan has ----------------------------------------------------------------------------------

    def _old(self, wish: int) -> int:
        """The column that leaves all but perhaps the table as it is."""
        held, problem = self.held[wish], self.model.problem
        if held is None or not problem.knows(slot=held.slot):
            return -1
        start, ways = problem.slot_rank(held.slot), []
        for number in self.model.lines_of[wish]:
            line = self.model.lines[number]
            if line.starts >> start & 1 and self._same_people(line, held):
                column = line.first + (line.starts & ((1 << start) - 1)).bit_count()
                ways.append((not self._same_place(line, held), column))
        return min(ways)[1] if ways else -1

    def _same_people(self, line: Line, held: Assignment) -> bool:
        people = {self.model.problem.participants[person].id for person in line.team}
        if people != set(held.people):
            return False
        if line.helpers is not None:
            return held.interpreter in self.model.helpers[line.helpers].members
        return line.pool == NO_POOL or held.interpreter is None

    def _same_place(self, line: Line, held: Assignment) -> bool:
        if line.pool == NO_POOL:
            wish = self.model.wishes[line.wish]
            return wish.pinned_table == self.model.table_rank.get(held.table)
        return self.model.table_rank.get(held.table) in self.model.pools[line.pool].tables

    def _keeps_table(self, wish: int) -> bool:
        """The table of the old column is there throughout."""
        held, problem, column = self.held[wish], self.model.problem, self.old[wish]
        if held is None or not problem.knows(table=held.table):
            return False
        table = problem.table(held.table)
        if not self._same_place(self.model.lines[self.model.line[column]], held):
            return False
        need = any(problem.participants[one].step_free for one in self.model.team[column])
        is_open = all(table.is_open(slot) for slot in problem.spans(held))
        return is_open and (table.step_free or not need or self._is_pinned(wish))

    def _is_pinned(self, wish: int) -> bool:
        return self.model.wishes[wish].pinned_table is not None

    def _is_forced(self, wish: int) -> bool:
        return self.old[wish] < 0 or not self._keeps_table(wish)

    def _firm(self) -> frozenset[int]:
        """The rows that must have a least number."""
        lows = zip(self.model.low, self.model.hard, strict=True)
        return frozenset(row for row, (low, hard) in enumerate(lows) if low and hard)

    def _is_offered(self, wish: int, firm: frozenset[int]) -> bool:
        """Only what somebody is owed: to put in another meeting never makes room for others."""
        one = self.model.wishes[wish]
        columns = self.model.columns(wish)
        return (
            one.mandatory
            or one.key in self.owed
            or not self.newcomers.isdisjoint(one.key)
            or any(row in firm for column in columns for row in self.model.rows[column])
        )

    # What changes gain ----------------------------------------------------------------------------------

    def _offer_changes(self, wish: int, held: Assignment) -> None:
        """All ways to hold the meeting, each gaining what cancelling it costs less the price of the change."""
        prices, old = self.prices, self.old[wish]
        frozen = held.slot in self.frozen_slots or held.key in self.frozen
        one = self.model.wishes[wish]
        stays = self.unit * (prices.cancel + prices.broken * one.mandatory) + one.value
        self.constant += stays
        for number in self.model.lines_of[wish] if not frozen else ():
            self._offer_line(number, held, stays)
        if old >= 0:
            self.keep[old] = True
            self.gain[old] = stays - self.unit * (0 if self._keeps_table(wish) else prices.table)

    def _offer_line(self, number: int, held: Assignment, stays: int) -> None:
        prices, line, problem = self.prices, self.model.lines[number], self.model.problem
        people = 0 if self._same_people(line, held) else prices.people
        for column in line.columns:
            start = problem.slots[self.model.start[column]].id
            if start not in self.frozen_slots:
                same = start == held.slot
                place = prices.table if not self._same_place(line, held) else 0
                self.keep[column] = True
                self.gain[column] = stays - self.unit * (people + (place if same else prices.move))

    def _offer_new(self, wish: int) -> None:
        one, prices = self.model.wishes[wish], self.prices
        must = one.mandatory or one.key in self.owed
        gain = prices.broken * must - prices.new
        if not self.newcomers.isdisjoint(one.key):
            gain += prices.value * one.value + prices.must * one.must
        self.constant += self.unit * prices.broken * must
        for column in self.model.columns(wish):
            if self.model.problem.slots[self.model.start[column]].id not in self.frozen_slots:
                self.keep[column] = True
                self.gain[column] = self.unit * gain

    # The programme --------------------------------------------------------------------------------------

    def changing(self, deadline: float) -> Changing:
        """The programme, with those free that the fault hits and those that are owed a meeting."""
        programme, columns, number = self._programme()
        groups = len(self.wish_of)
        old = np.full(groups, -1, dtype=np.int64)
        held = ints(self.old)[self.wish_of]
        old[held >= 0] = number[held[held >= 0]]
        free = (old < 0) | np.isin(self.wish_of, sorted(self.forced))
        step = self.unit * max(1, self.prices.move)
        return Changing(programme, columns, old, free, deadline, self.unit, self.constant, step)

    def _programme(self) -> tuple[Programme, Ints, Ints]:
        arrays, keep = self.model.arrays, np.array(self.keep, dtype=np.bool_)
        columns = np.flatnonzero(keep).astype(np.int64)
        number = np.cumsum(keep) - 1
        self.wish_of, group = np.unique(arrays.wish[columns], return_inverse=True)
        programme = Programme()
        programme.required = np.zeros(len(self.wish_of), dtype=np.bool_)
        programme.add_columns(self.gain[columns], high=1, integer=True, group=group)
        for entry, key, most in (
            (arrays.person_column, arrays.person_slot, None),
            (arrays.row_column, arrays.row, ints(self.model.capacity)),
        ):
            kept = keep[entry]
            keys, row = np.unique(key[kept], return_inverse=True)
            high = np.ones(len(keys), dtype=np.int64) if most is None else most[keys]
            rows = programme.add_rows(np.full(len(keys), -FREE), high)
            programme.add_entries(rows[row], number[entry[kept]], 1)
            if most is not None:
                self._lows(programme, keys, rows)
                self._displaced(programme, number, keys, rows)
        return programme, columns, number

    def _lows(self, programme: Programme, keys: Ints, rows: Ints) -> None:
        """held + slack >= low where it must be reached."""
        low, hard = ints(self.model.low)[keys], np.array(self.model.hard, dtype=np.bool_)[keys]
        wanted = np.flatnonzero((low > 0) & hard)
        programme.row_low[rows[wanted]] = low[wanted]
        price = -self.unit * self.prices.broken
        slack = programme.add_columns(
            np.full(len(wanted), price, dtype=np.int64), high=low[wanted], integer=True
        )
        programme.add_entries(rows[wanted], slack, 1)
        self.slack = slack

    def _displaced(self, programme: Programme, number: Ints, keys: Ints, rows: Ints) -> None:
        """Who needs a step-free table takes it from who does not, at the price of another table."""
        row_of = dict(zip(keys.tolist(), rows.tolist(), strict=True))
        place: dict[tuple[int, int], int] = {}
        for column in np.flatnonzero(self.keep).tolist():
            for row in self.model.rows[column]:
                if self.model.rule[row] == "step_free":
                    place[self.model.lines[self.model.line[column]].pool, self.model.start[column]] = row
        sitting: dict[int, list[int]] = {}
        for wish, column in enumerate(self.old):
            if column >= 0 and self._sits_step_free(wish, column):
                where = self.model.lines[self.model.line[column]].pool, self.model.start[column]
                if where in place:
                    sitting.setdefault(place[where], []).append(int(number[column]))
        price = -self.unit * self.prices.table
        for row, columns in sitting.items():
            new = programme.add_rows(ints([-FREE]), ints([self.model.capacity[row]]))
            among = programme.entry_column[programme.entry_row == row_of[row]]
            spare = programme.add_columns(ints([price]), high=len(columns), integer=True)
            programme.add_entries(np.repeat(new, len(among)), among, 1)
            programme.add_entries(np.repeat(new, len(columns)), ints(columns), 1)
            programme.add_entries(new, spare, -1)

    def _sits_step_free(self, wish: int, column: int) -> bool:
        held, problem = self.held[wish], self.model.problem
        need = any(problem.participants[one].step_free for one in self.model.team[column])
        if held is None or need or self._is_pinned(wish) or not self._keeps_table(wish):
            return False
        return problem.table(held.table).step_free

    # What comes back ------------------------------------------------------------------------------------

    def plan_of(
        self, changing: Changing, closed: Mapping[int, int] | None = None
    ) -> tuple[Solution, str | None]:
        """The plan with tables, and in words what could not be kept of what must be."""
        state = State.empty(self.model)
        chosen = changing.columns[changing.chosen[changing.chosen < len(changing.columns)]]
        for column in chosen.tolist():
            if not state.fits(column):
                raise UnverifiedPlan("the programme chose columns that clash")
            state.put(column)
        if not (changing.is_proven or self.owed):
            self._insert(state)
        frozen = frozenset(
            wish
            for wish, held in enumerate(self.held)
            if held and (held.slot in self.frozen_slots or held.key in self.frozen)
        )
        clash = (
            f"{state.hard_short} of the meetings that must be held cannot be" if state.hard_short else None
        )
        return reseat(state, self.before, frozen, closed or {}), clash

    def _insert(self, state: State) -> None:
        """Cancelled meetings are held after all where moving a few others gains more."""
        lost = (wish for wish, held in enumerate(self.held) if held and state.held[wish] < 0)
        for wish in sorted(lost, key=lambda one: -self.model.wishes[one].value):
            mark = state.mark()
            if kempe.insert(state, wish) and self._gained(state.log[mark:]) <= 0:
                state.undo(mark)

    def _gained(self, log: list[int]) -> int:
        """What the steps gain; nothing when one of them is not offered."""
        total = 0
        for step in log:
            if not self.keep[step if step >= 0 else ~step]:
                return 0
            total += int(self.gain[step]) if step >= 0 else -int(self.gain[~step])
        return total

    def bound(self, limit: int) -> int:
        """The fewest points of any plan, from the most that any gains."""
        return (self.constant - limit) // self.unit + self.prices.cancel * self.gone
