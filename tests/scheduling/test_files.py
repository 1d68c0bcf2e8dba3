"""JSON in and out, plan differences, generated problems."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from scheduling import (
    Assignment,
    Limits,
    Pin,
    Problem,
    Result,
    Solution,
    Status,
    Weights,
    generate,
    io,
    report,
    solve,
    violations,
)
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


def _walk(first: int, second: int) -> dict[str, Any]:
    return {"zones": [first, second], "minutes": 3}


def _limit(most: int) -> dict[str, Any]:
    return {"organisations": [10, 20], "limit": most}


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
    (broken("mandatory", value=[[1]]), "mandatory[0]: must be a list of 2 to 8 people"),
    (broken("forbidden", value=[list(range(9))]), "forbidden[0]: must be a list of 2 to 8 people"),
    (broken("precedences", value=[[[1, 2], [3, 4]]]), "precedences[0]: must be an object"),
    (broken("precedences", value=[{"first": [1, 2]}]), "precedences[0].then: is missing"),
    (broken("groups", value=[{"members": [1, 2], "value": 1}]), "a group has 3 to 8 members, not 2"),
    (
        broken("participants", 0, "type_limits", value=[{"min": 1}]),
        "participants[0].type_limits[0].type: is missing",
    ),
    (broken("participants", 0, "languages", value="fr"), "participants[0].languages: must be a list"),
    (broken("walks", value=[_walk(1, 2), _walk(2, 1)]), "walks[1].zones: is given twice"),
    (
        broken("organisation_limits", value=[_limit(2), _limit(3)]),
        "organisation_limits[1].organisations: is given twice",
    ),
    (
        broken("organisation_limits", value=[{"organisations": [10, "x"], "limit": 1}]),
        "use numbers or text, not both",
    ),
    (broken("pairs", 0, "a", value="x"), "'x', which does not exist"),
    (broken("pairs", 0, "a_instead", value=[3]), "3 is of another organisation than 1"),
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


def test_a_number_of_too_many_digits_is_bad_input() -> None:
    with pytest.raises(io.BadInput, match="too many digits"):
        io.decode("[" + "9" * 5000 + "]")


def test_a_result_file_is_a_plan_with_whoever_goes() -> None:
    found = Solution(
        (Assignment(1, 2, 1, 1, others=(4,), interpreter=3), Assignment(5, 2, 2, 1, True, wish=(1, 2)))
    )
    data = {"meetings": io.solution_to(found)}
    assert io.solution_from(io.decode(io.encode(data))) == found
    assert data["meetings"][1] == {"a": 5, "b": 2, "slot": 2, "table": 1, "pinned": True, "wish": (1, 2)}


def test_a_report_names_everybody() -> None:
    found = (Assignment(1, 2, 1, 1, others=(4,), interpreter=3), Assignment(5, 2, 2, 1, True, wish=(1, 2)))
    lines = report.table(fair(), Result(Status.FEASIBLE, Solution(found))).splitlines()
    assert lines[-2].split() == ["1", "1", "1", "-", "2", "-", "4", "interpreter", "3"]
    assert lines[-1].split() == ["2", "1", "5", "-", "2", "for", "1", "-", "2", "pinned"]
    assert "1 - 2 - 4 at 1, table 1" in report.violations(violations(fair(), Solution(found[:1])))


def test_diff_tells_who_goes_now() -> None:
    old = Solution((Assignment(5, 2, 1, 1, wish=(1, 2)), Assignment(1, 4, 2, 1, interpreter=1)))
    new = Solution((Assignment(1, 2, 1, 1), Assignment(4, 1, 2, 1, interpreter=2)))
    found = compare(old, new)
    assert [(one.new_people, one.new_time) for one in found.moved] == [(True, False), (False, False)]
    assert found.participants == (1, 2, 4, 5)
    assert [one.new.key for one in found.of(5).moved] == [(1, 2)]  # 5 hears of it, though no longer there
    assert not compare(new, Solution((Assignment(2, 1, 1, 1), Assignment(1, 4, 2, 1, interpreter=2))))


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
