"""The application that a command works in."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from salon.models import Edition
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


def edition_of(session: Session, slug: str) -> Edition:
    """The edition of that slug; raises `Unusable`, naming those there are."""
    from sqlalchemy import select

    from salon.cli.failures import Unusable
    from salon.models import Edition

    found = session.scalar(select(Edition).where(Edition.slug == slug))
    if found is None:
        known = ", ".join(session.scalars(select(Edition.slug).order_by(Edition.slug)).all()) or "none yet"
        raise Unusable(f"no edition called {slug!r} here; known: {known}")
    return found


def spoken() -> str:
    """The language of an operator's terminal: English when it says so, else French as the pages."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if said.lower().startswith("en") else "fr"


edition_option = click.option(
    "--edition", "slug", required=True, metavar="SLUG", help="The edition, as its address names it."
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object on standard output and nothing else there."
)


def answer(found: dict[str, Any]) -> None:
    """One JSON object for scripts."""
    click.echo(json.dumps(found, ensure_ascii=False, default=str))
