"""The frame that every answer shares."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from salon.enums import Role
from salon.models import Edition
from tests.conftest import BASE
from tests.factories import Factory
from tests.web.conftest import enter


@pytest.mark.parametrize(
    ("path", "status"), [("/", 200), ("/health", 200), ("/nowhere", 404), ("/e/none/", 404)]
)
def test_every_answer_carries_the_headers(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path, base_url=BASE)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_foreign_host_is_refused(client: FlaskClient) -> None:
    assert client.get("/", base_url="http://evil.example").status_code == 400


# What the frame offers ------------------------------------------------------------------------------------


@pytest.fixture
def fair(session: Session, make: Factory) -> Edition:
    edition = make.edition(name="Passerelles")
    make.two_sides(edition)
    session.commit()
    return edition


def test_the_look_is_switched_without_script(session: Session, make: Factory, client: FlaskClient) -> None:
    account = make.account()
    session.commit()
    enter(client, account)
    page = client.get("/", base_url=BASE).text
    assert 'action="/theme?back=/"' in page
    assert "data-bs-theme" not in page.split("<head>")[0]
    answer = client.post("/theme?back=/", data={"theme": "dark"}, base_url=BASE)
    assert (answer.status_code, answer.location) == (303, "/")
    assert 'data-bs-theme="dark"' in client.get("/", base_url=BASE).text
    client.post("/theme", data={"theme": "nonsense"}, base_url=BASE)
    assert 'data-bs-theme="dark"' in client.get("/", base_url=BASE).text
    client.post("/theme", data={"theme": "auto"}, base_url=BASE)
    assert "data-bs-theme" not in client.get("/", base_url=BASE).text.split("<head>")[0]


def test_an_organiser_searches_switches_and_finds_help(
    session: Session, make: Factory, client: FlaskClient, fair: Edition
) -> None:
    other, strange = make.edition(name="Réemploi"), make.edition(name="Ailleurs")
    owner = make.member(fair)
    make.member(other, Role.READ_ONLY, owner)
    make.delegate(fair, make.type(fair, "B"))
    session.commit()
    enter(client, owner)
    page = client.get(f"/o/{fair.slug}/", base_url=BASE).text
    assert f'role="search" action="/o/{fair.slug}/search"' in page
    assert f'href="/o/{other.slug}/"' in page
    assert strange.name not in page
    assert f'href="/o/{fair.slug}/guide/create"' in page
    found = client.get(f"/o/{fair.slug}/search?q=zzz", base_url=BASE)
    assert found.status_code == 200
    assert "Rien ne correspond" in found.text


def test_whoever_acts_for_somebody_sees_it_everywhere_and_comes_back(
    session: Session, make: Factory, client: FlaskClient, fair: Edition
) -> None:
    owner = make.member(fair, Role.OWNER, make.account(name="Rémi Chauvet"))
    person = make.delegate(fair, make.type(fair, "B"), first_name="Claire", last_name="Béranger")
    person_id = person.id
    session.commit()
    enter(client, owner)
    begun = client.post(f"/o/{fair.slug}/registrations/{person_id}/act", base_url=BASE)
    assert begun.status_code == 303
    for path in ("/", f"/e/{fair.slug}/", f"/e/{fair.slug}/me/", f"/o/{fair.slug}/", "/o/guide", "/account"):
        page = client.get(path, base_url=BASE).text
        assert "Vous agissez pour Claire Béranger" in page, path
        assert 'method="post" action="/o/stop-acting"' in page, path
    back = client.post("/o/stop-acting", base_url=BASE)
    assert back.location == f"/o/{fair.slug}/registrations/{person_id}"
    assert "Vous agissez" not in client.get(back.location, base_url=BASE).text


def test_an_attendee_sees_whose_structure_they_stand_for(
    session: Session, make: Factory, client: FlaskClient, fair: Edition
) -> None:
    firm = make.organisation(fair, "Métropole de Brévenne")
    account = make.account(name="Claire Béranger")
    make.delegate(fair, make.type(fair, "B"), firm, account=account)
    session.commit()
    enter(client, account)
    page = client.get(f"/e/{fair.slug}/me/", base_url=BASE).text
    assert 'class="whoami">Claire Béranger<span>Métropole de Brévenne</span>' in page
