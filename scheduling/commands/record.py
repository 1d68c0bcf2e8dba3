"""`record`: a problem is solved and the whole run written to one file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from scheduling import io, replay, report
from scheduling.commands.common import ANSWER, NOTHING, positive, read_text, say
from scheduling.commands.replay import solved
from scheduling.result import Limits, Status

if TYPE_CHECKING:
    from scheduling.commands.common import Commands


def register(commands: Commands) -> None:
    """The command is known with its options."""
    parser = commands.add_parser("record", help="solve a problem file and keep the run for `replay`")
    parser.add_argument("file", help="problem file (.json), - for standard input")
    parser.add_argument("--out", metavar="FILE", required=True, help="the replay file")
    parser.add_argument("--mask", action="store_true", help="replace every name, keeping their order")
    parser.add_argument("--time-limit", type=positive(float), default=30.0, metavar="SECONDS")
    parser.add_argument(
        "--deterministic", type=positive(int), metavar="WORK", help="instead of seconds: repeats exactly"
    )
    parser.add_argument("--workers", type=positive(int), default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", metavar="PLAN", help="plan or result file to start from")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """The run is written, its table printed; exit code 3 when there is neither plan nor proof."""
    problem = io.problem_from(io.decode(read_text(options.file)))
    start = io.solution_from(io.decode(read_text(options.start))) if options.start else None
    deterministic = None if options.deterministic is None else int(options.deterministic)
    limits = Limits(float(options.time_limit), deterministic)
    asked = replay.Replay(problem, limits, int(options.workers), options.seed, start, {})
    result = solved(asked)
    run = replay.Replay(problem, limits, asked.workers, asked.seed, start, io.result_to(result))
    document = io.encode(replay.to_data(run, mask=options.mask))
    Path(options.out).write_text(document + "\n", encoding="utf-8")
    say(report.table(problem, result))
    return NOTHING if result.status is Status.UNKNOWN else ANSWER
