"""What every command shares: exit codes, kinds of options, reading a file, printing."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scheduling import io

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

ANSWER, VIOLATIONS, BAD_INPUT, NOTHING = 0, 1, 2, 3


def positive(kind: type[int] | type[float]) -> type[int] | type[float]:
    """A kind of option: a number above zero."""

    class Positive(kind):  # type: ignore[valid-type, misc]  # a named type gives argparse its message
        def __new__(cls, text: str) -> Positive:
            if not 0 < kind(text) < 1e9:
                raise ValueError(text)
            return kind.__new__(cls, text)

    Positive.__name__ = "positive number"
    return Positive


def read_text(name: str) -> str:
    """The text of the file, or of standard input for `-`."""
    return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")


def say(text: str) -> None:
    """One answer on standard output."""
    sys.stdout.write(text + "\n")


def add_fairness(parser: argparse.ArgumentParser) -> None:
    """The command knows the one rule that published files do not hold."""
    parser.add_argument(
        "--fairness",
        type=int,
        metavar="D",
        help=".dzn only: most breaks above the fewest anyone has (default 2, negative: no such rule)",
    )


def refuse_fairness(options: argparse.Namespace) -> None:
    """Raises BadInput when a general problem is given the rule of published files, instead of forgetting it."""
    if options.fairness is not None:
        raise io.BadInput("--fairness: is for .dzn files; a JSON problem holds its own weights")
