"""The solver under every rule at once: plans are right, counted as the score counts, bounds hold."""

from __future__ import annotations

import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling import Problem, Status, TermName, solve, violations
from scheduling.bounds.run import Bounds
from scheduling.scoring import rank, values
from scheduling.solvers import search
from scheduling.solvers.greedy import greedy
from scheduling.solvers.linear import Hopeless
from scheduling.solvers.model import compile_model
from scheduling.solvers.tables import seat
from scheduling.solvers.warm import state_of
from tests.scheduling.strategies_more import fairs, right_plans
from tests.scheduling.test_solve import WORK, check

FEW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
SIZE = {"people": 8, "slots": 7, "tables": 4, "pairs": 16}


@FEW
@given(fairs(**SIZE))
def test_any_small_fair_with_every_rule_is_solved_right(problem: Problem) -> None:
    result = solve(problem, limits=WORK)
    if result.status is not Status.INFEASIBLE:
        check(problem, result)


@FEW
@given(fairs(forced=False, **SIZE))
def test_search_keeps_all_rules_and_counts_as_the_score(problem: Problem) -> None:
    state = greedy(compile_model(problem))
    bounds = Bounds(state.model, seconds=lambda: 5, repeatable=True, should_stop=lambda: False)
    budget = search.Budget(time.monotonic(), 0.0, 10, lambda: False)
    found = search.Search(budget, bounds, 3, lambda *_: None).run(state)
    counted, result = search.terms_of(found), seat(found)
    scored = values(problem, result)
    tables = {name: scored[name] for name in (TermName.TABLE_MOVES, TermName.WALKING) if name in scored}
    bad = violations(problem, result, skip=("mandatory", "hard_minimum"))
    assert not bad, {one.rule for one in bad}
    assert {**counted, **tables} == scored
    assert rank(problem, search.terms_of(found)) >= rank(problem, search.terms_of(state)) or state.hard_short


@FEW
@given(st.data())
def test_every_right_plan_is_a_state_within_the_bounds(data: st.DataObject) -> None:
    """No rule is posted too strictly, and no bound is below a plan that exists."""
    problem = data.draw(fairs(**SIZE))
    plan = data.draw(right_plans(problem))
    model = compile_model(problem)
    assert len(state_of(model, plan).columns()) >= len(plan.assignments)
    if violations(problem, plan):
        return
    bounds = Bounds(model, seconds=lambda: 5, repeatable=True, should_stop=lambda: False)
    try:
        bounds.compute()
    except Hopeless:
        raise AssertionError("a plan exists") from None
    found = values(problem, plan)
    for term in bounds.terms():
        bound = bounds.of(term, found)
        assert bound is not None
        assert found[term] <= bound.value if term.value in MAXIMISED else found[term] >= bound.value


MAXIMISED = {TermName.MUST_MEETS, TermName.VALUE, TermName.FAIRNESS, TermName.CROSS_SILO}
