"""The command line: `salon --help`."""

from __future__ import annotations

from salon.cli.main import main

__all__ = ["main"]
