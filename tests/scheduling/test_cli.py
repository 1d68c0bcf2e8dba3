"""The command line: exit codes, progress lines, supervised stop, clean standard output."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from scheduling import cli, generate, io
from scheduling.commands import solve
from tests.scheduling.cases import fair
from tests.timetabling.cases import instance, text

COMMAND = [sys.executable, "-m", "scheduling"]


def run(*arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], input=text, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.json"
    path.write_text(io.encode(io.problem_to(fair())), encoding="utf-8")
    return path


@pytest.fixture
def middle(tmp_path: Path) -> Path:
    path = tmp_path / "middle.json"
    path.write_text(io.encode(io.problem_to(generate.ess(60, seed=2))), encoding="utf-8")
    return path


def test_solve_then_verify(small: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert run("solve", small, "--deterministic", "3", "--out", plan).returncode == 0
    done = run("verify", small, plan)
    assert (done.returncode, done.stdout) == (0, "No rule is broken.\n")


def test_problem_from_standard_input_and_a_readable_table(small: Path) -> None:
    done = run("solve", "-", "--time-limit", "5", text=small.read_text(encoding="utf-8"))
    assert done.returncode == 0
    assert "optimal: value" in done.stdout
    assert "must_meets" in done.stdout


def test_verify_reports_violations(small: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text('{"meetings":[{"a":1,"b":3,"slot":1,"table":1}]}', encoding="utf-8")
    done = run("verify", small, plan)
    assert done.returncode == 1
    assert done.stdout.startswith("stand: table 1")
    assert json.loads(run("verify", small, plan, "--json").stdout)[0]["rule"] == "stand"


def test_infeasible_is_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "clash.json"
    problem = fair(mandatory=((1, 2),), exclusions=((10, 20),))
    path.write_text(io.encode(io.problem_to(problem)), encoding="utf-8")
    done = run("solve", path, "--json", "--deterministic", "3")
    result = json.loads(done.stdout)
    assert done.returncode == 0
    assert result["status"] == "infeasible"
    assert set(result["conflict"]) == {"mandatory", "exclusions"}
    assert result["meetings"] is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["solve", "missing.json"], "missing.json"),
        (["solve", "-"], "line 1, column 1"),
        (["solve", "-", "--supervised"], "--supervised"),
        (["solve", "x", "--time-limit", "-1"], "--time-limit"),
        (["solve", "x", "--workers", "none"], "--workers"),
        (["generate", "--participants", "0"], "--participants"),
        (["dance"], "dance"),
    ],
)
def test_bad_input_is_exit_2_and_one_clear_line(arguments: list[str], message: str) -> None:
    done = run(*arguments, text="nonsense")
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_bad_field_is_named_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text('{"slots":[1],"tables":[1],"participants":[{"id":1}]}', encoding="utf-8")
    done = run("solve", path)
    assert done.returncode == 2
    assert done.stderr == "error: participants[0].organisation: is missing\n"


def test_progress_lines_and_clean_output(middle: Path) -> None:
    done = run("solve", middle, "--json", "--progress", "--time-limit", "4")
    result = json.loads(done.stdout)  # one document, whatever HiGHS prints
    lines: list[dict[str, Any]] = [json.loads(line) for line in done.stderr.splitlines()]
    assert all(line["event"] == "progress" for line in lines)
    assert lines[0]["step"] == "data"
    assert lines[-1]["step"] == "done"
    assert lines[-1]["incumbent"] == result["objective"]
    assert lines[-1]["meetings"] == len(result["meetings"])
    assert lines[-1]["terms"] == {term["name"]: term["value"] for term in result["terms"]}
    times = [line["elapsed"] for line in lines]
    assert times == sorted(times)
    assert max(after - before for before, after in pairwise(times)) < 1.0
    assert result["baseline_value"] <= result["objective"]
    assert result["seconds"] < 6


def test_closing_standard_input_stops_a_supervised_run(middle: Path) -> None:
    arguments = ["solve", str(middle), "--json", "--supervised", "--progress", "--time-limit", "60"]
    child = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdin is not None
    time.sleep(2.0)
    assert child.poll() is None  # an open pipe keeps it running
    begin = time.monotonic()
    out, _ = child.communicate(timeout=20)
    result = json.loads(out)
    assert time.monotonic() - begin < 10
    assert child.returncode == 0
    assert result["status"] == "cancelled"
    assert result["meetings"]


def test_nothing_found_is_exit_3(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from scheduling import Result, Status

    monkeypatch.setattr(solve, "_run", lambda *_: Result(Status.UNKNOWN))
    assert cli.main(["solve", str(small)]) == 3
    assert capsys.readouterr().out == "unknown\n"


def test_generate_prints_a_problem() -> None:
    done = run("generate", "--participants", "20", "--seed", "3", "--kind", "bench")
    assert io.problem_from(json.loads(done.stdout)) == generate.bench(20, seed=3)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Three meetings of participant 1, away in slot 2: one break at least; participant 4 idles."""
    problem = instance([(1, 2), (1, 3), (1, 2)], people=4, slots=4, tables=1, forbidden={1: {3}})
    path = tmp_path / "small.dzn"
    path.write_text(text(problem), encoding="utf-8")
    return path


