"""The cheapest single change that serves a wish: all levers at once in one programme, at most one pulled."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scheduling import verify
from scheduling.diff import compare
from scheduling.possible import Possible
from scheduling.problem import Id, Meeting, Pair, Participant, Problem
from scheduling.remedy import (
    PRICES,
    Kind,
    Lever,
    Remedy,
    forbidding,
    needs_interpreter,
    new_interpreter,
    new_slot,
    new_table,
    pull,
)
from scheduling.repair import Prices, cost
from scheduling.solution import Solution
from scheduling.solvers.changing import Changing
from scheduling.solvers.model import Model, compile_model
from scheduling.solvers.programme import FREE, ints
from scheduling.solvers.repairing import Task
from scheduling.solving import UnverifiedPlan

SECONDS = 1.2
DEAREST = 2_000  # points; a wish that would cost more counts as impossible to serve


class NotAsked(ValueError):
    """The wish is not a pair of this fair, or is served already."""


class Undecided(Exception):
    """Time ran out before a way was found or excluded."""


def remedy(
    problem: Problem,
    plan: Solution,
    wish: Meeting,
    *,
    prices: Prices | None = None,
    seconds: float = SECONDS,
) -> Remedy | None:
    """The cheapest lever, with the changes of the plan it takes, that serves a wish; None when no single lever
    does (proven). Raises NotAsked, Undecided, and UnverifiedPlan if a rule were broken."""
    begin = time.monotonic()
    asked = problem.wish(tuple(sorted(wish)))
    if not isinstance(asked, Pair):
        raise NotAsked(f"{wish}: is not a wished pair")
    if asked.key in plan.meetings:
        raise NotAsked(f"{wish}: is held already")
    prices = replace(prices or Prices(), broken=DEAREST)
    wide = _Wide(problem, asked)
    task = Task(compile_model(wide.problem), plan, prices, owed=frozenset({asked.key}))
    changing = task.changing(begin + seconds)
    levers = wide.post(task, changing)
    if not changing.solve():
        raise RuntimeError("no plan was found in the time")
    lever = _pulled(changing, levers)
    new, _ = task.plan_of(changing, wide.closed(task.model, lever))
    if asked.key not in new.meetings:
        if changing.is_proven:
            return None
        raise Undecided(f"{wish}: nothing was found in {seconds} s, nor a proof that nothing is there")
    after = pull(problem, asked, lever)
    if broken := verify.violations(after, new):
        raise UnverifiedPlan(", ".join(sorted({one.rule for one in broken})))
    diff = compare(plan, new)
    points = PRICES[lever.kind] + cost(after, diff, prices)
    bound = min(points, task.bound(changing.limit))
    return Remedy(asked.key, lever, after, new, diff, points, bound, round(time.monotonic() - begin, 3))


def _pulled(changing: Changing, levers: dict[int, Lever]) -> Lever:
    chosen = (levers[one] for one in changing.chosen.tolist() if one in levers)
    return next(chosen, Lever(Kind.PLAN))


@dataclass(frozen=True, slots=True)
class _Limit:
    """The columns chosen by `counts` are at most `most`, one more when the lever is pulled."""

    lever: Lever
    columns: list[int]
    most: int


class _Wide:
    """The fair with every lever pulled at once, and the limits that hold until one is."""

    def __init__(self, problem: Problem, wish: Pair) -> None:
        self.before, self.wish = problem, wish
        self.kept_apart = forbidding(problem, wish)
        self.table, self.slot = new_table(problem, wish), new_slot(problem)
        self.helper = new_interpreter(problem, wish) if needs_interpreter(problem, wish) else None
        for lever in self.kept_apart:
            problem = pull(problem, wish, lever)
        sides = [problem.participant(one).organisation for one in wish.people]
        limits = dict(problem.organisation_limits)
        if sides[0] != sides[1]:
            limits[min(sides), max(sides)] = problem.organisation_limit(*sides) + 1
        slots = (*problem.slots, self.slot)
        everywhen = tuple(slot.id for slot in slots)
        self.problem = replace(
            problem,
            slots=slots,
            tables=(*problem.tables, self.table),
            participants=tuple(
                _widened(one, everywhen) if one.id in wish.people else one for one in problem.participants
            ),
            pairs=tuple(replace(one, available=None) if one is wish else one for one in problem.pairs),
            interpreters=(*problem.interpreters, self.helper) if self.helper else problem.interpreters,
            organisation_limits=limits,
        )

    def closed(self, model: Model, lever: Lever) -> dict[int, int]:
        """When the new table is not there."""
        mask = (1 << model.num_slots) - 1
        if lever.kind is Kind.TABLE and lever.slot is not None:
            mask ^= 1 << model.problem.slot_rank(lever.slot)
        return {model.table_rank[self.table.id]: mask}

    def post(self, task: Task, changing: Changing) -> dict[int, Lever]:
        """The limits are in the programme, with a variable for each lever, of which one may be 1."""
        programme, number = changing.whole, {}
        for variable, column in enumerate(changing.columns.tolist()):
            number[column] = variable
        group, levers = len(changing.old), {}
        variables: dict[Lever, int] = {}
        for limit in self._limits(task.model, sorted(number)):
            if limit.lever not in variables:
                price = ints([-task.unit * PRICES[limit.lever.kind]])
                (new,) = programme.add_columns(price, high=1, integer=True, group=ints([group])).tolist()
                variables[limit.lever], levers[new] = new, limit.lever
            row = programme.add_rows(ints([-FREE]), ints([limit.most]))
            counted = ints([number[column] for column in limit.columns])
            programme.add_entries(np.repeat(row, len(counted)), counted, 1)
            programme.add_entries(row, ints([variables[limit.lever]]), -1)
        if variables:
            programme.required = np.append(programme.required, False)
            changing.old, changing.free = np.append(changing.old, -1), np.append(changing.free, True)
        self._free_theirs(task, changing)
        return levers

    def _free_theirs(self, task: Task, changing: Changing) -> None:
        """What the two have may change from the start: a good plan early makes the proof short."""
        people = {
            rank for rank, one in enumerate(task.model.problem.participants) if one.id in self.wish.people
        }
        for group, wish in enumerate(task.wish_of.tolist()):
            if task.old[wish] >= 0 and not people.isdisjoint(task.model.team[task.old[wish]]):
                changing.free[group] = True

    # Limits ---------------------------------------------------------------------------------------------

    def _limits(self, model: Model, columns: list[int]) -> Iterator[_Limit]:
        rank = {person.id: number for number, person in enumerate(model.problem.participants)}
        of = {
            person: [one for one in columns if rank[person] in model.team[one]] for person in self.wish.people
        }
        found = [
            *self._personal(model, of),
            *self._present(model, of),
            *self._tables(model, columns),
            *self._own(model, columns),
        ]
        yield from (limit for limit in found if limit.columns)

    def _personal(self, model: Model, of: dict[Id, list[int]]) -> Iterator[_Limit]:
        """Maxima of each of the two."""
        days = [slot.day for slot in model.problem.slots]
        for person, columns in of.items():
            one = self.before.participant(person)
            if one.max is not None:
                yield _Limit(Lever(Kind.MAXIMUM, person), columns, one.max)
            if one.max_per_day is not None:
                for day in sorted(set(days)):
                    there = [column for column in columns if days[model.start[column]] == day]
                    yield _Limit(Lever(Kind.MAXIMUM_PER_DAY, person), there, one.max_per_day)
            other = self.before.participant(self.wish.b if person == self.wish.a else self.wish.a)
            for limit in one.type_limits:
                if limit.max is not None and limit.type == other.type:
                    met = [column for column in columns if _meets(model, column, one, limit.type)]
                    yield _Limit(Lever(Kind.MAXIMUM_PER_TYPE, person), met, limit.max)

    def _present(self, model: Model, of: dict[Id, list[int]]) -> Iterator[_Limit]:
        """Slots at which one of the two is away, and the new one."""
        for person, columns in of.items():
            here = set(self.before.participant(person).available)
            for rank, slot in enumerate(model.problem.slots):
                if slot.id not in here:
                    is_new = slot.id == self.slot.id
                    lever = Lever(Kind.SLOT) if is_new else Lever(Kind.PRESENCE, person, slot.id)
                    yield _Limit(lever, [one for one in columns if model.mask[one] >> rank & 1], 0)

    def _tables(self, model: Model, columns: list[int]) -> Iterator[_Limit]:
        """Places at each slot without the new table."""
        new = model.table_rank[self.table.id]
        pool = next(rank for rank, one in enumerate(model.pools) if new in one.tables)
        inside = [one for one in columns if model.lines[model.line[one]].pool == pool]
        people = model.problem.participants
        needing = [one for one in inside if any(people[person].step_free for person in model.team[one])]
        for rank, slot in enumerate(model.problem.slots):
            lever = Lever(Kind.TABLE, None, slot.id)
            without = (
                model.pools[pool].capacity[rank] - 1,
                model.pools[pool].step_free[rank] - self.table.step_free,
            )
            for held, most in zip((inside, needing), without, strict=True):
                there = [one for one in held if model.mask[one] >> rank & 1]
                yield _Limit(lever, there, most)

    def _own(self, model: Model, columns: Sequence[int]) -> Iterator[_Limit]:
        """What concerns this meeting, and the two organisations, alone."""
        wish = next((rank for rank, one in enumerate(model.wishes) if one.key == self.wish.key), -1)
        own = [one for one in columns if model.wish[one] == wish]
        possible, persons = Possible(self.before), model.problem.participants
        apart = [
            one for one in own if not possible.may_meet(tuple(persons[who].id for who in model.team[one]))
        ]
        for lever in self.kept_apart:
            yield _Limit(lever, apart, 0)
        if self.wish.available is not None:
            slots = model.problem.slots
            yield _Limit(
                Lever(Kind.START),
                [one for one in own if slots[model.start[one]].id not in self.wish.available],
                0,
            )
        if self.helper is not None:
            yield from self._helped(model, columns)
        sides = {self.before.participant(one).organisation for one in self.wish.people}
        together = [one for one in columns if sides <= {persons[who].organisation for who in model.team[one]}]
        if len(sides) == 2:
            most = self.before.organisation_limit(*sorted(sides))
            yield _Limit(Lever(Kind.ORGANISATIONS), together, most)

    def _helped(self, model: Model, columns: Sequence[int]) -> Iterator[_Limit]:
        """Interpreters like the new one at each slot, without it."""
        if self.helper is None:
            return
        group = next(rank for rank, one in enumerate(model.helpers) if self.helper.id in one.members)
        helped = [one for one in columns if model.lines[model.line[one]].helpers == group]
        for rank, most in enumerate(model.helpers[group].capacity):
            there = [one for one in helped if model.mask[one] >> rank & 1]
            yield _Limit(Lever(Kind.INTERPRETER), there, most - 1)


def _widened(one: Participant, everywhen: tuple[Id, ...]) -> Participant:
    return replace(
        one,
        available=everywhen,
        max=None if one.max is None else one.max + 1,
        max_per_day=None if one.max_per_day is None else one.max_per_day + 1,
        type_limits=tuple(
            replace(limit, max=None if limit.max is None else limit.max + 1) for limit in one.type_limits
        ),
    )


def _meets(model: Model, column: int, one: Participant, kind: str) -> bool:
    people = (model.problem.participants[person] for person in model.team[column])
    return any(other.type == kind and other.organisation != one.organisation for other in people)
