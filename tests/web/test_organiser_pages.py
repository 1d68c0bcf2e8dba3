"""The organiser's edition, page by page: shown, empty, refused without losing what was typed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.enums import Role
from salon.extensions import db
from salon.models import Edition, MeetingSession, Membership, ParticipantType, Question, Slot, Table, TypeRule
from tests.conftest import BASE
from tests.factories import Factory
from tests.web.conftest import enter

GET_PAGES = [
    "", "settings/identity", "settings/days", "settings/days/sessions/new", "settings/days/programme/new",
    "settings/types", "settings/types/new", "settings/phases", "settings/texts", "settings/questions/new",
    "settings/review", "room", "team", "journal", "guide", "duplicate",
]  # fmt: skip


@pytest.fixture
def edition(session: Session, make: Factory, client: FlaskClient) -> Edition:
    """A fair with sessions, tables and types, whose owner is signed in."""
    edition = make.edition()
    sign_in_as(session, make, client, edition, Role.OWNER)
    return edition


def sign_in_as(session: Session, make: Factory, client: FlaskClient, edition: Edition, role: Role) -> None:
    account = make.member(edition, role)
    session.commit()
    enter(client, account)


def get(client: FlaskClient, path: str) -> Any:
    return client.get(path, base_url=BASE)


def post(client: FlaskClient, path: str, data: dict[str, Any]) -> Any:
    """The answer; the test's own session then sees what was stored."""
    answer = client.post(path, base_url=BASE, data=data)
    db.session.rollback()
    return answer


def edit(client: FlaskClient, path: str, data: dict[str, Any], page: str = "") -> Any:
    """Post a form as a browser does: with the version that its page showed."""
    found = re.search(r'name="version"[^>]*value="([^"]+)"', get(client, page or path).text)
    assert found
    return post(client, path, {**data, "version": found[1]})


def url(edition: Edition, page: str) -> str:
    return f"/o/{edition.slug}/{page}"


def _fill(session: Session, make: Factory, edition: Edition) -> None:
    make.slots(edition)
    make.tables(edition, 3)
    buyers, _exhibitors = make.two_sides(edition)
    make.delegate(edition, buyers)
    session.commit()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("page", GET_PAGES)
def test_every_page_shows_empty_and_full(
    session: Session, make: Factory, client: FlaskClient, edition: Edition, page: str, language: str
) -> None:
    for fill in (False, True):
        if fill:
            _fill(session, make, edition)
        answer = get(client, f"{url(edition, page)}?lang={language}")
        assert answer.status_code == 200
        assert answer.text.count("<h1") == 1
        assert "style=" not in answer.text
        assert not _duplicate_ids(answer.text)


def _duplicate_ids(html: str) -> set[str]:
    ids = re.findall(r'\sid="([^"]+)"', html)
    return {one for one in ids if ids.count(one) > 1}


def test_the_audit_of_ids_sees_a_duplicate() -> None:
    assert _duplicate_ids('<p id="a"></p><p id="a"></p>') == {"a"}


@pytest.mark.parametrize("page", [p for p in GET_PAGES if p not in ("duplicate",) and "new" not in p])
def test_a_reader_sees_the_pages_without_their_buttons(
    session: Session, make: Factory, client: FlaskClient, page: str
) -> None:
    edition = make.edition()
    sign_in_as(session, make, client, edition, Role.READ_ONLY)
    _fill(session, make, edition)
    answer = get(client, url(edition, page))
    assert answer.status_code == 200
    main = answer.text.split("<main")[1].split("</main>")[0]
    forms = re.findall(r'<form[^>]*method="post".*?</form>', main, flags=re.DOTALL)
    assert [form for form in forms if not re.search(r"<fieldset[^>]* disabled", form)] == []


@pytest.mark.parametrize(("role", "status"), [(Role.READ_ONLY, 403), (Role.DESK, 403), (Role.ORGANISER, 303)])
def test_only_editors_write(
    session: Session, make: Factory, client: FlaskClient, role: Role, status: int
) -> None:
    edition = make.edition()
    sign_in_as(session, make, client, edition, role)
    assert post(client, url(edition, "settings/review/hide"), {}).status_code == status


