"""A small fair to vary, and per hard rule a plan that keeps it at the edge and one that breaks it alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from scheduling import Assignment, Pair, Participant, Pin, Problem, Slot, Solution, Table

SLOTS = tuple(
    Slot(n, 1 if n <= 2 else 2, 1 if n <= 2 else 2, 600 + 30 * n, 620 + 30 * n) for n in (1, 2, 3, 4)
)
ALL = (1, 2, 3, 4)
TABLES = (Table(1), Table(2, step_free=True), Table(3, organisation=30))
PEOPLE = (
    Participant(1, 10, "buyer", ALL),
    Participant(2, 20, "supplier", ALL),
    Participant(3, 30, "supplier", ALL),  # has the stand, table 3
    Participant(4, 40, "buyer", ALL),
    Participant(5, 10, "buyer", ALL),
)
PAIRS = (Pair(1, 2, 3), Pair(1, 3, 2), Pair(1, 4, 1), Pair(2, 4, 2), Pair(2, 5, 1), Pair(3, 4, 2))


def fair(**changes: Any) -> Problem:
    """The base fair: days 1 and 2 with two slots each."""
    parts: dict[str, Any] = {"slots": SLOTS, "tables": TABLES, "participants": PEOPLE, "pairs": PAIRS}
    return Problem(**(parts | changes))


def person(number: int, **changes: Any) -> tuple[Participant, ...]:
    """All people, one of them changed."""
    return tuple(replace(one, **changes) if one.id == number else one for one in PEOPLE)


def plan(*rows: tuple[int, int, int, int]) -> Solution:
    return Solution(tuple(Assignment(*row) for row in rows))


@dataclass(frozen=True, slots=True)
class Case:
    """`kept` breaks nothing; `broken` breaks the rule and no other."""

    rule: str
    problem: Problem
    kept: Solution
    broken: Solution


TWO_MORE = (*PAIRS, Pair(1, 5, 1), Pair(4, 5, 1))
CASES = (
    Case(
        "availability", fair(participants=person(1, available=(2,))), plan((1, 2, 2, 1)), plan((1, 2, 1, 1))
    ),
    Case("person_once", fair(), plan((1, 2, 1, 1), (1, 4, 2, 1)), plan((1, 2, 1, 1), (1, 4, 1, 2))),
    Case("table_once", fair(), plan((1, 2, 1, 1), (4, 3, 1, 3)), plan((1, 4, 1, 1), (2, 5, 1, 1))),
    Case(
        "table_available",
        fair(tables=(Table(1, available=(1,)), *TABLES[1:])),
        plan((1, 2, 1, 1)),
        plan((1, 2, 2, 1)),
    ),
    Case("stand", fair(), plan((1, 3, 1, 3), (1, 2, 2, 1)), plan((1, 3, 1, 1))),
    Case("stand", fair(), plan((1, 2, 1, 1)), plan((1, 2, 1, 3))),
    # A stand that is not step-free does not serve a person who needs it: an ordinary step-free table does.
    Case("stand", fair(participants=person(1, step_free=True)), plan((1, 3, 1, 2)), plan((3, 4, 1, 2))),
    Case("step_free", fair(participants=person(1, step_free=True)), plan((1, 2, 1, 2)), plan((1, 2, 1, 1))),
    Case("organisations_distinct", fair(pairs=TWO_MORE), plan((4, 5, 1, 1)), plan((1, 5, 1, 1))),
    Case("exclusions", fair(exclusions=((20, 10),)), plan((1, 4, 1, 1)), plan((1, 2, 1, 1))),
    Case("no_thanks", fair(no_thanks=((2, 10),)), plan((1, 4, 1, 1)), plan((1, 2, 1, 1))),
    Case("no_thanks", fair(no_thanks=((1, 20),)), plan((2, 5, 1, 1)), plan((1, 2, 1, 1))),
    Case(
        "types",
        fair(type_rules=frozenset({("supplier", "buyer")})),
        plan((1, 2, 1, 1)),
        plan((1, 4, 1, 1)),
    ),
    Case("pair_once", fair(max_per_organisations=2), plan((1, 2, 1, 1)), plan((1, 2, 1, 1), (2, 1, 2, 1))),
    Case(
        "organisation_pair_limit",
        fair(),
        plan((1, 2, 1, 1), (2, 4, 2, 1)),
        plan((1, 2, 1, 1), (2, 5, 2, 1)),
    ),
    Case(
        "organisation_pair_limit",
        fair(organisation_limits={(20, 10): 0}),
        plan((2, 4, 2, 1)),
        plan((1, 2, 1, 1)),
    ),
    Case(
        "wished_or_mandatory",
        fair(mandatory=((4, 5),), participants=PEOPLE),
        plan((4, 5, 1, 1)),
        plan((4, 5, 2, 1), (3, 5, 1, 3)),
    ),
    Case(
        "maximum",
        fair(participants=person(1, max=1)),
        plan((1, 2, 1, 1)),
        plan((1, 2, 1, 1), (1, 4, 3, 1)),
    ),
    Case(
        "maximum_per_day",
        fair(participants=person(1, max_per_day=1)),
        plan((1, 2, 1, 1), (1, 4, 3, 1)),
        plan((1, 2, 1, 1), (1, 4, 2, 1)),
    ),
    Case(
        "hard_minimum",
        fair(participants=person(1, min=1, hard_min=True)),
        plan((1, 2, 1, 1)),
        plan((2, 4, 1, 1)),
    ),
    Case("pins", fair(pins=(Pin(1, 2, 2, 1),)), plan((1, 2, 2, 1)), plan((1, 2, 1, 1))),
    Case("pins", fair(pins=(Pin(1, 2, 2, 1),)), plan((2, 1, 2, 1)), plan((1, 2, 2, 2))),
    Case("mandatory", fair(mandatory=((5, 4),)), plan((4, 5, 1, 1)), plan((1, 2, 1, 1))),
)
