"""`schema`: the file format for whoever writes problem files."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from scheduling import schema
from scheduling.commands.common import ANSWER, say

if TYPE_CHECKING:
    from scheduling.commands.common import Commands


def register(commands: Commands) -> None:
    """The command is known; it has no options."""
    parser = commands.add_parser("schema", help="print the JSON Schema of problem files and results")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """The schema is printed, indented for reading."""
    say(json.dumps(schema.schema(), ensure_ascii=False, indent=2))
    return ANSWER
