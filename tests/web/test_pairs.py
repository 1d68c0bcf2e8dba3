"""Exclusions and mandatory meetings on screen."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from salon.enums import Role
from salon.models import Exclusion, MandatoryMeeting
from tests.conftest import BASE
from tests.factories import Factory
from tests.web.conftest import CountQueries, enter, plain


class Screen:
    """An organiser's browser, two structures and one person of each."""

    def __init__(self, session: Session, make: Factory, client: FlaskClient) -> None:
        self.session, self.make, self.client = session, make, client
        self.edition = make.edition()
        self.root = f"/o/{self.edition.slug}/"
        self.buyers, self.exhibitors = make.two_sides(self.edition)
        self.papier = make.organisation(self.edition, "Papier Libre")
        self.estran = make.organisation(self.edition, "Université de l’Estran")
        make.delegate(self.edition, self.exhibitors, self.papier, first_name="Lou", last_name="Morvan")
        make.delegate(self.edition, self.buyers, self.estran, first_name="Étienne", last_name="Weil")
        enter(client, make.member(self.edition, Role.ORGANISER))

    def get(self, kind: str, expect: int = 200) -> str:
        self.session.commit()
        answer = self.client.get(f"{self.root}{kind}/", base_url=BASE)
        assert answer.status_code == expect, answer.text[:500]
        return plain(answer.text)

    def post(self, path: str, expect: int = 303, **data: object) -> TestResponse:
        self.session.commit()
        answer = self.client.post(f"{self.root}{path}", base_url=BASE, data=data)
        assert answer.status_code == expect, answer.text[:500]
        return answer


@pytest.fixture
def screen(session: Session, make: Factory, client: FlaskClient) -> Screen:
    return Screen(session, make, client)


def test_an_exclusion_comes_goes_and_returns(screen: Screen) -> None:
    assert "Concurrents, litige" in screen.get("exclusions")
    screen.post("exclusions/", first="papier libre", second="universite", reason="litige")
    made = screen.session.scalars(select(Exclusion)).one()
    page = screen.get("exclusions")
    assert "litige" in page
    assert "1 paire de structures" in page
    screen.post(f"exclusions/{made.id}/delete")
    page = screen.get("exclusions")
    assert "Remettre l’exclusion" in page
    assert "Remettre l’exclusion" not in screen.get("exclusions")
    screen.post("exclusions/", first="Papier Libre", second="Université de l’Estran", reason="litige")
    assert screen.session.scalars(select(Exclusion.reason)).one() == "litige"


def test_names_that_are_not_there_keep_what_was_typed(screen: Screen) -> None:
    page = screen.post("exclusions/", expect=422, first="Papier Libre", second="Inconnue", reason="r1").text
    assert "ne participe pas" in page
    assert 'value="Inconnue"' in page
    assert 'value="r1"' in page
    assert "Choisissez un nom" in screen.post("exclusions/", expect=422, first="", second="  ").text
    assert "deux structures différentes" in screen.post(
        "exclusions/", expect=422, first="Papier", second="papier libre"
    ).text  # fmt: skip


def test_a_beginning_that_two_names_share_is_not_enough(screen: Screen) -> None:
    screen.make.organisation(screen.edition, "Papier Bleu")
    screen.post("exclusions/", expect=422, first="Papier", second="Université")
    screen.post("exclusions/", first="Papier B", second="Université")


def test_an_order_says_what_stands_against_it(screen: Screen) -> None:
    screen.post("exclusions/", first="Papier Libre", second="Université de l’Estran")
    screen.post("mandatory/", first="Morvan, Lou – Papier Libre", second="weil", reason="promesse")
    page = screen.get("mandatory")
    assert "une règle l’empêche : leurs structures sont exclues l’une de l’autre" in page
    assert "Impossible : leurs structures sont exclues" in page
    order = screen.session.scalars(select(MandatoryMeeting)).one()
    screen.post(f"mandatory/{order.id}/delete")
    assert "Aucun rendez-vous n’est obligatoire" in screen.get("mandatory")


def test_an_order_needs_known_people(screen: Screen) -> None:
    page = screen.post("mandatory/", expect=422, first="Personne", second="Weil", reason="r2").text
    assert "n’est pas inscrite" in page
    assert 'value="r2"' in page


@pytest.mark.parametrize("role", [Role.DESK, Role.READ_ONLY])
def test_pairs_are_for_organisers_only(screen: Screen, make: Factory, role: Role) -> None:
    enter(screen.client, make.member(screen.edition, role))
    screen.get("exclusions", expect=403)
    screen.get("mandatory", expect=403)


def test_another_edition_s_pair_is_not_there(screen: Screen, make: Factory) -> None:
    screen.post("exclusions/", first="Papier Libre", second="Université")
    made = screen.session.scalars(select(Exclusion)).one()
    other = make.edition()
    enter(screen.client, make.member(other))
    assert (
        screen.client.post(f"/o/{other.slug}/exclusions/{made.id}/delete", base_url=BASE).status_code == 404
    )


@pytest.mark.parametrize("kind", ["exclusions", "mandatory"])
def test_the_pages_cost_the_same_whatever_their_length(
    screen: Screen, count_queries: CountQueries, kind: str
) -> None:
    from salon.models import Delegate

    counts = []
    screen.make.slots(screen.edition, 3)
    for more in (1, 2, 20):
        for _ in range(more):
            people = [screen.make.delegate(screen.edition, t) for t in (screen.buyers, screen.exhibitors)]
            homes = sorted(screen.session.get_one(Delegate, p.id).organisation_id for p in people)
            common = {"edition_id": screen.edition.id, "created_at": screen.make.now}
            screen.session.add(Exclusion(first_id=homes[0], second_id=homes[1], **common))
            screen.session.add(MandatoryMeeting(first_id=people[0].id, second_id=people[1].id, **common))
        screen.session.commit()
        with count_queries() as seen:
            screen.get(kind)
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 15, "\n".join(seen)
