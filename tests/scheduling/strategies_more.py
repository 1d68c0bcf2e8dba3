"""Random small fairs with the general rules on top, and random right plans made without any solver."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from scheduling import (
    Assignment,
    Group,
    Interpreter,
    Pair,
    Participant,
    Pin,
    Problem,
    Solution,
    TermName,
    TypeLimit,
    violations,
)
from scheduling.problem import Id, Meeting
from tests.scheduling.strategies import asked, every_assignment, problems, weights

NOT_ASKED = ("hard_minimum", "mandatory", "pins")
LANGUAGES = st.lists(st.sampled_from(["fr", "en", "lsf"]), unique=True, max_size=2).map(tuple)


@st.composite
def fairs(draw: st.DrawFn, **sizes: Any) -> Problem:
    """A valid problem that may use every rule there is; `sizes` are those of `problems`."""
    base = replace(draw(problems(**sizes)), pins=())
    people = tuple(draw(_person(one, len(base.participants))) for one in base.participants)
    base = replace(base, participants=people)
    groups = draw(_groups(base))
    keys = [pair.key for pair in base.pairs] + [group.key for group in groups]
    problem = replace(
        base,
        pairs=[draw(_pair(pair, base)) for pair in base.pairs],
        groups=groups,
        tables=[replace(table, zone=draw(st.sampled_from([None, 1, 2]))) for table in base.tables],
        walks={(1, 2): draw(st.sampled_from([10, 11, 45]))} if draw(st.integers(0, 2)) == 2 else {},
        interpreters=draw(_interpreters(base)),
        forbidden=draw(_some(keys)) if draw(st.booleans()) else (),
        precedences=draw(_couples(keys)) if draw(st.booleans()) else (),
        baseline=draw(_old(base)) if draw(st.booleans()) else (),
        weights=draw(weights(list(TermName))),
    )
    return replace(problem, pins=draw(_pins(problem)))


@st.composite
def _pins(draw: st.DrawFn, problem: Problem) -> tuple[Pin, ...]:
    if draw(st.integers(0, 3)):
        return ()
    held = draw(right_plans(problem)).assignments[:1]
    return tuple(
        Pin(one.a, one.b, one.slot, one.table, one.others, one.interpreter, one.wish) for one in held
    )


@st.composite
def right_plans(draw: st.DrawFn, problem: Problem) -> Solution:
    """A plan that breaks no rule, but for what must be held: meetings put in one after the other where they
    fit, some left out."""
    chance = draw(st.randoms(use_true_random=False))
    held = tuple(
        Assignment(pin.a, pin.b, pin.slot, pin.table, True, pin.others, pin.interpreter, pin.wish)
        for pin in problem.pins
    )
    keys = asked(problem)
    chance.shuffle(keys)
    for key in keys[: max(0, len(keys) - draw(st.integers(0, 3)))]:
        ways = every_assignment(problem, key)
        for new in chance.sample(ways, len(ways)):
            if not violations(problem, Solution((*held, new)), skip=NOT_ASKED):
                held = (*held, new)
                break
    return Solution(held)


def _subset(base: Problem) -> st.SearchStrategy[tuple[Id, ...] | None]:
    slots = [slot.id for slot in base.slots]
    some = st.lists(st.sampled_from(slots), unique=True, min_size=1).map(tuple)
    return st.one_of(st.none(), st.none(), st.none(), some)


LENGTHS = st.sampled_from([None, None, None, 20, 25, 50])


@st.composite
def _person(draw: st.DrawFn, person: Participant, count: int) -> Participant:
    kinds = draw(st.lists(st.sampled_from("xyz"), unique=True, max_size=1))
    limits = tuple(
        TypeLimit(kind, draw(st.integers(0, 1)), draw(st.sampled_from([None, 1, 2]))) for kind in kinds
    )
    return replace(
        person,
        organisation=person.id % max(2, count - 2),  # some colleagues
        languages=draw(st.one_of(st.just(()), st.just(()), LANGUAGES)),
        max_in_a_row=draw(st.sampled_from([None, None, 1, 2])),
        min_per_day=min(draw(st.integers(0, 1)), 1 if person.max_per_day is None else person.max_per_day),
        type_limits=limits if draw(st.booleans()) else (),
        credit=draw(st.sampled_from([100, 100, 50, 125, 0])),
        silo=draw(st.sampled_from([None, "a", "b"])),
    )


@st.composite
def _interpreters(draw: st.DrawFn, base: Problem) -> tuple[Interpreter, ...]:
    count = draw(st.integers(0, 2))
    spoken = st.lists(st.sampled_from(["fr", "en", "lsf"]), unique=True, min_size=1).map(tuple)
    return tuple(Interpreter(n, draw(spoken), draw(_subset(base))) for n in range(count))


@st.composite
def _groups(draw: st.DrawFn, base: Problem) -> tuple[Group, ...]:
    ids = [person.id for person in base.participants]
    sizes = [trio for size in (3, 4) for trio in combinations(ids, size)]
    chosen = draw(st.lists(st.sampled_from(sizes), unique=True, max_size=2))
    return tuple(
        Group(
            tuple(reversed(one)),
            draw(st.integers(0, 6)),
            draw(st.booleans()),
            draw(_subset(base)),
            draw(LENGTHS),
        )
        for one in chosen
    )


@st.composite
def _pair(draw: st.DrawFn, pair: Pair, base: Problem) -> Pair:
    """The pair with a length, starts, and colleagues who may go."""
    sides = [
        [
            one.id
            for one in base.participants
            if one.organisation == base.participant(named).organisation and one.id not in pair.people
        ]
        for named in pair.people
    ]
    instead = [
        draw(st.lists(st.sampled_from(side), unique=True, max_size=2)) if side else [] for side in sides
    ]
    first, second = map(tuple, instead)
    return replace(
        pair, available=draw(_subset(base)), length_min=draw(LENGTHS), a_instead=first, b_instead=second
    )


def _some(keys: list[Meeting]) -> st.SearchStrategy[tuple[Meeting, ...]]:
    return st.lists(st.sampled_from(keys), unique=True, max_size=1).map(tuple)


def _couples(keys: list[Meeting]) -> st.SearchStrategy[tuple[tuple[Meeting, Meeting], ...]]:
    return st.lists(st.sampled_from(list(combinations(keys, 2))), unique=True, max_size=2).map(tuple)


@st.composite
def _old(draw: st.DrawFn, base: Problem) -> tuple[Assignment, ...]:
    """Meetings of an older plan, right or wrong, at tables that may be gone."""
    slots = st.sampled_from([slot.id for slot in base.slots])
    chosen = draw(st.lists(st.sampled_from(base.pairs), unique=True, max_size=3)) if base.pairs else []
    return tuple(Assignment(pair.b, pair.a, draw(slots), draw(st.integers(0, 9))) for pair in chosen)
