"""An invalid problem cannot be built: every fault is reported at once, each naming its thing."""

from __future__ import annotations

from typing import Any

import pytest

from scheduling import (
    Assignment,
    Group,
    Interpreter,
    InvalidProblem,
    Pair,
    Participant,
    Pin,
    Slot,
    Table,
    TermName,
    TypeLimit,
    Weights,
)
from scheduling.problem import DEFAULT_ORDER
from tests.scheduling.cases import ALL, PAIRS, PEOPLE, SLOTS, TABLES, fair, person
from tests.scheduling.cases_more import LONG, TRIO, WALKS, pairs

NINE = (*PEOPLE, *(Participant(n, n, "", ALL) for n in range(6, 10)))
FAULTS: list[tuple[dict[str, Any], str, object]] = [
    ({"slots": (*SLOTS, SLOTS[0])}, "duplicate", 1),
    ({"slots": (Slot(1, 1, 1, 50, 40), *SLOTS[1:])}, "bad_time", 1),
    ({"slots": SLOTS[::-1]}, "slot_order", 3),
    ({"slots": (*SLOTS[:2], Slot(3, 1, 2, 700, 720), Slot(4, 2, 2, 730, 740))}, "session_days", 3),
    ({"tables": (*TABLES, Table(9, available=(77,)))}, "unknown", 9),
    ({"participants": (*PEOPLE, Participant(1, 9, "x", ALL))}, "duplicate", 1),
    ({"participants": person(1, available=(8,))}, "unknown", 1),
    ({"participants": person(1, min=3, max=2)}, "min_over_max", 1),
    ({"participants": person(1, max_per_day=-1)}, "negative", 1),
    ({"participants": (*PEOPLE, Participant("x", 9, "x", ALL))}, "mixed_ids", "ids"),  # type: ignore[arg-type]
    ({"pairs": (*PAIRS, Pair(1, 77, 1))}, "unknown", (1, 77)),
    ({"pairs": (*PAIRS, Pair(2, 1, 1))}, "duplicate", (1, 2)),
    ({"pairs": (*PAIRS, Pair(1, 1, 1))}, "self_meeting", (1, 1)),
    ({"pairs": (Pair(1, 2, -1),)}, "negative", (1, 2)),
    ({"no_thanks": ((77, 10),)}, "unknown", (77, 10)),
    ({"mandatory": ((1, 77),)}, "unknown", (1, 77)),
    ({"max_per_organisations": -1}, "negative", "organisation limits"),
    ({"weights": Weights(order=("value", "joy"))}, "unknown", "joy"),
    ({"weights": Weights(order=("value", "value"))}, "duplicate", ("value", "value")),
    ({"weights": Weights(weights={"value": -1})}, "negative", "value"),
    ({"pins": (Pin(1, 2, 9, 1),)}, "unknown", (1, 2)),
    ({"pins": (Pin(1, 3, 1, 1),)}, "pin_breaks_rule", ((1, 3),)),
    ({"pins": (Pin(1, 2, 1, 1), Pin(1, 4, 1, 2))}, "pin_breaks_rule", ((1, 2), (1, 4))),
    ({"pins": (Pin(1, 2, 1, 1),), "exclusions": ((10, 20),)}, "pin_breaks_rule", ((1, 2),)),
    # Wishes: starts, lengths, colleagues, groups.
    ({"pairs": pairs(0, available=(9,))}, "unknown", (1, 2)),
    ({"pairs": pairs(0, length_min=0)}, "too_small", (1, 2)),
    ({"pairs": pairs(0, a_instead=(77,))}, "unknown", (1, 2)),
    ({"pairs": pairs(0, a_instead=(4,))}, "instead", (1, 2)),
    ({"pairs": pairs(0, b_instead=(5,))}, "instead", (1, 2)),  # a colleague of the other side
    ({"pairs": pairs(0, a_instead=(1,))}, "instead", (1, 2)),
    ({"pairs": pairs(0, a_instead=(5, 5))}, "duplicate", (1, 2)),
    ({"groups": (Group((1, 2), 1),)}, "group_size", (1, 2)),
    ({"groups": (Group((1, 2, 2), 1),)}, "self_meeting", (1, 2, 2)),
    ({"groups": (Group((1, 2, 77), 1),)}, "unknown", (1, 2, 77)),
    ({"groups": (Group((1, 2, 4), -1),)}, "negative", (1, 2, 4)),
    ({"groups": (Group((1, 2, 4), 1, length_min=-5),)}, "too_small", (1, 2, 4)),
    ({"groups": (Group((1, 2, 4), 1, available=(9,)),)}, "unknown", (1, 2, 4)),
    ({"groups": (Group((1, 2, 4), 1), Group((4, 1, 2), 2))}, "duplicate", (1, 2, 4)),
    ({"groups": (Group(tuple(range(1, 10)), 1),), "participants": NINE}, "group_size", tuple(range(1, 10))),
    ({"mandatory": ((1,),)}, "group_size", (1,)),
    ({"mandatory": ((1, 2, 1),)}, "self_meeting", (1, 1, 2)),
    # Orders between people and meetings.
    ({"forbidden": ((1, 77),)}, "unknown", (1, 77)),
    ({"forbidden": ((1, 1),)}, "self_meeting", (1, 1)),
    ({"forbidden": ((1, 2), (2, 1))}, "duplicate", (1, 2)),
    ({"precedences": (((1, 2), (2, 77)),)}, "unknown", (2, 77)),
    ({"precedences": (((1, 2), (2, 1)),)}, "self_precedence", ((1, 2), (1, 2))),
    ({"precedences": (((1, 2), (3, 4)), ((2, 1), (4, 3)))}, "duplicate", ((1, 2), (3, 4))),
    ({"precedences": (((1, 2), (3, 3)),)}, "self_meeting", (3, 3)),
    # Ways, interpreters, the older plan.
    ({"walks": {(1, 2): -1}}, "negative", (1, 2)),
    ({"walks": {(1, 1): 3}}, "self_walk", (1, 1)),
    ({"walks": {(1, 2): 3, (2, 1): 4}}, "duplicate", (1, 2)),
    ({"walks": {(1, "x"): 3}}, "mixed_ids", "ids"),
    ({"interpreters": (Interpreter(1, ("fr",)), Interpreter(1, ("en",)))}, "duplicate", 1),
    ({"interpreters": (Interpreter(1, ()),)}, "no_language", 1),
    ({"interpreters": (Interpreter(1, ("fr",), available=(9,)),)}, "unknown", 1),
    ({"baseline": (Assignment(1, 77, 1, 1),)}, "unknown", (1, 77)),
    ({"baseline": (Assignment(1, 2, 9, 1),)}, "unknown", (1, 2)),
    ({"baseline": (Assignment(5, 2, 1, 1, wish=(1, 77)),)}, "unknown", (5, 2)),
    ({"baseline": (Assignment(1, 2, 1, 1), Assignment(2, 1, 2, 1))}, "duplicate", (1, 2)),
    ({"baseline": (Assignment(1, 1, 1, 1),)}, "self_meeting", (1, 1)),
    # Figures of a person.
    ({"participants": person(1, max_in_a_row=0)}, "too_small", 1),
    ({"participants": person(1, min_per_day=-1)}, "negative", 1),
    ({"participants": person(1, min_per_day=2, max_per_day=1)}, "min_over_max", 1),
    ({"participants": person(1, credit=-1)}, "bad_credit", 1),
    ({"participants": person(1, credit=1001)}, "bad_credit", 1),
    ({"participants": person(1, type_limits=(TypeLimit("x", 2, 1),))}, "min_over_max", 1),
    ({"participants": person(1, type_limits=(TypeLimit("x", -1),))}, "negative", 1),
    ({"participants": person(1, type_limits=(TypeLimit("x", 0, -1),))}, "negative", 1),
    ({"participants": person(1, type_limits=(TypeLimit("x"), TypeLimit("x", 1)))}, "duplicate", 1),
    # Pins of the same.
    ({"pins": (Pin(1, 2, 1, 1, interpreter=1),)}, "unknown", (1, 2)),
    ({"pins": (Pin(1, 2, 1, 1, others=(77,)),)}, "unknown", (1, 2, 77)),
    ({"pins": (Pin(5, 2, 1, 1, wish=(1, 77)),)}, "unknown", (5, 2)),
    ({"pins": (Pin(5, 2, 1, 1, wish=(1, 2)),)}, "pin_breaks_rule", ((1, 2),)),  # nobody may go for 1
    ({"pins": (Pin(1, 2, 2, 1),), "pairs": pairs(0, length_min=50)}, "pin_breaks_rule", ((1, 2),)),
    ({"organisation_limits": {(10, "x"): 1}}, "mixed_ids", "ids"),
    ({"exclusions": ((10, "x"),)}, "mixed_ids", "ids"),
    ({"pairs": (Pair(1, "x", 1),)}, "unknown", (1, "x")),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(
    ("changes", "code", "what"), FAULTS, ids=[f"{n}-{one[1]}" for n, one in enumerate(FAULTS)]
)
def test_fault_is_named(changes: dict[str, Any], code: str, what: object) -> None:
    with pytest.raises(InvalidProblem) as caught:
        fair(**changes)
    assert (code, what) in {(issue.code, issue.subject[1]) for issue in caught.value.issues}


def test_all_faults_are_reported_at_once() -> None:
    with pytest.raises(InvalidProblem) as caught:
        fair(participants=person(1, min=3, max=2), pairs=(Pair(1, 2, -1), Pair(3, 3, 1)))
    assert {issue.code for issue in caught.value.issues} == {"min_over_max", "negative", "self_meeting"}


def test_a_sound_problem_is_frozen_and_hashable() -> None:
    problem = fair(organisation_limits={(20, 10): 2}, type_rules=frozenset({("supplier", "buyer")}))
    assert problem.organisation_limit(10, 20) == problem.organisation_limit(20, 10) == 2
    assert problem.type_rules == {("buyer", "supplier")}
    assert hash(problem) == hash(fair(organisation_limits={(10, 20): 2}, type_rules=problem.type_rules))
    with pytest.raises(AttributeError):
        problem.pairs = ()  # type: ignore[misc]


def test_a_long_meeting_takes_the_slots_up_to_its_end_within_its_session() -> None:
    problem = fair()
    assert problem.covered(1, None) == problem.covered(1, 20) == (1,)
    assert problem.covered(1, 21) == problem.covered(1, 50) == (1, 2)  # 20 minutes, 10 between, 20 more
    assert problem.covered(1, 51) is None  # the session is over
    assert problem.covered(2, 21) is None
    assert problem.covered(9, 20) is problem.covered(9, None) is None


def test_sessions_may_be_numbered_anew_each_day() -> None:
    slots = (Slot(1, 1, 1, 0, 20), Slot(2, 2, 1, 30, 50), Slot(3, 1, 2, 60, 80), Slot(4, 2, 2, 90, 110))
    assert fair(slots=slots).covered(1, 30) is None
    one = tuple(Slot(slot.id, 1, slot.day, slot.start_min, slot.end_min) for slot in SLOTS[:2])
    assert fair(slots=(*one, *SLOTS[2:])).covered(1, 50) == (1, 2)


def test_spans_follow_the_wish_that_is_served() -> None:
    assert LONG.spans(Assignment(2, 1, 3, 1)) == (3, 4)
    assert LONG.spans(Assignment(2, 1, 4, 1)) == ()
    assert LONG.spans(Assignment(1, 4, 4, 1)) == (4,)
    assert LONG.spans(Assignment(5, 2, 1, 1, wish=(2, 1))) == (1, 2)
    assert fair().spans(Assignment(1, 2, 77, 1)) == ()
    assert LONG.length_of((1, 2)) == 50
    assert LONG.length_of((1, 4)) is LONG.length_of((1, 2, 4)) is None


def test_a_way_is_the_same_both_ways_and_none_without_zones() -> None:
    assert WALKS.walk(1, 2) == WALKS.walk(2, 1) == 10
    assert WALKS.walk(1, 1) == WALKS.walk(2, 3) == fair().walk(1, 2) == 0
    assert fair(tables=WALKS.tables, walks={(1, 2): 10, (3, 1): 11}) == WALKS


def test_groups_are_found_by_their_sorted_members() -> None:
    problem = fair(groups=(Group((4, 1, 2), 6),))
    assert problem.wish((1, 2, 4)) == Group((4, 1, 2), 6)
    assert problem.wish((1, 2, 3)) is None
    assert problem.wishes == (*PAIRS, Group((4, 1, 2), 6))


def test_terms_come_with_what_they_count() -> None:
    assert fair().terms() == DEFAULT_ORDER == Weights().order
    assert WALKS.terms() == (*DEFAULT_ORDER, TermName.WALKING)
    everything = fair(
        participants=person(1, silo="a"),
        baseline=(Assignment(1, 2, 1, 9),),
        walks={(1, 2): 0},
        groups=(TRIO,),
    )
    assert everything.terms() == tuple(TermName)
    assert isinstance(hash(everything), int)
