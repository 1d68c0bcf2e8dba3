"""Whatever the fair: plans are right, terms equal the score, bounds hold, tiny fairs match brute force."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from scheduling import (
    Limits,
    Mode,
    Pair,
    Pin,
    Problem,
    Result,
    Sense,
    Status,
    TermName,
    UnverifiedPlan,
    Weights,
    generate,
    solve,
    violations,
)
from scheduling.bounds.run import Bounds
from scheduling.problem import DEFAULT_ORDER
from scheduling.scoring import SENSES, rank, values
from scheduling.solution import Solution
from scheduling.solvers import search
from scheduling.solvers.cp_sat import run as cp_sat
from scheduling.solvers.greedy import greedy
from scheduling.solvers.linear import Hopeless
from scheduling.solvers.model import compile_model
from scheduling.solvers.tables import seat
from scheduling.solvers.warm import state_of
from tests.scheduling.cases import ALL, PAIRS, fair, person, plan
from tests.scheduling.strategies import every_plan, problems

FEW = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
WORK = Limits(deterministic=15)


def check(problem: Problem, result: Result) -> None:
    """What holds of every result with a plan."""
    assert result.solution is not None
    assert violations(problem, result.solution) == ()
    assert {term.name: term.value for term in result.terms} == values(problem, result.solution)
    for term in result.terms:
        if term.bound is not None:
            assert term.proof
            good = term.value <= term.bound if term.sense is Sense.MAX else term.value >= term.bound
            assert good, term


@FEW
@given(problems())
def test_any_small_fair_is_solved_right(problem: Problem) -> None:
    result = solve(problem, limits=WORK)
    if result.status is Status.INFEASIBLE:
        assert result.conflict
    elif result.status is not Status.UNKNOWN:
        check(problem, result)


@FEW
@given(problems(people=5, slots=3, tables=2, pairs=3))
def test_tiny_fairs_match_brute_force(problem: Problem) -> None:
    ranks = [
        rank(problem, values(problem, one)) for one in every_plan(problem) if not violations(problem, one)
    ]
    result = solve(problem, limits=WORK)
    if not ranks:
        assert result.status is Status.INFEASIBLE
        return
    check(problem, result)
    assert result.status is Status.OPTIMAL
    assert result.solution is not None
    assert rank(problem, values(problem, result.solution)) == max(ranks)


@FEW
@given(problems(people=5, slots=3, tables=2, pairs=3))
def test_linear_bounds_hold_for_every_plan(problem: Problem) -> None:
    plans = [values(problem, one) for one in every_plan(problem) if not violations(problem, one)]
    bounds = Bounds(compile_model(problem), seconds=lambda: 5, repeatable=True, should_stop=lambda: False)
    try:
        bounds.compute()
    except Hopeless:
        assert not plans
        return
    for found in plans:
        for term in bounds.terms():
            bound = bounds.of(term, found)
            assert bound is not None
            for one in plans:
                if as_good_before(problem, term, one, found):
                    minimised = SENSES[term] is Sense.MIN
                    right = one[term] >= bound.value if minimised else one[term] <= bound.value
                    assert right, (term, one, found, bound)


def as_good_before(
    problem: Problem, term: TermName, one: dict[TermName, int], other: dict[TermName, int]
) -> bool:
    """True when a plan is as good as the other in every term ranked before."""
    order = [TermName(name) for name in problem.weights.order]
    if problem.weights.mode is Mode.WEIGHTED:
        return True
    before = order[: order.index(term)]
    signed = {name: (1 if SENSES[name] is Sense.MAX else -1) for name in before}
    return all(sign * one[name] >= sign * other[name] for name, sign in signed.items())


@FEW
@given(problems(people=8, slots=6, tables=4, pairs=20, forced=False))
def test_search_alone_keeps_all_rules_and_counts_as_the_score(problem: Problem) -> None:
    """The path of large fairs, on small ones where every corner shows."""
    state = greedy(compile_model(problem))
    bounds = Bounds(state.model, seconds=lambda: 5, repeatable=True, should_stop=lambda: False)
    budget = search.Budget(time.monotonic(), 0.0, 10, lambda: False)
    found = search.Search(budget, bounds, 3, lambda *_: None).run(state)
    counted, result = search.terms_of(found), seat(found)
    assert not found.hard_short
    assert violations(problem, result) == ()
    scored = values(problem, result)
    assert {**counted, TermName.TABLE_MOVES: scored[TermName.TABLE_MOVES]} == scored
    ranks = [rank(problem, search.terms_of(one)) for one in (state, found)]
    assert ranks[1] >= ranks[0]


@FEW
@given(problems(people=5))
def test_greedy_is_right_but_for_what_must_be_held(problem: Problem) -> None:
    found = violations(problem, seat(greedy(compile_model(problem))))
    assert {one.rule for one in found} <= {"mandatory", "hard_minimum"}


INFEASIBLE: list[tuple[dict[str, Any], set[str]]] = [
    ({"mandatory": ((1, 2),), "exclusions": ((10, 20),)}, {"mandatory", "exclusions"}),
    ({"mandatory": ((1, 2),), "no_thanks": ((2, 10),)}, {"mandatory", "no_thanks"}),
    ({"mandatory": ((1, 5),)}, {"mandatory", "organisations_distinct"}),
    ({"mandatory": ((1, 2),), "participants": person(1, available=())}, {"mandatory", "availability"}),
    ({"mandatory": ((1, 2), (2, 5))}, {"mandatory", "organisation_pair_limit"}),
    ({"participants": person(1, min=3, hard_min=True, max_per_day=1)}, {"hard_minimum", "maximum_per_day"}),
    (
        {"participants": person(1, max=1), "mandatory": ((1, 4),), "pins": (Pin(1, 2, 1, 1),)},
        {"mandatory", "maximum", "pins"},
    ),
]


@pytest.mark.parametrize(
    ("changes", "rules"), INFEASIBLE, ids=["-".join(sorted(one[1])) for one in INFEASIBLE]
)
def test_infeasible_input_names_the_clash(changes: dict[str, Any], rules: set[str]) -> None:
    result = solve(fair(**changes), limits=WORK)
    assert result.status is Status.INFEASIBLE
    assert set(result.conflict) == rules
    assert result.conflict_minimal
    assert result.solution is None
    assert result.bound is None


@pytest.mark.parametrize("changes", [{"mandatory": ((1, 2),)}, {"exclusions": ((10, 20),)}])
def test_half_of_a_clash_is_feasible(changes: dict[str, Any]) -> None:
    assert solve(fair(**changes), limits=WORK).status is Status.OPTIMAL


def test_mandatory_meeting_nobody_wished_is_held() -> None:
    result = solve(fair(mandatory=((5, 4),)), limits=WORK)
    assert result.solution is not None
    assert (4, 5) in result.solution.meetings


def test_pin_is_kept_and_marked() -> None:
    result = solve(fair(pins=(Pin(1, 4, 3, 2),)), limits=WORK)
    assert result.solution is not None
    (held,) = [one for one in result.solution.assignments if one.key == (1, 4)]
    assert (held.slot, held.table, held.pinned) == (3, 2, True)


def test_organisers_order_decides() -> None:
    """One place for two meetings: the must of low value against the meet of high value."""
    from scheduling import Level

    one = {"slots": fair().slots[:1], "tables": fair().tables[:1], "participants": _one_slot()}
    pairs = (Pair(1, 2, 1, Level.MUST), Pair(4, 2, 9, Level.MEET))
    first = {"must_meets": (1, 2), "value": (2, 4)}
    for name, key in first.items():
        order = (name, *(term for term in DEFAULT_ORDER if term != name))
        result = solve(fair(**one, pairs=pairs, weights=Weights(order=order)), limits=WORK)
        assert result.solution is not None
        assert result.solution.meetings == {key}
    weighted = Weights(("must_meets", "value"), Mode.WEIGHTED, {"must_meets": 9, "value": 1})
    result = solve(fair(**one, pairs=pairs, weights=weighted), limits=WORK)
    assert result.solution is not None
    assert result.solution.meetings == {(1, 2)}


def _one_slot() -> tuple[Any, ...]:
    from dataclasses import replace

    return tuple(replace(one, available=(1,)) for one in fair().participants)


def test_unproven_bound_is_none() -> None:
    problem = generate.ess(40, seed=3)
    result = solve(problem, limits=Limits(deterministic=3))
    check(problem, result)
    assert result.term("table_moves").value > 0
    assert result.term("table_moves").bound is None
    assert result.term("table_moves").gap is None
    assert result.term("value").bound is not None


def test_a_wrong_plan_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("scheduling.solving")
    monkeypatch.setattr(module, "seat", lambda state: plan((1, 3, 1, 1)))
    monkeypatch.setattr(cp_sat, "is_small", lambda problem: False)
    with pytest.raises(UnverifiedPlan, match="stand"):
        solve(fair(), limits=WORK)


def test_same_seed_same_plan() -> None:
    problem = generate.ess(40, seed=5)
    first, second = (solve(problem, limits=Limits(deterministic=8), seed=7) for _ in range(2))
    assert first.solution == second.solution
    assert first.terms == second.terms
    other = solve(problem, limits=Limits(deterministic=8), seed=8)
    assert other.solution != first.solution


def test_stop_keeps_the_best_plan() -> None:
    problem = generate.ess(60, seed=5)
    begin = time.monotonic()
    result = solve(problem, limits=Limits(60), should_stop=lambda: time.monotonic() - begin > 1.5)
    assert time.monotonic() - begin < 15
    assert result.status is Status.CANCELLED
    check(problem, result)


def test_stop_at_once_gives_the_first_plan() -> None:
    problem = generate.ess(60, seed=5)
    result = solve(problem, limits=Limits(60), should_stop=lambda: True)
    assert result.status is Status.CANCELLED
    assert (result.objective or 0) >= (result.baseline_value or 0) > 0


def test_warm_start_is_kept_where_legal() -> None:
    problem = generate.ess(40, seed=5)
    first = solve(problem, limits=Limits(deterministic=20))
    assert first.solution is not None
    state = state_of(compile_model(problem), first.solution)
    assert len(state.columns()) == len(first.solution.assignments)
    second = solve(problem, limits=Limits(deterministic=1), start=first.solution)
    assert second.solution is not None
    assert rank(problem, search.terms_of(state)) <= rank(
        problem, values(problem, second.solution) | {TermName.TABLE_MOVES: 0}
    )


def test_each_better_plan_is_handed_on_and_may_be_kept() -> None:
    problem = generate.ess(60, seed=5)
    offered: list[Callable[[], Solution]] = []
    result = solve(problem, limits=Limits(deterministic=20), on_plan=offered.append)
    assert result.solution is not None
    plans = [make() for make in offered]
    assert len(plans) > 1
    assert all(violations(problem, one) == () for one in plans)
    ranks = [rank(problem, values(problem, one)) for one in plans]
    assert ranks[0] < rank(problem, values(problem, result.solution))


def test_start_with_strangers_is_no_error() -> None:
    result = solve(fair(), limits=WORK, start=plan((1, 99, 1, 1), (1, 2, 77, 1), (1, 2, 1, 88), (1, 3, 1, 1)))
    check(fair(), result)


def test_empty_fairs() -> None:
    for problem in (fair(pairs=()), fair(slots=(), participants=(), pairs=()), fair(tables=())):
        result = solve(problem, limits=WORK)
        assert result.status is Status.OPTIMAL
        assert result.objective == 0


@pytest.mark.slow
def test_demo_size_is_near_its_bound_and_above_greedy() -> None:
    """250 delegates; work, not time, is fixed so that a busy machine changes nothing."""
    problem = generate.ess(250, seed=1)
    result = solve(problem, limits=Limits(deterministic=40))
    check(problem, result)
    assert result.gap is not None
    assert result.gap <= 0.03
    assert result.objective is not None
    assert result.baseline_value is not None
    assert result.objective > result.baseline_value
    assert result.term("must_meets").gap <= 0.02  # type: ignore[operator]


def test_wishes_of_value_zero_and_all_days() -> None:
    pairs = tuple(Pair(one.a, one.b, 0) for one in PAIRS)
    result = solve(fair(pairs=pairs, participants=person(1, available=ALL)), limits=WORK)
    check(fair(pairs=pairs), result)
