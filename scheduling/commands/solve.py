"""`solve`: a problem file in, a plan out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scheduling import io, report, supervision
from scheduling.commands import timetable
from scheduling.commands.clock import seconds_since_start
from scheduling.commands.common import (
    ANSWER,
    NOTHING,
    add_fairness,
    positive,
    read_text,
    refuse_fairness,
    say,
)
from scheduling.result import Limits, Result, Status

LEAST_SECONDS, END_SECONDS = 0.1, 0.2  # END_SECONDS: to write the answer and leave

if TYPE_CHECKING:
    from scheduling.commands.common import Commands
    from scheduling.problem import Problem
    from scheduling.solution import Solution


def register(commands: Commands) -> None:
    """The command is known with its options."""
    parser = commands.add_parser("solve", help="schedule a problem file")
    parser.add_argument("file", help="problem file (.json or .dzn), - for JSON on standard input")
    parser.add_argument("--time-limit", type=positive(float), default=30.0, metavar="SECONDS")
    parser.add_argument("--deterministic", type=positive(int), metavar="WORK", help="instead of seconds")
    parser.add_argument("--workers", type=positive(int), default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", metavar="PLAN", help="plan or result file to start from")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--progress", action="store_true", help="JSON lines on standard error")
    add_fairness(parser)
    parser.add_argument("--supervised", action="store_true", help="stop when standard input closes")
    parser.add_argument("--out", metavar="FILE", help="write the JSON result there")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """The plan is printed or written; exit code 3 when there is neither plan nor proof that none exists."""
    if options.supervised and options.file == "-":
        raise io.BadInput("--supervised: standard input cannot be the problem file too")
    if timetable.is_timetable(options.file):
        return timetable.solve(options)
    refuse_fairness(options)
    problem = io.problem_from(io.decode(read_text(options.file)))
    start = io.solution_from(io.decode(read_text(options.start))) if options.start else None
    result = _run(problem, start, options)
    document = io.encode(io.result_to(result))
    if options.out:
        Path(options.out).write_text(document + "\n", encoding="utf-8")
    if options.json:
        say(document)
    elif not options.out:
        say(report.table(problem, result))
    return NOTHING if result.status is Status.UNKNOWN else ANSWER


def _run(problem: Problem, start: Solution | None, options: argparse.Namespace) -> Result:
    from scheduling.solving import solve

    seconds = max(LEAST_SECONDS, float(options.time_limit) - seconds_since_start() - END_SECONDS)
    limits = Limits(seconds, options.deterministic)
    should_stop = supervision.stop_when_closed(sys.stdin) if options.supervised else None
    stream = sys.stderr if options.progress else None
    with supervision.silent_output(), supervision.Reporter(stream) as reporter:
        return solve(
            problem,
            limits=limits,
            workers=options.workers,
            seed=options.seed,
            start=start,
            on_progress=reporter.tell,
            should_stop=should_stop,
        )
