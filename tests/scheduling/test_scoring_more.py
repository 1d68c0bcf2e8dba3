"""The terms and worths of fairs with the general rules, on plans small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scheduling import (
    Assignment,
    Group,
    Interpreter,
    Level,
    Pair,
    Participant,
    Problem,
    Solution,
    Table,
    TermName,
    TypeLimit,
    Weights,
    score,
)
from scheduling.scoring import attainable, breaks, rank, satisfactions, shortfalls, values, walking, worth
from tests.scheduling.cases import fair, person, plan
from tests.scheduling.cases_more import COLLEAGUES, FIVE_LONG, GROUPED, INSTEAD, TRIO, held, pairs, people
from tests.scheduling.test_scoring import EVER, SLOTS, STAR


def test_credit_weighs_the_value_and_rounds_half_up() -> None:
    problem = fair(participants=people(credit={1: 125, 2: 50, 4: 0}), groups=(Group((1, 2, 4), 5),))
    assert worth(problem, Pair(1, 2, 4)) == 4  # 3.5
    assert worth(problem, Pair(1, 2, 3)) == 3  # 2.625
    assert worth(problem, Pair(2, 4, 2)) == 1  # 0.5
    assert worth(problem, Pair(1, 3, 7)) == 8  # 7.875
    assert worth(problem, Group((1, 2, 4), 5)) == 3  # 2.917
    assert worth(fair(), Pair(1, 2, 3)) == 3
    assert values(problem, held(GROUPED, Assignment(1, 3, 2, 3)))[TermName.VALUE] == 3 + 2  # 2.25


def test_value_and_musts_count_groups_and_wishes_served_by_colleagues() -> None:
    problem = replace(
        INSTEAD,
        pairs=(Pair(1, 2, 3, Level.MUST, a_instead=(5,)), Pair(1, 4, 1)),
        groups=(replace(TRIO, must=True),),
        max_per_organisations=2,
    )
    found = values(problem, held(Assignment(5, 2, 1, 1, wish=(1, 2)), replace(GROUPED, slot=2)))
    assert (found[TermName.MUST_MEETS], found[TermName.VALUE]) == (2, 3 + 6)
    assert values(problem, plan((2, 5, 1, 1)))[TermName.VALUE] == 0  # nobody's wish


def test_a_wish_is_to_the_credit_of_whom_it_names_and_to_the_quota_of_who_goes() -> None:
    problem = replace(INSTEAD, participants=people(min={1: 1, 5: 1}))
    served = held(Assignment(5, 2, 1, 1, wish=(1, 2)))
    assert shortfalls(problem, served) == {1: 1}
    assert satisfactions(problem, served)[1] == 500  # 3 of 3 + 2 + 1
    assert satisfactions(problem, served)[5] == 0  # 2 - 5 is not held


def test_shortfall_adds_days_and_types() -> None:
    problem = fair(
        participants=person(1, min=3, min_per_day=1, type_limits=(TypeLimit("buyer", 1), TypeLimit("x", 2)))
    )
    assert shortfalls(problem, plan((1, 2, 1, 1))) == {1: 2 + 1 + 1 + 2}
    assert shortfalls(problem, plan((1, 4, 1, 1), (1, 2, 3, 1))) == {1: 1 + 0 + 0 + 2}
    half = fair(participants=person(1, available=(1, 2), min_per_day=2))
    assert shortfalls(half, plan((1, 2, 1, 1))) == {1: 1}  # absent on the second day


def test_a_colleague_beside_one_is_no_counterpart() -> None:
    problem = fair(
        participants=person(1, type_limits=(TypeLimit("buyer", 1),)), groups=(Group((1, 2, 5), 1),)
    )
    assert shortfalls(problem, held(Assignment(1, 2, 1, 1, others=(5,)))) == {1: 1}
    assert shortfalls(problem, plan((1, 4, 1, 1))) == {}


def test_breaks_begin_after_the_last_slot_of_a_long_meeting() -> None:
    assert breaks(FIVE_LONG, plan((1, 2, 1, 1), (1, 3, 3, 1))) == {}
    assert breaks(FIVE_LONG, plan((1, 2, 1, 1), (1, 3, 4, 1))) == {1: 1}
    assert breaks(FIVE_LONG, plan((1, 3, 1, 1), (1, 2, 3, 1))) == {1: 1}


def test_sessions_numbered_anew_each_day_are_not_one() -> None:
    """One person's day ends in session 1 and the next begins in session 1: no break over night, no move."""
    slots = tuple(replace(slot, session=number % 2) for number, slot in enumerate(fair().slots))
    found = plan((1, 2, 1, 1), (1, 4, 3, 2))
    values_now = values(fair(slots=slots), found)
    assert (values_now[TermName.BREAKS], values_now[TermName.TABLE_MOVES]) == (0, 0)


