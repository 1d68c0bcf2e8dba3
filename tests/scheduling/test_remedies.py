"""The cheapest change for a wish: true by re-solving, cheapest by brute force on tiny fairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from scheduling import Assignment, Pair, Participant, Problem, Slot, Solution, Table, violations
from scheduling.diff import compare
from scheduling.remedy import PRICES, Kind, Lever, forbidding, new_slot, pull
from scheduling.repair import Prices, cost
from scheduling.solvers.remedies import NotAsked, remedy
from tests.scheduling.cases import fair, person, plan
from tests.scheduling.strategies import every_plan, problems
from tests.scheduling.strategies_more import fairs, right_plans

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
TRUE = settings(
    FEW, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)  # shrinking these fairs takes minutes
MONEY = Prices()


def unserved(data: st.DataObject, problem: Problem, old: Solution) -> Pair:
    left = [pair for pair in problem.pairs if pair.key not in old.meetings]
    assume(left)
    return data.draw(st.sampled_from(left))


def every_lever(problem: Problem, wish: Pair) -> Iterator[Lever]:
    """Each lever that this fair has, one at a time."""
    yield Lever(Kind.PLAN)
    yield Lever(Kind.SLOT)
    yield Lever(Kind.ORGANISATIONS)
    yield from forbidding(problem, wish)
    yield from (Lever(Kind.TABLE, None, slot.id) for slot in (*problem.slots,))
    for one in wish.people:
        yield Lever(Kind.MAXIMUM, one)
        yield Lever(Kind.MAXIMUM_PER_DAY, one)
        away = {slot.id for slot in problem.slots} - set(problem.participant(one).available)
        yield from (Lever(Kind.PRESENCE, one, slot) for slot in away)


@FEW
@given(st.data())
def test_tiny_remedies_match_brute_force(data: st.DataObject) -> None:
    problem = data.draw(problems(people=4, slots=2, tables=2, pairs=3, forced=False))
    old = data.draw(right_plans(problem))
    wish = unserved(data, problem, old)
    best: int | None = None
    for lever in every_lever(problem, wish):
        after = pull(problem, wish, lever)
        for one in every_plan(after):
            if wish.key in one.meetings and not violations(after, one):
                points = PRICES[lever.kind] + cost(after, compare(old, one), MONEY)
                best = points if best is None else min(best, points)
    found = remedy(problem, old, wish.key, seconds=5)
    assert (None if found is None else found.cost) == best
    assert found is None or found.proven


@TRUE
@given(st.data())
def test_every_remedy_is_true_when_tried(data: st.DataObject) -> None:
    problem = data.draw(fairs(people=8, slots=5, tables=3, pairs=12, forced=False))
    old = data.draw(right_plans(problem))
    assume(not violations(problem, old))
    wish = unserved(data, problem, old)
    found = remedy(problem, old, wish.key, seconds=5)
    if found is not None:
        after = pull(problem, wish, found.lever)
        assert after == found.problem
        assert wish.key in found.plan.meetings
        assert violations(after, found.plan) == ()
        assert found.bound <= found.cost


def test_a_free_place_needs_no_lever() -> None:
    found = remedy(fair(), plan((1, 2, 1, 1)), (1, 4))
    assert found is not None
    assert (found.lever.kind, found.cost) == (Kind.PLAN, MONEY.new)


LEVERS = [
    ({"participants": person(1, max=1)}, ((1, 2, 1, 1),), Lever(Kind.MAXIMUM, 1)),
    ({"no_thanks": ((4, 10),)}, (), Lever(Kind.NO_THANKS)),
    ({"exclusions": ((10, 20),), "pairs": (Pair(1, 2, 3),)}, (), Lever(Kind.EXCLUSION)),
    ({"forbidden": ((1, 4),)}, (), Lever(Kind.FORBIDDEN)),
    ({"participants": person(1, available=())}, (), Lever(Kind.PRESENCE, 1, 1)),
    ({"tables": ()}, (), Lever(Kind.TABLE, None, 1)),
]


@pytest.mark.parametrize(("changes", "held", "lever"), LEVERS, ids=[one[2].kind.value for one in LEVERS])
def test_the_lever_fits_the_reason(changes: dict[str, Any], held: tuple[Any, ...], lever: Lever) -> None:
    """Giving another meeting up is made dear, so that the rule is what is changed; and without the reason no
    lever is pulled."""
    problem = fair(**changes)
    wish = problem.pairs[0] if len(problem.pairs) == 1 else problem.wish((1, 4))
    assert wish is not None
    found = remedy(problem, plan(*held), wish.key, prices=Prices(cancel=500))
    assert found is not None
    assert found.lever.kind is lever.kind
    assert found.proven
    assert found.cost == PRICES[lever.kind] + MONEY.new
    free = remedy(fair(pairs=problem.pairs), plan(*held), wish.key)
    assert free is not None
    assert free.lever.kind is Kind.PLAN


def test_same_organisation_is_beyond_remedy_and_others_are_not_asked() -> None:
    problem = fair(pairs=(*fair().pairs, Pair(1, 5, 3)))
    assert remedy(problem, plan(), (1, 5)) is None
    with pytest.raises(NotAsked):
        remedy(problem, plan((1, 2, 1, 1)), (1, 2))
    with pytest.raises(NotAsked):
        remedy(problem, plan(), (3, 77))


def test_one_more_slot_follows_the_last() -> None:
    problem = replace(fair(), slots=(Slot(1, 1, 1, 0, 20),), tables=(Table(1),), participants=_only(1))
    new = new_slot(problem)
    assert (new.id, new.start_min, new.end_min) == (2, 25, 45)


def _only(slot: int) -> tuple[object, ...]:
    return tuple(replace(one, available=(slot,)) for one in fair().participants)


def test_a_new_table_without_step_free_access_frees_no_step_free_place() -> None:
    """Somebody who needs one keeps it: one more meeting of the two organisations is the cheapest."""
    people = tuple(
        Participant(number, side, "x", (1, 2), step_free=number == 1)
        for number, side in ((1, 10), (2, 10), (3, 30))
    )
    problem = Problem(
        slots=(Slot(1, 1, 1, 0, 20), Slot(2, 1, 1, 30, 50)),
        tables=(Table(1, step_free=True),),
        participants=people,
        pairs=(Pair(1, 3, 0), Pair(2, 3, 0)),
    )
    found = remedy(problem, Solution((Assignment(1, 3, 1, 1),)), (2, 3), seconds=5)
    assert found is not None and found.proven
    assert (found.lever.kind, found.cost) == (Kind.ORGANISATIONS, PRICES[Kind.ORGANISATIONS] + MONEY.new)
