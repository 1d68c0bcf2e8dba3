"""One's own account: preferences, look, another address."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.models import Account, AuthSession, OutboxMail
from salon.services import sign_in as proofs
from salon.web import SalonFlask
from tests.conftest import BASE, sign_in
from tests.factories import Factory


@pytest.fixture
def person(make: Factory, client: FlaskClient) -> Account:
    account = make.account("claire@brevenne.example")
    sign_in(client, account)
    return account


def test_name_and_language_are_kept(client: FlaskClient, session: Session, person: Account) -> None:
    answer = client.post("/account", data={"name": "Claire", "locale": "en"}, base_url=BASE)
    assert answer.status_code == 303
    session.expire_all()
    assert (person.name, person.locale) == ("Claire", "en")
    assert 'lang="en"' in client.get("/account", base_url=BASE).text


def test_a_strange_language_is_refused(client: FlaskClient, session: Session, person: Account) -> None:
    answer = client.post("/account", data={"name": "Claire", "locale": "xx"}, base_url=BASE)
    assert answer.status_code == 422
    assert 'value="Claire"' in answer.text


@pytest.mark.parametrize(("back", "target"), [("/account", "/account"), ("//evil.example", "/")])
def test_the_look_is_kept_in_the_browser(client: FlaskClient, back: str, target: str) -> None:
    answer = client.post("/theme", query_string={"back": back}, data={"theme": "dark"}, base_url=BASE)
    assert (answer.status_code, answer.location) == (303, target)
    assert 'data-bs-theme="dark"' in client.get("/", base_url=BASE).text


def _token(session: Session) -> str:
    """What the message will hold, made as its sending does."""
    from datetime import UTC, datetime

    mail = session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first()
    assert mail is not None
    account = session.get_one(Account, mail.account_id)
    secret = proofs.issue_confirmation(session, datetime.now(UTC), account, mail.params["browser"])
    session.commit()
    return secret


def test_another_address_holds_once_confirmed_here(
    app: SalonFlask, client: FlaskClient, session: Session, person: Account
) -> None:
    client.get("/account/email", base_url=BASE)
    asked = client.post("/account/email", data={"email": "claire@ailleurs.example"}, base_url=BASE)
    assert asked.status_code == 303
    assert session.scalars(select(OutboxMail.recipient)).one() == "claire@ailleurs.example"
    secret = _token(session)
    assert person.email == "claire@brevenne.example"
    stranger = app.test_client()
    sign_in(stranger, person)
    assert stranger.post(f"/account/email/{secret}", base_url=BASE).status_code == 409
    assert client.get(f"/account/email/{secret}", base_url=BASE).status_code == 200
    done = client.post(f"/account/email/{secret}", base_url=BASE)
    assert (done.status_code, done.location) == (303, "/sign-in")
    session.expire_all()
    assert person.email == "claire@ailleurs.example"
    assert session.scalars(select(AuthSession)).all() == []


def test_a_confirmation_of_one_address_never_gives_another(
    client: FlaskClient, session: Session, person: Account
) -> None:
    client.get("/account/email", base_url=BASE)
    client.post("/account/email", data={"email": "mine@ailleurs.example"}, base_url=BASE)
    secret = _token(session)
    client.post("/account/email", data={"email": "victim@ailleurs.example"}, base_url=BASE)
    assert client.post(f"/account/email/{secret}", base_url=BASE).status_code == 409
    session.expire_all()
    assert person.email == "claire@brevenne.example"


def test_an_address_of_somebody_else_gets_the_same_answer_and_no_message(
    client: FlaskClient, session: Session, person: Account, make: Factory
) -> None:
    make.account("prise@brevenne.example")
    session.commit()
    answer = client.post("/account/email", data={"email": "prise@brevenne.example"}, base_url=BASE)
    assert answer.status_code == 303
    assert session.scalar(select(OutboxMail.id)) is None


@pytest.mark.parametrize(
    "path", ["/account", "/account/security", "/account/security/totp", "/account/email"]
)
def test_pages_answer_their_owner_and_send_others_to_sign_in(
    app: SalonFlask, client: FlaskClient, person: Account, path: str
) -> None:
    assert client.get(path, base_url=BASE).status_code == 200
    assert app.test_client().get(path, base_url=BASE).location.startswith("/sign-in?next=")