def test_another_edition_is_not_there(
    session: Session, make: Factory, client: FlaskClient, edition: Edition
) -> None:
    other = make.edition(is_public=False)
    foreign = make.type(other)
    session.commit()
    assert get(client, url(other, "")).status_code == 404
    assert get(client, url(edition, f"settings/types/{foreign.id}")).status_code == 404


# The list and a new edition ---------------------------------------------------------------------------------


def test_a_new_edition_leads_to_its_settings(session: Session, client: FlaskClient, edition: Edition) -> None:
    data = {"name": "Passerelles 2027", "first_day": "2027-03-11", "last_day": "2027-03-11",
            "place": "Halle des Docks", "timezone": "Europe/Paris"}  # fmt: skip
    answer = post(client, "/o/new", data)
    assert (answer.status_code, answer.location) == (303, "/o/passerelles-2027/settings/identity")
    assert get(client, answer.location).status_code == 200
    assert "Passerelles 2027" in get(client, "/o/").text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "Complétez cette case"),
        ({"last_day": "2027-03-10"}, "Le dernier jour vient avant le premier"),
        ({"first_day": "0001-01-01"}, "Cette année"),
        ({"first_day": "hier"}, "error"),
        ({"timezone": "Mars/Olympus"}, "error"),
    ],
)
def test_a_refused_edition_keeps_what_was_typed(
    client: FlaskClient, edition: Edition, change: dict[str, str], says: str
) -> None:
    data = {"name": "Nom gardé", "first_day": "2027-03-11", "last_day": "2027-03-11",
            "place": "Lieu gardé", "timezone": "Europe/Paris", **change}  # fmt: skip
    answer = post(client, "/o/new", data)
    assert answer.status_code == 422
    assert says in answer.text
    assert "Lieu gardé" in answer.text
    assert "<title>Erreur" in re.sub(r"\s+", " ", answer.text).replace("<title> ", "<title>")


def test_an_attendee_may_not_create(session: Session, make: Factory, client: FlaskClient) -> None:
    account = make.account()
    session.commit()
    enter(client, account)
    assert get(client, "/o/new").status_code == 403
    assert "Vous n’organisez aucune édition" in get(client, "/o/").text


def test_an_edition_is_copied(session: Session, make: Factory, client: FlaskClient, edition: Edition) -> None:
    _fill(session, make, edition)
    answer = post(client, url(edition, "duplicate"), {"name": "La suite", "first_day": "2028-03-09"})
    assert answer.location == "/o/la-suite/settings/identity"
    copied = select(func.count()).select_from(Table).join(Edition, Edition.id == Table.edition_id)
    assert session.scalar(copied.where(Edition.slug == "la-suite")) == 3


# Settings ---------------------------------------------------------------------------------------------------


def _identity(edition: Edition, **changes: Any) -> dict[str, Any]:
    return {
        "version": edition.version, "name": edition.name, "subtitle": "", "place": edition.place,
        "address": "", "timezone": "Europe/Paris", "first_day": "2027-03-11", "last_day": "2027-03-11",
        "languages": ["fr", "en"], "contact_email": "a@exemple.example", "contact_phone": "", "accent": "",
        **changes,
    }  # fmt: skip


def test_identity_is_saved_and_leads_on(session: Session, client: FlaskClient, edition: Edition) -> None:
    answer = post(
        client, url(edition, "settings/identity"), _identity(edition, subtitle="Rencontres", accent="#6b2a55")
    )
    assert answer.location.endswith("/settings/days")
    session.expire_all()
    assert (edition.subtitle, edition.accent) == ("Rencontres", "#6B2A55")
    stay = post(client, url(edition, "settings/identity"), _identity(edition, then="stay"))
    assert stay.location.endswith("/settings/identity")


def test_a_conflict_shows_both_versions(session: Session, client: FlaskClient, edition: Edition) -> None:
    stale = edition.version
    post(client, url(edition, "settings/identity"), _identity(edition, subtitle="La version de Sophie"))
    session.expire_all()
    mine = _identity(edition, version=stale, subtitle="Ma version à moi")
    answer = post(client, url(edition, "settings/identity"), mine)
    assert answer.status_code == 409
    assert "La version de Sophie" in answer.text
    assert "Ma version à moi" in answer.text
    version = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert version is not None
    again = post(client, url(edition, "settings/identity"), {**mine, "version": version[1]})
    assert again.status_code == 303
    session.expire_all()
    assert edition.subtitle == "Ma version à moi"


