"""Signing in: the same answer for all, a link that serves once, a code for one browser."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import system
from salon.enums import MailState, TokenPurpose
from salon.errors import DomainError
from salon.jobs.queue import perform
from salon.models import Account, AuthSession, OutboxMail
from salon.redirects import is_local
from salon.services import sign_in as proofs
from salon.web import SalonFlask
from tests.conftest import BASE
from tests.factories import Factory


def _ask(client: FlaskClient, email: str) -> None:
    answer = client.post("/sign-in", data={"email": email}, base_url=BASE)
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")


def _mail(app: SalonFlask, session: Session) -> str:
    """Send the one queued message; its source."""
    session.rollback()  # a fresh snapshot
    mail_id = session.scalars(select(OutboxMail.id)).one()
    session.rollback()
    perform(app, "send_mail", mail_id)
    assert session.scalars(select(OutboxMail.state)).one() is MailState.SENT
    source = next((Path(app.instance_path) / "outbox").glob("*.eml")).read_text()
    return source.replace("=\n", "")


@pytest.fixture
def known(make: Factory, session: Session) -> str:
    account = make.account("claire@brevenne.example")
    session.commit()
    return account.email


def test_the_link_of_the_mail_signs_in_once(
    app: SalonFlask, client: FlaskClient, session: Session, known: str
) -> None:
    _ask(client, known)
    path = re.search(r"/s/[\w-]+", _mail(app, session))
    assert path is not None
    assert client.get(path[0], base_url=BASE).status_code == 200
    session.rollback()
    assert session.scalar(select(AuthSession.id)) is None  # looking at it opened nothing
    assert client.post(path[0], base_url=BASE).status_code == 303
    assert client.post(path[0], base_url=BASE).status_code == 409
    session.rollback()
    assert len(session.scalars(select(AuthSession)).all()) == 1


def test_the_link_is_worth_nothing_in_another_browser(
    app: SalonFlask, client: FlaskClient, session: Session, known: str
) -> None:
    _ask(client, known)
    path = re.search(r"/s/[\w-]+", _mail(app, session))
    assert path is not None
    assert app.test_client().post(path[0], base_url=BASE).status_code == 409
    assert client.post(path[0], base_url=BASE).status_code == 303


def test_the_typed_code_signs_in_and_five_wrong_ones_kill_it(
    app: SalonFlask, client: FlaskClient, session: Session, known: str
) -> None:
    _ask(client, known)
    code = re.search(r"^\s+(\d{8})\s*$", _mail(app, session), re.MULTILINE)
    assert code is not None
    for _i in range(5):
        wrong = client.post("/sign-in/code", data={"code": "00000000"}, base_url=BASE)
        assert wrong.status_code == 422
    assert client.post("/sign-in/code", data={"code": code[1]}, base_url=BASE).status_code == 429


def test_the_typed_code_signs_in(app: SalonFlask, client: FlaskClient, session: Session, known: str) -> None:
    _ask(client, known)
    code = re.search(r"^\s+(\d{8})\s*$", _mail(app, session), re.MULTILINE)
    assert code is not None
    other = app.test_client().post("/sign-in/code", data={"code": code[1]}, base_url=BASE)
    assert other.status_code == 422
    assert client.post("/sign-in/code", data={"code": code[1]}, base_url=BASE).status_code == 303


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: FlaskClient, session: Session) -> None:
    _ask(client, "nobody@brevenne.example")
    session.rollback()
    assert session.scalar(select(OutboxMail.id)) is None


def test_a_bad_address_keeps_what_was_typed(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": "dupont@"}, base_url=BASE)
    assert answer.status_code == 422
    assert 'value="dupont@"' in answer.text


def test_links_are_limited_for_each_address(client: FlaskClient, known: str) -> None:
    for _i in range(3):
        _ask(client, known)
    answer = client.post("/sign-in", data={"email": known}, base_url=BASE)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_an_operator_link_opens_any_browser_once(
    app: SalonFlask, client: FlaskClient, session: Session, known: str, make: Factory
) -> None:
    from datetime import UTC, datetime

    secret = proofs.operator_link(session, system("cli"), datetime.now(UTC), email=known)
    session.commit()
    assert client.post(f"/s/{secret}", base_url=BASE).status_code == 303
    assert app.test_client().post(f"/s/{secret}", base_url=BASE).status_code == 409


def test_signing_out_ends_the_session_on_our_side(client: FlaskClient, session: Session, known: str) -> None:
    from datetime import UTC, datetime

    secret = proofs.operator_link(session, system("cli"), datetime.now(UTC), email=known)
    session.commit()
    client.post(f"/s/{secret}", base_url=BASE)
    assert client.post("/sign-out", base_url=BASE).status_code == 303
    session.commit()
    assert session.scalar(select(AuthSession.id)) is None


@pytest.mark.parametrize(
    ("target", "local"),
    [
        ("/o/", True), ("/e/x/?a=1", True), ("//evil.example", False), ("/\t/evil.example", False),
        ("/\\evil.example", False), ("https://evil.example", False), ("", False),
        ("javascript:alert(1)", False),
        ("/ok\nSet-Cookie: a", False), ("http:/evil.example", False),
    ],
)  # fmt: skip
def test_next_addresses_stay_on_this_site(target: str, local: bool) -> None:
    assert is_local(target) is local


def test_an_unknown_address_takes_as_much_work(client: FlaskClient, known: str, count_queries) -> None:  # type: ignore[no-untyped-def]
    seen = []
    for email in (known, "nobody@brevenne.example"):
        with count_queries() as statements:
            _ask(client, email)
        seen.append([s.split()[0] for s in statements if not s.startswith("ROLLBACK")])
    assert abs(len(seen[0]) - len(seen[1])) <= 1  # the throw-away account, taken back


def test_a_stranger_cannot_keep_the_owner_out(app: SalonFlask, client: FlaskClient, known: str) -> None:
    for _i in range(3):
        client.post(
            "/sign-in", data={"email": known}, base_url=BASE, environ_overrides={"REMOTE_ADDR": "192.0.2.7"}
        )
    _ask(client, known)


def test_an_invitation_names_its_address_and_opens_nothing(
    client: FlaskClient, session: Session, known: str
) -> None:
    from datetime import UTC, datetime

    account = session.scalars(select(Account)).one()
    secret = proofs.issue_invitation(session, datetime.now(UTC), account)
    session.commit()
    page = client.get(f"/i/{secret}", base_url=BASE)
    assert page.status_code == 200
    assert f'value="{known}"' in page.text
    assert client.post(f"/s/{secret}", base_url=BASE).status_code == 409
    assert session.scalar(select(AuthSession.id)) is None
    assert client.get("/i/unknown", base_url=BASE).status_code == 410


def test_a_token_of_one_purpose_never_serves_another(
    client: FlaskClient, session: Session, known: str, now: datetime
) -> None:
    account = session.scalars(select(Account)).one()
    made = {
        TokenPurpose.SIGN_IN: proofs.issue_link(session, now, account, None)[0],
        TokenPurpose.OPERATOR: proofs.operator_link(session, system("cli"), now, email=known),
        TokenPurpose.CONFIRM_ADDRESS: proofs.issue_confirmation(session, now, account, None),
        TokenPurpose.INVITATION: proofs.issue_invitation(session, now, account),
    }
    for purpose, secret in made.items():
        for other in made:
            found = proofs.whose(session, now, secret, other)
            assert (found is not None) is (purpose is other)
    for purpose in (TokenPurpose.CONFIRM_ADDRESS, TokenPurpose.INVITATION):
        with pytest.raises(DomainError):
            proofs.consume_link(session, now, secret=made[purpose], browser="")
    for purpose in (TokenPurpose.SIGN_IN, TokenPurpose.OPERATOR, TokenPurpose.INVITATION):
        with pytest.raises(DomainError):
            proofs.confirm_address(session, now, secret=made[purpose], browser="")
