"""Where a refused page leads: to the start of the edition for those who are in it, to the list of fairs for the rest."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from salon.enums import Role
from tests.conftest import BASE
from tests.factories import Factory
from tests.web.conftest import enter

BACK = '<a class="btn btn-primary" href="{}">Revenir à l’accueil</a>'


@pytest.mark.parametrize(
    ("role", "path", "status", "back"),
    [
        (Role.OWNER, "/o/salon/runs/99", 404, "/o/salon/"),
        (Role.READ_ONLY, "/o/salon/imports/", 403, "/o/salon/"),
        (Role.OWNER, "/o/salon/plan/meetings/new", 409, "/o/salon/"),
        (Role.OWNER, "/o/autre/", 404, "/"),
        (None, "/o/salon/", 403, "/"),
        (None, "/nulle-part", 404, "/"),
    ],
)
def test_organisers_are_led_to_their_edition(
    client: FlaskClient, session: Session, make: Factory, role: Role | None, path: str, status: int, back: str
) -> None:
    edition = make.edition(slug="salon")
    make.edition(slug="autre", is_public=False)
    account = make.member(edition, role) if role else make.account()
    session.commit()
    enter(client, account)
    answer = client.get(path, base_url=BASE)
    assert answer.status_code == status
    assert BACK.format(back) in answer.text


def test_attendees_are_led_to_their_own_pages(client: FlaskClient, session: Session, make: Factory) -> None:
    edition = make.edition(slug="salon")
    account = make.account()
    make.delegate(edition, make.type(edition), account=account)
    make.member(edition, Role.OWNER, account)
    session.commit()
    enter(client, account)
    answer = client.get("/e/salon/me/catalogue/99", base_url=BASE)
    assert answer.status_code == 404
    assert BACK.format("/e/salon/me/") in answer.text
    assert BACK.format("/o/salon/") in client.get("/o/salon/runs/99", base_url=BASE).text
