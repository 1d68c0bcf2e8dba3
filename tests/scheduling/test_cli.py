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
