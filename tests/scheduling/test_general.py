"""The general rules together, on random fairs with random right plans: reasons, places, scores, sizes."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling import Assignment, Problem, Solution, TermName, placing, violations
from scheduling.board import Board
from scheduling.explain import Reason, reasons
from scheduling.problem import DEFAULT_ORDER, Meeting
from scheduling.scoring import PER_MILLE, satisfactions, values
from tests.scheduling.cases import fair, plan
from tests.scheduling.cases_more import FOR_1, LONG, OFTEN, SPOKEN, by, held
from tests.scheduling.strategies import every_assignment
from tests.scheduling.strategies_more import NOT_ASKED, fairs, right_plans

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
SIZE = {"people": 8, "slots": 7, "tables": 4, "pairs": 12}


def legal(problem: Problem, now: Solution, key: Meeting) -> list[Assignment]:
    """By brute force: every way to add the meeting that breaks no rule."""
    return [
        new
        for new in every_assignment(problem, key)
        if not violations(problem, Solution((*now.assignments, new)), skip=NOT_ASKED)
    ]


@FEW
@given(st.data())
def test_reasons_are_true_whatever_the_rules(data: st.DataObject) -> None:
    problem = data.draw(fairs(**SIZE))
    now = data.draw(right_plans(problem))
    found = reasons(problem, now)
    assert set(found) == {wish.key for wish in problem.wishes} - now.meetings
    for key, reason in found.items():
        if reason is not Reason.LOWER_PRIORITY:
            assert not legal(problem, now, key), reason


@FEW
@given(st.data())
def test_options_are_the_legal_places_whatever_the_rules(data: st.DataObject) -> None:
    problem = data.draw(fairs(**SIZE))
    now = data.draw(right_plans(problem))
    for pair in problem.pairs:
        if pair.key in now.meetings:
            continue
        found = placing.options(problem, now, pair.a, pair.b)
        named = [one for one in legal(problem, now, pair.key) if one.key == tuple(sorted(one.people))]
        assert {(one.slot, one.table) for one in found if not one.broken} == {
            (one.slot, one.table) for one in named
        }
        assert {one.slot for one in found} == {slot.id for slot in problem.slots}
        for one in found:
            if not one.broken:
                new = Assignment(pair.a, pair.b, one.slot, one.table or 0, interpreter=one.interpreter)
                assert not violations(problem, Solution((*now.assignments, new)), skip=NOT_ASKED)


@FEW
@given(st.data())
def test_a_meeting_may_stay_where_it_is(data: st.DataObject) -> None:
    """Taking it out and asking where it could go gives its place back, whoever goes and helps."""
    problem = data.draw(fairs(**SIZE))
    now = data.draw(right_plans(problem))
    for moving in now.assignments:
        found = placing.options(problem, now, moving.a, moving.b, moving=moving)
        assert (moving.slot, moving.table, ()) in {(one.slot, one.table, one.broken) for one in found}


@FEW
@given(st.data())
def test_nobody_gets_more_than_is_attainable(data: st.DataObject) -> None:
    problem = data.draw(fairs(**SIZE))
    now = data.draw(right_plans(problem))
    assert all(0 <= one <= PER_MILLE for one in satisfactions(problem, now).values())


@FEW
@given(st.data())
def test_the_terms_are_those_in_use_and_a_baseline_of_itself_has_no_changes(data: st.DataObject) -> None:
    problem = data.draw(fairs(**SIZE))
    now = data.draw(right_plans(problem))
    assert tuple(values(problem, now)) == problem.terms()
    assert set(problem.terms()) >= set(DEFAULT_ORDER)
    if now.assignments:
        same = replace(problem, baseline=now.assignments)
        assert values(same, now)[TermName.CHANGES] == 0
        assert values(same, Solution())[TermName.CHANGES] == len(now.assignments)


def test_the_board_names_what_the_others_in_the_plan_forbid() -> None:
    busy = Board(SPOKEN, held(by(1, a=3, b=4, table=3)))
    assert busy.broken(by(1)) == ("interpreter_once",)
    assert busy.broken(by(None)) == ("interpreter",)
    assert busy.broken(by(4)) == ()
    assert busy.interpreted(by(None)).interpreter == 2  # the first who is free
    once = Board(OFTEN, held(FOR_1))
    assert once.broken(Assignment(1, 2, 2, 1)) == ("pair_once",)  # the wish is served, by others
    assert once.broken(Assignment(2, 5, 2, 1)) == ("pair_once",)  # they meet, for another wish
    order = fair(precedences=(((1, 2), (3, 4)),))
    assert Board(order, plan((3, 4, 1, 3))).broken(Assignment(1, 2, 2, 1)) == ("precedences",)
    assert Board(order, plan((1, 2, 2, 1))).broken(Assignment(3, 4, 1, 3)) == ("precedences",)


def test_the_board_looks_at_every_slot_of_a_long_meeting() -> None:
    board = Board(LONG, plan((1, 4, 2, 1)))
    assert board.busy((1, 2), (1, 2))
    assert not board.busy((1, 2), (1,))
    assert [table.id for table in board.free_tables((1, 2), (1, 2))] == [2]
    assert [table.id for table in board.free_tables((1, 2), (1,))] == [1, 2]
