"""The second factor: set up once, asked for at each sign-in of a team member, each code serving once."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import system
from salon.models import Account, AuthSession, Edition, Passkey, RecoveryCode
from salon.services import second_factor
from salon.services import sign_in as proofs
from salon.web import SalonFlask
from tests.conftest import BASE, sign_in
from tests.factories import Factory
from tests.web.authenticator import Authenticator


@pytest.fixture
def organiser(make: Factory, session: Session) -> Account:
    account = make.member(make.edition())
    session.commit()
    return account


def _enrol(client: FlaskClient) -> tuple[pyotp.TOTP, list[str]]:
    """Set up an application; it and the recovery codes."""
    page = client.get("/account/security/totp", base_url=BASE).text
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert secret is not None
    totp = pyotp.TOTP(secret[1].replace(" ", ""))
    # one step back is forgiven, and leaves the present code for what follows
    code = totp.at(int(datetime.now(UTC).timestamp()) - 30)
    answer = client.post("/account/security/totp", data={"code": code}, base_url=BASE)
    assert answer.status_code == 200
    return totp, re.findall(r"<code>([A-Z2-9-]{19})</code>", answer.text)


def test_the_secret_is_not_readable_in_the_database(
    client: FlaskClient, session: Session, organiser: Account
) -> None:
    sign_in(client, organiser)
    totp, codes = _enrol(client)
    session.expire_all()
    assert organiser.totp_secret
    assert totp.secret not in organiser.totp_secret
    assert len(codes) == 10
    assert len(session.scalars(select(RecoveryCode)).all()) == 10


def test_a_weak_session_is_sent_to_the_second_factor(
    app: SalonFlask, client: FlaskClient, session: Session, organiser: Account
) -> None:
    sign_in(client, organiser)
    totp, _codes = _enrol(client)
    slug = session.scalars(select(Edition.slug)).one()
    other = app.test_client()
    sign_in(other, organiser, strong=False)
    asked = other.get(f"/o/{slug}/", base_url=BASE)
    assert asked.status_code == 303
    assert asked.location.startswith("/second-factor")
    assert other.get("/account/security", base_url=BASE).status_code == 303
    assert other.post("/account/security/totp/remove", base_url=BASE).status_code == 403
    page = other.get(asked.location, base_url=BASE)
    assert page.status_code == 200
    done = other.post("/second-factor", data={"code": totp.now()}, base_url=BASE)
    assert (done.status_code, done.location) == (303, f"/o/{slug}/")
    assert other.get(f"/o/{slug}/", base_url=BASE).status_code == 200


def test_signing_in_leads_to_the_second_factor(
    app: SalonFlask, client: FlaskClient, session: Session, organiser: Account
) -> None:
    sign_in(client, organiser)
    _enrol(client)
    secret = proofs.operator_link(session, system("cli"), datetime.now(UTC), email=organiser.email)
    session.commit()
    answer = app.test_client().post(f"/s/{secret}", base_url=BASE)
    assert (answer.status_code, answer.location) == (303, "/second-factor")


def test_a_code_serves_once(
    app: SalonFlask, client: FlaskClient, session: Session, organiser: Account
) -> None:
    sign_in(client, organiser)
    totp, _codes = _enrol(client)
    code = totp.now()
    browsers = [app.test_client(), app.test_client()]
    for browser in browsers:
        sign_in(browser, organiser, strong=False)
    answers = [b.post("/second-factor", data={"code": code}, base_url=BASE).status_code for b in browsers]
    assert answers == [303, 422]


def test_a_recovery_code_serves_once(
    app: SalonFlask, client: FlaskClient, session: Session, organiser: Account
) -> None:
    sign_in(client, organiser)
    _totp, codes = _enrol(client)
    browsers = [app.test_client(), app.test_client()]
    for browser in browsers:
        sign_in(browser, organiser, strong=False)
    typed = codes[0].lower().replace("-", " ")
    answers = [b.post("/second-factor", data={"code": typed}, base_url=BASE).status_code for b in browsers]
    assert answers == [303, 422]


def test_five_wrong_codes_are_enough(
    app: SalonFlask, client: FlaskClient, session: Session, organiser: Account
) -> None:
    sign_in(client, organiser)
    totp, _codes = _enrol(client)
    other = app.test_client()
    sign_in(other, organiser, strong=False)
    for _i in range(5):
        assert other.post("/second-factor", data={"code": "000000"}, base_url=BASE).status_code == 422
    assert other.post("/second-factor", data={"code": totp.now()}, base_url=BASE).status_code == 429


def test_showing_it_changes_the_cookie_secret(
    app: SalonFlask, client: FlaskClient, session: Session, organiser: Account
) -> None:
    sign_in(client, organiser)
    totp, _codes = _enrol(client)
    other = app.test_client()
    sign_in(other, organiser, strong=False)
    with other.session_transaction(base_url=BASE) as cookie:
        before = cookie["sid"]
    other.post("/second-factor", data={"code": totp.now()}, base_url=BASE)
    with other.session_transaction(base_url=BASE) as cookie:
        assert cookie["sid"] != before
    thief = app.test_client()
    with thief.session_transaction(base_url=BASE) as cookie:
        cookie["sid"] = before
    assert thief.get("/account", base_url=BASE).status_code == 303


def test_the_page_asks_nothing_of_an_account_without_one(client: FlaskClient, organiser: Account) -> None:
    sign_in(client, organiser, strong=False)
    assert client.get("/second-factor", base_url=BASE).status_code == 404
    assert client.get("/account/security", base_url=BASE).status_code == 200


def test_a_passkey_is_made_and_opens(
    app: SalonFlask, client: FlaskClient, session: Session, organiser: Account
) -> None:
    key = Authenticator("127.0.0.1", BASE)
    sign_in(client, organiser)
    options = client.post("/account/security/passkeys/options", json={}, base_url=BASE).json
    made = client.post(
        "/account/security/passkeys",
        json={"name": "clé bleue", "credential": key.make(options)},
        base_url=BASE,
    )
    assert made.json == {"redirect": "/account/security/recovery-codes"}
    assert len(re.findall(r"<code>", client.get(made.json["redirect"], base_url=BASE).text)) == 10
    assert session.scalars(select(Passkey.name)).one() == "clé bleue"
    other = app.test_client()
    sign_in(other, organiser, strong=False)
    options = other.post("/second-factor/passkey/options", json={}, base_url=BASE).json
    shown = key.show(options)
    answer = other.post("/second-factor/passkey", json={"credential": shown}, base_url=BASE)
    assert answer.status_code == 200
    assert other.get("/account/security", base_url=BASE).status_code == 200
    assert other.post("/second-factor/passkey", json={"credential": shown}, base_url=BASE).status_code == 422


@pytest.mark.parametrize(
    ("domain", "origin"), [("127.0.0.1", "https://evil.example"), ("evil.example", BASE)]
)
def test_control_a_passkey_of_another_site_is_refused(
    client: FlaskClient, session: Session, organiser: Account, domain: str, origin: str
) -> None:
    key = Authenticator(domain, origin)
    sign_in(client, organiser)
    options = client.post("/account/security/passkeys/options", json={}, base_url=BASE).json
    answer = client.post("/account/security/passkeys", json={"credential": key.make(options)}, base_url=BASE)
    assert answer.status_code == 422
    session.rollback()
    assert session.scalar(select(Passkey.id)) is None


@pytest.mark.parametrize("body", [None, [], {}, {"credential": 3}, {"credential": {"id": []}}])
def test_nonsense_instead_of_a_passkey_is_refused(
    client: FlaskClient, organiser: Account, body: object
) -> None:
    sign_in(client, organiser)
    client.post("/account/security/passkeys/options", json={}, base_url=BASE)
    assert client.post("/account/security/passkeys", json=body, base_url=BASE).status_code == 422


def test_old_keys_still_open_and_strange_ones_do_not() -> None:
    sealed = second_factor.Vault(["old" * 20]).seal("secret")
    assert second_factor.Vault(["new" * 20, "old" * 20]).open(sealed) == "secret"
    assert second_factor.Vault(["new" * 20]).open(sealed) is None


def test_signing_out_everywhere(
    app: SalonFlask, client: FlaskClient, session: Session, organiser: Account
) -> None:
    sign_in(client, organiser)
    sign_in(app.test_client(), organiser)
    assert len(session.scalars(select(AuthSession)).all()) == 2
    assert client.post("/account/sessions/close", base_url=BASE).location == "/sign-in"
    session.commit()
    assert session.scalars(select(AuthSession)).all() == []


def test_nobody_closes_the_session_of_somebody_else(
    client: FlaskClient, session: Session, organiser: Account, make: Factory, app: SalonFlask
) -> None:
    victim = make.account()
    sign_in(app.test_client(), victim)
    theirs = session.scalars(select(AuthSession.id)).one()
    sign_in(client, organiser)
    client.post(f"/account/sessions/{theirs}/close", base_url=BASE)
    session.expire_all()
    assert session.get(AuthSession, theirs) is not None
