"""The application that a command works in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from salon.web import SalonFlask


def instance_folder(context: click.Context) -> Path:
    """The folder chosen on the command line, in the environment, or by default."""
    from salon.config import default_instance

    return Path(context.find_root().obj) if context.find_root().obj else default_instance()


def make_app(context: click.Context) -> SalonFlask:
    """The application on that folder's settings."""
    from salon import create_app
    from salon.config import load_settings

    return create_app(load_settings(instance_folder(context)))
