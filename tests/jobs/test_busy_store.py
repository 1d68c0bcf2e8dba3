"""A store that somebody else holds: reads go on, a write waits, then is refused with a time to come back."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon import database
from salon.enums import Role
from salon.extensions import db
from salon.models import Edition, Table
from tests.conftest import BASE, POSTGRES, sign_in
from tests.factories import Factory

pytestmark = pytest.mark.skipif(bool(POSTGRES), reason="one writer at a time is SQLite's rule")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second of waiting instead of an installation's ten; set before anything connects."""
    quick = tuple(one.replace("10000", "1000") for one in database._PRAGMAS)
    assert quick != database._PRAGMAS
    monkeypatch.setattr(database, "_PRAGMAS", quick)


@pytest.fixture
def edition(impatient: None, make: Factory, client: FlaskClient) -> Edition:
    edition = make.edition()
    sign_in(client, make.member(edition, Role.OWNER))
    return edition


@contextmanager
def held(seconds: float) -> Iterator[None]:
    """Another process writes for that long, or until the block ends."""
    taken, done = threading.Event(), threading.Event()
    path = db.engine.url.database

    def hold() -> None:
        other = sqlite3.connect(str(path), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        taken.set()
        done.wait(seconds)
        other.execute("ROLLBACK")
        other.close()

    thread = threading.Thread(target=hold)
    thread.start()
    taken.wait()
    try:
        yield
    finally:
        done.set()
        thread.join()


def add(client: FlaskClient, edition: Edition, label: str) -> tuple[int, str]:
    form = {"labels": label, "zone": "", "places": "4", "once": f"once-{label}"}
    answer = client.post(f"/o/{edition.slug}/room/tables", base_url=BASE, data=form)
    return answer.status_code, answer.headers.get("Retry-After", "")


def tables(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Table)) or 0


def test_a_write_that_cannot_wait_longer_is_told_when_to_come_back(
    client: FlaskClient, session: Session, edition: Edition
) -> None:
    with held(30):
        assert add(client, edition, "UNE") == (503, "5")
        page = client.get(f"/o/{edition.slug}/room", base_url=BASE)
        assert page.status_code == 200  # reads go on
    assert tables(session) == 0
    assert add(client, edition, "UNE")[0] == 303  # the same form again, once the store is free
    assert tables(session) == 1


def test_a_short_wait_is_not_noticed(client: FlaskClient, session: Session, edition: Edition) -> None:
    with held(0.3):
        assert add(client, edition, "UNE")[0] == 303
    assert tables(session) == 1
