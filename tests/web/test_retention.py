"""The page of the retention period, its announcement, and every page of an edition that forgot its people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import system
from salon.enums import Role
from salon.models import AuditEntry, Edition
from salon.services import retention
from salon.web import SalonFlask
from tests.conftest import BASE, NOW
from tests.factories import Factory
from tests.planning_fair import SmallFair, small_fair
from tests.services.test_erasure import publish
from tests.web.conftest import CountQueries, enter


@pytest.fixture
def fair(make: Factory) -> SmallFair:
    return small_fair(make)


def over_in(session: Session, edition: Edition, days: int) -> None:
    """The period ends so many days from today."""
    today = datetime.now(UTC).date()
    end = today + timedelta(days=days)
    edition.retention_months = 1
    edition.first_day = edition.last_day = end - timedelta(
        days=31 if end.month in (1, 2, 4, 6, 8, 9, 11) else 30
    )
    session.commit()


def test_the_period_is_said_and_changed(session: Session, client: FlaskClient, fair: SmallFair) -> None:
    enter(client, fair.owner)
    url = f"/o/{fair.edition.slug}/settings/retention"
    page = client.get(url, base_url=BASE)
    assert page.status_code == 200
    assert "12 mars 2028" in page.text  # a year after the last day, and the midnight that ends it
    assert page.text.count("fermé</td>") == 6
    sent = {"version": str(fair.edition.version), "months": "18"}
    assert client.post(url, data=sent, base_url=BASE).status_code == 303
    session.rollback()  # our own view of the store is of before
    assert fair.edition.retention_months == 18
    notice = client.get(f"/e/{fair.edition.slug}/notices/privacy", base_url=BASE).text
    assert "18 mois au plus" in notice


@pytest.mark.parametrize("months", ["", "0", "37", "douze", "99999999999999999999"])
def test_what_cannot_be_is_refused_and_kept(client: FlaskClient, fair: SmallFair, months: str) -> None:
    enter(client, fair.owner)
    sent = {"version": str(fair.edition.version), "months": months}
    page = client.post(f"/o/{fair.edition.slug}/settings/retention", data=sent, base_url=BASE)
    assert page.status_code == 422
    assert "Erreur" in page.text


def test_two_organisers_see_both_versions(session: Session, client: FlaskClient, fair: SmallFair) -> None:
    enter(client, fair.owner)
    sent = {"version": str(fair.edition.version), "months": "6"}
    fair.edition.retention_months = 24
    session.commit()
    page = client.post(f"/o/{fair.edition.slug}/settings/retention", data=sent, base_url=BASE)
    assert page.status_code == 409
    assert "Deux versions existent" in page.text
    assert "Mois après le dernier jour" in page.text


def test_a_reader_reads_and_changes_nothing(
    session: Session, make: Factory, client: FlaskClient, fair: SmallFair
) -> None:
    reader = make.member(fair.edition, Role.READ_ONLY)
    session.commit()
    enter(client, reader)
    url = f"/o/{fair.edition.slug}/settings/retention"
    page = client.get(url, base_url=BASE)
    assert page.status_code == 200
    assert "Votre rôle permet de lire" in page.text
    assert client.post(url, data={"months": "6"}, base_url=BASE).status_code == 403


@pytest.mark.parametrize(("days", "said"), [(29, True), (45, False), (-2, True)])
def test_the_home_page_announces_it_a_month_ahead(
    session: Session, client: FlaskClient, fair: SmallFair, days: int, said: bool
) -> None:
    over_in(session, fair.edition, days)
    enter(client, fair.owner)
    home = client.get(f"/o/{fair.edition.slug}/", base_url=BASE)
    assert home.status_code == 200
    assert ("Les données personnelles de cette édition seront effacées" in home.text) is said


def forgotten(session: Session, fair: SmallFair) -> None:
    publish(session, fair)
    fair.edition.first_day = fair.edition.last_day = date(2026, 1, 5)
    assert retention.forget_some(session, system("retention"), NOW, edition=fair.edition) == 6
    session.commit()


def test_nobody_left_nothing_announced(session: Session, client: FlaskClient, fair: SmallFair) -> None:
    forgotten(session, fair)
    enter(client, fair.owner)
    assert "seront effacées" not in client.get(f"/o/{fair.edition.slug}/", base_url=BASE).text
    page = client.get(f"/o/{fair.edition.slug}/settings/retention", base_url=BASE).text
    assert "Plus personne n’est nommé" in page
    assert "6 personnes" in page
    journal = client.get(f"/o/{fair.edition.slug}/journal", base_url=BASE, follow_redirects=True).text
    assert "6 personnes sont devenues anonymes" in journal


def test_every_page_of_the_edition_still_opens(
    app: SalonFlask, session: Session, client: FlaskClient, fair: SmallFair
) -> None:
    forgotten(session, fair)
    enter(client, fair.owner)
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.arguments == {"edition"} and rule.rule.startswith("/o/")
    ]
    assert len(rules) > 25
    wrong = {}
    for rule in rules:
        answer = client.get(rule.rule.replace("<edition>", fair.edition.slug), base_url=BASE)
        if answer.status_code >= 400:
            wrong[rule.rule] = answer.status_code
    assert {where: code for where, code in wrong.items() if code >= 500} == {}
    person = client.get(f"/o/{fair.edition.slug}/registrations/{fair.buyers[0].id}", base_url=BASE)
    assert person.status_code == 200
    assert client.get(f"/e/{fair.edition.slug}/", base_url=BASE).status_code == 200


def test_the_page_costs_the_same_with_more_people(
    session: Session, make: Factory, client: FlaskClient, fair: SmallFair, count_queries: CountQueries
) -> None:
    enter(client, fair.owner)
    url = f"/o/{fair.edition.slug}/settings/retention"
    client.get(url, base_url=BASE)
    with count_queries() as few:
        client.get(url, base_url=BASE)
    side = make.type(fair.edition, "Z")
    for _n in range(70):
        make.delegate(fair.edition, side)
    session.commit()
    with count_queries() as many:
        page = client.get(url, base_url=BASE)
    assert "page=2" in page.text
    assert len(many) == len(few) <= 15


def test_the_change_is_in_the_journal(session: Session, client: FlaskClient, fair: SmallFair) -> None:
    enter(client, fair.owner)
    sent = {"version": str(fair.edition.version), "months": "3"}
    client.post(f"/o/{fair.edition.slug}/settings/retention", data=sent, base_url=BASE)
    session.rollback()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "retention_changed")).one()
    assert entry.details == {"before": 12, "months": 3}
