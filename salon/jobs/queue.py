"""The queue: a message is only a nudge, the row it names is the truth."""

from __future__ import annotations

from collections.abc import Callable
from logging import DEBUG, INFO
from pathlib import Path

import structlog
from flask import Flask, current_app
from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey

from salon.config import Settings
from salon.jobs.schema import check_schema
from salon.nudges import AnySession, after_commit, collect

log = structlog.get_logger()
Handler = Callable[[Flask, int], None]
HANDLERS: dict[str, Handler] = {}


def handles(name: str) -> Callable[[Handler], Handler]:
    """Register what performs a task: it loads by id, calls one service, commits, may run twice."""

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        return handler

    return register


class Queue:
    """Salon's only door to the queue library."""

    def __init__(self, huey: Huey, app: Flask) -> None:
        self.huey = huey
        self._app = app
        self._task = huey.task(name="salon.perform")(self._perform)

    def put(self, task: str, object_id: int) -> None:
        """Send a nudge; raises whatever the store of the queue raises."""
        self._task(task, object_id)

    def _perform(self, task: str, object_id: int) -> None:
        perform(self._app, task, object_id)


def perform(app: Flask, task: str, object_id: int) -> None:
    """Run one task now, in its own application context."""
    level = INFO if object_id else DEBUG  # what the clock asks for, each second, is for debugging
    log.log(level, "task", task=task, object_id=object_id)
    with app.app_context():
        check_schema()
        HANDLERS[task](app, object_id)


def bind(app: Flask, settings: Settings) -> Queue:
    """The queue that the settings name, bound to the application."""
    queue = Queue(_huey(settings), app)
    app.extensions["salon_queue"] = queue
    return queue


def _huey(settings: Settings) -> Huey:
    url = settings.queue_url
    if url.startswith(("redis://", "rediss://")):
        return RedisHuey("salon", url=url, results=False)
    if url.startswith("postgresql"):
        return PostgresHuey("salon", dsn=url.replace("+psycopg", ""), results=False)
    if url == "memory:":
        return MemoryHuey("salon", results=False)
    Path(settings.instance).mkdir(parents=True, exist_ok=True)
    return SqliteHuey("salon", filename=str(Path(settings.instance) / "queue.sqlite"), results=False)


def flush_after_commit(session: AnySession) -> None:
    """Send the nudges of a committed transaction; a queue that is down loses nothing."""
    for task, object_id in collect(session):
        try:
            current_app.extensions["salon_queue"].put(task, object_id)
        except Exception:
            log.exception("queue_down", task=task, object_id=object_id)


__all__ = ["Queue", "after_commit", "bind", "flush_after_commit", "handles", "perform"]