@pytest.mark.parametrize(
    "change", [{"contact_email": "dupont@"}, {"accent": "rouge"}, {"languages": []}, {"version": "x"}]
)
def test_identity_refuses_and_keeps(client: FlaskClient, edition: Edition, change: dict[str, Any]) -> None:
    answer = post(client, url(edition, "settings/identity"), _identity(edition, subtitle="Gardé", **change))
    assert answer.status_code in (409, 422)
    assert "Gardé" in answer.text


def test_a_session_is_added_changed_and_deleted(
    session: Session, client: FlaskClient, edition: Edition
) -> None:
    data = {
        "day": "2027-03-11",
        "starts": "09:00",
        "ends": "12:20",
        "slot_min": "20",
        "changeover_min": "5",
        "label": "",
    }
    assert post(client, url(edition, "settings/days/sessions/new"), data).status_code == 303
    row = session.scalars(select(MeetingSession)).one()
    assert "20 + 5 = un départ toutes les 25 min" in get(client, url(edition, "settings/days")).text.replace(
        "\u202f", " "
    )
    clash = post(
        client, url(edition, "settings/days/sessions/new"), {**data, "starts": "12:00", "ends": "13:00"}
    )
    assert clash.status_code == 422
    assert "chevauche" in clash.text
    assert 'class="clash"' in clash.text
    here = url(edition, f"settings/days/sessions/{row.id}")
    assert edit(client, here, {**data, "ends": "11:00"}).status_code == 303
    assert session.scalar(select(func.count()).select_from(Slot)) == 5
    assert get(client, here + "/delete").status_code == 200
    assert post(client, here + "/delete", {}).status_code == 303
    assert session.scalar(select(func.count()).select_from(Slot)) == 0


def test_losing_used_slots_asks_once_more(
    session: Session, make: Factory, client: FlaskClient, edition: Edition
) -> None:
    from salon.models import Absence

    slots = make.slots(edition)
    person = make.delegate(edition, make.type(edition))
    session.add(Absence(delegate_id=person.id, slot_id=slots[-1].id))
    session.commit()
    here = url(edition, f"settings/days/sessions/{slots[0].session_id}")
    data = {"day": "2027-03-11", "starts": "09:00", "ends": "09:30", "slot_min": "20", "changeover_min": "5"}
    answer = edit(client, here, data)
    assert answer.status_code == 409
    assert "1 indisponibilité est oubliée" in answer.text.replace("\u202f", " ")
    assert session.scalar(select(func.count()).select_from(Slot)) == 4
    assert edit(client, here, {**data, "confirmed": "yes"}).status_code == 303
    assert session.scalar(select(func.count()).select_from(Slot)) == 1


def test_the_programme_is_edited(session: Session, client: FlaskClient, edition: Edition) -> None:
    data = {
        "title_fr": "Accueil café",
        "day": "2027-03-11",
        "starts": "08:30",
        "ends": "09:00",
        "on_agendas": "y",
    }
    assert post(client, url(edition, "settings/days/programme/new"), data).status_code == 303
    assert "Accueil café" in get(client, url(edition, "settings/days")).text
    wrong = post(client, url(edition, "settings/days/programme/new"), {**data, "ends": "08:00"})
    assert (wrong.status_code, "Accueil café" in wrong.text) == (422, True)
    assert get(client, url(edition, "settings/days/programme/1")).status_code == 200
    assert post(client, url(edition, "settings/days/programme/1/delete"), {}).status_code == 303


TYPE = {"name_fr": "Acheteur", "code": "a", "hue": "A", "min_meetings": "4", "is_open": "y"}


