"""The demo fair of 250 people, published, in a folder of its own, served as an operator serves it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from salon import create_app, phases
from salon.actor import Actor
from salon.cli.setup import prepare
from salon.config import load_settings
from salon.demo import story
from salon.enums import DelegateStatus, Phase, RunPreset
from salon.extensions import db
from salon.jobs.queue import perform
from salon.jobs.unit import writing
from salon.models import Account, Delegate, Edition, Wish
from salon.services import feeds, planning, sessions
from salon.services.planning_presets import Choice
from salon.web import SalonFlask

SOLVE_S = 8
WORKERS, THREADS = 2, 4


@dataclass(frozen=True, slots=True)
class Attendee:
    """A signed-in attendee of an edition: cookies, own addresses, and an organisation already wished for."""

    cookies: dict[str, str]
    slug: str
    wished: int
    feed: str


@dataclass(frozen=True, slots=True)
class Fair:
    port: int
    master: int  # process id of the web server
    readers: list[Attendee]  # of the published edition
    wishers: list[Attendee]  # of the edition whose wishing is open


@contextmanager
def served(folder: Path, port: int, people: int) -> Iterator[Fair]:
    """Build, solve for a few seconds, publish, serve; the server ends with the block."""
    prepare(folder)
    app = create_app(load_settings(folder, queue_url="memory:"))
    with app.app_context():
        _build(app)
        published = story.edition(db.session)  # type: ignore[arg-type]
        readers = _attendees(app, published, people)
        wishers = _attendees(app, _wishing(), people)
        db.session.remove()
        db.engine.dispose()
    process = _serve(folder, port)
    try:
        yield Fair(port, process.pid, readers, wishers)
    finally:
        process.terminate()
        process.wait(timeout=40)


def _build(app: SalonFlask) -> None:
    from flask_migrate import upgrade

    upgrade()
    with writing() as (session, now):
        story.ensure_built(session, now)
        run = planning.request_run(
            session, Actor(system="benchmark"), now, edition=story.edition(session),
            choice=Choice(RunPreset.MOST_MEETINGS), time_limit_s=SOLVE_S, seed=1, workers=2,
        ).id  # fmt: skip
    perform(app, planning.RUN_TASK, run)
    with writing() as (session, now):
        story.publish(session, now)


def _wishing() -> Edition:
    """The edition where wishes can be saved now."""
    now = datetime.now(UTC)
    editions = db.session.scalars(select(Edition))
    return next(one for one in editions if phases.wishes(one, now) is Phase.OPEN)


def _attendees(app: SalonFlask, edition: Edition, how_many: int) -> list[Attendee]:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    found = []
    with writing() as (session, now):
        query = select(Delegate, Wish.organisation_id).join(Wish, Wish.owner_id == Delegate.id)
        mine = (Delegate.edition_id == edition.id, Delegate.status == DelegateStatus.APPROVED, Wish.rank == 1)
        for delegate, wished in session.execute(query.where(*mine).limit(how_many)):
            account = session.get_one(Account, delegate.account_id)
            secret = sessions.open_session(session, now, account, strong=True)
            cookies = {app.config["SESSION_COOKIE_NAME"]: str(serializer.dumps({"sid": secret}))}
            actor = Actor(account_id=account.id, delegates={edition.id: delegate.id})
            feed = feeds.create(session, actor, now, delegate=delegate)
            found.append(Attendee(cookies, edition.slug, wished, feed))
    return found


def _serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    from salon.serving import _web_command

    process = subprocess.Popen(
        _web_command("127.0.0.1", port, WORKERS, THREADS), env={**os.environ, "SALON_INSTANCE": str(folder)}
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2).close()
            return process
        except OSError:
            time.sleep(0.2)
    process.kill()
    raise RuntimeError(f"{sys.executable}: the server did not start")
