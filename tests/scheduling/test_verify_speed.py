"""Verifying a large plan is a matter of a second, and of twice the time for twice the plan."""

from __future__ import annotations

import time

import pytest

from scheduling import (
    Assignment,
    Interpreter,
    Pair,
    Participant,
    Problem,
    Slot,
    Solution,
    Table,
    TypeLimit,
    violations,
)
from scheduling.scoring import score

LARGE = 500  # buyers, as many suppliers
ROUNDS = 16


def carousel(buyers: int, *, every_rule: bool) -> tuple[Problem, Solution]:
    """In each of 16 slots buyer i meets supplier i + slot at table i: a right plan of 16 * buyers meetings."""
    slots = tuple(
        Slot(n, n // 8, n // 8, 1440 * (n // 8) + 25 * n, 1440 * (n // 8) + 25 * n + 20) for n in range(20)
    )
    times = tuple(slot.id for slot in slots)
    more: dict[str, object] = {
        "languages": ("fr",),
        "max_in_a_row": 8,
        "min_per_day": 1,
        "type_limits": (TypeLimit("buyer", 0, 20), TypeLimit("supplier", 0, 20)),
        "silo": "a",
    }  # fmt: skip
    people = tuple(
        Participant(
            n,
            n,
            "buyer" if n < buyers else "supplier",
            times,
            1,
            20,
            10,
            **(more if every_rule else {}),  # type: ignore[arg-type]
        )
        for n in range(2 * buyers)
    )
    held = tuple(Assignment(i, buyers + (i + n) % buyers, n, i) for n in range(ROUNDS) for i in range(buyers))
    rules: dict[str, object] = {
        "walks": {(0, 1): 5},
        "interpreters": (Interpreter(0, ("fr", "en")),),
        "precedences": tuple(
            (one.people, other.people) for one, other in zip(held[:500], held[-500:], strict=True)
        ),
        "forbidden": tuple((n, n + 1) for n in range(buyers - 1)),
        "baseline": held,
    }
    length = 20 if every_rule else None
    problem = Problem(
        slots=slots,
        tables=tuple(Table(n, zone=n % 2) for n in range(buyers)),
        participants=people,
        pairs=tuple(Pair(one.a, one.b, 1, length_min=length) for one in held),
        exclusions=tuple((n, n + 1) for n in range(buyers - 1)),
        no_thanks=tuple((n, n + 1) for n in range(buyers - 1)),
        type_rules=frozenset({("buyer", "supplier")}),
        **(rules if every_rule else {}),  # type: ignore[arg-type]
    )
    return problem, Solution(held)


def seconds(problem: Problem, plan: Solution) -> float:
    """The best of three, each with fresh views."""
    found = []
    for _ in range(3):
        fresh = Solution(plan.assignments)
        begin = time.perf_counter()
        assert violations(problem, fresh) == ()
        found.append(time.perf_counter() - begin)
    return min(found)


@pytest.mark.parametrize("every_rule", [False, True])
def test_time_grows_with_the_plan_and_not_with_its_square(every_rule: bool) -> None:
    small, large = (carousel(buyers, every_rule=every_rule) for buyers in (LARGE // 4, LARGE))
    assert len(large[1].assignments) == 8000
    assert seconds(*large) < 8 * seconds(*small)  # four times the plan; sixteen if it were quadratic


def test_scoring_a_large_plan_is_no_slower_than_verifying_it_a_few_times() -> None:
    problem, plan = carousel(LARGE, every_rule=True)
    begin = time.perf_counter()
    terms = {term.name: term.value for term in score(problem, plan)}
    assert time.perf_counter() - begin < 8 * seconds(problem, plan)
    assert terms["value"] == 8000
    assert terms["changes"] == 0
