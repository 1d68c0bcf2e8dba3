"""The problem as small integers for the solvers: who may meet, when, and out of which pool of tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from scheduling.problem import Id, Meeting, Pair, Participant, Problem, meeting_key


@dataclass(frozen=True, slots=True)
class Pool:
    """Interchangeable places: the stands of one organisation, or all ordinary tables (organisation None).

    `capacity` and `step_free` count the open places per slot, those of pins taken off. A meeting that needs a
    step-free place counts against both; that family is laminar, so counting is enough (Hall).
    """

    organisation: Id | None
    tables: tuple[int, ...]
    capacity: tuple[int, ...]
    step_free: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A meeting that no static rule forbids; people are 0-based, `options` its (slot, pool) choices."""

    a: int
    b: int
    value: int
    must: bool
    mandatory: bool
    step_free: bool
    sides: int
    options: tuple[tuple[int, int], ...]
    pin: tuple[int, int] | None = None  # slot, table


@dataclass(frozen=True, slots=True)
class Person:
    """Limits of one person, in meetings."""

    min: int
    max: int
    max_per_day: int
    hard_min: bool
    stay_put: bool
    attainable: int


@dataclass(frozen=True, slots=True)
class Index:
    """Everything a solver reads; `hopeless` are mandatory meetings that a static rule forbids."""

    problem: Problem
    num_slots: int
    day: tuple[int, ...]
    session: tuple[int, ...]
    people: tuple[Person, ...]
    pools: tuple[Pool, ...]
    candidates: tuple[Candidate, ...]
    side_limits: tuple[int, ...]
    of_person: tuple[tuple[int, ...], ...]
    hopeless: tuple[Meeting, ...]


def index(problem: Problem) -> Index:
    """The integer view of a problem; candidates are sorted by id pair, so that runs repeat."""
    from scheduling.scoring import attainable

    pools = _pools(problem)
    candidates, limits, hopeless = _Candidates(problem, pools).build()
    best = attainable(problem)
    of_person: list[list[int]] = [[] for _ in problem.participants]
    for number, candidate in enumerate(candidates):
        of_person[candidate.a].append(number)
        of_person[candidate.b].append(number)
    return Index(
        problem,
        len(problem.slots),
        tuple(slot.day for slot in problem.slots),
        tuple(slot.session for slot in problem.slots),
        tuple(_person(problem, person, best.get(person.id, 0)) for person in problem.participants),
        pools,
        candidates,
        limits,
        tuple(map(tuple, of_person)),
        hopeless,
    )


def _person(problem: Problem, person: Participant, best: int) -> Person:
    most = len(problem.slots)
    high = most if person.max is None else person.max
    per_day = most if person.max_per_day is None else person.max_per_day
    return Person(person.min, high, per_day, person.hard_min, person.stay_put, best)


def _pools(problem: Problem) -> tuple[Pool, ...]:
    groups: dict[Id | None, list[int]] = defaultdict(list)
    for number, table in enumerate(problem.tables):
        groups[table.organisation].append(number)
    pinned = {(pin.table, pin.slot) for pin in problem.pins}

    def count(tables: list[int], step_free: bool) -> tuple[int, ...]:
        places = [problem.tables[table] for table in tables]
        fit = [place for place in places if place.step_free or not step_free]
        return tuple(
            sum(place.is_open(slot.id) and (place.id, slot.id) not in pinned for place in fit)
            for slot in problem.slots
        )

    return tuple(
        Pool(organisation, tuple(tables), count(tables, False), count(tables, True))
        for organisation, tables in groups.items()
    )


class _Candidates:
    """Builds the candidate meetings, each with the pools its stand and step-free rules leave."""

    def __init__(self, problem: Problem, pools: tuple[Pool, ...]) -> None:
        self.problem, self.pools = problem, pools
        self.rank = {person.id: number for number, person in enumerate(problem.participants)}
        self.table_rank = {table.id: number for number, table in enumerate(problem.tables)}
        self.pool_of = {pool.organisation: number for number, pool in enumerate(pools)}
        self.free = [frozenset(map(problem.slot_rank, person.available)) for person in problem.participants]
        self.excluded = {meeting_key(*pair) for pair in problem.exclusions}
        self.refused = set(problem.no_thanks)
        self.sides: dict[tuple[Id, Id], int] = {}

    def build(self) -> tuple[tuple[Candidate, ...], tuple[int, ...], tuple[Meeting, ...]]:
        wished = {pair.key: pair for pair in self.problem.pairs}
        mandatory = {meeting_key(*meeting) for meeting in self.problem.mandatory}
        pins = {pin.key: pin for pin in self.problem.pins}
        found, hopeless = [], []
        for key in sorted({*wished, *mandatory, *pins}):
            pin = None
            if key in pins:
                chosen = pins[key]
                pin = (self.problem.slot_rank(chosen.slot), self.table_rank[chosen.table])
            candidate = self._candidate(key, wished.get(key), key in mandatory, pin)
            if candidate is not None:
                found.append(candidate)
            elif key in mandatory:
                hopeless.append(key)
        limits = tuple(self.problem.organisation_limit(*sides) for sides in self.sides)
        return tuple(found), limits, tuple(hopeless)

    def _candidate(
        self, key: Meeting, pair: Pair | None, mandatory: bool, pin: tuple[int, int] | None
    ) -> Candidate | None:
        a, b = self.rank[key[0]], self.rank[key[1]]
        first, second = self.problem.participants[a], self.problem.participants[b]
        step_free = first.step_free or second.step_free
        options = () if self._forbidden(first, second) else self._options(a, b, step_free)
        if pin is None and not options:
            return None
        sides = meeting_key(first.organisation, second.organisation)
        return Candidate(
            a,
            b,
            pair.value if pair else 0,
            bool(pair and pair.is_must),
            mandatory,
            step_free,
            self.sides.setdefault(sides, len(self.sides)),
            options,
            pin,
        )

    def _forbidden(self, first: Participant, second: Participant) -> bool:
        rules = self.problem.type_rules
        kinds = (min(first.type, second.type), max(first.type, second.type))
        sides = meeting_key(first.organisation, second.organisation)
        return (
            first.organisation == second.organisation
            or sides in self.excluded
            or (first.id, second.organisation) in self.refused
            or (second.id, first.organisation) in self.refused
            or (rules is not None and kinds not in rules)
        )

    def _options(self, a: int, b: int, step_free: bool) -> tuple[tuple[int, int], ...]:
        people = (self.problem.participants[a], self.problem.participants[b])
        stands = sorted({self.pool_of.get(person.organisation, -1) for person in people} - {-1})
        usable = [pool for pool in stands if self._usable(pool, step_free)]
        ordinary = [self.pool_of[None]] if None in self.pool_of else []
        found = []
        for slot in sorted(self.free[a] & self.free[b]):
            for number in usable or ordinary:
                pool = self.pools[number]
                if (pool.step_free if step_free else pool.capacity)[slot] > 0:
                    found.append((slot, number))
        return tuple(found)

    def _usable(self, pool: int, step_free: bool) -> bool:
        tables = (self.problem.tables[table] for table in self.pools[pool].tables)
        return any((table.step_free or not step_free) and table.available != () for table in tables)
