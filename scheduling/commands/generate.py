"""`generate`: a seeded problem."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from scheduling import generate, io
from scheduling.commands.common import ANSWER, positive, say

if TYPE_CHECKING:
    from scheduling.commands.common import Commands


def register(commands: Commands) -> None:
    """The command is known with its options."""
    parser = commands.add_parser("generate", help="print a seeded problem")
    parser.add_argument("--participants", type=positive(int), required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=sorted(generate.KINDS), default="ess")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """The problem is printed as JSON."""
    problem = generate.KINDS[options.kind](int(options.participants), seed=options.seed)
    say(io.encode(io.problem_to(problem)))
    return ANSWER
