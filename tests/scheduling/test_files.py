"""JSON in and out, plan differences, generated problems."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from scheduling import Limits, Pin, Problem, Solution, Weights, generate, io, solve
from scheduling.diff import compare
from tests.scheduling.cases import fair, plan
from tests.scheduling.strategies import problems
from tests.scheduling.test_solve import FEW


@FEW
@given(problems())
def test_a_problem_survives_its_file(problem: Problem) -> None:
    assert io.problem_from(io.decode(io.encode(io.problem_to(problem)))) == problem


def test_every_field_survives() -> None:
    problem = fair(
        organisation_limits={(10, 20): 3},
        type_rules=frozenset({("buyer", "supplier")}),
        pins=(Pin(1, 2, 1, 1),),
        weights=Weights(("value",), weights={"value": 2}, breaks_across_sessions=True),
    )
    assert io.problem_from(io.decode(io.encode(io.problem_to(problem)))) == problem


def test_the_least_file_is_enough() -> None:
    problem = io.problem_from(
        {
            "slots": [{"id": "s1"}, "s2"],
            "tables": ["t1", {"id": "t2"}],
            "participants": [
                {"id": "ann", "organisation": "x", "available": ["s1"], "min": 1, "max": 2},
                {"id": "bob", "organisation": "y", "available": ["s1", "s2"]},
            ],
            "pairs": [{"a": "ann", "b": "bob", "value": 3}],
        }
    )
    result = io.result_to(solve(problem, limits=Limits(deterministic=3)))
    assert result["meetings"] == [{"a": "ann", "b": "bob", "slot": "s1", "table": "t1", "pinned": False}]
    assert {"name": "value", "value": 3, "bound": 3}.items() <= result["terms"][1].items()


def broken(*path: object, value: Any) -> dict[str, Any]:
    data = json.loads(io.encode(io.problem_to(fair())))
    target = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return data  # type: ignore[no-any-return]


BAD: list[tuple[object, str]] = [
    ([], "file: must be an object"),
    ({}, "slots: is missing"),
    (broken("version", value=9), "version: 9"),
    (broken("slots", value=3), "slots: must be a list"),
    (broken("slots", 0, "start_min", value="x"), "slots[0].start_min: must be a whole number"),
    (broken("tables", 1, "step_free", value=1), "tables[1].step_free: must be true or false"),
    (broken("participants", 2, "available", value="all"), "participants[2].available: must be a list"),
    (broken("participants", 2, "aviable", value=[]), "participants[2].aviable: is not a field"),
    (broken("participants", 0, "id", value=None), "participants[0].id: must be an id"),
    (broken("participants", 0, "max", value=True), "participants[0].max: must be a whole number"),
    (broken("pairs", 0, "level_a", value="never"), "pairs[0].level_a: must be one of must, meet"),
    (broken("pairs", 0, "a", value=77), "77, which does not exist"),
    (broken("exclusions", value=[[1, 2, 3]]), "exclusions[0]: must be a list of two"),
    (broken("weights", "order", value=["joy"]), "weights.order[0]: must be one of must_meets"),
    (broken("pins", value=[{"a": 1, "b": 2, "slot": 1}]), "pins[0].table: is missing"),
    (broken("no_tanks", value=[]), "no_tanks: is not a field"),
]


@pytest.mark.parametrize(("data", "message"), BAD, ids=[one[1] for one in BAD])
def test_bad_file_names_the_field(data: object, message: str) -> None:
    with pytest.raises(io.BadInput) as caught:
        io.problem_from(data)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bad_json_names_the_place() -> None:
    with pytest.raises(io.BadInput, match="line 1, column 2"):
        io.decode("{")


def test_diff() -> None:
    old, new = plan((1, 2, 1, 1), (1, 3, 2, 3), (1, 4, 3, 1)), plan((2, 1, 2, 1), (1, 3, 2, 3), (2, 4, 1, 1))
    found = compare(old, new)
    assert [one.key for one in found.added] == [(2, 4)]
    assert [one.key for one in found.cancelled] == [(1, 4)]
    assert [(one.old.slot, one.new.slot, one.new_time) for one in found.moved] == [(1, 2, True)]
    assert found.participants == (1, 2, 4)
    assert not found.of(3)
    assert not compare(old, old)
    assert not compare(Solution(), Solution())


@pytest.mark.parametrize("kind", sorted(generate.KINDS))
def test_generated_problems_repeat_and_differ(kind: str) -> None:
    make = generate.KINDS[kind]
    assert make(40, seed=1) == make(40, seed=1)
    assert make(40, seed=1) != make(40, seed=2)
    for count in (1, 2, 3, 17):
        assert len(make(count, seed=4).participants) == count


def test_ess_problem_has_every_feature() -> None:
    problem = generate.ess(250, seed=1)
    assert len(problem.slots) == 16
    assert len(problem.tables) == 100
    assert sum(table.organisation is not None for table in problem.tables) == 30
    assert problem.exclusions
    assert problem.no_thanks
    assert problem.type_rules
    assert any(person.step_free for person in problem.participants)
    assert all(person.min and person.max for person in problem.participants)
    assert 1500 < len(problem.pairs) < 2600
