"""What an erasure removed leaves the journal of the store too, not only its tables."""

from __future__ import annotations

from datetime import datetime

import structlog
from flask import Flask
from sqlalchemy.orm import Session

from salon.extensions import db
from salon.jobs.queue import handles
from salon.jobs.sweep import Nudges, sweeps

log = structlog.get_logger()
PATIENCE_MS = 500  # writers wait as long as we wait for readers


@handles("scrub_store")
def scrub_store(app: Flask, _id: int) -> None:
    """SQLite's journal is folded into the file, where deleted rows are overwritten, and emptied.

    Somebody who reads meanwhile delays it: the hourly sweep tries again. PostgreSQL's vacuum needs no help.
    """
    if db.engine.dialect.name != "sqlite":
        return
    connection = db.engine.raw_connection()
    connection.detach()  # not to be given to a page with this short patience
    try:
        connection.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
        busy, *_frames = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    if busy:
        log.info("scrub_delayed")


@sweeps("scrub", every_s=3600)
def scrub(_session: Session, _now: datetime) -> Nudges:
    """Once an hour: a nudge was lost, or a reader was in the way."""
    return [("scrub_store", 0)]
