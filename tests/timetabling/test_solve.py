"""The race against enumeration, its limits, and what it does with a solver that errs."""

from __future__ import annotations

import dataclasses
import time

import pytest
from hypothesis import HealthCheck, given, settings

from scheduling.solvers.timetabling import racer
from scheduling.solvers.timetabling.board import Board
from scheduling.solvers.timetabling.domains import Closed
from scheduling.solvers.timetabling.facts import Facts, learn
from scheduling.solvers.timetabling.line_up import line_up
from scheduling.solvers.timetabling.model import Tables
from scheduling.solvers.timetabling.racer import Question, Racer, Stage
from scheduling.solvers.timetabling.solve import Limits, solve
from scheduling.timetabling.answer import Answer, Status, WrongAnswer
from scheduling.timetabling.objective import breaks, total_breaks
from scheduling.timetabling.problem import Timetabling
from scheduling.timetabling.verifier import violations
from tests.timetabling.cases import instance, optimum, plans
from tests.timetabling.strategies import tiny

ENOUGH = Limits(20.0)
CIRCLE = [(p, q) for p in range(1, 13) for q in range(p + 1, 13) if (q - p) in (1, 2, 5)]


def circle(**rules: object) -> Timetabling:
    """Twelve people, six meetings each but the ends, tables scarce: some seconds' work at most."""
    return instance(CIRCLE, people=13, slots=9, tables=4, **rules)  # type: ignore[arg-type]


def check(problem: Timetabling, answer: Answer) -> None:
    fewest = optimum(problem)
    if fewest is None:
        assert (answer.status, answer.slots, answer.objective) == (Status.INFEASIBLE, None, None)
        return
    assert answer.slots is not None
    assert violations(problem, answer.slots) == ()
    assert (answer.status, answer.objective, answer.bound) == (Status.OPTIMAL, fewest, fewest)
    assert total_breaks(problem, answer.slots) == fewest


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tiny())
def test_tiny_instances_as_by_enumeration(problem: Timetabling) -> None:
    check(problem, solve(problem, limits=ENOUGH))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tiny())
def test_facts_hold_for_every_plan(problem: Timetabling) -> None:
    found = list(plans(problem))
    try:
        facts = learn(problem)
    except Closed:
        assert not found
        return
    for plan in found:
        assert all(plan[number] in slots for number, slots in facts.open_slots.items())
        for number, person in enumerate(facts.people, start=1):
            count = breaks(problem, plan, number)
            assert person.fewest <= count <= person.most
            if person.meetings and count == 0:
                assert min(plan[meeting] for meeting in person.meetings) in person.windows


@pytest.mark.parametrize("tables", list(Tables))
@pytest.mark.parametrize("question", [Question.BEST, Question.WITHIN_BOUND])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problem=tiny())
def test_each_racer_alone_settles_every_case(
    problem: Timetabling, tables: Tables, question: Question
) -> None:
    board = Board(problem)
    try:
        facts = learn(problem)
    except Closed:
        return
    Racer(facts, board, iter([Stage(question, tables, 100.0, 1)]), time.monotonic() + 60).run()
    check(problem, board.answer())


@pytest.mark.parametrize(
    ("rules", "fewest"),
    [
        ({"fairness": -1}, 1),
        ({"fairness": 0}, None),
        ({"fairness": 1}, 1),
    ],
)
def test_fairness(rules: dict[str, int], fewest: int | None) -> None:
    problem = instance([(1, 2), (1, 3)], people=4, slots=3, forbidden={1: {2}}, **rules)  # type: ignore[arg-type]
    check(problem, solve(problem, limits=ENOUGH))
    assert optimum(problem) == fewest


def test_everybody_may_have_breaks_together() -> None:
    problem = instance([(1, 2), (1, 2)], people=2, slots=3, forbidden={1: {2}}, fairness=0)
    answer = solve(problem, limits=ENOUGH)
    assert (answer.status, answer.objective) == (Status.OPTIMAL, 2)


@pytest.mark.parametrize(
    "problem",
    [
        instance([(1, 2)], people=2, slots=3, fixed={1: 3}, forbidden={2: {3}}),
        instance([(1, 2), (3, 4)], people=4, slots=3, after={1: {2}, 2: {1}}),
        instance([(1, 2)], people=2, slots=3, after={1: {1}}),
        instance([(1, 2)], people=2, slots=3, tables=0),
        instance([(1, 2)], people=2, slots=0),
        instance([(1, 2), (1, 2)], people=2, slots=1),
        instance([(1, 2, 2)], people=2, slots=3),
        instance([(1, 2), (3, 4), (5, 6)], people=6, slots=1, tables=2),
        instance([(1, 2), (1, 3), (1, 4)], people=4, slots=4, forbidden={1: {1, 2}}),
    ],
)
def test_infeasible(problem: Timetabling) -> None:
    assert optimum(problem) is None
    check(problem, solve(problem, limits=ENOUGH))


