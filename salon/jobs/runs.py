"""The task that computes a run, and the sweep that finds those whose worker died."""

from __future__ import annotations

from datetime import datetime

import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from salon.jobs.queue import handles
from salon.jobs.schema import check_schema
from salon.jobs.supervision import Command, supervise
from salon.jobs.sweep import Nudges, sweeps
from salon.jobs.unit import writing
from salon.services import planning, runs

log = structlog.get_logger()


@handles(planning.RUN_TASK)
def run(app: Flask, run_id: int) -> None:
    """Compute one run; a second delivery finds it taken and does nothing."""
    check_schema()
    with writing() as (session, now):
        order = runs.take(session, now, run_id)
    if order is not None:
        compute(order, Command.of(order))


def compute(order: runs.Order, command: Command) -> None:
    """Supervise the child of a taken run and write down how it ended."""
    ended = supervise(command, order, lambda heard: _beat(order, heard))
    if ended is None:
        log.warning("run_lost", run_id=order.run_id)
        return
    if ended.error:
        log.warning("run_broken_off", run_id=order.run_id, error=ended.error, detail=ended.detail)
    with writing() as (session, now):
        runs.finish(session, now, order, ended)


def _beat(order: runs.Order, heard: runs.Heard) -> bool | None:
    """A store that is busy for a moment costs a beat, not the run."""
    try:
        with writing() as (session, now):
            return runs.beat(session, now, order, heard)
    except OperationalError:
        log.warning("beat_missed", run_id=order.run_id)
        return True


@sweeps("runs", every_s=1)
def lost_runs(session: Session, now: datetime) -> Nudges:
    """Runs whose worker died, and queued ones whose message was lost."""
    return [(planning.RUN_TASK, run_id) for run_id in runs.sweep(session, now)]