def test_published_file_is_one_json_object_and_nothing_else(published: Path) -> None:
    done = run("solve", published, "--json", "--time-limit", "20", "--workers", "2", "--seed", "3")
    answer = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(answer) == {"status", "objective", "bound", "seconds", "slots"}
    assert (answer["status"], answer["objective"], answer["bound"]) == ("optimal", 1, 1)
    assert sorted(answer["slots"].values()) == [1, 2, 4]
    assert set(answer["slots"]) == {"1", "2", "3"}


def test_published_file_infeasible_is_an_answer_without_slots(published: Path) -> None:
    done = run("solve", published, "--json", "--fairness", "0")
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert {name: answer[name] for name in answer if name != "seconds"} == {
        "status": "infeasible",
        "objective": None,
        "bound": None,
    }


def test_published_file_as_a_table_with_progress(published: Path) -> None:
    done = run("solve", published, "--fairness", "-1")
    assert done.returncode == 0
    assert done.stdout.startswith("optimal: 1 breaks (at least 1 needed)")
    assert "participant 1: 1" in done.stdout
    assert "best plan: 1 breaks, at least 1 needed" in done.stderr


def test_published_plan_is_verified(published: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert run("solve", published, "--json", "--out", plan).returncode == 0
    assert run("verify", published, plan).stdout == "No rule is broken.\n"
    assert run("verify", published, plan, "--fairness", "0").returncode == 1
    answer = json.loads(plan.read_text(encoding="utf-8"))
    plan.write_text(io.encode({**answer, "objective": 0}), encoding="utf-8")
    done = run("verify", published, plan)
    assert (done.returncode, done.stdout) == (1, "objective: the file says 0, the plan has 1 breaks\n")
    plan.write_text('{"1": 1, "2": 3, "3": 4}', encoding="utf-8")
    done = run("verify", published, plan, "--json")
    assert done.returncode == 1
    assert [one["rule"] for one in json.loads(done.stdout)] == ["H6"]


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("[]", "is not an object"),
        ("{", "line 1"),
        ('{"status": "infeasible"}', "slots: is missing"),
        ('{"slots": {"one": 1}}', "'one' is not a meeting's number"),
        ('{"slots": {"1": "1"}}', "slots.1: is not a slot's number"),
    ],
)
def test_published_plan_that_cannot_be_read(published: Path, tmp_path: Path, plan: str, message: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(plan, encoding="utf-8")
    done = run("verify", published, path)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_published_file_with_a_mistake_is_exit_2(published: Path, small: Path) -> None:
    published.write_text(
        published.read_text(encoding="utf-8").replace("nTables = 1", "nTables = x"), encoding="utf-8"
    )
    done = run("solve", published, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: line 3: nTables: expected a number, found x\n"
    done = run("solve", small, "--fairness", "1")
    assert done.returncode == 2
    assert "--fairness" in done.stderr


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """Too much for the seconds of a test: 120 people in a ring, a third of them away in the middle of the day."""
    rows = [(p, 1 + (p - 1 + step) % 120) for p in range(1, 121) for step in (1, 3, 7, 11, 17)]
    away = {p: {5 + p % 4} for p in range(1, 121, 3)}
    problem = instance(rows, people=120, slots=15, tables=60, forbidden=away, fairness=-1)
    path = tmp_path / "long.dzn"
    path.write_text(text(problem), encoding="utf-8")
    return path


def test_published_time_limit_is_that_of_the_process(long: Path) -> None:
    begin = time.monotonic()
    done = run("solve", long, "--json", "--progress", "--time-limit", "5")
    assert time.monotonic() - begin < 5.0
    answer = json.loads(done.stdout)
    assert answer["status"] in ("feasible", "unknown")
    assert done.returncode == (0 if answer["status"] == "feasible" else 3)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert all(line["event"] == "progress" for line in lines)
    assert all({"incumbent", "bound", "elapsed"} <= set(line) for line in lines)
    assert max(b["elapsed"] - a["elapsed"] for a, b in pairwise(lines)) < 1.0


def test_published_nothing_found_is_exit_3(long: Path) -> None:
    done = run("solve", long, "--json", "--time-limit", "0.1")
    answer = json.loads(done.stdout)
    assert done.returncode == 3
    assert (answer["status"], answer["objective"]) == ("unknown", None)
    assert "slots" not in answer


@pytest.mark.parametrize("how", ["close", "terminate"])
def test_published_run_is_cancelled_with_its_best_plan(long: Path, how: str) -> None:
    arguments = ["solve", str(long), "--json", "--progress", "--time-limit", "60"]
    child = subprocess.Popen(
        [*COMMAND, *arguments, *(["--supervised"] if how == "close" else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    for line in child.stderr:
        if json.loads(line)["incumbent"] is not None:
            break
    begin = time.monotonic()
    if how == "terminate":
        child.terminate()
    out, _ = child.communicate(timeout=20)
    answer = json.loads(out)
    assert time.monotonic() - begin < 5
    assert child.returncode == 0
    assert answer["status"] == "feasible"
    assert answer["slots"]


def test_standard_input_is_left_alone(published: Path) -> None:
    done = run("solve", published, "--json", text="not for you")
    assert json.loads(done.stdout)["status"] == "optimal"


def test_bench_compares_resumes_and_tells_wrong_from_open(published: Path, tmp_path: Path) -> None:
    best, out = tmp_path / "best.csv", tmp_path / "out.csv"
    best.write_text("instance,fairness_d,optimum_total_breaks\nsmall,2,1\n", encoding="utf-8")
    arguments = ["bench", tmp_path, "--best", best, "--time-limit", "20", "--out", out]
    first = run(*arguments)
    assert first.returncode == 0
    assert first.stdout.splitlines()[-1] == "closed 1 of 1"
    again = run(*arguments)
    assert "from an earlier run" in again.stdout
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2
    best.write_text("instance,fairness_d,optimum_total_breaks\nsmall,2,2\n", encoding="utf-8")
    wrong = run(*arguments, "--seed", "2")
    assert wrong.returncode == 1
    assert "1 below the published optimum 2" in wrong.stdout
    assert wrong.stdout.splitlines()[-1] == "closed 0 of 1"
    assert run("bench", tmp_path / "nowhere").returncode == 2
    best.write_text("instance,fairness_d\nsmall,2\n", encoding="utf-8")
    assert "line 2" in run(*arguments).stderr