SILOS = fair(participants=people(silo={1: "a", 2: "b", 3: "a"}), groups=(TRIO, Group((1, 3, 4), 1)))


@pytest.mark.parametrize(
    ("meeting", "counts"),
    [
        (Assignment(1, 2, 1, 1), 1),
        (Assignment(1, 3, 1, 3), 0),
        (Assignment(1, 4, 1, 1), 0),  # unknown is no silo
        (GROUPED, 1),
        (Assignment(1, 3, 1, 3, others=(4,)), 0),
    ],
)
def test_cross_silo_wants_two_known_silos(meeting: Assignment, counts: int) -> None:
    assert values(SILOS, held(meeting))[TermName.CROSS_SILO] == counts


def test_changes_count_what_is_elsewhere_in_time_or_gone() -> None:
    problem = replace(
        INSTEAD, baseline=(Assignment(2, 1, 1, 9), Assignment(3, 4, 2, 3), Assignment(1, 4, 3, 1))
    )
    served = Assignment(5, 2, 1, 1, wish=(1, 2))  # the same meeting at the same time, by a colleague
    assert values(problem, held(served, Assignment(3, 4, 1, 3)))[TermName.CHANGES] == 2
    assert values(problem, Solution())[TermName.CHANGES] == 3


def test_walking_sums_minutes_between_neighbours_of_a_day() -> None:
    zones = (Table(1, zone=1), Table(2, zone=2), Table(3, zone=1), Table(4))
    problem = replace(STAR, tables=zones, walks={(2, 1): 4})
    found = plan((1, 2, 1, 1), (1, 3, 2, 2), (1, 4, 5, 3), (1, 5, 8, 4))
    assert walking(problem, found) == {1: 4 + 4}  # over lunch too; nothing to a table without a zone
    assert values(problem, found)[TermName.WALKING] == 8
    assert walking(problem, plan((1, 5, 8, 2), (1, 2, 1, 1), (1, 3, 2, 3))) == {1: 4}
    next_day = replace(
        problem, slots=(*SLOTS[:4], *(replace(slot, day=2) for slot in SLOTS[4:])), pairs=STAR.pairs
    )
    assert walking(next_day, plan((1, 2, 1, 1), (1, 3, 5, 2))) == {}


def test_terms_are_scored_when_used_only() -> None:
    assert [term.name for term in score(fair(), plan())] == list(Weights().order)
    assert [term.name for term in score(SILOS, plan())][-1] is TermName.CROSS_SILO


def test_rank_of_a_term_the_fair_does_not_use_is_nothing() -> None:
    order = ("changes", "value", "cross_silo")
    found = values(replace(SILOS, weights=Weights(order)), plan((1, 2, 1, 1)))
    assert rank(replace(SILOS, weights=Weights(order)), found) == (0, 3, 1)
    weighted = Weights(order, mode="weighted", weights={"cross_silo": 5})  # type: ignore[arg-type]
    assert rank(replace(SILOS, weights=weighted), found) == (8,)


# What a person could attain alone ---------------------------------------------------------------------------


