"""Replay files: a run in one file, checked without solving, repeated exactly, masked without leaks."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scheduling import Limits, Problem, generate, io, masking, replay, solve
from scheduling.fields import BadInput
from scheduling.replay import Replay
from tests.scheduling.cases import fair
from tests.scheduling.json_schema import faults

WORK = Limits(deterministic=2)
NO_PLAN: dict[str, Any] = {"status": "unknown", "meetings": None}


def recorded(problem: Problem, *, seed: int = 1, limits: Limits = WORK) -> Replay:
    result = solve(problem, limits=limits, workers=1, seed=seed)
    return Replay(problem, limits, 1, seed, None, json.loads(io.encode(io.result_to(result))))


def named(problem: Problem) -> Problem:
    """The problem with texts for ids, each telling what it names; the same order as the numbers."""
    data = io.problem_to(problem)

    def name(kind: str, one: Any) -> Any:
        return one if isinstance(one, str) else f"NAME-{kind}-{one:05}"

    renamed = masking._walk({"problem": data}, "", name)["problem"]
    return io.problem_from(json.loads(json.dumps(renamed)))


def written(run: Replay, *, mask: bool = False) -> Any:
    return io.decode(io.encode(replay.to_data(run, mask=mask)))


@pytest.fixture(scope="module")
def full() -> Replay:
    return recorded(generate.KINDS["ess-full"](16, seed=1))


def test_a_run_comes_back_from_its_file(full: Replay) -> None:
    again = replay.from_data(written(full))
    assert again == full
    assert not replay.faults(again)


def test_a_repeatable_run_repeats_and_another_is_noticed(full: Replay) -> None:
    result = solve(full.problem, limits=full.limits, workers=1, seed=full.seed)
    assert replay.repeats(full, result) is True
    assert result.solution is not None
    fewer = replace(result, solution=replace(result.solution, assignments=result.solution.assignments[1:]))
    assert replay.repeats(full, fewer) is False
    assert replay.repeats(full, replace(result, versions=(("ortools", "0"),))) is None
    assert replay.repeats(replace(full, limits=Limits(5.0)), result) is None


def test_a_dishonest_record_is_found_out(full: Replay) -> None:
    better = json.loads(json.dumps(full.result))
    value = next(term for term in better["terms"] if term["name"] == "value")
    told = value["value"]
    value["value"] += 1
    assert replay.faults(replace(full, result=better)) == (f"value is {told}, not {told + 1}",)
    value["value"], value["bound"] = told, told - 1
    assert "better than its bound" in replay.faults(replace(full, result=better))[0]
    twice = json.loads(json.dumps(full.result))
    twice["meetings"].append(twice["meetings"][0])
    assert "the plan breaks the rule pair_once" in replay.faults(replace(full, result=twice))


def test_masking_leaves_no_name(full: Replay) -> None:
    problem = named(generate.KINDS["ess-full"](60, seed=1))
    run = replace(full, problem=problem, result=NO_PLAN)
    assert io.encode(replay.to_data(run)).count("NAME-") > 1000
    masked = io.encode(replay.to_data(run, mask=True))
    assert "NAME-" not in masked
    for text in ("insertion", "buyer", "supplier", '"fr"'):
        assert text in io.encode(replay.to_data(run))
        assert text not in masked


def test_a_masked_run_replays_alike(full: Replay) -> None:
    masked = replay.from_data(written(full, mask=True))
    assert not replay.faults(masked)
    result = solve(masked.problem, limits=masked.limits, workers=1, seed=masked.seed)
    assert replay.repeats(masked, result) is True


def test_masking_keeps_who_is_who() -> None:
    """Equal names stay equal, different ones different, in the same order; figures are kept."""
    problem = named(generate.KINDS["ess-full"](60, seed=1))
    data, _ = masking.masked(io.problem_to(problem))
    masked = io.problem_from(io.decode(io.encode(data)))
    for old, new in zip(problem.pairs, masked.pairs, strict=True):
        assert new.value == old.value
        assert int(str(old.a).removeprefix("NAME-person-")) == new.a  # ids were 1, 2, 3 …
    assert len(masked.baseline) == len(problem.baseline)
    assert masked.walks.keys() == {(a, b) for a in range(1, 5) for b in range(a + 1, 5)}


def test_an_unknown_text_is_refused_rather_than_let_through() -> None:
    data = io.problem_to(fair())
    data["participants"][0]["nickname"] = "Zoé"
    with pytest.raises(masking.NotMasked, match="nickname"):
        masking.masked(data)
    data["participants"][0]["nickname"] = {"Zoé"}  # of no form that a JSON file has
    with pytest.raises(masking.NotMasked, match="nickname"):
        masking.masked(data)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "other"}, "format"),
        ({"version": 2}, "this program reads"),
        ({"limits": {"seconds": 0}}, "limits.seconds: must be a number above zero"),
        ({"result": 3}, "result: must be an object"),
        ({"extra": 1}, "extra: is not a field"),
        ({"problem": {"slots": []}}, "tables: is missing"),
    ],
)
def test_a_wrong_file_is_named(full: Replay, change: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message.replace(".", r"\.")):
        replay.from_data(written(full) | change)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scheduling", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_record_then_replay_on_the_command_line(tmp_path: Path) -> None:
    problem, file = tmp_path / "fair.json", tmp_path / "run.json"
    problem.write_text(io.encode(io.problem_to(generate.ess(40, seed=2))), encoding="utf-8")
    done = run("record", problem, "--deterministic", "3", "--mask", "--out", file)
    assert done.returncode == 0, done.stderr
    done = run("replay", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("The same plan.\n")
    assert run("replay", "--check", file).stdout.startswith("The record is right")


def test_replay_tells_a_wrong_record(tmp_path: Path, full: Replay) -> None:
    data = replay.to_data(full)
    data["result"]["meetings"] = data["result"]["meetings"][1:]
    file = tmp_path / "run.json"
    file.write_text(io.encode(data), encoding="utf-8")
    done = run("replay", file)
    assert done.returncode == 1
    assert done.stdout.startswith("The record is wrong:")
    file.write_text("{}", encoding="utf-8")
    assert run("replay", file).returncode == 2


def test_the_schema_command_prints_what_generated_problems_follow() -> None:
    done = run("schema")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    problem = json.loads(io.encode(io.problem_to(generate.KINDS["ess-full"](60, seed=1))))
    assert not faults(found, problem)
    assert faults(found, problem | {"tabels": []})
