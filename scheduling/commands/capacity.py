"""`capacity`: the tables and slots that a share of the wishes needs, as a curve."""

from __future__ import annotations

import argparse
import csv
import io as text_io
from pathlib import Path
from typing import TYPE_CHECKING

from scheduling import generate, io
from scheduling.capacity import NoWishes, Point, grid, needs, wanted
from scheduling.capacity_plot import svg
from scheduling.commands.common import ANSWER, positive, read_text, say

if TYPE_CHECKING:
    from scheduling.commands.common import Commands
    from scheduling.problem import Problem


def register(commands: Commands) -> None:
    """The command is known with its options."""
    parser = commands.add_parser("capacity", help="tables x slots for 80, 90, 95 %% of the mutual wishes")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--file", help="problem file with the real wishes")
    source.add_argument(
        "--participants", type=positive(int), help="expected wishes of a generated fair (ess)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="count every wish, not the mutual ones alone")
    parser.add_argument(
        "--tables", type=_numbers, metavar="N,N,…", help="default: six up to those of the fair"
    )
    parser.add_argument(
        "--slots", type=_numbers, metavar="N,N,…", help="default: four up to those of the fair"
    )
    parser.add_argument("--time-limit", type=positive(float), default=2.0, metavar="SECONDS", help="per size")
    parser.add_argument("--csv", metavar="FILE", help="write the curve there")
    parser.add_argument("--svg", metavar="FILE", help="draw the curve there")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(command=command)


def _numbers(text: str) -> tuple[int, ...]:
    found = tuple(sorted({int(one) for one in text.split(",")}))
    if found[0] < 1 or found[-1] > 10_000:
        raise ValueError(text)
    return found


def command(options: argparse.Namespace) -> int:
    """The sizes needed are printed, the curve is written where asked."""
    problem = _problem(options)
    try:
        fair = wanted(problem, mutual=not options.all)
    except NoWishes as error:
        raise io.BadInput(f"{error}; --all counts every wish") from error
    from scheduling.solvers.capacities import measure

    tables = options.tables or grid(len(problem.tables), 6)
    slots = options.slots or grid(len(problem.slots), 4)
    points = measure(fair, tables, slots, seconds=float(options.time_limit))
    if options.csv:
        Path(options.csv).write_text(_csv(points), encoding="utf-8")
    if options.svg:
        kind = "wishes" if options.all else "mutual wishes"
        title = f"Share of {len(fair.pairs)} {kind} held, {len(fair.participants)} people"
        Path(options.svg).write_text(svg(points, title), encoding="utf-8")
    say(io.encode(_data(points)) if options.json else _text(points))
    return ANSWER


def _problem(options: argparse.Namespace) -> Problem:
    if options.file:
        return io.problem_from(io.decode(read_text(options.file)))
    return generate.ess(int(options.participants), seed=options.seed)


def _row(point: Point) -> dict[str, float]:
    figures: dict[str, float] = {
        name: getattr(point, name) for name in ("tables", "slots", "wishes", "held", "bound")
    }
    return figures | {"share": round(point.share, 4), "ceiling": round(point.ceiling, 4)}


def _data(points: list[Point]) -> dict[str, object]:
    return {
        "curve": [_row(point) for point in points],
        "needs": [
            {
                "target": need.target,
                "tables": need.point and need.point.tables,
                "slots": need.point and need.point.slots,
                "least_of_grid": need.is_least,
            }
            for need in needs(points)
        ],
    }


def _csv(points: list[Point]) -> str:
    rows = [_row(point) for point in points]
    out = text_io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _text(points: list[Point]) -> str:
    lines = [f"{'tables':>7} {'slots':>6} {'held':>7} {'at most':>8}  share"]
    for one in points:
        lines.append(f"{one.tables:>7} {one.slots:>6} {one.held:>7} {one.bound:>8} {one.share:>6.1%}")
    for need in needs(points):
        proof = "least of the grid, proven" if need.is_least else "smaller ones not excluded"
        size = (
            "no size of the grid"
            if need.point is None
            else f"{need.point.tables} tables x {need.point.slots}"
        )
        lines.append(f"{need.target} %: {size} ({proof})")
    return "\n".join(lines)
