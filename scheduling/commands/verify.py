"""`verify`: a plan against every hard rule."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from scheduling import io, report, verify
from scheduling.commands import timetable
from scheduling.commands.common import ANSWER, VIOLATIONS, add_fairness, read_text, refuse_fairness, say

if TYPE_CHECKING:
    from scheduling.commands.common import Commands


def register(commands: Commands) -> None:
    """The command is known with its options."""
    parser = commands.add_parser("verify", help="check a plan against every hard rule")
    parser.add_argument("file", help="problem file (.json or .dzn)")
    parser.add_argument("plan", help="plan or result file")
    parser.add_argument("--json", action="store_true")
    add_fairness(parser)
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """The broken rules are printed; exit code 1 when there is one."""
    if timetable.is_timetable(options.file):
        return timetable.verify(options)
    refuse_fairness(options)
    problem = io.problem_from(io.decode(read_text(options.file)))
    found = verify.violations(problem, io.solution_from(io.decode(read_text(options.plan))))
    if options.json:
        say(io.encode([io.violation_to(violation) for violation in found]))
    else:
        say(report.violations(found))
    return VIOLATIONS if found else ANSWER
