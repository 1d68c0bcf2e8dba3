"""Each hard rule alone: verifier and model judge the same cases, and no rule lacks one of its forms."""

from __future__ import annotations

import itertools

import pytest
from ortools.sat.python import cp_model

from scheduling import RULES, Assignment, Solution, violations
from scheduling.explain import SENTENCES
from scheduling.problem import Problem, meeting_key
from scheduling.solvers.columns import KEPT
from scheduling.solvers.cp_sat.rules import POSTERS
from scheduling.solvers.cp_sat.run import post
from scheduling.solvers.cp_sat.variables import Variables, pooled_places, single_places
from scheduling.solvers.model import compile_model
from scheduling.solvers.rows import POSTERS as ROWS
from scheduling.solvers.tables import seat
from scheduling.solvers.warm import state_of
from tests.scheduling.cases import CASES, Case, fair, plan
from tests.scheduling.cases_more import MORE

EVERY = (*CASES, *MORE)
NAMES = [f"{number}-{case.rule}" for number, case in enumerate(EVERY)]
# The complete model of tiny fairs posts the rules of CASES only; larger fairs and all other rules are columns
# and rows.
POSTED = [pytest.param(case, id=name) for case, name in zip(CASES, NAMES, strict=False)]


@pytest.mark.parametrize("case", EVERY, ids=NAMES)
def test_verifier_accepts_the_edge_and_names_the_broken_rule_alone(case: Case) -> None:
    assert violations(case.problem, case.kept) == ()
    assert {one.rule for one in violations(case.problem, case.broken)} == {case.rule}


def accepts(problem: Problem, solution: Solution, rules: list[str], *, pooled: bool = False) -> bool:
    """Whether a model with these rules alone, over every meeting imaginable, allows exactly this plan."""
    ids = sorted(one.id for one in problem.participants)
    places = pooled_places(problem) if pooled else single_places(problem)
    these = Variables(problem, meetings=itertools.combinations(ids, 2), places=places)
    for literal in post(these, rules).values():
        these.model.add(literal == 1)
    plan = {(meeting_key(*held.people), held.slot, held.table) for held in solution.assignments}
    for one in these.choices:
        tables = {table.id for table in one.place.tables}
        wanted = any((one.meeting, one.slot, table) in plan for table in tables)
        these.model.add(one.variable == int(wanted))
    return cp_model.CpSolver().solve(these.model) != cp_model.INFEASIBLE


@pytest.mark.parametrize("case", POSTED)
def test_poster_agrees_with_the_verifier(case: Case) -> None:
    others = [name for name in POSTERS if name != case.rule]
    assert accepts(case.problem, case.kept, list(POSTERS))
    assert not accepts(case.problem, case.broken, [case.rule])
    assert accepts(case.problem, case.broken, others)


@pytest.mark.parametrize("case", POSTED)
def test_pooled_tables_keep_every_good_plan(case: Case) -> None:
    assert accepts(case.problem, case.kept, list(POSTERS), pooled=True)


def test_no_rule_lacks_a_form() -> None:
    assert set(RULES) == set(SENTENCES) == {case.rule for case in EVERY}


def test_no_rule_lacks_a_poster() -> None:
    assert set(RULES) == KEPT | set(ROWS)
    assert not KEPT & set(ROWS)
    assert set(POSTERS) == {case.rule for case in CASES}


@pytest.mark.parametrize("case", EVERY, ids=NAMES)
def test_columns_and_rows_agree_with_the_verifier(case: Case) -> None:
    """They hold the plan at the edge; of the broken one they hold what is right together, or miss what must be
    held."""
    model = compile_model(case.problem)
    kept, broken = state_of(model, case.kept), state_of(model, case.broken)
    assert len(kept.columns()) == len(case.kept.assignments)
    assert not kept.hard_short
    if case.rule in ("mandatory", "hard_minimum"):
        assert broken.hard_short
    else:
        assert seat(broken) != case.broken
        assert violations(case.problem, seat(broken)) == ()


@pytest.mark.parametrize("rule", sorted(ROWS))
def test_a_row_alone_keeps_its_rule(rule: str) -> None:
    """Without its rows some broken plan of the rule is held whole."""
    cases = [case for case in EVERY if case.rule == rule]
    held = [len(state_of(compile_model(case.problem, without=rule), case.broken).columns()) for case in cases]
    assert any(count == len(case.broken.assignments) for count, case in zip(held, cases, strict=True))


def test_unknown_things_are_reported_and_nothing_else() -> None:
    strangers = [
        *plan((1, 99, 1, 1), (1, 2, 9, 1), (1, 2, 1, 9)).assignments,
        Assignment(1, 2, 1, 1, others=(99,)),
        Assignment(1, 2, 1, 1, interpreter=99),
        Assignment(1, 2, 1, 1, wish=(1, 99)),
    ]
    found = violations(fair(), Solution((*strangers, Assignment(1, 4, 1, 1))))
    assert [one.rule for one in found] == ["known"] * 6
    assert [one.meetings[0] for one in found] == strangers


def test_violations_name_people_and_limits() -> None:
    case = next(one for one in CASES if one.rule == "maximum")
    (found,) = violations(case.problem, case.broken)
    assert dict(found.args) == {"participant": 1, "limit": 1, "held": 2}
    assert len(found.meetings) == 2
