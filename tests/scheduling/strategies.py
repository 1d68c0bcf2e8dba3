"""Random small fairs with every rule, for properties; tiny ones can be enumerated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from hypothesis import strategies as st

from scheduling import (
    Assignment,
    InvalidProblem,
    Level,
    Mode,
    Pair,
    Participant,
    Pin,
    Problem,
    Slot,
    Solution,
    Table,
    TermName,
    Weights,
)
from scheduling.possible import teams
from scheduling.problem import DEFAULT_ORDER, Meeting, key_of

TYPE_RULES = [None, None, frozenset({("x", "y")}), frozenset({("x", "y"), ("x", "x")})]
LEVELS = st.sampled_from([None, Level.MUST, Level.MEET])


@st.composite
def problems(
    draw: st.DrawFn, *, people: int = 6, slots: int = 5, tables: int = 3, pairs: int = 12, forced: bool = True
) -> Problem:
    """A valid problem of at most the given size; with `forced` it may be infeasible."""
    num_slots, num_people = draw(st.integers(1, slots)), draw(st.integers(3, people))
    cut = draw(st.integers(0, num_slots))
    times = [Slot(n, int(n >= cut), int(n >= cut), 30 * n, 30 * n + 20) for n in range(num_slots)]
    subsets = st.lists(st.sampled_from(range(num_slots)), unique=True).map(tuple)
    small, maybe = st.integers(0, 2), st.sampled_from([None, None, None, 1, 2, 3])
    persons = [
        Participant(
            n,
            draw(st.integers(0, 2 * num_people)),
            draw(st.sampled_from("xy")),
            tuple(range(num_slots)) if draw(st.integers(0, 3)) < 3 else draw(subsets),
            min=draw(small),
            max=draw(st.sampled_from([None, None, 2, 3])),
            max_per_day=draw(maybe),
            hard_min=forced and draw(st.integers(0, 29)) == 29,
            step_free=draw(st.integers(0, 4)) == 4,
        )
        for n in range(num_people)
    ]
    places = [Table(0, draw(st.booleans()))]  # an ordinary table always open, or most fairs would be empty
    for n in range(1, draw(st.integers(1, tables))):
        owner = draw(st.one_of(st.none(), st.integers(0, 2 * num_people)))
        places.append(Table(n, draw(st.booleans()), owner, draw(st.one_of(st.none(), st.none(), subsets))))
    everyone = list(combinations(range(num_people), 2))
    chosen = draw(
        st.lists(st.sampled_from(everyone), unique=True, min_size=min(2, len(everyone)), max_size=pairs)
    )
    sides = st.lists(st.tuples(st.integers(0, num_people), st.integers(0, num_people)), max_size=1)
    parts = {
        "slots": times,
        "tables": places,
        "participants": persons,
        "pairs": [Pair(a, b, draw(st.integers(0, 6)), draw(LEVELS), draw(LEVELS)) for a, b in chosen],
        "type_rules": draw(st.sampled_from(TYPE_RULES)),
        "exclusions": draw(sides),
        "no_thanks": [(a % num_people, b) for a, b in draw(sides)],
        "mandatory": draw(st.lists(st.sampled_from(everyone), unique=True, max_size=1))
        if forced and draw(st.integers(0, 2)) == 2
        else (),
        "max_per_organisations": draw(st.integers(1, 2)),
        "weights": draw(weights()),
    }
    try:
        return Problem(**parts, pins=draw(_pins(everyone, num_slots, len(places))))
    except InvalidProblem:
        return Problem(**parts)


@st.composite
def _pins(draw: st.DrawFn, everyone: list[tuple[int, int]], slots: int, tables: int) -> tuple[Pin, ...]:
    if draw(st.integers(0, 3)):
        return ()
    a, b = draw(st.sampled_from(everyone))
    return (Pin(a, b, draw(st.integers(0, slots - 1)), draw(st.integers(0, tables - 1))),)


@st.composite
def weights(draw: st.DrawFn, terms: Sequence[TermName] = DEFAULT_ORDER) -> Weights:
    names = draw(st.permutations(list(terms)))
    mode = draw(st.sampled_from(Mode))
    prices = {name: draw(st.integers(0, 5)) for name in names}
    return Weights(tuple(names), mode, prices, draw(st.booleans()))


def asked(problem: Problem) -> list[Meeting]:
    """The keys of all meetings somebody asked for."""
    wished = {wish.key for wish in problem.wishes} | {pin.key for pin in problem.pins}
    return sorted(wished | {key_of(one) for one in problem.mandatory})


def every_assignment(problem: Problem, key: Meeting) -> list[Assignment]:
    """All ways to hold a meeting, right or wrong: who goes, when, where, with which interpreter or none."""
    wish = problem.wish(key)
    people = (key,) if wish is None else teams(wish)
    helpers = (None, *(one.id for one in problem.interpreters))
    return [
        Assignment(
            *(team[0], team[1], slot.id, table.id),
            others=tuple(team[2:]),
            interpreter=helper,
            wish=None if key_of(team) == key else key,
        )
        for team in people
        for slot, table, helper in product(problem.slots, problem.tables, helpers)
    ]


def every_plan(problem: Problem) -> Iterator[Solution]:
    """All plans over the meetings somebody asked for, right or wrong."""
    for choice in product(*([None, *every_assignment(problem, key)] for key in asked(problem))):
        yield Solution(tuple(held for held in choice if held is not None))
