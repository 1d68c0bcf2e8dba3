"""`python -m scheduling COMMAND`: files in, JSON or a readable table out; `--help` names the commands.

Exit codes: 0 an answer (infeasible is one), 1 a plan with violations, 2 bad input, 3 nothing found in time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from scheduling import io
from scheduling.commands import (
    bench,
    capacity,
    explain,
    generate,
    record,
    repair,
    replay,
    schema,
    solve,
    verify,
)
from scheduling.commands.common import BAD_INPUT

COMMANDS = (solve, verify, repair, explain, capacity, generate, schema, record, replay, bench)


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
    for command in COMMANDS:
        command.register(commands)
    return parser
