"""`bench --generated`: the engine and its rivals on generated fairs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scheduling.bench import ladder
from scheduling.bench.generated import SALON, SOLVERS, Task, case
from scheduling.commands.common import ANSWER, VIOLATIONS, say
from scheduling.io import BadInput


def add(parser: argparse.ArgumentParser) -> None:
    """The options of generated fairs."""
    parser.add_argument(
        "--generated", metavar="CASES", help="generated fairs: S,ESS,M,L,XL,bench:400,ess-full:250,ESS-full …"
    )
    parser.add_argument(
        "--against",
        metavar="SOLVERS",
        help=f"--generated: rivals in the same run, of {', '.join(SOLVERS[1:])}",
    )
    parser.add_argument(
        "--markdown", metavar="FILE", help="--generated: the table to publish, machine included"
    )


def command(options: argparse.Namespace) -> int:
    """The table is printed and kept; exit code 1 when a plan broke a rule or a value beat a bound."""
    solvers = (SALON, *(options.against.split(",") if options.against else ()))
    for name in solvers:
        if name not in SOLVERS:
            raise BadInput(f"--against {name}: the rivals are {', '.join(SOLVERS[1:])}")
    tasks = [
        Task(case(name, options.seed), solver, float(options.time_limit), int(options.workers))
        for name in options.generated.split(",")
        for solver in solvers
    ]
    machine = ladder.Machine.here()
    say(machine.sentence() + "\n" + ladder.head())
    rows = ladder.run_all(tasks, Path(options.out or "bench-generated.csv"), _tell)
    if options.markdown:
        Path(options.markdown).write_text(ladder.markdown(rows, machine), encoding="utf-8")
    return VIOLATIONS if any(map(ladder.is_wrong, rows)) else ANSWER


def _tell(found: ladder.Row) -> None:
    say(ladder.line(found))
    sys.stdout.flush()
