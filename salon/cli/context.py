"""The application that a command works in."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from salon.actor import Actor
    from salon.models import Edition
    from salon.web import SalonFlask


def instance_folder(context: click.Context) -> Path:
    """The folder chosen on the command line, in the environment, or by default."""
    from salon.config import default_instance

    return Path(context.find_root().obj) if context.find_root().obj else default_instance()


def make_app(context: click.Context, *, calm: bool = False) -> SalonFlask:
    """The application on that folder's settings; `calm`: warnings only, unless a level was asked for."""
    from salon import create_app
    from salon.config import load_settings

    level = {"log_level": "WARNING"} if calm and "SALON_LOG_LEVEL" not in os.environ else {}
    return create_app(load_settings(instance_folder(context), **level))


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


def acting(session: Session, edition: Edition, email: str | None) -> Actor:
    """The command on behalf of an organiser: the one named, else the edition's first owner, else an administrator.

    Raises `Unusable` when that is nobody.
    """
    from sqlalchemy import select

    from salon.actor import Actor
    from salon.cli.failures import Unusable
    from salon.enums import Role
    from salon.keys import email_key
    from salon.models import Account, Membership

    owners = select(Account.id).join(Membership, Membership.account_id == Account.id)
    here = (Membership.edition_id == edition.id, Membership.role.in_((Role.OWNER, Role.ORGANISER)))
    if email is not None:
        named = select(Account.id).where(Account.email_key == email_key(email))
        found = session.scalar(named.where(Account.is_admin | Account.id.in_(owners.where(*here))))
    else:
        first = owners.where(*here, Membership.role == Role.OWNER).order_by(Membership.id)
        admin = select(Account.id).where(Account.is_admin).order_by(Account.id)
        found = session.scalar(first.limit(1)) or session.scalar(admin.limit(1))
    if found is None:
        raise Unusable(
            f"{email} does not organise this edition" if email else "no organiser yet: salon create-admin"
        )
    return Actor(account_id=found, system="cli")


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
