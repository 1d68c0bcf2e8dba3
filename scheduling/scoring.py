"""What a better plan is: named integer terms, each defined here and nowhere else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from scheduling.possible import Possible
from scheduling.problem import Group, Mode, TermName

if TYPE_CHECKING:
    from scheduling.problem import Id, Pair, Participant, Problem
    from scheduling.solution import Assignment, Solution

PER_MILLE, PER_CENT = 1000, 100


class Sense(StrEnum):
    """Whether more or less of a term is better."""

    MAX = "max"
    MIN = "min"


SENSES: Mapping[TermName, Sense] = {
    TermName.MUST_MEETS: Sense.MAX,
    TermName.VALUE: Sense.MAX,
    TermName.MIN_SHORTFALL: Sense.MIN,
    TermName.FAIRNESS: Sense.MAX,
    TermName.BREAKS: Sense.MIN,
    TermName.TABLE_MOVES: Sense.MIN,
    TermName.CROSS_SILO: Sense.MAX,
    TermName.CHANGES: Sense.MIN,
    TermName.WALKING: Sense.MIN,
}


@dataclass(frozen=True, slots=True)
class Term:
    """A value with its proven bound, or None where nothing is proven; `proof` names the argument."""

    name: TermName
    sense: Sense
    value: int
    bound: int | None = None
    proof: str | None = None

    @property
    def gap(self) -> float | None:
        """Distance to the bound relative to the larger of the two; None without a proven one."""
        if self.bound is None:
            return None
        return abs(self.bound - self.value) / max(1, abs(self.bound), abs(self.value))


def score(problem: Problem, solution: Solution) -> tuple[Term, ...]:
    """All terms the fair uses, without bounds, in the order of `TermName`."""
    return tuple(Term(name, SENSES[name], value) for name, value in values(problem, solution).items())


def values(problem: Problem, solution: Solution) -> dict[TermName, int]:
    """The bare values of the terms the fair uses."""
    count: Mapping[TermName, Callable[[], int]] = {
        TermName.MUST_MEETS: lambda: must_meets(problem, solution),
        TermName.VALUE: lambda: value(problem, solution),
        TermName.MIN_SHORTFALL: lambda: sum(shortfalls(problem, solution).values()),
        TermName.FAIRNESS: lambda: fairness(problem, solution),
        TermName.BREAKS: lambda: sum(breaks(problem, solution).values()),
        TermName.TABLE_MOVES: lambda: sum(table_moves(problem, solution).values()),
        TermName.CROSS_SILO: lambda: cross_silo(problem, solution),
        TermName.CHANGES: lambda: changes(problem, solution),
        TermName.WALKING: lambda: sum(walking(problem, solution).values()),
    }
    return {name: count[name]() for name in problem.terms()}


def rank(problem: Problem, found: Mapping[TermName, int]) -> tuple[int, ...]:
    """The plan's standing under the organiser's weights: larger is better, compared as tuples.

    A term the fair does not use counts nothing.
    """
    weights = problem.weights
    order = [TermName(name) for name in weights.order]
    signed = [found.get(name, 0) * (1 if SENSES[name] is Sense.MAX else -1) for name in order]
    if weights.mode is Mode.LEXICOGRAPHIC:
        return tuple(signed)
    return (sum(weights.of(name) * one for name, one in zip(order, signed, strict=True)),)


def level(prices: Mapping[TermName, int], found: Mapping[TermName, int]) -> int:
    """The priced sum of terms, those to be small counted negative; a term not found counts nothing."""
    return sum(
        price * found.get(name, 0) * (1 if SENSES[name] is Sense.MAX else -1)
        for name, price in prices.items()
    )


def worth(problem: Problem, wish: Pair | Group) -> int:
    """The value of a wish times the mean credit of the people it names, rounded half up."""
    credit = sum(problem.participant(one).credit for one in wish.people)
    whole = PER_CENT * len(wish.people)
    return wish.value if credit == whole else (2 * wish.value * credit + whole) // (2 * whole)


def must_meets(problem: Problem, solution: Solution) -> int:
    """Held meetings that at least one side called a must."""
    held = solution.meetings
    return sum(1 for wish in problem.wishes if wish.is_must and wish.key in held)


def value(problem: Problem, solution: Solution) -> int:
    """Sum of what the wished meetings held are worth."""
    held = solution.meetings
    return sum(worth(problem, wish) for wish in problem.wishes if wish.key in held)


def shortfalls(problem: Problem, solution: Solution) -> dict[Id, int]:
    """Missing meetings of each person below a minimum, of those attended: max(0, min - held), of the fair, of
    each day with an available slot, and of each limited type, added up."""
    agendas = solution.by_participant
    missing = {}
    for person in problem.participants:
        if person.min > 0 or person.min_per_day > 0 or person.type_limits:
            lacking = sum(_lacking(problem, person, agendas.get(person.id, ())))
            if lacking:
                missing[person.id] = lacking
    return missing


def _lacking(problem: Problem, person: Participant, held: Sequence[Assignment]) -> Iterator[int]:
    yield max(0, person.min - len(held))
    if person.min_per_day:
        days = Counter(problem.slot(one.slot).day for one in held)
        for day in {problem.slot(slot).day for slot in person.available}:
            yield max(0, person.min_per_day - days[day])
    for limit in person.type_limits:
        met = sum(limit.type in counterpart_types(problem, person, one) for one in held)
        yield max(0, limit.min - met)


def counterpart_types(problem: Problem, person: Participant, held: Assignment) -> set[str]:
    """The types of those a person meets there: of other organisations than the own."""
    others = (problem.participant(one) for one in held.people)
    return {other.type for other in others if other.organisation != person.organisation}


def cross_silo(problem: Problem, solution: Solution) -> int:
    """Held meetings whose people have at least two different silos; an unknown one is none."""
    silo = {person.id: person.silo for person in problem.participants}
    together = ({silo[one] for one in held.people} - {None} for held in solution.assignments)
    return sum(len(silos) > 1 for silos in together)


def changes(problem: Problem, solution: Solution) -> int:
    """Meetings of the baseline that are not held at the slot they had there."""
    now = {(held.key, held.slot) for held in solution.assignments}
    return sum((held.key, held.slot) not in now for held in problem.baseline)


def fairness(problem: Problem, solution: Solution) -> int:
    """Mean satisfaction, per mille and rounded down, of the worst-served tenth of the people.

    The tenth has ceil(n / 10) people among the n whose `attainable` is positive, so up to ten people it is
    the worst-served person alone. With nobody to serve it is 1000. Averaging a tail keeps the term alive when
    one person cannot be served, and makes it linear (conditional value at risk; Rockafellar, Uryasev 2000).
    """
    ordered = sorted(satisfactions(problem, solution).values())
    if not ordered:
        return PER_MILLE
    worst = ordered[: tail(len(ordered))]
    return sum(worst) // len(worst)


def tail(num_people: int) -> int:
    """How many people make the worst-served tenth."""
    return -(-num_people // 10)


def satisfactions(problem: Problem, solution: Solution) -> dict[Id, int]:
    """Worth held per mille of the attainable, rounded down, of each person with something attainable.

    A wish is to the credit of the people it names, whoever went.
    """
    got: dict[Id, int] = defaultdict(int)
    held = solution.meetings
    for wish in problem.wishes:
        if wish.key in held:
            for one in wish.people:
                got[one] += worth(problem, wish)
    ceiling = attainable(problem)
    return {person: PER_MILLE * got[person] // most for person, most in ceiling.items() if most > 0}


def attainable(problem: Problem) -> dict[Id, int]:
    """The most worth each person could get alone at the fair: the best wished meetings that no static rule
    forbids and that share a time, as many as the person's maxima and free slots allow.

    A wish that a colleague may serve instead takes nothing of the person's own time and counts in full.
    """
    own: dict[Id, list[tuple[int, str | None]]] = defaultdict(list)
    shared: dict[Id, int] = defaultdict(int)
    possible = Possible(problem)
    for wish in filter(possible.wish, problem.wishes):
        gain = worth(problem, wish)
        for one, kind, own_time in _sides(problem, wish):
            shared[one] += 0 if own_time else gain
            if own_time:
                own[one].append((gain, kind))
    return {
        person.id: shared[person.id] + _best(problem, person, own[person.id])
        for person in problem.participants
        if person.id in shared
    }


def _sides(problem: Problem, wish: Pair | Group) -> Iterator[tuple[Id, str | None, bool]]:
    """Each person named, the one type that the counterpart must be of (None: several are met or may come), and
    whether it takes the person's own time, for nobody may go instead."""
    if isinstance(wish, Group):
        yield from ((one, None, True) for one in wish.members)
        return
    for one, other, colleagues, others in (
        (wish.a, wish.b, wish.a_instead, wish.b_instead),
        (wish.b, wish.a, wish.b_instead, wish.a_instead),
    ):
        yield one, None if others else problem.participant(other).type, not colleagues