def test_attainable_counts_groups_worth_and_what_is_possible() -> None:
    assert attainable(fair())[1] == 3 + 2 + 1
    assert attainable(fair(groups=(TRIO,)))[1] == 6 + 6
    assert attainable(fair(groups=(TRIO,), exclusions=((20, 40),)))[1] == 6
    assert attainable(fair(forbidden=((1, 2),)))[1] == 3
    assert attainable(fair(groups=(TRIO,), forbidden=((1, 2),)))[4] == 5  # nor the group, of which both are
    assert attainable(fair(pairs=pairs(0, length_min=51)))[1] == 3
    assert attainable(fair(pairs=pairs(0, available=())))[1] == 3
    assert attainable(fair(participants=people(credit={1: 200, 2: 0})))[1] == 3 + 3 + 2


def test_attainable_needs_a_common_language_or_an_interpreter() -> None:
    speakers = people(languages={1: ("fr",), 2: ("en",)})
    assert attainable(fair(participants=speakers))[1] == 3
    able = Interpreter(1, ("fr", "en"))
    assert attainable(fair(participants=speakers, interpreters=(able,)))[1] == 6
    assert attainable(fair(participants=speakers, interpreters=(replace(able, available=()),)))[1] == 3


def test_attainable_of_a_group_with_colleagues_and_somebody_who_speaks_anything() -> None:
    buyers_meet_suppliers = frozenset({("buyer", "supplier")})
    assert attainable(fair(pairs=(), groups=(COLLEAGUES,), type_rules=buyers_meet_suppliers))[5] == 3
    assert 4 not in attainable(fair(pairs=(), groups=(TRIO,), type_rules=buyers_meet_suppliers))
    speakers = people(languages={1: ("fr",), 2: ("en",)})  # 4 understands everybody
    able = (Interpreter(1, ("fr", "en")),)
    assert attainable(fair(pairs=(), groups=(TRIO,), participants=speakers, interpreters=able))[4] == 6


def test_attainable_respects_rest_and_type_maxima() -> None:
    def alone(**changes: Any) -> int:
        first = replace(STAR.participants[0], **changes)
        return attainable(replace(STAR, participants=(first, *STAR.participants[1:])))[1]

    assert alone() == 8
    assert alone(available=(1, 2, 3), max_in_a_row=1) == 6  # the slots 1 and 3
    assert alone(available=(4, 5), max_in_a_row=1) == 6  # of two sessions
    assert alone(available=(1, 2, 3), max_in_a_row=2) == 6
    assert alone(type_limits=(TypeLimit("", max=1),)) == 4
    assert alone(type_limits=(TypeLimit("other", max=0),)) == 8


def test_what_colleagues_may_serve_takes_no_own_time() -> None:
    problem = replace(INSTEAD, participants=person(1, max=1))
    assert attainable(problem)[1] == 3 + 2  # 5 goes for 1 to meet 2, 1 meets 3
    away = replace(INSTEAD, participants=person(1, available=()))
    assert attainable(away)[1] == 3
    both: Problem = replace(INSTEAD, no_thanks=((1, 20),))
    assert attainable(both)[1] == 6
    assert attainable(replace(both, no_thanks=((1, 20), (5, 20))))[1] == 3


def test_a_type_maximum_leaves_out_wishes_that_another_type_may_serve() -> None:
    """2 is a supplier, of whom 1 may meet none; 6, a colleague of 2, is a buyer and may go instead."""
    nobody = person(1, type_limits=(TypeLimit("supplier", max=0),))
    everybody = (*nobody, Participant(6, 20, "buyer", EVER[:4]))
    for wish in (Pair(1, 2, 3, b_instead=(6,)), Pair(2, 1, 3, a_instead=(6,))):
        assert (
            attainable(fair(participants=everybody, pairs=(wish, Pair(1, 3, 2), Pair(1, 4, 1))))[1] == 3 + 1
        )
    assert attainable(fair(participants=everybody))[1] == 1
