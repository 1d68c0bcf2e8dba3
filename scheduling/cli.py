"""`python -m scheduling solve | verify | generate`: files in, JSON or a readable table out.

Exit codes: 0 an answer (infeasible is one), 1 a plan with violations, 2 bad input, 3 nothing found in time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scheduling import generate, io, report, supervision, verify
from scheduling.problem import Problem
from scheduling.result import Limits, Result, Status
from scheduling.solution import Solution

ANSWER, VIOLATIONS, BAD_INPUT, NOTHING = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except (io.BadInput, OSError, UnicodeDecodeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scheduling", description=__doc__)
    commands = parser.add_subparsers(required=True)
    _solve_options(commands.add_parser("solve", help="schedule a problem file"))
    check = commands.add_parser("verify", help="check a plan against every hard rule")
    check.add_argument("file", help="problem file")
    check.add_argument("plan", help="plan or result file")
    check.add_argument("--json", action="store_true")
    check.set_defaults(command=_verify)
    make = commands.add_parser("generate", help="print a seeded problem")
    make.add_argument("--participants", type=_positive(int), required=True)
    make.add_argument("--seed", type=int, default=1)
    make.add_argument("--kind", choices=sorted(generate.KINDS), default="ess")
    make.set_defaults(command=_generate)
    return parser


def _solve_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="problem file, - for standard input")
    parser.add_argument("--time-limit", type=_positive(float), default=30.0, metavar="SECONDS")
    parser.add_argument("--deterministic", type=_positive(int), metavar="WORK", help="instead of seconds")
    parser.add_argument("--workers", type=_positive(int), default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", metavar="PLAN", help="plan or result file to start from")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--progress", action="store_true", help="JSON lines on standard error")
    parser.add_argument("--supervised", action="store_true", help="stop when standard input closes")
    parser.add_argument("--out", metavar="FILE", help="write the JSON result there")
    parser.set_defaults(command=_solve)


def _positive(kind: type[int] | type[float]) -> type[int] | type[float]:
    class Positive(kind):  # type: ignore[valid-type, misc]  # a named type gives argparse its message
        def __new__(cls, text: str) -> Positive:
            if not 0 < kind(text) < 1e9:
                raise ValueError(text)
            return kind.__new__(cls, text)

    Positive.__name__ = "positive number"
    return Positive


def _read(name: str) -> object:
    text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    return io.decode(text)


def _solve(options: argparse.Namespace) -> int:
    if options.supervised and options.file == "-":
        raise io.BadInput("--supervised: standard input cannot be the problem file too")
    problem = io.problem_from(_read(options.file))
    start = io.solution_from(_read(options.start)) if options.start else None
    result = _run(problem, start, options)
    document = io.encode(io.result_to(result))
    if options.out:
        Path(options.out).write_text(document + "\n", encoding="utf-8")
    if options.json:
        print(document)
    elif not options.out:
        print(report.table(problem, result))
    return NOTHING if result.status is Status.UNKNOWN else ANSWER


def _run(problem: Problem, start: Solution | None, options: argparse.Namespace) -> Result:
    from scheduling.solve import solve

    limits = Limits(float(options.time_limit), options.deterministic)
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


def _verify(options: argparse.Namespace) -> int:
    problem = io.problem_from(_read(options.file))
    found = verify.violations(problem, io.solution_from(_read(options.plan)))
    if options.json:
        print(io.encode([io.violation_to(violation) for violation in found]))
    else:
        print(report.violations(found))
    return VIOLATIONS if found else ANSWER


def _generate(options: argparse.Namespace) -> int:
    problem = generate.KINDS[options.kind](int(options.participants), seed=options.seed)
    print(io.encode(io.problem_to(problem)))
    return ANSWER