def _best(problem: Problem, person: Participant, own: list[tuple[int, str | None]]) -> int:
    """The dearest meetings within the person's room and the maxima of types (with several counterparts: free).

    Taking the dearest first is exact: the limits are nested or apart.
    """
    room, total = _room(problem, person), 0
    left = {limit.type: limit.max for limit in person.type_limits if limit.max is not None}
    for value, kind in sorted(own, key=lambda one: -one[0]):
        if room <= 0:
            break
        if kind is not None and kind in left:
            if left[kind] <= 0:
                continue
            left[kind] -= 1
        total += value
        room -= 1
    return total


def _room(problem: Problem, person: Participant) -> int:
    """The most meetings the person's own limits and free slots allow."""
    days: dict[int, int] = defaultdict(int)
    for day, run in _free_runs(problem, person):
        rest = 0 if person.max_in_a_row is None else run // (person.max_in_a_row + 1)
        days[day] += run - rest
    most = person.max_per_day
    room = sum(free if most is None else min(free, most) for free in days.values())
    return room if person.max is None else min(room, person.max)


def _free_runs(problem: Problem, person: Participant) -> Iterator[tuple[int, int]]:
    """The day and the number of slots of each maximal run of available slots within a session."""
    ranks = sorted(map(problem.slot_rank, set(person.available)))
    found: list[tuple[int, int, int, int]] = []  # day, session, last rank, slots
    for rank in ranks:
        slot = problem.slots[rank]
        if found and found[-1][:3] == (slot.day, slot.session, rank - 1):
            found[-1] = (slot.day, slot.session, rank, found[-1][3] + 1)
        else:
            found.append((slot.day, slot.session, rank, 1))
    return ((day, run) for day, _, _, run in found)


