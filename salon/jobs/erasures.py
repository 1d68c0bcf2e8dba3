"""Forgets people whose time is over, and keeps the ledger of erasures and the database in step."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import structlog
from flask import Flask, current_app
from sqlalchemy.orm import Session

from salon import ledger
from salon.actor import system
from salon.jobs.queue import handles
from salon.jobs.sweep import Nudges, sweeps
from salon.jobs.unit import writing
from salon.services import erasure_replay, retention

log = structlog.get_logger()


def ledger_file(app: Flask) -> Path:
    """Beside the database, not in it."""
    return Path(app.config["SALON"].instance) / ledger.NAME


@handles("note_erasures")
def note_erasures(app: Flask, _id: int) -> None:
    """What was erased just now is on the disk too."""
    with writing() as (session, _now):
        found = erasure_replay.lines(session)
    ledger.add(ledger_file(app), found)


def catch_up(app: Flask, *more: Path) -> int:
    """Nobody is served whom the ledger says erased, how many had come back with an older copy.

    `more` are other ledgers to heed. Needs an application context.
    """
    known = ledger.read(ledger_file(app), *more)
    ledger.add(ledger_file(app), known)
    with writing() as (session, now):
        done = erasure_replay.again(session, system("restore"), now, known)
        found = erasure_replay.lines(session)
    ledger.add(ledger_file(app), found)
    if done:
        log.warning("erasures_replayed", people=done)
    return done


@sweeps("ledger", every_s=3600)
def in_step(session: Session, now: datetime) -> Nudges:
    """A nudge was lost, or somebody put an older copy in place without `salon restore`."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    erasure_replay.again(session, system("restore"), now, ledger.read(ledger_file(app)))
    return [("note_erasures", 0)]


@sweeps("retention", every_s=3600)
def retention_sweep(session: Session, now: datetime) -> Nudges:
    """Notices begin; editions whose period is over forget their people."""
    return [("forget_people", edition_id) for edition_id in retention.sweep(session, now)]


@handles("forget_people")
def forget_people(_app: Flask, edition_id: int) -> None:
    """Fifty people a transaction, so that nobody waits long; a crash leaves the rest to the next sweep."""
    done = 1
    while done:
        with writing() as (session, now):
            done = retention.forget_due(session, now, edition_id=edition_id)
