"""A copy of the database taken while people work, checked before it counts."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

from salon.errors import DomainError
from salon.extensions import db
from salon.queries.readiness import head_revision


def copy_live(app: Flask, target: Path) -> None:
    """Write a consistent copy to `target`; raises `DomainError` when it exists or does not pass its check."""
    if target.exists():
        raise DomainError("backup_exists", name=target.name)
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "No such folder", str(target.parent))
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                raw = connection.connection.driver_connection
                assert isinstance(raw, sqlite3.Connection)
                _vacuum(raw, target)
            check_copy(target)
        else:
            _dump(app.config["SALON"].database, target)
    target.chmod(0o600)


def _vacuum(raw: sqlite3.Connection, target: Path) -> None:
    """The copy, or nothing: a full disk leaves no half of it."""
    try:
        raw.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise DomainError("backup_broken", verdict=str(error)) from error


def check_copy(copy: Path) -> None:
    """Raise `DomainError` unless the file is a sound database; what is not is deleted."""
    connection = sqlite3.connect(copy)
    try:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        connection.close()
    if verdict != "ok" or orphans:
        copy.unlink()
        raise DomainError("backup_broken", verdict=verdict)


def _dump(url: str, target: Path) -> None:
    """PostgreSQL's own tool, which must be installed beside the server."""
    address, environment = on_server(url)
    command = ["pg_dump", "--format=custom", f"--file={target}", address]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - fixed program
    if done.returncode:
        target.unlink(missing_ok=True)
        raise DomainError("backup_broken", verdict=done.stderr.strip()[:200])


def on_server(url: str) -> tuple[str, dict[str, str]]:
    """The address for PostgreSQL's tools, and the environment that holds its password.

    Everybody on the machine reads the command line of a process; its environment is its owner's.
    """
    parts = make_url(url).set(drivername="postgresql")
    password = {"PGPASSWORD": str(parts.password)} if parts.password is not None else {}
    return parts._replace(password=None).render_as_string(hide_password=False), {**os.environ, **password}


def copy_before_upgrade(app: Flask, folder: Path) -> Path | None:
    """A dated copy when the database exists at an older revision, else None."""
    with app.app_context():
        if not inspect(db.engine).has_table("alembic_version"):
            return None
        found = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
        db.session.rollback()
    if found in (None, head_revision()):
        return None
    target = folder / f"before-upgrade-{datetime.now(UTC):%Y%m%d-%H%M%S}.sqlite"
    copy_live(app, target)
    return target