def test_types_and_their_matrix(session: Session, client: FlaskClient, edition: Edition) -> None:
    assert post(client, url(edition, "settings/types/new"), TYPE).status_code == 303
    assert (
        post(client, url(edition, "settings/types/new"), {**TYPE, "code": "E", "hue": "E"}).status_code == 303
    )
    double = post(client, url(edition, "settings/types/new"), {**TYPE, "name_fr": "Nom gardé"})
    assert (double.status_code, "Nom gardé" in double.text) == (422, True)
    low, high = session.scalars(select(ParticipantType.id).order_by(ParticipantType.id))
    matrix, page = url(edition, "settings/types/matrix"), url(edition, "settings/types")
    answer = edit(client, matrix, {"pairs": [f"{low}-{high}"]}, page)
    assert answer.status_code == 303
    assert session.execute(select(TypeRule.first_id, TypeRule.second_id)).one() == (low, high)
    page = get(client, url(edition, "settings/types")).text
    assert re.search(rf'value="{low}-{high}" checked aria-label="Acheteur et Acheteur"', page)
    assert edit(client, matrix, {"pairs": ["x-1"]}, url(edition, "settings/types")).status_code == 422
    here = url(edition, f"settings/types/{low}")
    assert edit(client, here, {**TYPE, "min_meetings": "9", "max_meetings": "8"}).status_code == 422
    assert get(client, here + "/delete").status_code == 200
    assert post(client, here + "/delete", {}).status_code == 303


def test_phases_are_dated_opened_and_closed(session: Session, client: FlaskClient, edition: Edition) -> None:
    data = {"version": edition.version, "wishes_open_at": "2027-02-09T09:00", "wishes_close_at": "2027-02-26T18:00",
            "max_wishes": "10"}  # fmt: skip
    assert post(client, url(edition, "settings/phases"), data).status_code == 303
    session.expire_all()
    assert edition.wishes_close_at is not None
    assert edition.wishes_close_at.hour == 17  # 18 h in Paris
    bad = {**data, "version": edition.version, "wishes_close_at": "2027-02-01T18:00"}
    assert post(client, url(edition, "settings/phases"), bad).status_code == 422
    assert post(client, url(edition, "settings/phases/registration/open"), {}).status_code == 303
    assert post(client, url(edition, "settings/phases/registration/close"), {}).status_code == 303
    assert post(client, url(edition, "settings/phases/registration/close"), {}).status_code == 409
    assert post(client, url(edition, "settings/phases/lunch/open"), {}).status_code == 404


def test_texts_and_questions(session: Session, client: FlaskClient, edition: Edition) -> None:
    data = {"version": edition.version, "about_fr": "Un salon\r\n\r\npour tous <b>", "about_en": ""}
    assert post(client, url(edition, "settings/texts"), data).status_code == 303
    session.expire_all()
    assert edition.texts["about"] == {"fr": "Un salon\n\npour tous <b>"}
    ask = {"kind": "choice", "label_fr": "Repas ?", "choices_fr": "Oui\nNon", "choices_en": "Yes\nNo"}
    assert post(client, url(edition, "settings/questions/new"), ask).status_code == 303
    row = session.scalars(select(Question)).one()
    assert row.choices == [{"fr": "Oui", "en": "Yes"}, {"fr": "Non", "en": "No"}]
    few = post(client, url(edition, "settings/questions/new"), {**ask, "choices_fr": "Oui"})
    assert (few.status_code, "Repas ?" in few.text.replace("\u202f", " ")) == (422, True)
    here = url(edition, f"settings/questions/{row.id}")
    assert get(client, here).status_code == 200
    for path, values in (
        ("/move", {"to": "up"}),
        ("/archive", {}),
        ("/archive", {"to": "back"}),
        ("/delete", {}),
    ):
        assert post(client, here + path, values).status_code == 303
    assert session.scalar(select(func.count()).select_from(Question)) == 0


def test_the_page_is_published_and_hidden(session: Session, client: FlaskClient, edition: Edition) -> None:
    for path, shown in (("hide", False), ("publish", True)):
        assert post(client, url(edition, f"settings/review/{path}"), {}).status_code == 303
        session.expire_all()
        assert edition.is_public is shown


# The room ---------------------------------------------------------------------------------------------------


