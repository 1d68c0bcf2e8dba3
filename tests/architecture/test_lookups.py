"""SQLite finds a person's own rows by the person, though the store has no statistics."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from salon.models import ReleasedMeeting
from salon.queries import agenda_facts, feeds, releases
from tests.conftest import POSTGRES

pytestmark = pytest.mark.skipif(bool(POSTGRES), reason="PostgreSQL has statistics")
BY_PERSON = "ix_released_seat_delegate_id"


def plan_of(session: Session, statement: Any, **values: int) -> str:
    """How SQLite would run it."""
    told = statement.params(**values).compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
    )
    return "\n".join(row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {told}")))


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (releases._released(True), {"release": 1, "only": 1}),
        (releases._released(True, numbered=True), {"edition": 1, "number": 1, "only": 1}),
        (feeds._said(), {"edition": 1, "delegate": 1}),
    ],
    ids=["agenda", "release before", "feed"],
)
def test_promises_of_one_person(session: Session, statement: Any, values: dict[str, int]) -> None:
    assert BY_PERSON in plan_of(session, statement, **values)


def test_wishes_of_one_person(session: Session) -> None:
    assert "(owner_id=?" in plan_of(session, agenda_facts._musts(True), edition=1, only=1)


def test_control_a_named_release_is_read_whole(session: Session) -> None:
    query: Any = releases._released(True)
    assert BY_PERSON not in plan_of(session, query.where(ReleasedMeeting.release_id == 1), release=1, only=1)
