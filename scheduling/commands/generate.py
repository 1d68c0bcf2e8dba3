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
    how_many = parser.add_mutually_exclusive_group(required=True)
    how_many.add_argument("--participants", type=positive(int))
    how_many.add_argument("--size", choices=list(generate.SIZES), help=_sizes())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=sorted(generate.KINDS), default="ess")
    for name, meaning in KNOBS.items():
        parser.add_argument(f"--{name}", type=positive(int), help=meaning)
    parser.set_defaults(command=command)


KNOBS = {
    "slots": "instead of the kind's or the size's",
    "tables": "instead of the kind's or the size's",
    "wishes": "of each person (default 10)",
    "most": "meetings of each person, in kinds that limit them",
}


def _sizes() -> str:
    return "; ".join(
        f"{name}: {one.participants} people, about {one.meetings} meetings"
        for name, one in generate.SIZES.items()
    )


def command(options: argparse.Namespace) -> int:
    """The problem is printed as JSON."""
    knobs = {name: getattr(options, name) for name in KNOBS if getattr(options, name) is not None}
    problem = generate.make(
        options.kind, options.size or int(options.participants), seed=options.seed, **knobs
    )
    say(io.encode(io.problem_to(problem)))
    return ANSWER
