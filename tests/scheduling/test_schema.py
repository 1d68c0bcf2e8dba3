"""The schema and the reader agree: on random problems, and on every field removed, renamed or of another form."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from scheduling import (
    Assignment,
    Group,
    Interpreter,
    InvalidProblem,
    Level,
    Limits,
    Mode,
    Pair,
    Participant,
    Pin,
    Problem,
    Slot,
    Table,
    TermName,
    TypeLimit,
    Weights,
    io,
    solve,
)
from scheduling.schema import schema
from tests.scheduling.cases import PEOPLE, SLOTS, fair
from tests.scheduling.cases_more import TRIO
from tests.scheduling.json_schema import faults
from tests.scheduling.strategies_more import fairs

SCHEMA = schema()
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

# Every field of the format, none of them with its default.
WHOLE = fair(
    slots=SLOTS,
    tables=(Table(1, zone=1), Table(2, True, zone=2), Table(3, organisation=30, available=(1, 2, 3))),
    participants=(
        Participant(
            *(1, 10, "buyer", (1, 2, 3), 1, 3, 2, True, False, True),
            languages=("fr",),
            max_in_a_row=2,
            min_per_day=1,
            type_limits=(TypeLimit("supplier", 1, 3),),
            credit=125,
            silo="north",
        ),
        *PEOPLE[1:],
    ),
    pairs=(
        Pair(1, 2, 3, Level.MUST, Level.MEET, available=(1, 3), length_min=50, a_instead=(5,)),
        Pair(4, 5, 1, b_instead=(1,)),
        Pair(3, 4, 2),
    ),
    groups=(dataclasses.replace(TRIO, must=True, available=(2, 3), length_min=20),),
    type_rules=frozenset({("buyer", "supplier"), ("buyer", "buyer")}),
    exclusions=((30, 40),),
    no_thanks=((2, 30),),
    forbidden=((3, 5),),
    mandatory=((1, 2), (1, 2, 4)),
    precedences=(((1, 2), (1, 2, 4)),),
    pins=(
        Pin(5, 2, 1, 1, wish=(1, 2), interpreter=1),
        Pin(1, 2, 3, 2, others=(4,)),
    ),
    max_per_organisations=2,
    organisation_limits={(10, 20): 3},
    walks={(1, 2): 5},
    interpreters=(Interpreter(1, ("fr", "en"), (1, 2)),),
    baseline=(Assignment(1, 2, 1, 1, True, interpreter=1), Assignment(2, 1, 2, 77, others=(4,))),
    weights=Weights(tuple(TermName)[1:], Mode.WEIGHTED, {"value": 2}, True),
)


def data_of(problem: Problem) -> dict[str, Any]:
    return json.loads(io.encode(io.problem_to(problem)))  # type: ignore[no-any-return]


def refused_form(data: object) -> bool:
    """The reader cannot read it; that what it read makes no sense is another matter."""
    try:
        io.problem_from(data)
    except io.BadInput as error:
        return not isinstance(error.__cause__, InvalidProblem)
    return False


def refused(data: object) -> bool:
    try:
        io.problem_from(data)
    except io.BadInput:
        return True
    return False


def test_the_whole_format_survives_and_is_of_the_schema() -> None:
    data = data_of(WHOLE)
    assert faults(SCHEMA, data) == []
    assert io.problem_from(data) == WHOLE


@FEW
@given(fairs())
def test_every_problem_is_of_the_schema_and_survives_its_file(problem: Problem) -> None:
    data = data_of(problem)
    assert faults(SCHEMA, data) == []
    assert io.problem_from(data) == problem


def objects(data: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """The paths of all objects and lists inside, those of like elements once or twice."""
    inner: Iterator[tuple[object, object]] = iter(())
    if isinstance(data, dict):
        inner = iter(data.items())
    elif isinstance(data, list):
        inner = iter(list(enumerate(data))[:3])
    for key, one in inner:
        yield (*path, key)
        yield from objects(one, (*path, key))


def at(data: Any, path: tuple[object, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


PATHS = list(objects(data_of(WHOLE)))
STRANGE: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    1.5,
    2001,
    "strange",
    [],
    [1],
    [1, 1, 1],
    {},
    {"id": 1},
    [[1, 2]],
)


@pytest.mark.parametrize("path", PATHS, ids=[".".join(map(str, path)) for path in PATHS])
def test_reader_and_schema_refuse_the_same_forms(path: tuple[object, ...]) -> None:
    """What the schema refuses the reader refuses; what the reader cannot read the schema refuses."""
    for strange in STRANGE:
        data = copy.deepcopy(data_of(WHOLE))
        at(data, path[:-1])[path[-1]] = strange
        found = faults(SCHEMA, data)
        assert not found or refused(data), (strange, found)
        assert found or not refused_form(data), strange


@pytest.mark.parametrize("path", PATHS, ids=[".".join(map(str, path)) for path in PATHS])
def test_a_missing_or_misspelt_field_is_seen_by_both(path: tuple[object, ...]) -> None:
    data = data_of(WHOLE)
    holder = at(data, path[:-1])
    if not isinstance(holder, dict):
        return
    value = holder.pop(path[-1])
    assert bool(faults(SCHEMA, data)) == refused_form(data)
    if path[:-1] not in (("weights", "weights"),):
        holder[f"{path[-1]}_"] = value
        assert faults(SCHEMA, data)
        assert refused_form(data)


REQUIRED = [
    ((), ("slots", "tables", "participants")),
    (("slots", 0), ("id",)),
    (("participants", 0), ("id", "organisation")),
    (("participants", 0, "type_limits", 0), ("type",)),
    (("pairs", 0), ("a", "b", "value")),
    (("groups", 0), ("members", "value")),
    (("precedences", 0), ("first", "then")),
    (("pins", 0), ("a", "b", "slot", "table")),
    (("baseline", 0), ("a", "b", "slot", "table")),
    (("walks", 0), ("zones", "minutes")),
    (("organisation_limits", 0), ("organisations", "limit")),
    (("interpreters", 0), ("id", "languages")),
]


@pytest.mark.parametrize(("path", "fields"), REQUIRED, ids=[str(one[0]) for one in REQUIRED])
def test_each_required_field_is_required_by_both(path: tuple[object, ...], fields: tuple[str, ...]) -> None:
    for field in fields:
        data = data_of(WHOLE)
        del at(data, path)[field]
        assert faults(SCHEMA, data)
        assert refused_form(data)


def test_the_schema_has_the_fields_of_the_words() -> None:
    words: dict[str, type] = {
        "slot": Slot,
        "table": Table,
        "participant": Participant,
        "type_limit": TypeLimit,
        "pair": Pair,
        "group": Group,
        "pin": Pin,
        "interpreter": Interpreter,
        "meeting": Assignment,
        "weights": Weights,
    }
    for name, word in words.items():
        fields = {field.name for field in dataclasses.fields(word)}
        assert set(SCHEMA["$defs"][name]["properties"]) == fields, name
    public = {field.name for field in dataclasses.fields(Problem) if not field.name.startswith("_")}
    assert set(SCHEMA["properties"]) == public | {"version"}


def test_every_field_is_described() -> None:
    def bare(part: dict[str, Any], path: str) -> Iterator[str]:
        for name, one in part.get("properties", {}).items():
            target = SCHEMA["$defs"][one["$ref"].rpartition("/")[2]] if "$ref" in one else {}
            if len(one.get("description", "") or target.get("description", "")) < 10:
                yield f"{path}.{name}"

    parts = {"problem": SCHEMA, **SCHEMA["$defs"]}
    assert [name for path, part in parts.items() for name in bare(part, path)] == []


def test_a_result_is_of_the_schema() -> None:
    result = json.loads(io.encode(io.result_to(solve(fair(), limits=Limits(deterministic=3)))))
    answer = SCHEMA["$defs"]["result"]
    assert result["meetings"]
    assert faults(answer, result, root=SCHEMA) == []
    assert faults(answer, result | {"status": "fine"}, root=SCHEMA)
    assert faults(answer, result | {"meetings": [{"a": 1}]}, root=SCHEMA)


def test_a_problem_without_the_general_rules_is_written_as_before_them() -> None:
    data = io.problem_to(fair(pins=(Pin(1, 2, 1, 1),)))
    assert set(data) == {
        *("version", "slots", "tables", "participants", "pairs", "pins", "exclusions", "no_thanks"),
        *("mandatory", "type_rules", "max_per_organisations", "organisation_limits", "weights"),
    }
    assert set(data["pairs"][0]) == {"a", "b", "value", "level_a", "level_b"}
    assert set(data["pins"][0]) == {"a", "b", "slot", "table"}
    assert set(data["tables"][0]) == {"id", "step_free", "organisation", "available"}
    assert list(data["participants"][0])[-2:] == ["step_free", "stay_put"]
