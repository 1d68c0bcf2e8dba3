"""The generated benchmark: rivals that keep every rule, rows that say what was found, claims as ratios."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scheduling import Limits, Problem, generate, scoring, solve, verify
from scheduling.bench import ladder, plain_cp_sat, vendors
from scheduling.bench.generated import SALON, Task, case, sheet
from scheduling.fields import BadInput
from scheduling.problem import Weights
from scheduling.solvers.model import compile_model
from tests.scheduling.cases import fair

MAY_MISS = ("mandatory", "hard_minimum")  # a greedy pass does not come back for what must be held


@pytest.mark.parametrize("name", sorted(vendors.PASSES))
@pytest.mark.parametrize("kind", sorted(generate.KINDS))
def test_a_pass_keeps_every_rule_and_fills_the_fair(kind: str, name: str) -> None:
    problem = generate.KINDS[kind](60, seed=2)
    plan = vendors.plan(problem, vendors.PASSES[name])
    assert not verify.violations(problem, plan, skip=MAY_MISS)
    assert len(plan.assignments) > 100


@pytest.mark.parametrize("name", sorted(vendors.PASSES))
def test_a_pass_offers_every_wish(name: str) -> None:
    model = compile_model(generate.ess(40, seed=1))
    assert set(vendors.PASSES[name](model)) == set(range(len(model.wishes)))


def keys(problem: Problem, order: vendors.Pass) -> Iterator[tuple[int, ...]]:
    model = compile_model(problem)
    return (model.wishes[wish].key for wish in order(model))


def test_the_orders_are_the_published_ones() -> None:
    problem = generate.ess(40, seed=1)
    pairs = {pair.key: pair for pair in problem.pairs}
    mutual = [bool(pairs[key].level_a and pairs[key].level_b) for key in keys(problem, vendors.mutual_first)]
    assert mutual == sorted(mutual, reverse=True)
    assert any(mutual) and not all(mutual)
    first_round = list(keys(problem, vendors.alphabetical_rounds))[: len(problem.participants)]
    assert all(rank + 1 in key for rank, key in enumerate(first_round))  # everybody wishes something here
    stands = {table.organisation for table in problem.tables} - {None}
    sponsors = [one.id for one in problem.participants if one.organisation in stands]
    order = list(dict.fromkeys(keys(problem, vendors.sponsored_first)))
    whole_list = sum(sponsors[0] in key for key in order)
    assert whole_list > 1
    assert all(sponsors[0] in key for key in order[:whole_list])


def test_without_levels_the_value_tells_mutual_wishes() -> None:
    problem = generate.bench(40, seed=1)
    pairs = {pair.key: pair for pair in problem.pairs}
    values = [pairs[key].value for key in keys(problem, vendors.mutual_first)]
    assert values == sorted(values, reverse=True)
    assert values[0] > 3 > values[-1]


def test_plain_cp_sat_agrees_with_the_engine_where_both_prove() -> None:
    problem = generate.make("bench", 12, seed=3, slots=5, tables=3)
    plain = plain_cp_sat.solve(problem, seconds=20, workers=1, seed=1)
    assert plain.optimal
    assert plain.plan is not None
    assert not verify.violations(problem, plain.plan)
    value = scoring.value(problem, plain.plan)
    assert plain.bound == value
    ours = solve(replace(problem, weights=Weights(order=("value",))), limits=Limits(20.0))
    assert (ours.objective, ours.bound) == (value, value)


def test_plain_cp_sat_puts_musts_first_and_keeps_every_rule() -> None:
    problem = generate.KINDS["ess-full"](14, seed=1)
    plain = plain_cp_sat.solve(problem, seconds=20, workers=1, seed=1)
    assert plain.plan is not None
    assert not verify.violations(problem, plain.plan)
    assert plain.bound is not None
    assert (
        scoring.value(problem, plain.plan)
        <= plain.bound
        <= sum(scoring.worth(problem, wish) for wish in problem.wishes)
    )


def test_plain_cp_sat_says_when_there_is_no_plan() -> None:
    clash = fair(mandatory=((1, 2),), exclusions=((10, 20),))
    assert plain_cp_sat.solve(clash, seconds=5, workers=1, seed=1).plan is None


def test_names_of_cases() -> None:
    assert (case("M", 1).kind, case("M", 1).size) == ("ess", "M")
    assert (case("bench:400", 2).kind, case("bench:400", 2).size) == ("bench", 400)
    assert case("ESS-full", 1).problem() == generate.KINDS["ess-full"](250, seed=1)
    for wrong in ("", "Q", "bench:", "bench:0", "bench:-1", "what:M", "ess-full"):
        with pytest.raises(BadInput):
            case(wrong, 1)


def test_a_sheet_is_recomputed_from_the_plan() -> None:
    found = sheet(Task(case("bench:24", 1), SALON, 3.0, 1))
    assert found["violations"] == []
    assert found["value"] <= found["bound"]
    assert found["first_seconds"] <= found["value_seconds"] <= found["seconds"] + 0.1
    assert found["peak_mib"] > 20  # an interpreter with OR-Tools takes more


def test_gaps_and_ratios_are_of_one_run() -> None:
    ours: dict[str, Any] = {"case": "x", "solver": SALON, "musts": 0, "value": 90, "bound": 100}
    rival = {"case": "x", "solver": "mutual", "musts": 0, "value": 81, "bound": None}
    assert ladder._compared(ours, []) == {"gap": 0.1, "musts_ratio": None, "value_ratio": 1.0}
    assert ladder._compared(rival, [ours]) == {"gap": 0.19, "musts_ratio": None, "value_ratio": 0.9}
    other_musts = {**rival, "musts": 3, "value": 130}
    assert ladder._compared(other_musts, [{**ours, "musts": 4}]) == {
        "gap": None,
        "musts_ratio": 0.75,
        "value_ratio": 130 / 90,
    }


def test_a_wrong_row_is_noticed() -> None:
    right = {"solver": SALON, "violations": [], "gap": 0.0}
    assert not ladder.is_wrong(right)
    assert ladder.is_wrong({**right, "violations": ["person_once"]})
    assert ladder.is_wrong({**right, "gap": -0.1})
    assert not ladder.is_wrong({**right, "solver": "mutual", "violations": ["mandatory"]})


def bench(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scheduling", "bench", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_writes_rows_and_a_table(tmp_path: Path) -> None:
    out, table = tmp_path / "rows.csv", tmp_path / "rows.md"
    options = ("--time-limit", "2", "--out", out, "--markdown", table)
    done = bench("--generated", "bench:20", "--against", "alphabetical", *options)
    assert (done.returncode, done.stderr) == (0, "")
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["solver"] for row in rows] == [SALON, "alphabetical"]
    assert int(rows[1]["value"]) <= int(rows[0]["value"]) <= int(rows[0]["bound"])
    assert float(rows[1]["value_ratio"]) <= 1
    text = table.read_text(encoding="utf-8")
    assert "ortools" in text and "| bench:20 | alphabetical |" in text


def test_the_command_names_what_it_does_not_know(tmp_path: Path) -> None:
    for arguments, word in (
        (("--generated", "Q"), "Q"),
        (("--generated", "S", "--against", "magic"), "magic"),
        ((), "--generated"),
        ((tmp_path, "--against", "mutual"), "--generated"),
        (("--generated", "S", "--best", "x.csv"), "best"),
        ((tmp_path, "--generated", "S"), "folder"),
    ):
        done = bench(*arguments, "--out", tmp_path / "x.csv")
        assert done.returncode == 2
        assert word in done.stderr
