"""Each rule alone: a good plan breaks none, the plan broken on one rule is reported as exactly that one."""

from __future__ import annotations

import dataclasses

import pytest

from scheduling.timetabling.objective import breaks, total_breaks
from scheduling.timetabling.problem import Timetabling
from scheduling.timetabling.verifier import RULES, violations
from tests.timetabling.cases import instance

DAY = instance(
    [(1, 2, 1), (1, 3, 2), (1, 4), (2, 3), (3, 4)],
    people=5,
    slots=6,
    tables=2,
    morning=3,
    forbidden={4: {6}},
    fixed={3: 3},
    after={4: {1}},
)
PLAN = {1: 2, 2: 4, 3: 3, 4: 3, 5: 5}


def rules(problem: Timetabling, plan: dict[int, int]) -> set[str]:
    return {one.rule for one in violations(problem, plan)}


def test_a_right_plan_breaks_nothing() -> None:
    assert violations(DAY, PLAN) == ()
    assert total_breaks(DAY, PLAN) == 1
    assert [breaks(DAY, PLAN, person) for person in range(1, 6)] == [0, 0, 0, 1, 0]


@pytest.mark.parametrize(
    ("rule", "plan", "text"),
    [
        ("H1", {**PLAN, 6: 1}, "meeting 6 does not exist"),
        ("H1", {number: PLAN[number] for number in (1, 2, 3, 4)}, "meeting 5 has no slot"),
        ("H1", {**PLAN, 5: 7}, "meeting 5 is in slot 7 of 1 to 6"),
        ("H1", {**PLAN, 5: 0}, "meeting 5 is in slot 0 of 1 to 6"),
        ("H2", {**PLAN, 5: 4}, "participant 3 has 2 meetings in slot 4"),
        ("H4", {**PLAN, 1: 4, 4: 5, 2: 6, 5: 1}, "meeting 1 is in slot 4, outside the morning"),
        ("H4", {**PLAN, 2: 1}, "meeting 2 is in slot 1, outside the afternoon"),
        ("H5", {**PLAN, 3: 1}, "meeting 3 is in slot 1, fixed at 3"),
        ("H6", {**PLAN, 5: 6}, "meeting 5 is in slot 6, forbidden to participant 4"),
        ("H7", {**PLAN, 4: 1}, "meeting 4 in slot 1 must come after meeting 1 in slot 2"),
    ],
)
def test_a_plan_broken_on_one_rule_is_reported_as_that(rule: str, plan: dict[int, int], text: str) -> None:
    found = violations(DAY, plan)
    assert {one.rule for one in found} == {rule}
    assert found[0].text == text


def test_equal_slots_break_a_strict_precedence() -> None:
    problem = instance([(1, 2), (3, 4)], people=4, slots=2, after={2: {1}})
    assert rules(problem, {1: 1, 2: 1}) == {"H7"}
    assert rules(problem, {1: 1, 2: 2}) == set()


def test_tables_are_counted_per_slot() -> None:
    full = dataclasses.replace(DAY, num_tables=1)
    assert rules(full, PLAN) == {"H3"}
    assert violations(full, PLAN)[0].text == "slot 3 has 2 meetings for 1 tables"


GAPS = {1: 1, 2: 3, 3: 5}


def test_fairness_counts_from_the_luckiest_of_all() -> None:
    day = instance([(1, 2), (1, 2), (1, 2)], people=2, slots=5, fairness=0)
    assert rules(day, GAPS) == set()  # two breaks each: nobody is better off
    assert rules(dataclasses.replace(day, forbidden=(frozenset(),) * 3), GAPS) == {"H8"}  # a third, idle
    assert rules(dataclasses.replace(day, forbidden=(frozenset(),) * 3, fairness=2), GAPS) == set()
    assert rules(dataclasses.replace(day, forbidden=(frozenset(),) * 3, fairness=-1), GAPS) == set()


def test_noon_and_absence_are_idle_like_any_other_slot() -> None:
    day = instance([(1, 2), (1, 2)], people=2, slots=4, morning=2, forbidden={1: {2, 3}})
    assert total_breaks(day, {1: 1, 2: 4}) == 2
    assert total_breaks(instance([(1, 2), (1, 2)], people=2, slots=4, morning=2), {1: 2, 2: 3}) == 0


def test_every_rule_has_its_case() -> None:
    assert set(RULES) == {f"H{number}" for number in range(1, 9)}