def test_nothing_to_do() -> None:
    answer = solve(instance([], people=3, slots=2), limits=ENOUGH)
    assert (answer.status, answer.objective, answer.bound, answer.slots) == (Status.OPTIMAL, 0, 0, {})
    assert solve(instance([], people=0, slots=0), limits=ENOUGH).status is Status.OPTIMAL


def test_one_worker_and_limited_work_are_repeatable() -> None:
    runs = [solve(circle(), workers=1, seed=3, limits=Limits(60.0, 0.5)) for _ in range(2)]
    assert dataclasses.replace(runs[0], seconds=0) == dataclasses.replace(runs[1], seconds=0)
    assert runs[0].slots is not None


def test_more_workers_have_more_minds() -> None:
    assert [len(line_up(workers, 1)) for workers in (1, 2, 3, 8)] == [1, 2, 3, 8]
    first = [next(stages) for stages in line_up(8, 1)]
    assert len(set(first)) == 8


def test_progress_only_gets_better_and_ends_with_the_answer() -> None:
    seen: list[tuple[float, int | None, int | None]] = []
    answer = solve(circle(), limits=ENOUGH, on_change=lambda *news: seen.append(news))
    assert answer.status is Status.OPTIMAL
    assert seen[-1][1:] == (answer.objective, answer.bound)
    bounds = [bound for _, _, bound in seen if bound is not None]
    assert bounds == sorted(bounds)
    plans_seen = [objective for _, objective, _ in seen if objective is not None]
    assert plans_seen == sorted(plans_seen, reverse=True)


def _searches(monkeypatch: pytest.MonkeyPatch, stages: list[Stage]) -> None:
    monkeypatch.setattr("scheduling.solvers.timetabling.solve.line_up", lambda *_: [iter(stages)])


def test_a_stopped_run_keeps_its_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    _searches(monkeypatch, [Stage(Question.ANY, Tables.NUMBERS, 1e9, 1)])
    problem = circle()
    board_is_told: list[object] = []
    answer = solve(
        problem,
        limits=ENOUGH,
        on_change=lambda _, plan, __: board_is_told.append(plan),
        should_stop=lambda: any(plan is not None for plan in board_is_told),
    )
    assert answer.slots is not None
    assert violations(problem, answer.slots) == ()
    assert answer.status in (Status.FEASIBLE, Status.OPTIMAL)
    assert answer.seconds < ENOUGH.seconds


def test_a_stop_at_once_is_unknown_with_what_is_proven() -> None:
    answer = solve(circle(forbidden={1: {5}}), limits=ENOUGH, should_stop=lambda: True)
    assert answer.status is not Status.INFEASIBLE  # a circle this small may even be done before it is asked
    assert answer.bound is not None
    assert answer.seconds < ENOUGH.seconds


def test_a_start_is_the_first_plan() -> None:
    problem = circle()
    plan = solve(problem, limits=ENOUGH).slots
    assert plan is not None
    answer = solve(problem, limits=ENOUGH, start=plan, should_stop=lambda: True)
    assert answer.slots == plan
    with pytest.raises(WrongAnswer, match="H1"):
        solve(problem, limits=ENOUGH, start={1: 1})


def test_a_model_that_forgets_a_rule_is_never_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = instance([(1, 2), (3, 4)], people=4, slots=2, tables=1)
    monkeypatch.setattr("scheduling.solvers.timetabling.model._post_tables", lambda *_: None)
    stage = Stage(Question.ANY, Tables.NUMBERS, 10.0, 1)
    for seed in range(20):
        board = Board(problem)
        Racer(
            learn(problem), board, iter([dataclasses.replace(stage, seed=seed)]), time.monotonic() + 20
        ).run()
        try:
            answer = board.answer()
        except WrongAnswer as error:
            assert "H3" in str(error)
            return
        assert answer.slots is not None
        assert violations(problem, answer.slots) == ()
    pytest.fail("the plan was right by chance each time")


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([("plan", 2), ("raise_bound", 3)], "none has fewer than 3"),
        ([("raise_bound", 3), ("plan", 2)], "none has fewer than 3"),
        ([("plan", 2), ("no_plan", None)], "no plan exists"),
        ([("no_plan", None), ("plan", 2)], "no plan exists"),
        ([("claim", 5)], "a solver counted 5 breaks, the plan has 2"),
    ],
)
def test_contradictions_are_raised(events: list[tuple[str, int | None]], message: str) -> None:
    problem = instance([(1, 2), (1, 2)], people=2, slots=3)
    board = Board(problem)
    for name, value in events:
        if name == "plan":
            board.plan({1: 1, 2: 3})
        elif name == "claim":
            board.plan({1: 1, 2: 3}, value)
        elif name == "no_plan":
            board.no_plan()
        else:
            board.raise_bound(value or 0)
    assert board.over.is_set()
    with pytest.raises(WrongAnswer, match=message):
        board.answer()


def test_what_a_racer_dies_of_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(facts: Facts, tables: Tables) -> None:
        raise MemoryError(tables)

    monkeypatch.setattr(racer, "build", die)
    with pytest.raises(MemoryError):
        solve(circle(), limits=ENOUGH)
