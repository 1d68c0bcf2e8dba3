"""What runs again and again in the worker: it finds what a crash or a lost message left behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from flask import Flask
from sqlalchemy.orm import Session

from salon.jobs.unit import writing
from salon.nudges import after_commit

log = structlog.get_logger()
Nudges = Iterable[tuple[str, int]]
HELD_UP = timedelta(seconds=3)  # later than that, and we were held up ourselves


@dataclass(slots=True)
class Sweep:
    """A function `(session, now) -> nudges`, run every `every_s` seconds in a transaction of its own."""

    name: str
    every_s: float
    run: Callable[[Session, datetime], Nudges]
    due_at: float = 0.0
    done_at: datetime | None = None

    def moment(self, asked: datetime) -> datetime:
        """Until when the silence of others counts: not while we were held up too (a busy store, a machine asleep)."""
        late = asked - timedelta(seconds=self.every_s) - HELD_UP
        return self.done_at if self.done_at is not None and self.done_at < late else asked


SWEEPS: list[Sweep] = []


def sweeps(name: str, *, every_s: float) -> Callable[[Callable[[Session, datetime], Nudges]], object]:
    """Register a sweep."""

    def register(run: Callable[[Session, datetime], Nudges]) -> object:
        SWEEPS.append(Sweep(name, every_s, run))
        return run

    return register


def run_due(app: Flask) -> None:
    """Run every sweep that is due; one that fails is logged and does not stop the others."""
    for sweep in SWEEPS:
        if time.monotonic() < sweep.due_at:
            continue
        sweep.due_at = time.monotonic() + sweep.every_s
        asked = datetime.now(UTC)  # before the wait for the store
        try:
            with app.app_context(), writing() as (session, _now):
                for task, object_id in sweep.run(session, sweep.moment(asked)):
                    after_commit(session, task, object_id)
            sweep.done_at = datetime.now(UTC)
        except Exception:
            log.exception("sweep_failed", sweep=sweep.name)
