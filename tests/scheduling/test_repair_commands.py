"""`repair`, `explain` and `capacity` from the command line: what they print, and how they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scheduling import io
from scheduling.cli import main
from tests.scheduling.cases import fair, plan


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    problem, published = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(io.encode(io.problem_to(fair())), encoding="utf-8")
    held = io.solution_to(plan((1, 2, 1, 1), (3, 4, 2, 3)))
    published.write_text(io.encode({"meetings": held}), encoding="utf-8")
    return str(problem), str(published)


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_repair_gives_the_plan_and_changes_by_participant(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    found = answer(capsys, "repair", *files, '{"absent": 1}', "--json")
    assert (found["cost"], found["proven"]) == (10, True)
    assert [one["participant"] for one in found["participants"]] == [1, 2]  # type: ignore[attr-defined]
    repaired = tmp_path / "repaired.json"
    repaired.write_text(json.dumps(found), encoding="utf-8")
    assert main(["verify", files[0], str(repaired)]) == 0


@pytest.mark.parametrize(
    "fault",
    [
        '{"table": 1, "since": 1}',
        '{"slot": 1}',
        '{"refused": [2, 1]}',
        json.dumps({"session": fair().slots[0].session, "minutes": 1}),
        '{"late": {"id": 9, "organisation": 90, "available": [1]}, "pairs": [{"a": 9, "b": 2, "value": 1}]}',
    ],
)
def test_every_kind_of_fault_can_be_written(files: tuple[str, str], fault: str) -> None:
    assert main(["repair", *files, fault, "--freeze-before", "1"]) == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (['{"absent": 77}'], "77"),
        (['{"absent": 1, "sinse": 2}'], "sinse"),
        (["{}"], "session"),
        (['{"slot": 1}', "--prices", '{"move": -1}'], "negative"),
        (['{"slot": 1}', "--freeze-before", "77"], "77"),
    ],
)
def test_bad_faults_are_refused(
    files: tuple[str, str], more: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["repair", *files, *more]) == 2
    assert words in capsys.readouterr().err


def test_explain_gives_reasons_and_a_change(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", *files]) == 0
    assert "1 - 4" in capsys.readouterr().out
    found = answer(capsys, "explain", *files, "--wish", "1", "4", "--json")
    assert found["remedy"]["lever"]["kind"] == "plan"  # type: ignore[index]
    assert main(["explain", *files, "--wish", "1", "2"]) == 2
    assert "held already" in capsys.readouterr().err


def test_capacity_writes_its_curve_and_picture(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    curve, picture = tmp_path / "curve.csv", tmp_path / "curve.svg"
    size = ["--participants", "16", "--all", "--tables", "1,4", "--slots", "2,4", "--time-limit", "1"]
    found = answer(capsys, "capacity", *size, "--csv", str(curve), "--svg", str(picture), "--json")
    assert len(found["curve"]) == 4  # type: ignore[arg-type]
    assert curve.read_text(encoding="utf-8").startswith("tables,slots,wishes,held,bound,share,ceiling")
    assert picture.read_text(encoding="utf-8").startswith("<svg")
