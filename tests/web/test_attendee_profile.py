"""My sheet, my structure's, my colleagues."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, MailKind, QuestionKind, Source
from salon.models import Account, Answer, Delegate, Organisation, OutboxMail, Question
from tests.conftest import BASE
from tests.factories import Factory
from tests.web.attendees import Visit, visit
from tests.web.conftest import CountQueries


@pytest.fixture
def me(session: Session, make: Factory, client: FlaskClient) -> Visit:
    return visit(session, make, client)


def sheet(me: Visit, **changes: Any) -> dict[str, Any]:
    values = {
        "version": str(me.me.version), "first_name": "Claire", "last_name": "Béranger-Roux",
        "job_title": "Achats", "phone": "06 39 98 12 34", "locale": "fr", "spoken": ["fr", "lsf"],
        "interpreter": "",
    }  # fmt: skip
    return {**values, **changes}


def test_the_sheet_is_saved(me: Visit) -> None:
    page = me.get("/profile")
    assert 'value="Béranger"' in page
    assert me.session.get_one(Account, me.me.account_id).email in page
    me.post("/profile", sheet(me, step_free="y"))
    assert (me.me.last_name, me.me.languages, me.me.step_free) == ("Béranger-Roux", ["fr", "lsf"], True)


def test_a_refused_sheet_keeps_what_was_typed(me: Visit) -> None:
    page = me.post("/profile", sheet(me, phone="abc", job_title="Cheffe"), 422).text
    assert "Ce n’est pas un numéro" in page
    assert 'value="abc"' in page
    assert 'value="Cheffe"' in page
    assert me.me.last_name == "Béranger"


def test_a_second_tab_is_told_and_keeps_its_words(me: Visit) -> None:
    shown = sheet(me)
    me.post("/profile", sheet(me, job_title="Premier"))
    page = me.post("/profile", {**shown, "job_title": "Second"}, 409).text
    assert 'value="Second"' in page
    assert me.me.job_title == "Premier"


@pytest.mark.parametrize("version", ["", "x", "²", "-1", "9" * 20])
def test_a_nonsense_version_is_a_conflict_and_no_crash(me: Visit, version: str) -> None:
    me.post("/profile", sheet(me, version=version), 409)


def test_somebody_who_left_changes_nothing(me: Visit) -> None:
    me.becomes(DelegateStatus.WITHDRAWN)
    me.post("/profile", sheet(me), 409)
    assert me.me.last_name == "Béranger"


def test_the_organisers_questions_come_back_filled(me: Visit) -> None:
    kinds = {
        "text": QuestionKind.TEXT, "one": QuestionKind.CHOICE, "many": QuestionKind.CHOICES,
        "yes": QuestionKind.YES_NO,
    }  # fmt: skip
    rows = {
        name: Question(
            edition_id=me.edition.id, position=i, kind=kind, label={"fr": f"Question {name}"}, purpose="Pour",
            choices=[{"fr": "Un"}, {"fr": "Deux"}],
        )
        for i, (name, kind) in enumerate(kinds.items())
    }  # fmt: skip
    me.session.add_all(rows.values())
    me.session.commit()
    fields = {f"question_{rows[name].id}": value for name, value in
              {"text": "Sans sel", "one": "1", "many": ["0", "1"], "yes": "no"}.items()}  # fmt: skip
    me.post("/profile", sheet(me, **fields))
    page = me.get("/profile")
    assert 'value="Sans sel"' in page
    assert len(me.session.scalars(select(Answer)).all()) == 4
    assert page.count(" checked") >= 4
    me.post("/profile", sheet(me, **{f"question_{rows['one'].id}": "7"}), 422)


# Structure --------------------------------------------------------------------------------------------------


def structure(me: Visit, **changes: Any) -> dict[str, Any]:
    page = me.get("/profile/structure")
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    values = {
        "version": version, "organisation": "Les Ateliers du Lac", "kind": "esat", "town": "Brévenne",
        "offers": "Légumes", "needs": "Transport", "sectors": ["maraichage"],
        "offered_sectors": ["maraichage"], "website": "ateliers.example",
    }  # fmt: skip
    return {**values, **changes}


def test_the_structures_sheet_is_saved_and_shown_again(me: Visit) -> None:
    me.post("/profile/structure", structure(me))
    page = me.get("/profile/structure")
    assert "Légumes" in page
    assert 'value="https://ateliers.example"' in page
    home = me.session.get_one(Organisation, me.home.id)
    assert (home.kind, home.town) == ("esat", "Brévenne")


def test_a_refused_structure_keeps_what_was_typed(me: Visit) -> None:
    me.make.organisation(me.edition, "Voisine")
    me.session.commit()
    page = me.post("/profile/structure", structure(me, organisation="voisine"), 409).text
    assert "Une autre structure porte déjà ce nom" in page
    assert 'value="voisine"' in page
    assert "Légumes" in page
    page = me.post("/profile/structure", structure(me, siret="12345678901234", needs="Bois"), 422).text
    assert "Ce n’est pas un SIRET" in page
    assert "Bois" in page


def test_two_tabs_on_the_structure(me: Visit) -> None:
    shown = structure(me)
    me.post("/profile/structure", structure(me, offered_sectors=[]))
    page = me.post("/profile/structure", {**shown, "offers": "Autre"}, 409).text
    assert "Autre" in page


def test_only_the_contact_has_it(me: Visit) -> None:
    me.becomes(DelegateStatus.APPROVED, is_lead=False)
    me.get("/profile/structure", 404)
    me.get("/profile/colleague", 404)
    me.post("/profile/structure", {"version": "1.1", "organisation": "X", "kind": "esat"}, 409)
    assert "est tenue par son contact" in me.get("/profile")


# Colleagues -------------------------------------------------------------------------------------------------

LOU = {"first_name": "Lou", "last_name": "Morvan", "email": "lou@lac.example", "job_title": ""}


def test_a_colleague_is_added_and_shown(me: Visit) -> None:
    me.post("/profile/colleague", LOU)
    page = me.get("/profile")
    assert "Lou Morvan" in page
    added = me.session.scalars(select(Delegate).where(Delegate.source == Source.COLLEAGUE)).one()
    assert (added.status, added.organisation_id) == (DelegateStatus.UNCONFIRMED, me.home.id)
    assert me.session.scalars(select(OutboxMail.kind)).one() is MailKind.CONFIRM_ADDRESS


def test_a_known_address_gets_the_same_answer(me: Visit) -> None:
    known = me.make.delegate(me.edition, me.type, account=me.make.account("lou@lac.example"))
    me.session.commit()
    new = me.post("/profile/colleague", {**LOU, "email": "autre@lac.example"})
    old = me.post("/profile/colleague", LOU)
    assert (new.status_code, new.location) == (old.status_code, old.location)
    assert known.organisation_id != me.home.id


def test_a_refused_colleague_keeps_what_was_typed(me: Visit) -> None:
    page = me.post("/profile/colleague", {**LOU, "email": "lou@"}, 422).text
    assert 'value="Lou"' in page
    assert "Cette adresse n’est pas complète" in page
    page = me.post("/profile/colleague", {**LOU, "first_name": ""}, 422).text
    assert 'value="lou@lac.example"' in page


# Cost -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/profile", "/profile/structure", "/profile/colleague", "/privacy"])
def test_pages_cost_the_same_with_more_colleagues(me: Visit, count_queries: CountQueries, path: str) -> None:
    seen = []
    for more in (1, 2, 9):
        for _ in range(more):
            me.colleague()
        me.session.add(
            Question(
                edition_id=me.edition.id, position=more, kind=QuestionKind.TEXT, label={"fr": f"Q{more}"}
            )
        )
        me.session.commit()
        with count_queries() as statements:
            assert me.client.get(me.root + path, base_url=BASE).status_code == 200
        seen.append(len(statements))
    assert len(set(seen)) == 1, seen
    assert seen[0] <= 15
