"""The last units: what branch and bound proves is what enumeration finds, on the columns that may matter."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings

from scheduling import Problem, TermName, generate, violations
from scheduling.bounds.linear import ladder
from scheduling.scoring import values
from scheduling.solvers.closing import close, level_of
from scheduling.solvers.coarse import coarse
from scheduling.solvers.greedy import greedy
from scheduling.solvers.linear import Hopeless, guide
from scheduling.solvers.model import compile_model
from scheduling.solvers.tables import seat
from tests.scheduling.cases import fair
from tests.scheduling.strategies import every_plan, problems
from tests.scheduling.strategies_more import fairs

FEW = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@FEW
@given(problems(people=5, slots=3, tables=2, pairs=4))
def test_a_closed_plan_is_the_best_of_all(problem: Problem) -> None:
    model = compile_model(problem)
    state = greedy(model)
    assume(not state.hard_short)
    prices = ladder(model, TermName.VALUE, [TermName.MUST_MEETS])
    found, proven = close(state, guide(coarse(model), prices, seconds=5), seconds=5)
    plans = [values(problem, one) for one in every_plan(problem) if not violations(problem, one)]
    best = max(sum(price * one[name] for name, price in prices.items()) for one in plans)
    known = guide(coarse(model), prices, seconds=5)
    assert level_of(state, known) <= level_of(found, known) <= best
    assert violations(problem, seat(found)) == ()
    if proven:
        assert level_of(found, known) == best


@FEW
@given(fairs(people=8, slots=7, tables=4, pairs=16))
def test_columns_reach_what_plans_with_them_have(problem: Problem) -> None:
    """No plan that holds a column has more than the column's reach, nor more than the bound."""
    model = compile_model(problem)
    state = greedy(model)
    assume(not state.hard_short)
    try:
        known = guide(coarse(model), {TermName.VALUE: 1}, seconds=5)
    except Hopeless:
        raise AssertionError("a plan exists") from None
    assert known.reach is not None and known.bound is not None
    assert level_of(state, known) <= known.bound
    for column in state.columns():
        assert level_of(state, known) <= known.reach[column] <= known.bound


def test_a_model_without_choices_is_its_own_relaxation() -> None:
    model = compile_model(fair())
    assert coarse(model) is model


@pytest.mark.parametrize("people", [30])
def test_ways_that_differ_in_table_or_interpreter_become_one(people: int) -> None:
    model = compile_model(generate.KINDS["ess-full"](people, seed=1))
    small = coarse(model)
    assert small.stands_for is not None
    assert small.num_columns < model.num_columns / 2
    for column, number in enumerate(small.stands_for.tolist()):
        assert model.wish[column] == small.wish[number]
        assert (model.start[column], model.team[column]) == (small.start[number], small.team[number])
