"""The organiser's pages cost the same statements with one row, three and a thousand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, QuestionKind, Role, Source
from salon.models import (
    Account,
    Base,
    Delegate,
    Edition,
    MeetingSession,
    Membership,
    ProgrammeItem,
    Question,
    Table,
)
from salon.services import tokens
from tests.conftest import BASE, NOW
from tests.factories import Factory
from tests.web.conftest import CountQueries, enter

STEPS = (1, 2, 997)  # one row, three, a thousand
LIMIT = 15
Grow = Callable[[Session, Factory, Edition, int], None]


def _many(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    session.execute(insert(table), rows)
    session.commit()


def _tables(session: Session, make: Factory, edition: Edition, more: int) -> None:
    start = session.query(Table).count()
    row = {"edition_id": edition.id, "zone": "Nord", "places": 4, "step_free": True}
    _many(session, Table, [{**row, "label": f"T{n}", "position": n} for n in range(start, start + more)])


def _items(session: Session, make: Factory, edition: Edition, more: int) -> None:
    start = datetime(2027, 3, 11, 9, 0, tzinfo=UTC)
    row = {"edition_id": edition.id, "title": {"fr": "Moment"}, "place": "", "on_agendas": True,
           "starts_at": start, "ends_at": start + timedelta(minutes=5)}  # fmt: skip
    _many(session, ProgrammeItem, [row] * more)


def _sessions(session: Session, make: Factory, edition: Edition, more: int) -> None:
    row = {"edition_id": edition.id, "day": date(2027, 3, 11), "starts": time(9), "ends": time(10), "slot_min": 20,
           "changeover_min": 5, "label": ""}  # fmt: skip
    _many(session, MeetingSession, [row] * min(more, 97))


def _questions(session: Session, make: Factory, edition: Edition, more: int) -> None:
    row = {"edition_id": edition.id, "kind": QuestionKind.TEXT, "label": {"fr": "Q"}, "help": {}, "choices": [],
           "required": False, "purpose": "", "position": 1}  # fmt: skip
    _many(session, Question, [row] * more)


def _members(session: Session, make: Factory, edition: Edition, more: int) -> None:
    ids = _accounts(session, more)
    row = {"edition_id": edition.id, "role": Role.DESK, "created_at": NOW}
    _many(session, Membership, [{**row, "account_id": one} for one in ids])


def _accounts(session: Session, more: int) -> list[int]:
    first = (session.query(Account).count() or 0) + 100
    rows = [{"id": n, "email": f"p{n}@exemple.example", "email_key": f"p{n}@exemple.example", "created_at": NOW}
            for n in range(first, first + more)]  # fmt: skip
    session.execute(insert(Account), rows)
    return [row["id"] for row in rows]


def _people(session: Session, make: Factory, edition: Edition, more: int) -> None:
    kind, firm = (
        make.type(edition, chr(66 + session.query(Delegate).count() % 20)),
        make.organisation(edition),
    )
    row = {"edition_id": edition.id, "organisation_id": firm.id, "type_id": kind.id, "status": DelegateStatus.PENDING,
           "source": Source.IMPORT, "first_name": "P", "last_name": "N", "created_at": NOW}  # fmt: skip
    ids = _accounts(session, more)
    _many(session, Delegate, [{**row, "account_id": one, "code": tokens.new_badge_code()} for one in ids])


def _editions(session: Session, make: Factory, edition: Edition, more: int) -> None:
    values = {c.name: getattr(edition, c.name) for c in Edition.__table__.columns if c.name != "id"}
    start = session.query(Edition).count()
    _many(session, Edition, [{**values, "slug": f"copie-{n}"} for n in range(start, start + more)])


PAGES: list[tuple[str, Grow]] = [
    ("/o/{slug}/room", _tables),
    ("/o/{slug}/settings/days", _items),
    ("/o/{slug}/settings/days", _sessions),
    ("/o/{slug}/settings/texts", _questions),
    ("/o/{slug}/settings/types", _people),
    ("/o/{slug}/settings/review", _people),
    ("/o/{slug}/team", _members),
    ("/o/{slug}/", _people),
    ("/o/{slug}/guide", _editions),
    ("/o/", _editions),
    ("/o/new", _editions),
]


@pytest.mark.parametrize(("path", "grow"), PAGES, ids=[f"{path}-{grow.__name__}" for path, grow in PAGES])
def test_a_page_costs_the_same(
    session: Session, make: Factory, client: FlaskClient, count_queries: CountQueries, path: str, grow: Grow
) -> None:
    edition = make.edition()
    admin = make.member(edition, Role.OWNER, make.account(is_admin=True))
    session.commit()
    enter(client, admin)
    address = path.format(slug=edition.slug)
    costs = []
    for more in STEPS:
        grow(session, make, edition, more)
        with count_queries() as seen:
            assert client.get(address, base_url=BASE).status_code == 200
        costs.append(len(seen))
    assert len(set(costs)) == 1, (costs, seen)
    assert costs[0] <= LIMIT
