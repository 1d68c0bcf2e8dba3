"""Two organisers at the same form: the later one sees both versions, and nothing is lost unknowingly."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from salon.enums import QuestionKind
from salon.extensions import db
from salon.models import Edition, ProgrammeItem, Question, TypeRule
from tests.conftest import BASE
from tests.factories import Factory
from tests.web.conftest import enter, plain

HIDDEN = re.compile(r'<input[^>]*name="version"[^>]*value="([^"]*)"')


@pytest.fixture
def edition(session: Session, make: Factory, client: FlaskClient) -> Edition:
    edition = make.edition()
    account = make.member(edition)
    session.commit()
    enter(client, account)
    return edition


def rows(session: Session, make: Factory, edition: Edition) -> dict[str, tuple[str, dict[str, Any]]]:
    """The address and the fields of each form, for rows that exist."""
    make.slots(edition, 2)
    table, kind = make.tables(edition, 1)[0], make.type(edition, "A")
    noon = datetime(2027, 3, 11, 11, 0, tzinfo=UTC)
    item = ProgrammeItem(
        edition_id=edition.id, starts_at=noon, ends_at=noon + timedelta(hours=1), title={"fr": "Repas"}
    )
    question = Question(
        edition_id=edition.id, position=1, kind=QuestionKind.TEXT, label={"fr": "Allergie ?"}, purpose="repas"
    )
    session.add_all([item, question])
    session.commit()
    day = {"day": "2027-03-11", "starts": "09:00"}
    return {
        "session": (
            "settings/days/sessions/1",
            {**day, "ends": "18:00", "slot_min": "20", "changeover_min": "5"},
        ),
        "item": (f"settings/days/programme/{item.id}", {**day, "ends": "10:00", "title_fr": "Repas"}),
        "type": (
            f"settings/types/{kind.id}",
            {"code": "A", "hue": "A", "name_fr": "Type A", "min_meetings": "0"},
        ),
        "question": (
            f"settings/questions/{question.id}",
            {"kind": "text", "label_fr": "Allergie ?", "purpose": "repas"},
        ),
        "table": (
            f"room/tables/{table.id}",
            {"label": table.label, "places": "4", "step_free": "y", "organisation": "0"},
        ),
    }


FIELD = {"session": "label", "item": "place", "type": "name_fr", "question": "purpose", "table": "zone"}


def shown(client: FlaskClient, edition: Edition, path: str) -> str:
    """The version that the form was shown with."""
    answer = client.get(f"/o/{edition.slug}/{path}", base_url=BASE)
    assert answer.status_code == 200
    found = HIDDEN.search(answer.text)
    assert found
    return found[1]


def send(client: FlaskClient, edition: Edition, path: str, data: dict[str, Any]) -> Any:
    answer = client.post(f"/o/{edition.slug}/{path}", base_url=BASE, data=data)
    db.session.rollback()
    return answer


@pytest.mark.parametrize("name", list(FIELD))
def test_the_later_writer_sees_both_versions(
    session: Session, make: Factory, client: FlaskClient, edition: Edition, name: str
) -> None:
    path, fields = rows(session, make, edition)[name]
    field = FIELD[name]
    version = shown(client, edition, path)
    first = {**fields, field: "De Sophie", "version": version}
    assert send(client, edition, path, first).status_code == 303
    late = send(client, edition, path, {**fields, field: "De Rémi", "version": version})
    page = plain(late.text)
    assert late.status_code == 409
    assert "Deux versions existent" in page
    assert "De Sophie" in page.split("Deux versions existent")[1].split("</ul>")[0]
    assert 'value="De Rémi"' in page
    assert shown(client, edition, path) != version
    again = HIDDEN.search(late.text)
    assert again
    assert send(client, edition, path, {**fields, field: "De Rémi", "version": again[1]}).status_code == 303


@pytest.mark.parametrize("name", list(FIELD))
def test_a_form_without_its_version_is_no_way_round(
    session: Session, make: Factory, client: FlaskClient, edition: Edition, name: str
) -> None:
    path, fields = rows(session, make, edition)[name]
    for version in ("", "x" * 500):
        assert send(client, edition, path, {**fields, "version": version}).status_code == 409


def test_the_same_values_saved_twice_are_no_conflict(
    session: Session, make: Factory, client: FlaskClient, edition: Edition
) -> None:
    path, fields = rows(session, make, edition)["table"]
    for _ in range(2):
        version = shown(client, edition, path)
        assert send(client, edition, path, {**fields, "version": version}).status_code == 303


def test_a_matrix_saved_late_shows_what_the_other_ticked(
    session: Session, make: Factory, client: FlaskClient, edition: Edition
) -> None:
    buyers, exhibitors = make.two_sides(edition)
    session.commit()
    version = shown(client, edition, "settings/types")
    mine, theirs = f"{buyers.id}-{buyers.id}", f"{exhibitors.id}-{exhibitors.id}"
    assert (
        send(client, edition, "settings/types/matrix", {"pairs": [theirs], "version": version}).status_code
        == 303
    )
    late = send(client, edition, "settings/types/matrix", {"pairs": [mine], "version": version})
    assert late.status_code == 409
    assert "Type E et Type E : oui" in plain(late.text)
    assert re.search(rf'value="{mine}" checked', late.text)
    stored = {(rule.first_id, rule.second_id) for rule in session.query(TypeRule)}
    assert stored == {(exhibitors.id, exhibitors.id)}
    again = HIDDEN.search(late.text)
    assert again
    sent = send(client, edition, "settings/types/matrix", {"pairs": [mine], "version": again[1]})
    assert sent.status_code == 303
