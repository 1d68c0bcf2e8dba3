"""The balance of the wishes: its figures and its page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, Role, WishLevel
from salon.models import Absence, Edition, Organisation
from salon.queries import wishes_overview
from tests.conftest import BASE, NOW
from tests.factories import Factory
from tests.web.conftest import CountQueries, enter


@pytest.fixture
def edition(make: Factory) -> Edition:
    return make.edition(max_wishes=4)


def home(session: Session, delegate: object) -> Organisation:
    return session.get_one(Organisation, delegate.organisation_id)  # type: ignore[attr-defined]


def test_the_figures(session: Session, make: Factory, edition: Edition) -> None:
    buyers, exhibitors = make.two_sides(edition)
    visitors = make.type(edition, "V")
    slots = make.slots(edition, 2)
    a1, a2 = make.delegate(edition, buyers), make.delegate(edition, buyers)
    e1, e2 = make.delegate(edition, exhibitors), make.delegate(edition, exhibitors, max_meetings=1)
    make.delegate(edition, visitors)  # may meet nobody: not counted
    gone = make.delegate(edition, buyers, status=DelegateStatus.CANCELLED)
    session.add(Absence(delegate_id=a2.id, slot_id=slots[0].id))
    make.wish(a1, home(session, e1), WishLevel.MUST, 1)
    make.wish(a1, home(session, e2), WishLevel.MEET, 2, created_at=NOW - timedelta(days=1))
    make.wish(a2, home(session, e2), WishLevel.MEET, 1)
    make.wish(e1, home(session, a1), WishLevel.MEET, 1)
    make.wish(e1, home(session, a2), WishLevel.NO_THANKS)
    make.wish(gone, home(session, e1), WishLevel.MUST, 1)  # left: not counted
    seen = wishes_overview.overview(session, edition)
    assert (seen.people, seen.wishing, seen.wishes, seen.must, seen.meet, seen.no_thanks) == (
        4,
        3,
        4,
        1,
        3,
        1,
    )
    assert seen.mutual == 1
    assert seen.distribution == (1, 2, 1, 0, 0)
    assert [one.id for one in seen.without] == [e2.id]
    assert [one.id for one in seen.one_sided] == [a2.id]
    assert [(one.organisation_id, one.asked, one.places) for one in seen.over_asked] == [
        (e2.organisation_id, 2, 1)
    ]
    assert [(s.letter, s.people, s.places, s.asked, s.asking) for s in seen.sides] == [
        ("A", 2, 3, 1, 3),
        ("E", 2, 3, 3, 1),
    ]
    assert [(day.added, day.total) for day in seen.days] == [(1, 1), (3, 4)]


def test_limits_are_those_of_the_plan(session: Session, make: Factory, edition: Edition) -> None:
    buyers, _exhibitors = make.two_sides(edition, max_meetings=2)
    make.slots(edition, 5)
    for fields in ({}, {"max_override": 4}, {"max_override": 4, "max_meetings": 1}, {"max_meetings": 9}):
        make.delegate(edition, buyers, last_name=str(fields), **fields)
    people = sorted(wishes_overview.overview(session, edition).without, key=lambda one: one.id)
    assert [one.places for one in people] == [2, 4, 1, 2]


def test_without_slots_nobody_is_over_asked(session: Session, make: Factory, edition: Edition) -> None:
    buyers, exhibitors = make.two_sides(edition)
    make.wish(make.delegate(edition, buyers), home(session, make.delegate(edition, exhibitors)))
    assert wishes_overview.overview(session, edition).over_asked == ()


def page(client: FlaskClient, edition: Edition, session: Session) -> str:
    session.commit()
    answer = client.get(f"/o/{edition.slug}/wishes/", base_url=BASE)
    assert answer.status_code == 200, answer.text[:500]
    return answer.text


def test_the_empty_page(session: Session, make: Factory, client: FlaskClient, edition: Edition) -> None:
    enter(client, make.member(edition, Role.READ_ONLY))
    assert "Personne ne peut encore faire de vœu" in page(client, edition, session)


@pytest.mark.parametrize(
    ("opens", "closes", "word"),
    [(-2, 2, "Ouverts"), (1, 2, "À venir"), (-2, -1, "Clos"), (None, None, "Sans date")],
)
def test_the_phase_is_said(
    session: Session, make: Factory, client: FlaskClient, opens: int | None, closes: int | None, word: str
) -> None:
    from datetime import UTC, datetime

    today = datetime.now(UTC)
    edition = make.edition(
        wishes_open_at=None if opens is None else today + timedelta(days=opens),
        wishes_close_at=None if closes is None else today + timedelta(days=closes),
    )
    enter(client, make.member(edition))
    assert word in page(client, edition, session)


def test_the_page_costs_the_same_whatever_the_number_of_wishes(
    session: Session, make: Factory, client: FlaskClient, edition: Edition, count_queries: CountQueries
) -> None:
    buyers, exhibitors = make.two_sides(edition)
    make.slots(edition, 2)
    enter(client, make.member(edition))
    counts = []
    for more in (1, 2, 40):
        for n in range(more):
            wish = make.wish(
                make.delegate(edition, buyers), home(session, make.delegate(edition, exhibitors))
            )
            wish.created_at = NOW - timedelta(days=n % 3)
        session.commit()
        with count_queries() as seen:
            shown = page(client, edition, session)
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 15, "\n".join(seen)
    assert "43 sur 86" in shown
