"""The attendee's first page: where I stand, what to do, what comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus
from salon.models import AuditEntry, Delegate
from tests.conftest import BASE
from tests.factories import Factory
from tests.web.attendees import LIVE, Visit, visit
from tests.web.conftest import CountQueries


@pytest.fixture
def me(session: Session, make: Factory, client: FlaskClient) -> Visit:
    return visit(session, make, client)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (DelegateStatus.UNCONFIRMED, "Confirmer mon inscription"),
        (DelegateStatus.PENDING, "L’organisation relit votre inscription"),
        (DelegateStatus.WAITING, "Vous êtes en tête"),
        (DelegateStatus.APPROVED, "Votre inscription est validée"),
        (DelegateStatus.REFUSED, "Trop tard, désolés"),
        (DelegateStatus.CANCELLED, "Trop tard, désolés"),
        (DelegateStatus.WITHDRAWN, "Votre désistement est enregistré"),
    ],
)
def test_every_state_is_said(me: Visit, status: DelegateStatus, words: str) -> None:
    me.becomes(status, reason="Trop tard, désolés")
    page = me.get("/")
    assert words in page
    assert "Bonjour Claire" in page
    assert me.edition.contact_email in page


def test_the_phases_have_their_dates(me: Visit) -> None:
    me.edition.publication_at = LIVE + timedelta(days=20)
    me.session.commit()
    page = me.get("/")
    for words in ("Inscriptions", "Vœux", "Publication du planning", "Le salon", "jusqu’au", "jeudi 11 mars"):
        assert words in page
    assert page.count("Étape en cours") == 2


def test_how_many_wait_before_me(me: Visit) -> None:
    me.becomes(DelegateStatus.WAITING, confirmed_at=LIVE)
    for n in (1, 2, -1):  # two before, one after
        me.make.delegate(
            me.edition, me.type, status=DelegateStatus.WAITING, confirmed_at=LIVE - timedelta(minutes=n)
        )
    me.session.commit()
    assert "2 personnes attendent avant vous" in me.get("/")


def test_what_is_left_to_do_comes_with_its_link(me: Visit) -> None:
    me.make.slots(me.edition, 3)
    me.session.commit()
    page = me.get("/")
    assert "Vous êtes disponible sur 3 créneaux" in page
    assert "Dire ce que votre structure offre et cherche" in page
    me.becomes(DelegateStatus.REFUSED)
    assert "À faire maintenant" not in me.get("/")


def test_a_colleague_is_not_asked_for_the_structures_sheet(me: Visit) -> None:
    me.becomes(DelegateStatus.APPROVED, is_lead=False)
    assert "Dire ce que votre structure offre" not in me.get("/")


def test_confirming_signed_in_counts_once(me: Visit) -> None:
    me.becomes(DelegateStatus.UNCONFIRMED, confirmed_at=None)
    me.post("/confirm")
    me.post("/confirm")
    assert me.me.status is DelegateStatus.PENDING
    done = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "registration_confirmed")
    assert me.session.scalar(done) == 1


def test_coming_back(me: Visit) -> None:
    me.becomes(DelegateStatus.WITHDRAWN)
    assert "M’inscrire de nouveau" in me.get("/")
    me.post("/rejoin")
    me.post("/rejoin")  # pressed twice
    assert me.me.status is DelegateStatus.PENDING
    me.becomes(DelegateStatus.REFUSED)
    me.post("/rejoin", status=409)
    me.becomes(DelegateStatus.WITHDRAWN)
    me.edition.registration_closes_at = LIVE - timedelta(hours=1)
    me.session.commit()
    assert "M’inscrire de nouveau" not in me.get("/")
    me.post("/rejoin", status=409)


def test_a_stranger_and_somebody_signed_out_see_nothing(
    me: Visit, client: FlaskClient, make: Factory, session: Session
) -> None:
    other = make.edition()
    session.commit()
    assert client.get(f"/e/{other.slug}/me/", base_url=BASE).status_code == 403
    me.client.post("/sign-out", base_url=BASE)
    assert me.client.get(f"{me.root}/", base_url=BASE).status_code == 303


def test_a_lost_session_leads_back_to_the_form(me: Visit) -> None:
    """The refusal says so and keeps the address; what was typed waits in the browser's tab."""
    me.client.post("/sign-out", base_url=BASE)
    page = f"{me.root}/profile"
    refused = me.client.post(page, data={}, base_url=BASE, headers={"Referer": BASE + page + "?x=1"})
    assert refused.status_code == 401
    assert "Reconnectez-vous" in refused.text
    with me.client.session_transaction(base_url=BASE) as cookie:
        assert cookie["next"] == page + "?x=1"


@pytest.mark.parametrize("referrer", ["https://evil.example/e/x", "http://[", "//evil.example", ""])
def test_but_never_to_another_site(me: Visit, referrer: str) -> None:
    me.client.post("/sign-out", base_url=BASE)
    headers = {"Referer": referrer}
    assert me.client.post(f"{me.root}/profile", base_url=BASE, headers=headers).status_code == 401
    with me.client.session_transaction(base_url=BASE) as cookie:
        assert "next" not in cookie


def test_the_page_costs_the_same_however_many_wait(me: Visit, count_queries: CountQueries) -> None:
    me.becomes(DelegateStatus.WAITING, confirmed_at=LIVE)
    seen = []
    for more in (1, 3, 20):
        for _ in range(more):
            me.make.delegate(me.edition, me.type, status=DelegateStatus.WAITING)
        me.make.slots(me.edition, 1, first=(LIVE + timedelta(hours=more)).time().replace(microsecond=0))
        me.session.commit()
        with count_queries() as statements:
            me.get("/")
        seen.append(len(statements))
    assert len(set(seen)) == 1, seen
    assert seen[0] <= 15
    assert me.session.scalar(select(func.count()).select_from(Delegate)) == 25
