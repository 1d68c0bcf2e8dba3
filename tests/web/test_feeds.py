"""The private feed over the wire: who may read it, what a calendar programme needs, what changes it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import vobject
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.extensions import db
from salon.models import Account, Edition, Organisation
from salon.services import erasure, registrations
from salon.web import SalonFlask
from tests.conftest import BASE, NOW
from tests.factories import Factory
from tests.planning_fair import SmallFair, small_fair
from tests.services.test_agendas import planned, publish
from tests.web.conftest import CountQueries, enter, plain

LATER = NOW + timedelta(hours=2)


class Subscriber:
    """Somebody with a feed, and a calendar programme without any session."""

    def __init__(self, app: SalonFlask, session: Session, client: FlaskClient, fair: SmallFair) -> None:
        self.app, self.session, self.client, self.fair = app, session, client, fair
        self.me = fair.buyers[0]
        enter(client, session.get_one(Account, self.me.account_id))
        self.page = f"/e/{fair.edition.slug}/me/calendar"
        self.address = self.create()

    def create(self) -> str:
        self.session.rollback()
        made = self.client.post(self.page, base_url=BASE)
        assert made.status_code == 303
        shown = self.client.get(made.location, base_url=BASE).text
        found = re.search(r"value=\"(http[^\"]+\.ics)\"", shown)
        assert found is not None, shown
        return found.group(1)

    def read(self, status: int = 200, address: str = "", **headers: str) -> Any:
        path = (address or self.address).replace(BASE, "")
        answer = self.app.test_client().get(path, base_url=BASE, headers=headers)
        assert answer.status_code == status, answer.text[:300]
        return answer

    def events(self) -> list[Any]:
        calendar = vobject.readOne(self.read().data.decode())
        return list(calendar.contents.get("vevent", []))


@pytest.fixture
def fair(make: Factory) -> SmallFair:
    return small_fair(make)


@pytest.fixture
def feed(app: SalonFlask, session: Session, client: FlaskClient, fair: SmallFair) -> Subscriber:
    publish(session, fair, planned(session, fair))
    session.commit()
    return Subscriber(app, session, client, fair)


def test_what_a_calendar_programme_needs(feed: Subscriber) -> None:
    answer = feed.read()
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    text = answer.data.decode()
    for line in ("METHOD:PUBLISH", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"):
        assert line in text
    assert "ATTENDEE" not in text and "\r\n" in text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    account = feed.session.get_one(Account, feed.me.account_id)
    assert account.email not in text and account.email not in feed.address
    assert f"/e/{feed.fair.edition.slug}/me/agenda" in text.replace("\r\n ", "")


def test_nothing_changed_costs_nothing(feed: Subscriber) -> None:
    first = feed.read()
    again = feed.read(304, **{"If-None-Match": first.headers["ETag"]})
    assert again.data == b"" and again.headers["ETag"] == first.headers["ETag"]
    assert feed.read().data == first.data


def test_a_withdrawal_is_there_at_once(feed: Subscriber) -> None:
    tag = feed.read().headers["ETag"]
    (before,) = feed.events()
    other = feed.fair.suppliers[0]
    registrations.withdraw(feed.session, Actor(account_id=other.account_id), LATER, delegate=other)
    feed.session.commit()
    feed.read(200, **{"If-None-Match": tag})
    (after,) = feed.events()
    assert after.uid.value == before.uid.value and after.status.value == "CANCELLED"
    assert int(after.sequence.value) == int(before.sequence.value) + 1


@pytest.mark.parametrize("what", ["edition", "name", "organisation"])
def test_a_change_of_what_it_says_changes_the_tag(feed: Subscriber, what: str) -> None:
    tag = feed.read().headers["ETag"]
    other = feed.session.get_one(type(feed.me), feed.fair.suppliers[0].id)
    if what == "edition":
        feed.session.get_one(Edition, feed.fair.edition.id).place = "Ailleurs"
    elif what == "name":
        other.last_name = "Nouveau"
    else:
        feed.session.get_one(Organisation, other.organisation_id).name = "Autre nom"
    feed.session.commit()
    assert feed.read(200, **{"If-None-Match": tag}).headers["ETag"] != tag


def test_unknown_revoked_and_replaced_are_the_same_404(feed: Subscriber, app: SalonFlask) -> None:
    first = feed.address
    second = feed.create()
    client = feed.client
    confirm = client.get(f"{feed.page}/revoke", base_url=BASE)
    assert "ne répondra plus" in plain(confirm.text)
    feed.read(200, second)
    assert client.post(f"{feed.page}/revoke", base_url=BASE).status_code == 303
    unknown = BASE + "/cal/" + "A" * 43 + ".ics"
    answers = [feed.read(404, address).data for address in (first, second, unknown)]
    assert len({re.sub(rb"nonce=\"[^\"]*\"|/cal/[^\"?]*", b"", answer) for answer in answers}) == 1
    for odd in ("/cal/.ics", "/cal/x.ics", "/cal/" + "é" * 300 + ".ics", "/cal/a%00b.ics", "/cal/../x.ics"):
        assert app.test_client().get(odd, base_url=BASE).status_code == 404


def test_the_query_is_not_read(feed: Subscriber) -> None:
    plain_answer, asked = feed.read(), feed.read(address=feed.address + "?lang=en&x=1")
    assert asked.data == plain_answer.data


def test_it_speaks_the_language_of_its_owner(feed: Subscriber) -> None:
    feed.session.get_one(type(feed.me), feed.me.id).locale = "en"
    feed.session.commit()
    text = feed.read(200, "", **{"Accept-Language": "fr"}).data.decode()
    assert "Meeting with" in text and "Rendez-vous" not in text


def test_it_is_shown_once(feed: Subscriber) -> None:
    text = feed.client.get(feed.page, base_url=BASE).text
    assert feed.address not in text and "/cal/" not in text
    assert "Un lien est actif depuis" in plain(text)


def test_links_for_calendar_programmes(feed: Subscriber) -> None:
    made = feed.client.post(feed.page, base_url=BASE)
    text = feed.client.get(made.location, base_url=BASE).text
    assert 'href="webcal://127.0.0.1:8000/cal/' in text
    assert "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F" in text


def test_before_publication_it_is_empty_then_fills(
    app: SalonFlask, session: Session, client: FlaskClient, fair: SmallFair
) -> None:
    feed = Subscriber(app, session, client, fair)
    assert feed.events() == []
    publish(session, fair, planned(session, fair))
    session.commit()
    assert len(feed.events()) == 1


@pytest.mark.parametrize("contact", ["", "équipe@salon.example", "pas une adresse", "a@b\r\nX: y"])
def test_a_contact_that_is_no_plain_address_breaks_nothing(feed: Subscriber, contact: str) -> None:
    feed.session.get_one(Edition, feed.fair.edition.id).contact_email = contact
    feed.session.commit()
    text = feed.read().data.decode()
    assert "mailto:salon@localhost" in text and "X: y" not in text


def test_an_erased_account_has_no_feed(feed: Subscriber) -> None:
    actor = Actor(account_id=feed.me.account_id, delegates={feed.fair.edition.id: feed.me.id})
    erasure.delete_own(feed.session, actor, LATER)
    feed.session.commit()
    feed.read(404)


def test_a_crash_is_found_by_its_reference_and_holds_no_secret(
    feed: Subscriber, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(secret: str) -> None:
        db.session.execute(text("select :secret, :odd"), {"secret": secret, "odd": object()})

    monkeypatch.setitem(feed.app.view_functions, "feeds.calendar", crash)
    monkeypatch.setitem(feed.app.config, "PROPAGATE_EXCEPTIONS", False)
    page = feed.read(500).text
    (line,) = (one for one in caplog.records if one.message == "crash")
    reference = str(vars(line)["reference"])
    assert len(reference) == 4 and reference in plain(page)
    assert "select" in caplog.text and "feeds.calendar" in str(vars(line))
    assert feed.address.rpartition("/")[2].removesuffix(".ics") not in caplog.text


def test_a_poll_costs_two_statements(feed: Subscriber, count_queries: CountQueries) -> None:
    tag = feed.read().headers["ETag"]
    with count_queries() as seen:
        feed.read(304, **{"If-None-Match": tag})
    assert len(seen) <= 2, "\n".join(seen)
