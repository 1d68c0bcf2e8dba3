"""What a better plan is: six named integer terms, each defined here and nowhere else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from scheduling.problem import Mode, TermName, meeting_key

if TYPE_CHECKING:
    from scheduling.problem import Id, Participant, Problem
    from scheduling.solution import Assignment, Solution

PER_MILLE = 1000


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
        """Distance to the bound relative to the bound; None without a proven one."""
        if self.bound is None:
            return None
        return abs(self.bound - self.value) / max(1, abs(self.bound))


def score(problem: Problem, solution: Solution) -> tuple[Term, ...]:
    """All terms of a plan, without bounds, in the order of `TermName`."""
    return tuple(Term(name, SENSES[name], value) for name, value in values(problem, solution).items())


def values(problem: Problem, solution: Solution) -> dict[TermName, int]:
    """The bare values of all terms."""
    return {
        TermName.MUST_MEETS: must_meets(problem, solution),
        TermName.VALUE: value(problem, solution),
        TermName.MIN_SHORTFALL: sum(shortfalls(problem, solution).values()),
        TermName.FAIRNESS: fairness(problem, solution),
        TermName.BREAKS: sum(breaks(problem, solution).values()),
        TermName.TABLE_MOVES: sum(table_moves(problem, solution).values()),
    }


def rank(problem: Problem, found: Mapping[TermName, int]) -> tuple[int, ...]:
    """The plan's standing under the organiser's weights: larger is better, compared as tuples."""
    weights = problem.weights
    signed = {name: found[name] if SENSES[name] is Sense.MAX else -found[name] for name in SENSES}
    order = [TermName(name) for name in weights.order]
    if weights.mode is Mode.LEXICOGRAPHIC:
        return tuple(signed[name] for name in order)
    return (sum(weights.of(name) * signed[name] for name in order),)


def must_meets(problem: Problem, solution: Solution) -> int:
    """Held meetings that at least one side called a must."""
    held = solution.meetings
    return sum(1 for pair in problem.pairs if pair.is_must and pair.key in held)


def value(problem: Problem, solution: Solution) -> int:
    """Sum of the values of the wished meetings held."""
    held = solution.meetings
    return sum(pair.value for pair in problem.pairs if pair.key in held)


def shortfalls(problem: Problem, solution: Solution) -> dict[Id, int]:
    """Missing meetings, max(0, min - held), of each person below the minimum."""
    held = Counter(one for assignment in solution.assignments for one in assignment.people)
    missing = {person.id: person.min - held[person.id] for person in problem.participants}
    return {person: count for person, count in missing.items() if count > 0}


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
    """Value held per mille of the attainable, rounded down, of each person with something attainable."""
    got: dict[Id, int] = defaultdict(int)
    held = solution.meetings
    for pair in problem.pairs:
        if pair.key in held:
            got[pair.a] += pair.value
            got[pair.b] += pair.value
    ceiling = attainable(problem)
    return {person: PER_MILLE * got[person] // most for person, most in ceiling.items() if most > 0}


def attainable(problem: Problem) -> dict[Id, int]:
    """The most value each person could get alone at the fair: the best wished meetings that no static rule
    forbids and that share a slot, as many as the person's maximum and free slots allow."""
    wished: dict[Id, list[int]] = defaultdict(list)
    forbidden = Forbidden(problem)
    for pair in problem.pairs:
        if not forbidden.meeting(pair.a, pair.b):
            wished[pair.a].append(pair.value)
            wished[pair.b].append(pair.value)
    return {
        person.id: sum(sorted(wished[person.id], reverse=True)[: _room(problem, person)])
        for person in problem.participants
        if person.id in wished
    }


def _room(problem: Problem, person: Participant) -> int:
    days = Counter(problem.slot(slot).day for slot in set(person.available))
    most = person.max_per_day
    room = sum(free if most is None else min(free, most) for free in days.values())
    return room if person.max is None else min(room, person.max)


class Forbidden:
    """The rules that forbid a meeting whatever its slot and table."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.free = {person.id: frozenset(person.available) for person in problem.participants}
        self.exclusions = {meeting_key(*pair) for pair in problem.exclusions}
        self.refused = set(problem.no_thanks)

    def meeting(self, a: Id, b: Id) -> bool:
        first, second = self.problem.participant(a), self.problem.participant(b)
        sides = meeting_key(first.organisation, second.organisation)
        kinds = (min(first.type, second.type), max(first.type, second.type))
        return (
            first.organisation == second.organisation
            or sides in self.exclusions
            or self.problem.organisation_limit(*sides) == 0
            or (a, second.organisation) in self.refused
            or (b, first.organisation) in self.refused
            or (self.problem.type_rules is not None and kinds not in self.problem.type_rules)
            or not self.free[a] & self.free[b]
        )


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
            here, there = problem.slot(before.slot), problem.slot(after.slot)
            together = here.day == there.day if across else here.session == there.session
            gaps += together and problem.slot_rank(there.id) - problem.slot_rank(here.id) > 1
        if gaps:
            found[person] = gaps
    return found


def table_moves(problem: Problem, solution: Solution) -> dict[Id, int]:
    """Times each person changes table between consecutive meetings of one session."""
    found = {}
    for person, agenda in _agendas(problem, solution).items():
        moves = sum(
            before.table != after.table
            and problem.slot(before.slot).session == problem.slot(after.slot).session
            for before, after in pairwise(agenda)
        )
        if moves:
            found[person] = moves
    return found


def _agendas(problem: Problem, solution: Solution) -> dict[Id, list[Assignment]]:
    return {
        person: sorted(held, key=lambda one: problem.slot_rank(one.slot))
        for person, held in solution.by_participant.items()
    }
