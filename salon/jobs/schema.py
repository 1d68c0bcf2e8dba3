"""Old code never works on a newer database, nor new code on an older one."""

from __future__ import annotations

from sqlalchemy import text

from salon.extensions import db
from salon.queries.readiness import head_revision


class WrongSchema(Exception):
    """The database is at another revision than this code."""


def check_schema() -> None:
    """Raise `WrongSchema` unless the database is at this code's revision. Needs an application context."""
    found = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    db.session.rollback()
    if found != head_revision():
        raise WrongSchema(
            f"the database is at {found}, this version needs {head_revision()}: run `salon init`"
        )
