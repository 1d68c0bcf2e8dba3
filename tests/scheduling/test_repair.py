"""Repairs of tiny fairs against brute force, each kind of fault, freezing, prices."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scheduling import InvalidProblem, Pair, Participant, Problem, Solution, Table, violations
from scheduling.diff import compare
from scheduling.faults import (
    Absent,
    Delayed,
    Fault,
    Late,
    Refused,
    SlotLost,
    TableLost,
    UnknownThing,
    apply,
    newcomers,
)
from scheduling.repair import Freeze, Prices, cost, gained
from scheduling.solvers.repairing import repair
from tests.scheduling.cases import fair, plan
from tests.scheduling.strategies import every_plan, problems
from tests.scheduling.strategies_more import fairs, right_plans

FEW = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
PRICES = Prices()


@st.composite
def faults(draw: st.DrawFn, problem: Problem) -> Fault:
    people = [one.id for one in problem.participants]
    slots, tables = [one.id for one in problem.slots], [one.id for one in problem.tables]
    since = draw(st.sampled_from([None, *slots]))
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return Absent(draw(st.sampled_from(people)), since)
    if kind == 1:
        return TableLost(draw(st.sampled_from(tables)), since)
    if kind == 2:
        return SlotLost(draw(st.sampled_from(slots)))
    if kind == 3 and problem.wishes:
        return Refused(draw(st.sampled_from(problem.wishes)).key)
    if kind == 4:
        slot = draw(st.sampled_from(problem.slots))
        return Delayed(slot.session, draw(st.sampled_from([5, 30])), end_min=problem.slots[-1].end_min)
    new = Participant(900, 900, draw(st.sampled_from("xy")), tuple(slots))
    return Late(new, (Pair(900, people[0], draw(st.integers(0, 5))),))


def is_frozen_kept(problem: Problem, old: Solution, new: Solution, freeze: Freeze) -> bool:
    """Nothing changed before the slot, but for what was cancelled there."""
    if freeze.before is None:
        return True
    early = {slot.id for slot in problem.slots[: problem.slot_rank(freeze.before)]}
    diff = compare(old, new)
    starts = [one.slot for one in diff.added]
    moved = [
        slot for one in diff.moved for slot in (one.old.slot, one.new.slot) if one.old.slot != one.new.slot
    ]
    return early.isdisjoint(starts + moved)


@FEW
@given(st.data())
def test_tiny_repairs_match_brute_force(data: st.DataObject) -> None:
    """No right plan has fewer points, and what is called proven is met exactly."""
    problem = data.draw(problems(people=5, slots=3, tables=2, pairs=3, forced=False))
    old = data.draw(right_plans(problem))
    assume(old.assignments)
    fault = data.draw(faults(problem))
    try:
        after = apply(problem, fault)
    except InvalidProblem:
        assume(False)
    found = repair(problem, old, fault, seconds=5)
    late = newcomers(fault)
    points = [
        cost(after, diff, PRICES) - gained(after, diff.added, late, PRICES)
        for one in every_plan(after)
        if not violations(after, one)
        for diff in [compare(old, one)]
    ]
    assert found.plan is not None
    assert found.points == min(points)
    assert found.bound <= min(points)
    assert found.proven


@FEW
@given(st.data())
def test_repairs_are_right_and_keep_what_is_frozen(data: st.DataObject) -> None:
    problem = data.draw(fairs(people=8, slots=6, tables=4, pairs=14, forced=False))
    old = data.draw(right_plans(problem))
    fault = data.draw(faults(problem))
    freeze = Freeze(data.draw(st.sampled_from([None, *(slot.id for slot in problem.slots)])))
    try:
        after = apply(problem, fault)
    except InvalidProblem:
        assume(False)
    found = repair(problem, old, fault, freeze=freeze, seconds=5)
    assert found.bound <= found.points
    if found.plan is not None:
        assert violations(after, found.plan) == ()
        assert cost(after, compare(old, found.plan), PRICES) == found.cost
        assert is_frozen_kept(problem, old, found.plan, freeze)
    else:
        assert found.clash


def test_an_absence_cancels_the_later_meetings_alone() -> None:
    old = plan((1, 2, 1, 1), (1, 4, 3, 1), (3, 4, 1, 3))
    found = repair(fair(), old, Absent(1, since=2))
    assert [one.key for one in found.diff.cancelled] == [(1, 4)]
    assert (found.diff.moved, found.diff.added, found.cost, found.proven) == ((), (), 10, True)
    assert found.diff.participants == (1, 4)


def test_a_lost_table_moves_next_door_before_it_moves_in_time() -> None:
    old = plan((1, 2, 1, 1), (1, 4, 3, 1))
    found = repair(fair(), old, TableLost(1, since=3))
    (change,) = found.diff.moved
    assert (change.new.slot, change.new.table, found.cost, found.proven) == (3, 2, 1, True)
    dear = repair(fair(), old, TableLost(1, since=3), prices=Prices(table=9))
    (change,) = dear.diff.moved
    assert change.new_time
    assert dear.cost == 3


def test_a_frozen_meeting_does_not_make_room() -> None:
    """One table, two slots: who loses slot 2 goes to slot 1, unless that is over."""
    problem = fair(tables=(Table(1),))
    old = plan((1, 2, 2, 1))
    assert repair(problem, old, SlotLost(2)).diff.moved
    frozen = repair(problem, old, SlotLost(2), freeze=Freeze(3))
    assert [one.key for one in frozen.diff.cancelled] == [(1, 2)]
    assert frozen.proven


def test_a_newcomer_gets_the_most_worth_and_then_others_change_least() -> None:
    problem = fair(tables=(Table(1),))
    old = plan((1, 2, 1, 1))
    new = Participant(9, 90, problem.participants[0].type, (1,))
    found = repair(problem, old, Late(new, (Pair(9, 4, 2),)))
    assert [one.key for one in found.diff.added] == [(4, 9)]
    assert [one.new.key for one in found.diff.moved] == [(1, 2)]
    assert found.proven
    shy = repair(problem, old, Late(new, (Pair(9, 4, 2),)), prices=Prices(value=1))
    assert not shy.diff
    assert shy.proven


def test_a_refused_meeting_and_a_delayed_session() -> None:
    old = plan((1, 2, 1, 1), (1, 4, 3, 1))
    assert [one.key for one in repair(fair(), old, Refused((2, 1))).diff.cancelled] == [(1, 2)]
    first = fair().slots[0]
    late = Delayed(first.session, 5, day=first.day)
    after = apply(fair(), late)
    assert after.slots[0].start_min == first.start_min + 5
    assert not violations(after, repair(fair(), old, late).plan or Solution())


def test_what_must_be_held_and_cannot_is_told() -> None:
    """Negative control: an order that the fault makes impossible for others than the absent is a clash."""
    problem = fair(mandatory=((1, 2),), tables=(Table(1, available=(1,)),))
    old = plan((1, 2, 1, 1))
    found = repair(problem, old, SlotLost(1))
    assert found.plan is None
    assert found.clash
    assert not found.proven


@pytest.mark.parametrize("fault", [Absent(77), TableLost(77), SlotLost(77), Refused((1, 77)), Delayed(77, 5)])
def test_a_fault_about_nothing_is_refused(fault: Fault) -> None:
    with pytest.raises(UnknownThing):
        repair(fair(), plan((1, 2, 1, 1)), fault)


def test_a_newcomer_must_be_new_and_prices_not_negative() -> None:
    with pytest.raises(UnknownThing):
        apply(fair(), Late(replace(fair().participants[0])))
    with pytest.raises(ValueError, match="negative"):
        Prices(move=-1)
