"""`bench`: a folder of published instances, solved, verified and compared with what is known."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scheduling.bench import table
from scheduling.bench.cases import cases
from scheduling.bench.judge import WRONG
from scheduling.bench.run import Settings, run_all
from scheduling.commands import generated
from scheduling.commands.common import ANSWER, VIOLATIONS, add_fairness, positive, say
from scheduling.io import BadInput

if TYPE_CHECKING:
    from scheduling.bench.records import Record
    from scheduling.commands.common import Commands


def register(commands: Commands) -> None:
    """The command is known with its options."""
    parser = commands.add_parser("bench", help="solve a folder of .dzn files and compare")
    parser.add_argument("folder", nargs="?", help="searched for .dzn files, folders inside it too")
    generated.add(parser)
    parser.add_argument(
        "--best", metavar="CSV", help="published optima: instance, fairness_d, optimum_total_breaks"
    )
    parser.add_argument(
        "--time-limit", type=positive(float), default=60.0, metavar="SECONDS", help="of each case"
    )
    parser.add_argument("--workers", type=positive(int), default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--baseline", choices=["rc2"], help="also run PySAT's MaxSAT (extra `bench`) on each case"
    )
    parser.add_argument(
        "--out", metavar="CSV", help="results, also to resume from (default bench-FOLDER.csv)"
    )
    add_fairness(parser)
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """The table is printed; exit code 1 when an answer was wrong."""
    if options.generated:
        return generated.command(options)
    if not options.folder:
        raise BadInput("bench: name a folder of .dzn files, or fairs with --generated")
    folder = Path(options.folder)
    if not folder.is_dir():
        raise BadInput(f"{folder}: is not a folder")
    if options.baseline:
        from scheduling.bench.maxsat import require_pysat

        require_pysat()
    found = cases(folder, Path(options.best) if options.best else None, options.fairness)
    out = Path(options.out or f"bench-{folder.resolve().name}.csv")
    settings = Settings(
        float(options.time_limit), int(options.workers), int(options.seed), options.baseline is not None
    )
    say(table.row(*table.HEAD))
    results = run_all(found, settings, out, _tell)
    say(table.summary(results))
    return VIOLATIONS if any(record.verdict == WRONG for record in results) else ANSWER


def _tell(record: Record, is_old: bool) -> None:
    say(table.line(record) + ("  (from an earlier run)" if is_old else ""))
    sys.stdout.flush()