def breaks(problem: Problem, solution: Solution) -> dict[Id, int]:
    """Maximal groups of idle slots between consecutive meetings of each person who has any.

    Idle slots count whether or not the person is available then (Bofill et al., JAIR 74, 2022); a group lies
    within one session, or within one day when the weights say `breaks_across_sessions`.
    """
    across = problem.weights.breaks_across_sessions
    found = {}
    for person, agenda in _agendas(problem, solution).items():
        gaps = 0
        for before, after in pairwise(agenda):
            together = _same_day(problem, before, after) if across else _same_session(problem, before, after)
            gaps += together and problem.slot_rank(after.slot) - _last_rank(problem, before) > 1
        if gaps:
            found[person] = gaps
    return found


def table_moves(problem: Problem, solution: Solution) -> dict[Id, int]:
    """Times each person changes table between consecutive meetings of one session."""
    found = {}
    for person, agenda in _agendas(problem, solution).items():
        moves = sum(
            before.table != after.table and _same_session(problem, before, after)
            for before, after in pairwise(agenda)
        )
        if moves:
            found[person] = moves
    return found


def walking(problem: Problem, solution: Solution) -> dict[Id, int]:
    """Minutes each person walks between the tables of consecutive meetings of one day."""
    found = {}
    for person, agenda in _agendas(problem, solution).items() if problem.walks else ():
        minutes = sum(
            problem.walk(before.table, after.table)
            for before, after in pairwise(agenda)
            if _same_day(problem, before, after)
        )
        if minutes:
            found[person] = minutes
    return found


def _same_session(problem: Problem, before: Assignment, after: Assignment) -> bool:
    here, there = problem.slot(before.slot), problem.slot(after.slot)
    return (here.day, here.session) == (there.day, there.session)


def _same_day(problem: Problem, before: Assignment, after: Assignment) -> bool:
    return problem.slot(before.slot).day == problem.slot(after.slot).day


def _last_rank(problem: Problem, held: Assignment) -> int:
    span = problem.spans(held)
    return problem.slot_rank(span[-1] if span else held.slot)


def _agendas(problem: Problem, solution: Solution) -> dict[Id, list[Assignment]]:
    return {
        person: sorted(held, key=lambda one: problem.slot_rank(one.slot))
        for person, held in solution.by_participant.items()
    }
