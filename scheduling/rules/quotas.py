"""How many meetings: most and fewest per person, day and type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scheduling.rules.register import Violation, rule

if TYPE_CHECKING:
    from scheduling.problem import Participant, Problem
    from scheduling.solution import Assignment, Solution


def _agendas(problem: Problem, solution: Solution) -> Iterator[tuple[Participant, tuple[Assignment, ...]]]:
    """Everybody who has a meeting."""
    for person, agenda in solution.by_participant.items():
        yield problem.participant(person), agenda


def _by_day(problem: Problem, agenda: Sequence[Assignment]) -> dict[int, list[Assignment]]:
    days = defaultdict(list)
    for held in agenda:
        days[problem.slot(held.slot).day].append(held)
    return days


def _with_type(
    problem: Problem, person: Participant, agenda: Sequence[Assignment], kind: str
) -> list[Assignment]:
    """The meetings with somebody of that type from another organisation."""
    return [
        held
        for held in agenda
        if any(
            other.type == kind and other.organisation != person.organisation
            for other in map(problem.participant, held.people)
        )
    ]


@rule
def maximum(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """held(p) <= max(p)."""
    for person, held in _agendas(problem, solution):
        if person.max is not None and len(held) > person.max:
            args = (("participant", person.id), ("limit", person.max), ("held", len(held)))
            yield Violation("maximum", args, tuple(held))


@rule
def maximum_per_day(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Meetings of p on one day <= max_per_day(p)."""
    for person, agenda in _agendas(problem, solution):
        if person.max_per_day is None:
            continue
        for day, group in _by_day(problem, agenda).items():
            if len(group) > person.max_per_day:
                who = (("participant", person.id), ("day", day))
                limit = (("limit", person.max_per_day), ("held", len(group)))
                yield Violation("maximum_per_day", (*who, *limit), tuple(group))


@rule
def maximum_per_type(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Meetings of p with at least one counterpart of the type <= max(p, type)."""
    for person, agenda in _agendas(problem, solution):
        for limit in person.type_limits:
            if limit.max is None:
                continue
            group = _with_type(problem, person, agenda, limit.type)
            if len(group) > limit.max:
                who = (("participant", person.id), ("type", limit.type))
                figures = (("limit", limit.max), ("held", len(group)))
                yield Violation("maximum_per_type", (*who, *figures), tuple(group))


@rule
def hard_minimum(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Where the organiser made the minima of p hard: held(p) >= min(p), on each day with an available slot
    held(p, day) >= min_per_day(p), and with each limited type held(p, type) >= min(p, type)."""
    for person in problem.participants:
        if not person.hard_min:
            continue
        agenda = solution.by_participant.get(person.id, ())
        for about, least, held in _minima(problem, person, agenda):
            if held < least:
                figures = (("limit", least), ("held", held))
                yield Violation("hard_minimum", (("participant", person.id), *about, *figures))


def _minima(
    problem: Problem, person: Participant, agenda: Sequence[Assignment]
) -> Iterator[tuple[tuple[tuple[str, object], ...], int, int]]:
    """What each minimum is about, the figure asked and the figure held."""
    yield (), person.min, len(agenda)
    days = _by_day(problem, agenda)
    for day in dict.fromkeys(problem.slot(slot).day for slot in person.available):
        yield (("day", day),), person.min_per_day, len(days.get(day, ()))
    for limit in person.type_limits:
        met = _with_type(problem, person, agenda, limit.type)
        yield (("type", limit.type),), limit.min, len(met)
