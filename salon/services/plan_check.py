"""A draft against the rules as they are now: exclusions, absences and wishes may have come since its run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from salon.enums import RunPreset, WishLevel
from salon.errors import DomainError
from salon.models import Edition
from salon.queries import planning as reads
from salon.services.drafts import Place
from salon.services.planning_presets import Choice, weights
from salon.services.planning_problem import build
from scheduling import scoring, verify
from scheduling.problem import InvalidProblem, Problem
from scheduling.solution import Assignment, Solution

ABSENT_PERSON = "absent_person"  # beside the engine's rules: somebody whose registration is not approved
_UNWISHED = "wished_or_mandatory"


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that the plan breaks, the meetings and the people it is about; ids only."""

    rule: str
    meetings: tuple[int, ...]
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """The problem of today, the plan as the engine sees it, what is wrong with it and who is short."""

    problem: Problem
    solution: Solution
    broken: tuple[Broken, ...]
    below_minimum: tuple[int, ...]
    without_meeting: tuple[int, ...]  # they wished, and have nothing


def problem_now(session: Session, edition: Edition) -> tuple[Problem, reads.Sources]:
    """The edition's problem without locks, which a plan to judge holds already. Raises `DomainError`."""
    sources = reads.sources(session, edition, with_locks=False)
    try:
        return build(sources, weights(Choice(RunPreset.MOST_MEETINGS))).problem, sources
    except InvalidProblem as error:
        raise DomainError("problem_invalid", issues=error.issues) from error


def check(session: Session, edition: Edition, places: Sequence[Place]) -> Checked:
    """Judge a draft's placements; reads only."""
    problem, sources = problem_now(session, edition)
    here = [place for place in places if _known(problem, place)]
    gone = [place for place in places if not _known(problem, place)]
    solution = Solution(tuple(_assignment(place) for place in here))
    meetings: dict[tuple[int, ...], int] = {place.key: place.meeting or 0 for place in here}
    broken = [_broken(one, meetings) for one in verify.violations(problem, solution, skip=(_UNWISHED,))]
    broken += [_gone(problem, place) for place in gone]
    broken += [Broken(_UNWISHED, (place.meeting or 0,), place.key) for place in _unwished(sources, here)]
    return Checked(
        problem,
        solution,
        tuple(broken),
        below_minimum=tuple(sorted(scoring.shortfalls(problem, solution))),
        without_meeting=_without_meeting(sources, here),
    )


def _known(problem: Problem, place: Place) -> bool:
    people = all(problem.knows(participant=one) for one in place.people)
    return people and problem.knows(slot=place.slot, table=place.table)


def _assignment(place: Place) -> Assignment:
    return Assignment(*place.key, place.slot, place.table, place.locked)


def _broken(violation: verify.Violation, meetings: Mapping[tuple[int, ...], int]) -> Broken:
    people = {one for held in violation.meetings for one in held.people}
    args = dict(violation.args)
    if isinstance(named := args.get("participant"), int):
        people = {named}
    elif isinstance(both := args.get("participants"), tuple):
        people = set(both)
    guilty = sorted({meetings[held.key] for held in violation.meetings})
    return Broken(violation.rule, tuple(guilty), tuple(sorted(people)))


def _gone(problem: Problem, place: Place) -> Broken:
    absent = tuple(one for one in place.key if not problem.knows(participant=one))
    return Broken(ABSENT_PERSON, (place.meeting or 0,), absent)


def _unwished(sources: reads.Sources, places: Sequence[Place]) -> list[Place]:
    """Meetings that nobody wishes (any more), unless an organiser placed, locked or ordered them."""
    sides = {one.id: one.organisation for one in sources.delegates}
    wished = {
        (wish.owner, wish.organisation): wish.named
        for wish in sources.wishes
        if wish.level is not WishLevel.NO_THANKS
    }
    ordered = {tuple(sorted(pair)) for pair in sources.mandatory}

    def wants(one: int, other: int) -> bool:
        return wished.get((one, sides[other]), -1) in (None, other)

    return [
        place
        for place in places
        if not (place.locked or place.placed_by is not None or place.key in ordered)
        and not (wants(*place.key) or wants(*place.key[::-1]))
    ]


def _without_meeting(sources: reads.Sources, places: Sequence[Place]) -> tuple[int, ...]:
    held = Counter(one for place in places for one in place.people)
    wishing = {wish.owner for wish in sources.wishes if wish.level is not WishLevel.NO_THANKS}
    return tuple(one.id for one in sources.delegates if one.id in wishing and not held[one.id])
