"""The worker process: takes tasks from the queue, beats, sweeps."""

from __future__ import annotations

import os
import socket
import threading
import time

import structlog
from flask import Flask

from salon.jobs import sweep
from salon.jobs.schema import check_schema
from salon.jobs.unit import writing
from salon.models import WorkerBeat
from salon.queries.readiness import head_revision

log = structlog.get_logger()
BEAT_S = 2.0
TICK_S = 1.0  # what is due is looked for
THREADS = 4  # a long run and a long print must not hold up sign-in mail; they are processes of their own


def run(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; raises `WrongSchema` when started on another version's database."""
    from salon.jobs import tasks  # noqa: F401 - registers the handlers

    with app.app_context():
        check_schema()
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(app, stop), name="beat", daemon=True)
    beat.start()
    consumer = app.extensions["salon_queue"].huey.create_consumer(
        workers=THREADS, worker_type="thread", periodic=False, initial_delay=0.05, max_delay=0.5
    )
    try:
        consumer.run()
    finally:
        stop.set()
        beat.join(timeout=5)


def _beat(app: Flask, stop: threading.Event) -> None:
    name = f"{socket.gethostname()[:24]}:{os.getpid()}"
    next_beat = 0.0
    while not stop.is_set():
        if time.monotonic() >= next_beat:
            next_beat = time.monotonic() + BEAT_S
            _say_alive(app, name)
        sweep.run_due(app)
        stop.wait(TICK_S)


def _say_alive(app: Flask, name: str) -> None:
    try:
        with app.app_context(), writing() as (session, now):
            session.merge(WorkerBeat(name=name, at=now, schema=head_revision()))
    except Exception:
        log.exception("beat_failed")
