"""Cases of the rules only some fairs use: lengths, groups, delegates, order, ways, interpreters, rest, types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from scheduling import (
    Assignment,
    Group,
    Interpreter,
    Pair,
    Participant,
    Pin,
    Problem,
    Slot,
    Solution,
    Table,
    TypeLimit,
)
from tests.scheduling.cases import ALL, PAIRS, PEOPLE, TABLES, Case, fair, person, plan


def held(*assignments: Assignment) -> Solution:
    return Solution(assignments)


def pairs(number: int, **changes: Any) -> tuple[Pair, ...]:
    """All wishes, the one of that place changed."""
    return tuple(replace(one, **changes) if n == number else one for n, one in enumerate(PAIRS))


def people(**changes: dict[int, Any]) -> tuple[Participant, ...]:
    """All people, with a field of some of them changed: `field={id: value}`."""
    return tuple(
        replace(one, **{name: by_id[one.id] for name, by_id in changes.items() if one.id in by_id})
        for one in PEOPLE
    )


LONG = fair(pairs=(*pairs(0, length_min=50), Pair(4, 5, 1)))  # 1 and 2, over the slots 1 and 2 or 3 and 4
TRIO = Group((1, 2, 4), 6)
GROUPED = Assignment(1, 2, 1, 1, others=(4,))
COLLEAGUES = Group((1, 5, 2), 3)  # 1 and 5 are of one organisation
TRIOS = fair(groups=(TRIO, COLLEAGUES, Group((1, 2, 3), 1)))
TWICE = replace(TRIOS, max_per_organisations=2)
SIDE_BY_SIDE = Assignment(1, 2, 1, 1, others=(5,))
INSTEAD = fair(pairs=pairs(0, a_instead=(5,)))  # 5 may go for 1
OFTEN = replace(INSTEAD, max_per_organisations=3)
FOR_1 = Assignment(5, 2, 1, 1, wish=(1, 2))
ZONES = (Table(1, zone=1), Table(2, step_free=True, zone=2), Table(3, organisation=30, zone=3))
WALKS = fair(tables=ZONES, walks={(2, 1): 10, (1, 3): 11})
SPEAKERS = people(languages={1: ("fr",), 2: ("en", "lsf"), 4: ("fr", "en")})
INTERPRETERS = (
    Interpreter(1, ("fr", "en")),
    Interpreter(2, ("fr", "lsf"), available=(1,)),
    Interpreter(3, ("de",)),
    Interpreter(4, ("en", "fr")),
)
SPOKEN = fair(participants=SPEAKERS, interpreters=INTERPRETERS)
THREE_TONGUES = fair(
    participants=people(languages={1: ("fr",), 2: ("en",), 4: ("lsf",)}),
    groups=(TRIO,),
    interpreters=(Interpreter(1, ("fr", "en")), Interpreter(2, ("fr", "en", "lsf"))),
)
FIVE = Problem(  # one day, sessions of four slots and one; ten minutes between any two slots
    slots=tuple(Slot(n, int(n > 4), 0, 30 * n, 30 * n + 20) for n in range(1, 6)),
    tables=(Table(1, zone=1), Table(2, zone=2)),
    participants=tuple(
        Participant(n, n, "", (1, 2, 3, 4, 5), max_in_a_row=2 if n == 1 else None) for n in range(1, 6)
    ),
    pairs=tuple(Pair(1, n, 1) for n in range(2, 6)),
)
FIVE_LONG = replace(FIVE, pairs=(Pair(1, 2, 1, length_min=50), *FIVE.pairs[1:]))
TIRELESS = replace(
    FIVE_LONG, participants=tuple(replace(one, max_in_a_row=None) for one in FIVE.participants)
)


def by(interpreter: int | None, slot: int = 1, *, a: int = 1, b: int = 2, table: int = 1) -> Assignment:
    """The meeting of a and b with an interpreter."""
    return Assignment(a, b, slot, table, interpreter=interpreter)


TIMES = (
    # A meeting longer than a slot takes the next ones of its session too: people, tables, openings.
    Case("length", LONG, plan((1, 2, 1, 1)), plan((1, 2, 2, 1))),
    Case("length", fair(pairs=pairs(0, length_min=21)), plan((1, 2, 3, 1)), plan((1, 2, 4, 1))),
    Case("person_once", LONG, plan((1, 2, 1, 1), (1, 4, 3, 1)), plan((1, 2, 1, 1), (1, 4, 2, 2))),
    Case("person_once", TRIOS, held(GROUPED, Assignment(3, 4, 2, 3)), held(GROUPED, Assignment(3, 4, 1, 3))),
    Case("table_once", LONG, plan((1, 2, 1, 2), (4, 5, 2, 1)), plan((1, 2, 1, 2), (4, 5, 2, 2))),
    Case(
        "availability",
        replace(LONG, participants=person(2, available=(1, 3, 4))),
        plan((1, 2, 3, 1)),
        plan((1, 2, 1, 1)),
    ),
    Case(
        "availability",
        replace(TRIOS, participants=person(4, available=(2,))),
        held(replace(GROUPED, slot=2)),
        held(GROUPED),
    ),
    # Who really goes has to be there.
    Case(
        "availability",
        replace(INSTEAD, participants=person(1, available=())),
        held(FOR_1),
        plan((1, 2, 1, 1)),
    ),
    Case(
        "availability",
        replace(INSTEAD, participants=person(5, available=())),
        plan((1, 2, 1, 1)),
        held(FOR_1),
    ),
    Case(
        "table_available",
        replace(LONG, tables=(Table(1, available=(1, 3, 4)), *TABLES[1:])),
        plan((1, 2, 3, 1)),
        plan((1, 2, 1, 1)),
    ),
    Case("start_allowed", fair(pairs=pairs(0, available=(2,))), plan((1, 2, 2, 1)), plan((1, 2, 1, 1))),
    Case(
        "start_allowed",
        fair(pairs=pairs(0, available=(1,), length_min=50)),
        plan((1, 2, 1, 1)),
        plan((1, 2, 3, 1)),
    ),
    Case(
        "start_allowed",
        fair(groups=(replace(TRIO, available=(2, 3)),)),
        held(replace(GROUPED, slot=3)),
        held(GROUPED),
    ),
    # Strictly before: not at the same time, and a long one ends first.
    Case(
        "precedences",
        fair(precedences=(((2, 1), (4, 3)),)),
        plan((1, 2, 1, 1), (3, 4, 2, 3)),
        plan((1, 2, 2, 1), (3, 4, 2, 3)),
    ),
    Case(
        "precedences",
        replace(LONG, precedences=(((1, 2), (3, 4)),)),
        plan((1, 2, 1, 1), (3, 4, 3, 3)),
        plan((1, 2, 1, 1), (3, 4, 2, 3)),
    ),
    Case(
        "precedences",
        fair(precedences=(((1, 2), (3, 4)),)),
        plan((3, 4, 1, 3)),
        plan((1, 2, 4, 1), (3, 4, 1, 3)),
    ),
    Case(
        "precedences",
        replace(TRIOS, precedences=(((3, 4), (4, 1, 2)),)),
        held(Assignment(3, 4, 1, 3), replace(GROUPED, slot=2)),
        held(Assignment(3, 4, 2, 3), GROUPED),
    ),
    # Ten minutes lie between two slots: enough from zone 1 to 2, too few to 3.
    Case("walking", WALKS, plan((1, 4, 1, 1), (2, 4, 2, 2)), plan((1, 4, 1, 1), (3, 4, 2, 3))),
    Case("walking", WALKS, plan((1, 4, 2, 1), (3, 4, 3, 3)), plan((1, 4, 2, 1), (3, 4, 1, 3))),
    Case(
        "walking",
        replace(TIRELESS, walks={(1, 2): 11}),
        plan((1, 3, 4, 2), (1, 2, 1, 1)),
        plan((1, 2, 1, 1), (1, 3, 3, 2)),
    ),
    # Every two meetings of a day, not only neighbours: 1 walks 50 minutes past a meeting where he was.
    Case(
        "walking",
        replace(
            TIRELESS,
            pairs=FIVE.pairs,
            walks={(1, 2): 50},
            tables=(Table(1, zone=1), Table(2, zone=2), Table(3)),
        ),
        plan((1, 2, 1, 1), (1, 3, 2, 3), (1, 4, 4, 2)),
        plan((1, 2, 1, 1), (1, 3, 2, 3), (1, 4, 3, 2)),
    ),
    # Two in a row, then a pause or the end of the session; a long meeting counts its slots.
    Case(
        "rest",
        FIVE,
        plan((1, 2, 3, 1), (1, 3, 4, 1), (1, 4, 5, 1)),
        plan((1, 2, 2, 1), (1, 3, 3, 1), (1, 4, 4, 1)),
    ),
    Case("rest", FIVE_LONG, plan((1, 2, 1, 1), (1, 3, 4, 1)), plan((1, 2, 1, 1), (1, 3, 3, 1))),
)

HELP = (
    Case("interpreter", SPOKEN, held(by(1)), held(by(None))),
    Case("interpreter", SPOKEN, held(by(2)), held(by(2, 2))),  # away then
    Case("interpreter", SPOKEN, held(by(3, a=1, b=4), by(None, 2, a=2, b=4)), held(by(3))),
    Case("interpreter", replace(SPOKEN, pairs=LONG.pairs), held(by(1)), held(by(2))),  # leaves halfway
    Case(
        "interpreter",
        THREE_TONGUES,
        held(replace(GROUPED, interpreter=2)),
        held(replace(GROUPED, interpreter=1)),
    ),
    Case("interpreter", replace(INSTEAD, participants=SPEAKERS), held(FOR_1), plan((1, 2, 1, 1))),
    Case(
        "interpreter_once",
        SPOKEN,
        held(by(1), by(1, 2, a=3, b=4, table=3)),
        held(by(1), by(1, 1, a=3, b=4, table=3)),
    ),
    Case(
        "interpreter_once",
        replace(SPOKEN, pairs=LONG.pairs),
        held(by(1), by(1, 3, a=3, b=4, table=3)),
        held(by(1), by(1, 2, a=3, b=4, table=3)),
    ),
    Case(
        "stand", TRIOS, held(Assignment(1, 2, 1, 3, others=(3,))), held(Assignment(1, 2, 1, 1, others=(3,)))
    ),
    # A stand that never opens is none.
    Case(
        "stand",
        fair(tables=(*TABLES[:2], Table(3, organisation=30, available=()), Table(4, organisation=20))),
        plan((1, 3, 1, 1)),
        plan((1, 3, 1, 4)),
    ),
    Case(
        "step_free",
        replace(TRIOS, participants=person(4, step_free=True)),
        held(replace(GROUPED, table=2)),
        held(GROUPED),
    ),
)

WHO = (
    Case(
        "organisations_distinct",
        replace(
            TRIOS,
            participants=(*PEOPLE, Participant(6, 10, "buyer", ALL)),
            groups=(COLLEAGUES, Group((1, 5, 6), 1)),
        ),
        held(SIDE_BY_SIDE),
        held(replace(SIDE_BY_SIDE, b=6)),
    ),
    Case("exclusions", replace(TRIOS, exclusions=((40, 20),)), held(SIDE_BY_SIDE), held(GROUPED)),
    Case("no_thanks", replace(TRIOS, no_thanks=((4, 20),)), held(SIDE_BY_SIDE), held(GROUPED)),
    Case("no_thanks", replace(INSTEAD, no_thanks=((5, 20),)), plan((1, 2, 1, 1)), held(FOR_1)),
    Case(
        "types",
        replace(TRIOS, type_rules=frozenset({("buyer", "supplier")})),
        held(SIDE_BY_SIDE),  # two buyers who sit side by side do not meet each other
        held(GROUPED),
    ),
    Case("forbidden_pairs", fair(forbidden=((2, 1),)), plan((1, 4, 1, 1)), plan((1, 2, 1, 1))),
    Case("forbidden_pairs", replace(INSTEAD, forbidden=((1, 2),)), held(FOR_1), plan((1, 2, 1, 1))),
    Case("forbidden_pairs", replace(TRIOS, forbidden=((4, 1),)), held(SIDE_BY_SIDE), held(GROUPED)),
    Case(
        "forbidden_pairs",
        replace(TRIOS, forbidden=((4, 2, 1),)),
        plan((1, 2, 1, 1), (2, 4, 2, 1), (1, 4, 3, 1)),
        held(GROUPED),
    ),
    Case(
        "pair_once",
        TWICE,
        held(GROUPED, Assignment(1, 2, 2, 1)),  # in a group and alone
        held(GROUPED, replace(GROUPED, slot=2)),
    ),
    Case("pair_once", OFTEN, held(FOR_1, Assignment(1, 4, 1, 2)), held(FOR_1, Assignment(1, 2, 2, 1))),
    Case("pair_once", OFTEN, held(FOR_1, Assignment(1, 4, 2, 1)), held(FOR_1, Assignment(2, 5, 2, 1))),
    Case(
        "organisation_pair_limit",
        TRIOS,
        held(SIDE_BY_SIDE, Assignment(3, 4, 1, 3)),
        held(GROUPED, Assignment(2, 5, 2, 1)),
    ),
    Case(
        "organisation_pair_limit",
        TRIOS,
        held(GROUPED),
        held(GROUPED, Assignment(2, 4, 2, 1)),
    ),
    Case("wished_or_mandatory", TRIOS, held(GROUPED), held(Assignment(3, 4, 1, 3, others=(5,)))),
    Case("wished_or_mandatory", INSTEAD, held(FOR_1), held(replace(FOR_1, wish=(2, 3), a=3, table=3))),
    Case("delegates", INSTEAD, held(FOR_1), held(replace(FOR_1, a=4))),
    Case("delegates", INSTEAD, held(replace(FOR_1, a=2, b=5)), held(replace(FOR_1, a=3, table=3))),
    Case(
        "delegates",
        TRIOS,
        held(replace(GROUPED, wish=(4, 1, 2))),
        held(Assignment(1, 2, 1, 3, others=(3,), wish=(1, 2, 4))),
    ),
    Case("delegates", TWICE, held(replace(GROUPED, wish=(1, 2, 4))), held(replace(GROUPED, wish=(1, 2)))),
)

COUNTS = (
    Case(
        "maximum",
        replace(TRIOS, participants=person(4, max=1)),
        held(GROUPED),
        held(GROUPED, Assignment(3, 4, 2, 3)),
    ),
    Case(
        "maximum",
        replace(OFTEN, participants=person(5, max=1), pairs=(*INSTEAD.pairs, Pair(4, 5, 1))),
        held(FOR_1, Assignment(1, 4, 2, 1)),
        held(FOR_1, Assignment(4, 5, 2, 1)),
    ),
    Case(
        "maximum_per_day",
        replace(LONG, participants=person(1, max_per_day=1)),
        plan((1, 2, 1, 1), (1, 4, 3, 1)),  # two slots, one meeting
        plan((1, 4, 1, 1), (1, 3, 2, 3)),
    ),
    Case(
        "maximum_per_type",
        fair(participants=person(1, type_limits=(TypeLimit("supplier", max=1),))),
        plan((1, 2, 1, 1), (1, 4, 2, 1)),
        plan((1, 2, 1, 1), (1, 3, 2, 3)),
    ),
    Case(
        "maximum_per_type",
        replace(
            TRIOS,
            participants=person(1, type_limits=(TypeLimit("supplier", max=1), TypeLimit("buyer", max=0))),
        ),
        held(Assignment(2, 5, 1, 1, others=(1,))),  # a colleague is no counterpart
        held(Assignment(1, 4, 1, 1)),
    ),
    Case(
        "hard_minimum",
        fair(participants=person(1, available=(1, 2), min_per_day=1, hard_min=True)),
        plan((1, 2, 2, 1)),  # absent on the second day
        plan((2, 4, 1, 1)),
    ),
    Case(
        "hard_minimum",
        fair(participants=person(1, min_per_day=1, hard_min=True)),
        plan((1, 2, 2, 1), (1, 4, 4, 1)),
        plan((1, 2, 1, 1), (1, 4, 2, 1)),
    ),
    # A soft minimum may be missed.
    Case(
        "hard_minimum",
        fair(participants=people(min={1: 1, 4: 4}, hard_min={1: True})),
        plan((1, 2, 1, 1)),
        plan((2, 4, 1, 1)),
    ),
    Case(
        "hard_minimum",
        fair(participants=person(1, type_limits=(TypeLimit("buyer", min=1),), hard_min=True)),
        plan((1, 4, 1, 1)),
        plan((1, 2, 1, 1)),
    ),
)

ORDERS = (
    Case("mandatory", replace(TRIOS, mandatory=((4, 2, 1),)), held(GROUPED), plan((1, 2, 1, 1))),
    Case("mandatory", replace(INSTEAD, mandatory=((2, 1),)), held(FOR_1), plan((2, 5, 1, 1))),
    Case(
        "pins",
        replace(TRIOS, pins=(Pin(1, 2, 1, 1, others=(4,)),)),
        held(GROUPED),
        held(replace(GROUPED, slot=2)),
    ),
    Case("pins", replace(INSTEAD, pins=(Pin(5, 2, 1, 1, wish=(1, 2)),)), held(FOR_1), plan((1, 2, 1, 1))),
    Case("pins", replace(INSTEAD, pins=(Pin(5, 2, 1, 1, wish=(1, 2)),)), held(FOR_1), plan((2, 5, 1, 1))),
    Case("pins", replace(SPOKEN, pins=(Pin(1, 2, 1, 1, interpreter=1),)), held(by(1)), held(by(4))),
    Case(
        "pins",
        replace(SPOKEN, pins=(Pin(1, 4, 1, 1),)),
        held(by(3, a=1, b=4)),  # nobody has to interpret, somebody may
        held(by(3, 2, a=1, b=4)),
    ),
)

MORE = (*TIMES, *HELP, *WHO, *COUNTS, *ORDERS)
