"""What the README shows of the engine is what the engine does."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from scheduling import cli, generate, io, report
from scheduling.problem import Problem
from scheduling.result import Limits
from scheduling.solving import solve
from tests.scheduling.json_schema import faults

README = Path(__file__).parents[2] / "README.md"


def blocks() -> list[str]:
    return re.findall(r"```[a-z]*\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def example() -> Problem:
    (found,) = (block for block in blocks() if block.startswith("{"))
    from scheduling.schema import schema

    assert not faults(schema(), json.loads(found))
    return io.problem_from(io.decode(found))


def untimed(text: str) -> str:
    return re.sub(r"\d+\.\d s$", "s", text.strip(), flags=re.MULTILINE)


def test_the_example_has_the_answer_that_is_shown(example: Problem) -> None:
    (shown,) = (block for block in blocks() if block.startswith("optimal:"))
    found = report.table(example, solve(example, limits=Limits(5.0), workers=1))
    terms = [line for line in shown.splitlines() if "bound" in line]
    assert terms and all(line in found for line in terms)
    assert untimed(found).splitlines()[0] == untimed(shown).splitlines()[0]


def test_every_command_shown_is_understood() -> None:
    text = "\n".join(blocks()).replace("\\\n", " ")
    shown = re.findall(r"^python -m scheduling (.*)$", text, re.MULTILINE)
    assert {line.split()[0] for line in shown} >= {"generate", "solve", "verify", "bench", "record", "replay"}
    for line in shown:
        cli._parser().parse_args(shlex.split(line.partition(">")[0]))
    with pytest.raises(SystemExit):
        cli._parser().parse_args(shlex.split("solve fair.json --no-such-option"))


def test_the_sizes_shown_are_those_there_are() -> None:
    text = README.read_text(encoding="utf-8")
    for name, size in generate.SIZES.items():
        assert name in text
        assert f"{size.participants:,} / {size.meetings:,}" in text
