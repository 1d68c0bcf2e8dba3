"""The search of the top bar: people, structures, tables, pages, chapters; nothing of another edition."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import Role
from salon.models import Edition, Organisation, Table
from tests.conftest import BASE
from tests.factories import Factory
from tests.web.conftest import CountQueries, enter, plain


@pytest.fixture
def fair(session: Session, make: Factory, client: FlaskClient) -> Edition:
    edition = make.edition()
    side = make.type(edition)
    one = make.delegate(edition, side, first_name="Éléonore", last_name="Quémener")
    session.get_one(Organisation, one.organisation_id).name = "Recyclerie du Léon"
    make.tables(edition, 12)
    enter(client, make.member(edition))
    return edition


def search(client: FlaskClient, edition: Edition, words: str, status: int = 200) -> str:
    answer = client.get(f"/o/{edition.slug}/search", query_string={"q": words}, base_url=BASE)
    assert answer.status_code == status, answer.text[:2000]
    return plain(answer.text).split("<main")[1]


@pytest.mark.parametrize(
    ("words", "found", "leads_to"),
    [
        ("quemener", "Éléonore Quémener", "/registrations/"),
        ("ELEONORE recyclerie", "Éléonore Quémener", "/registrations/"),
        ("leon", "Recyclerie du Léon", "registrations/?q=Recyclerie"),
        ("exclusions", "Exclusions", "/exclusions/"),
        ("types et regles", "Types et règles", "/settings/types"),
        ("conservation", "Durée de conservation", "/settings/retention"),
        ("liste d'attente", "Mode d’emploi", "/guide/"),
    ],
)
def test_it_finds(client: FlaskClient, fair: Edition, words: str, found: str, leads_to: str) -> None:
    page = search(client, fair, words)
    assert found in page
    assert leads_to in page


def test_a_table_leads_to_who_sits_there(
    session: Session, client: FlaskClient, make: Factory, fair: Edition
) -> None:
    label = session.scalars(select(Table.label).where(Table.edition_id == fair.id)).first()
    page = search(client, fair, f"table {label}")
    assert f"plan/?view=tables&amp;q={label}" in page


def test_nothing_of_another_edition(
    session: Session, make: Factory, client: FlaskClient, fair: Edition
) -> None:
    other = make.edition()
    make.delegate(other, make.type(other), last_name="Zyxwvu")
    slug = other.slug
    session.commit()
    assert "Rien ne correspond" in search(client, fair, "zyxwvu")
    assert client.get(f"/o/{slug}/search?q=zyxwvu", base_url=BASE).status_code == 403


def test_addresses_are_found_by_those_who_see_them(
    session: Session, make: Factory, client: FlaskClient, fair: Edition
) -> None:
    side = make.type(fair, "Z")
    make.delegate(fair, side, last_name="Cachée", account=make.account("secret@poste.example"))
    reader = make.member(fair, Role.READ_ONLY)
    session.commit()
    assert "Cachée" in search(client, fair, "secret@poste.example")
    enter(client, reader)
    page = search(client, fair, "secret@poste.example")
    assert "Cachée" not in page
    assert "/settings/types" in search(client, fair, "types et regles")  # a reader reads the settings
    assert "registrations/new" not in search(client, fair, "inscrire")


@pytest.mark.parametrize("words", ["", " ", "%", "_", "\x00", "é" * 500, "<script>alert(1)</script>", "'\""])
def test_odd_words_harm_nothing(client: FlaskClient, fair: Edition, words: str) -> None:
    page = search(client, fair, words)
    assert "<script>alert" not in page
    assert "Éléonore" not in page


def test_it_costs_the_same_with_more(
    session: Session, make: Factory, client: FlaskClient, fair: Edition, count_queries: CountQueries
) -> None:
    slug, side = fair.slug, make.type(fair, "Z")
    session.commit()
    with count_queries() as few:
        client.get(f"/o/{slug}/search?q=dupont", base_url=BASE)
    for _n in range(30):
        make.delegate(fair, side, last_name="Dupont")
    session.commit()
    with count_queries() as many:
        page = client.get(f"/o/{slug}/search?q=dupont", base_url=BASE).text
    assert "30 personnes" in plain(page)
    assert len(few) == len(many) <= 15
