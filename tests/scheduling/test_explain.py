"""Every unserved wish has a true reason; a reason is checked by undoing it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from scheduling import (
    Interpreter,
    Limits,
    Pair,
    Solution,
    Table,
    TypeLimit,
    generate,
    placing,
    solve,
    violations,
)
from scheduling.explain import Reason, reasons
from scheduling.problem import Problem
from scheduling.solution import Assignment
from tests.scheduling.cases import ALL, PAIRS, fair, person, plan
from tests.scheduling.cases_more import SPEAKERS, TRIO, ZONES, held, people
from tests.scheduling.strategies import problems
from tests.scheduling.test_solve import FEW

NOTHING = plan()
CASES: list[tuple[dict[str, Any], Solution, tuple[int, ...], Reason]] = [
    ({"pairs": (Pair(1, 5, 1),)}, NOTHING, (1, 5), Reason.SAME_ORGANISATION),
    ({"no_thanks": ((2, 10),)}, NOTHING, (1, 2), Reason.NO_THANKS),
    ({"exclusions": ((10, 20),)}, NOTHING, (1, 2), Reason.EXCLUDED),
    ({"type_rules": frozenset({("buyer", "supplier")})}, NOTHING, (1, 4), Reason.TYPES),
    ({"participants": person(1, available=())}, NOTHING, (1, 2), Reason.NO_COMMON_SLOT),
    ({}, plan((2, 5, 1, 1)), (1, 2), Reason.ORGANISATION_PAIR),
    ({"participants": person(1, max=1)}, plan((1, 4, 1, 1)), (1, 2), Reason.QUOTA_REACHED),
    (
        {"participants": person(1, max_per_day=1)},
        plan((1, 4, 1, 1), (1, 3, 3, 3)),
        (1, 2),
        Reason.QUOTA_REACHED,
    ),
    ({"tables": (Table(3, organisation=30),)}, NOTHING, (1, 2), Reason.NO_TABLE),
    ({"tables": (Table(1, available=()),)}, NOTHING, (1, 2), Reason.NO_TABLE),
    ({}, NOTHING, (1, 2), Reason.LOWER_PRIORITY),
    ({"forbidden": ((1, 2),)}, NOTHING, (1, 2), Reason.FORBIDDEN),
    ({"pairs": (Pair(1, 2, 1, length_min=51),)}, NOTHING, (1, 2), Reason.TOO_LONG),
    (
        {"pairs": (Pair(1, 2, 1, length_min=50),), "participants": person(2, available=(2, 3))},
        NOTHING,
        (1, 2),
        Reason.TOO_LONG,
    ),
    ({"pairs": (Pair(1, 2, 1, available=()),)}, NOTHING, (1, 2), Reason.START_NOT_ALLOWED),
    ({"participants": SPEAKERS}, NOTHING, (1, 2), Reason.NO_INTERPRETER),
    (
        {"participants": SPEAKERS, "interpreters": (Interpreter(1, ("fr", "en"), available=()),)},
        NOTHING,
        (1, 2),
        Reason.NO_INTERPRETER,
    ),
    (
        {"participants": SPEAKERS, "interpreters": (Interpreter(1, ("fr", "en"), available=(1,)),)},
        held(Assignment(3, 4, 1, 3, interpreter=1)),
        (1, 2),
        Reason.INTERPRETER_BUSY,
    ),
    (
        {"participants": person(1, available=(1, 2)), "tables": ZONES, "walks": {(1, 3): 11, (2, 3): 11}},
        plan((1, 3, 1, 3)),
        (1, 2),
        Reason.TOO_FAR,
    ),
    (
        {"participants": person(1, available=(1, 2), max_in_a_row=1)},
        plan((1, 4, 1, 1)),
        (1, 2),
        Reason.REST,
    ),
    (
        {"participants": person(1, available=(1, 2)), "precedences": (((1, 2), (3, 4)),)},
        plan((3, 4, 1, 3)),
        (1, 2),
        Reason.ORDER,
    ),
    # Too far to the one table, near enough to the other.
    (
        {"participants": person(1, available=(1, 2)), "tables": ZONES, "walks": {(1, 3): 11}},
        plan((1, 3, 1, 3)),
        (1, 2),
        Reason.LOWER_PRIORITY,
    ),
    (
        {"participants": person(1, available=(1, 2)), "tables": ZONES, "walks": {(2, 3): 11}},
        plan((1, 3, 1, 3)),
        (1, 2),
        Reason.LOWER_PRIORITY,
    ),
    # Too far at slot 2, no rest at slot 4: no single rule is the reason.
    (
        {
            "participants": people(max_in_a_row={2: 1}),
            "tables": ZONES,
            "walks": {(1, 3): 11, (2, 3): 11},
        },
        plan((1, 3, 1, 3), (2, 4, 3, 1)),
        (1, 2),
        Reason.LOWER_PRIORITY,
    ),
    # Of those who may go, the one comes whose way is free.
    (
        {"pairs": (Pair(1, 2, 1, a_instead=(5,)), Pair(1, 4, 1)), "no_thanks": ((1, 20),)},
        plan((1, 4, 1, 1)),
        (1, 2),
        Reason.LOWER_PRIORITY,
    ),
    (
        {
            "pairs": (Pair(1, 2, 1, a_instead=(5,)),),
            "participants": person(5, max=0),
            "no_thanks": ((1, 20),),
        },
        NOTHING,
        (1, 2),
        Reason.QUOTA_REACHED,
    ),
    (
        {"participants": person(4, type_limits=(TypeLimit("supplier", max=1),)), "groups": (TRIO,)},
        plan((3, 4, 1, 3)),
        (1, 2, 4),
        Reason.QUOTA_REACHED,
    ),
    # Who is in a long meeting is busy to its end, and that comes before the table, taken as long.
    (
        {
            "pairs": (Pair(1, 2, 1, length_min=50), Pair(1, 4, 1)),
            "participants": person(4, available=(2,)),
            "tables": (Table(1),),
        },
        plan((1, 2, 1, 1)),
        (1, 4),
        Reason.LOWER_PRIORITY,
    ),
    (
        {
            "pairs": (Pair(1, 2, 1, length_min=50), Pair(4, 5, 1)),
            "participants": person(4, available=(2,)),
            "tables": (Table(1),),
        },
        plan((1, 2, 1, 1)),
        (4, 5),
        Reason.NO_TABLE,
    ),
    ({"groups": (TRIO,)}, plan((2, 5, 1, 1)), (1, 2, 4), Reason.ORGANISATION_PAIR),
    ({"groups": (TRIO,), "exclusions": ((20, 40),)}, NOTHING, (1, 2, 4), Reason.EXCLUDED),
]


@pytest.mark.parametrize(
    ("changes", "now", "key", "reason"), CASES, ids=[f"{n}-{one[3]}" for n, one in enumerate(CASES)]
)
def test_reason(changes: dict[str, Any], now: Solution, key: tuple[int, ...], reason: Reason) -> None:
    problem = fair(**changes)
    assert violations(problem, now) == ()
    assert reasons(problem, now)[key] is reason


def test_every_reason_has_a_case() -> None:
    assert {one[3] for one in CASES} == set(Reason)


def test_served_wishes_have_no_reason() -> None:
    assert set(reasons(fair(), plan((1, 2, 1, 1)))) == {pair.key for pair in PAIRS} - {(1, 2)}


def could_add(problem: Problem, held: Solution, key: tuple[int, int]) -> bool:
    """By brute force: some slot and table take the meeting without breaking anything."""
    return any(
        not violations(
            problem,
            Solution((*held.assignments, Assignment(*key, slot.id, table.id))),
            skip=("hard_minimum", "mandatory", "pins"),
        )
        for slot in problem.slots
        for table in problem.tables
    )


@FEW
@given(problems(people=6, slots=3, tables=2, pairs=6))
def test_reasons_are_true(problem: Problem) -> None:
    """Whatever the reason but priority, the meeting really cannot be added; lifting the reason's rule is what
    the cases above do one by one."""
    result = solve(problem, limits=Limits(deterministic=5))
    if result.solution is None:
        return
    for key, reason in reasons(problem, result.solution).items():
        if reason is not Reason.LOWER_PRIORITY:
            assert not could_add(problem, result.solution, key)
        lifted = replace(problem, exclusions=(), pins=(), mandatory=())
        if reason is Reason.EXCLUDED:
            assert reasons(lifted, result.solution)[key] is not Reason.EXCLUDED


@FEW
@given(problems(people=5, slots=3, tables=2, pairs=5))
def test_options_agree_with_the_verifier(problem: Problem) -> None:
    result = solve(problem, limits=Limits(deterministic=3))
    if result.solution is None:
        return
    held = result.solution
    for pair in problem.pairs:
        if pair.key in held.meetings:
            continue
        found = placing.options(problem, held, pair.a, pair.b)
        legal = {(one.slot, one.table) for one in found if not one.broken}
        skip = ("hard_minimum", "mandatory", "pins")
        right = {
            (slot.id, table.id)
            for slot in problem.slots
            for table in problem.tables
            if not violations(
                problem,
                Solution((*held.assignments, Assignment(pair.a, pair.b, slot.id, table.id))),
                skip=skip,
            )
        }
        assert legal == right
        assert {one.slot for one in found} == {slot.id for slot in problem.slots}


def test_options_put_legal_ones_first_and_name_broken_rules() -> None:
    problem, held = fair(participants=person(1, available=(1, 2, 3))), plan((1, 4, 1, 1), (3, 4, 2, 3))
    found = placing.options(problem, held, 1, 2)
    assert [(one.slot, one.table) for one in found if not one.broken] == [(2, 1), (2, 2), (3, 1), (3, 2)]
    assert {one.slot: one.broken for one in found if one.broken} == {
        1: ("person_once",),
        4: ("availability",),
    }


def test_a_moving_meeting_does_not_stand_in_its_own_way() -> None:
    held = plan((1, 2, 1, 1))
    found = placing.options(fair(), held, 1, 2, moving=held.assignments[0])
    assert (1, 1) in {(one.slot, one.table) for one in found if not one.broken}
    assert not any(one.slot == 1 and not one.broken for one in placing.options(fair(), held, 1, 2))


def test_options_at_demo_size_are_quick() -> None:
    """One question costs no more than three verifications of the whole plan."""
    import time

    problem = generate.ess(250, seed=1)
    result = solve(problem, limits=Limits(deterministic=1))
    assert result.solution is not None
    begin = time.perf_counter()
    violations(problem, result.solution)
    whole = time.perf_counter() - begin
    keys = list(reasons(problem, result.solution))[:10]
    begin = time.perf_counter()
    for key in keys:
        placing.options(problem, result.solution, *key)
    assert (time.perf_counter() - begin) / len(keys) < 3 * whole


def test_no_table_open_anywhere_is_an_option_without_table() -> None:
    (first, *_) = placing.options(fair(tables=(Table(1, available=(2,)),)), plan((4, 2, 2, 1)), 1, 3)
    assert first.table is None
    assert "table_available" in first.broken
    assert tuple(one.slot for one in placing.options(fair(tables=()), plan(), 1, 2)) == ALL
