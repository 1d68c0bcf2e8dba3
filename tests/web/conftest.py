"""Counting statements: a page costs the same whatever the number of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from salon.extensions import db
from salon.models import Account
from salon.services import sessions
from tests.conftest import BASE

CountQueries = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def count_queries(session: Session) -> CountQueries:
    """`with count_queries() as seen:` fills `seen` with the statements sent meanwhile."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting


def plain(text: str) -> str:
    """A page whose narrow spaces are spaces, so that a test can be typed."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


def enter(client: FlaskClient, account: Account) -> None:
    """Sign the browser in at the address that the tests ask (a cookie belongs to one host); commits."""
    secret = sessions.open_session(db.session(), datetime.now(UTC), account, strong=True)
    db.session.commit()
    with client.session_transaction(base_url=BASE) as cookie:
        cookie["sid"] = secret
