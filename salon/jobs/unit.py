"""One unit of work outside a request: begins for writing, commits once, then nudges the queue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import cast

from sqlalchemy.orm import Session

from salon.database import WRITES
from salon.extensions import db
from salon.jobs.queue import flush_after_commit


@contextmanager
def writing() -> Iterator[tuple[Session, datetime]]:
    """`(session, now)`; commits at the end, rolls back on any error. Needs an application context."""
    db.session.rollback()
    db.session.connection(execution_options=WRITES)
    try:
        yield cast(Session, db.session), datetime.now(UTC)
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    flush_after_commit(db.session)


@contextmanager
def reading() -> Iterator[tuple[Session, datetime]]:
    """`(session, now)` for a unit that only reads; nothing is committed."""
    db.session.rollback()
    try:
        yield cast(Session, db.session), datetime.now(UTC)
    finally:
        db.session.rollback()