def test_tables_are_added_filtered_changed_and_deleted(
    session: Session, make: Factory, client: FlaskClient, edition: Edition
) -> None:
    add = {"labels": "T01 à T60", "zone": "Nord", "places": "4", "step_free": "y"}
    assert post(client, url(edition, "room/tables"), add).status_code == 303
    again = post(client, url(edition, "room/tables"), add)
    assert again.status_code == 422
    assert "Il y a déjà une table T01" in again.text
    assert "et 55 autres" in again.text
    page = get(client, url(edition, "room?zone=Nord&page=2")).text
    assert "T60" in page
    assert ">T01<" not in page
    assert "Aucune table ne correspond" in get(client, url(edition, "room?q=zzz")).text
    assert get(client, url(edition, "room?page=999999&q=%00")).status_code == 200
    ids = list(session.scalars(select(Table.id).order_by(Table.id).limit(2)))
    assert get(client, url(edition, f"room/tables/{ids[0]}")).status_code == 200
    firm = make.organisation(edition, "Les Ateliers du Gué")
    session.commit()
    values = {"label": "S1", "places": "4", "organisation": firm.id}
    assert edit(client, url(edition, f"room/tables/{ids[0]}"), values).status_code == 303
    assert "Les Ateliers du Gué" in get(client, url(edition, "room?use=stand")).text
    assert edit(client, url(edition, f"room/tables/{ids[0]}"), {**values, "label": "T02"}).status_code == 422
    assert post(client, url(edition, "room/bulk"), {"do": "change", "ids": ids}).status_code == 200
    assert post(client, url(edition, "room/change"), {"ids": ids, "zone": "Sud"}).status_code == 303
    assert post(client, url(edition, "room/change"), {"ids": ids, "places": "99"}).status_code == 422
    assert post(client, url(edition, "room/bulk"), {"do": "delete", "ids": ids}).status_code == 200
    assert post(client, url(edition, "room/bulk"), {"do": "delete"}).status_code == 303
    assert post(client, url(edition, "room/delete"), {"ids": ids}).status_code == 303
    assert session.scalar(select(func.count()).select_from(Table)) == 58


# The team ---------------------------------------------------------------------------------------------------


def test_the_team_is_invited_changed_and_removed(
    session: Session, client: FlaskClient, edition: Edition
) -> None:
    answer = post(client, url(edition, "team"), {"email": "neuf@exemple.example", "role": "desk"})
    assert answer.status_code == 303
    row = session.scalars(select(Membership).order_by(Membership.id.desc())).first()
    assert row is not None
    assert row.role is Role.DESK
    wrong = post(client, url(edition, "team"), {"email": "neuf@", "role": "desk"})
    assert (wrong.status_code, "neuf@" in wrong.text) == (422, True)
    here = url(edition, f"team/{row.id}")
    assert get(client, here).status_code == 200
    assert post(client, here + "/remind", {}).status_code == 303
    assert post(client, here, {"role": "organiser"}).status_code == 303
    assert post(client, here, {"role": "king"}).status_code == 422
    assert get(client, here + "/remove").status_code == 200
    assert post(client, here + "/remove", {}).status_code == 303
    owner = session.scalars(select(Membership)).one()
    last = post(client, url(edition, f"team/{owner.id}/remove"), {})
    assert last.status_code == 409
    assert "dernière personne propriétaire" in last.text


def test_an_organiser_who_is_no_owner_manages_no_team(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    edition = make.edition()
    sign_in_as(session, make, client, edition, Role.ORGANISER)
    assert get(client, url(edition, "team")).status_code == 200
    assert (
        post(client, url(edition, "team"), {"email": "a@exemple.example", "role": "owner"}).status_code == 403
    )


def test_the_journal_says_it_in_words(client: FlaskClient, edition: Edition) -> None:
    post(client, url(edition, "room/tables"), {"labels": "T01 à T03", "places": "4"})
    page = get(client, url(edition, "journal")).text
    assert "a ajouté 3 tables" in page
    assert "a ajouté 3 tables" not in get(client, url(edition, "journal?group=team")).text
    assert get(client, url(edition, "journal?group=%00&who=9x&page=-1")).status_code == 200


def test_home_shows_what_comes_next(
    session: Session, make: Factory, client: FlaskClient, edition: Edition
) -> None:
    page = get(client, url(edition, "")).text
    assert page.count('aria-current="step"') == 1
    assert "n’a pas encore démarré" in page  # no worker ever beat
    later = date.today() + timedelta(days=9)  # noqa: DTZ011
    edition.first_day = edition.last_day = later
    session.commit()
    assert re.search(r"J-(8|9|10)", get(client, url(edition, "")).text)
