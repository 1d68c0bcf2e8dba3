"""Registering in public: one answer for all, nothing typed lost, a place after confirmation."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import ConsentPurpose, DelegateStatus, MailKind, QuestionKind, Source, TermKind
from salon.extensions import db
from salon.jobs.queue import perform
from salon.models import (
    Account,
    Answer,
    AuthSession,
    ConsentRecord,
    Delegate,
    Edition,
    Organisation,
    OrganisationTerm,
    OutboxMail,
    ParticipantType,
    Question,
)
from salon.services import sign_in as proofs
from salon.web import SalonFlask
from tests.conftest import BASE, sign_in
from tests.factories import Factory
from tests.web.conftest import CountQueries

LIVE = datetime.now(UTC)


@pytest.fixture
def fair(make: Factory, session: Session) -> Edition:
    edition = make.edition(
        registration_opens_at=LIVE - timedelta(days=2), registration_closes_at=LIVE + timedelta(days=9)
    )
    make.two_sides(edition)
    session.commit()
    return edition


def _type(session: Session, code: str = "A") -> ParticipantType:
    return session.scalars(select(ParticipantType).where(ParticipantType.code == code)).one()


def _typed(session: Session, **changes: Any) -> dict[str, Any]:
    values = {
        "type": str(_type(session).id), "organisation": "Les Ateliers du Lac", "kind": "esat",
        "town": "Brévenne", "department": "69", "siret": "", "website": "ateliers.example",
        "sectors": ["maraichage"], "networks": ["unea"], "structure_languages": ["fr"], "prestas": ["prest"],
        "first_name": "Claire", "last_name": "Béranger", "email": "claire@lac.example", "locale": "fr",
        "interpreter": "", "phone": "", "spoken": ["fr", "lsf"],
    }  # fmt: skip
    return {**values, **changes}


def _post(client: FlaskClient, fair: Edition, data: dict[str, Any], status: int = 303) -> Any:
    client.get(f"/e/{fair.slug}/register", base_url=BASE)
    answer = client.post(f"/e/{fair.slug}/register", data=data, base_url=BASE)
    assert answer.status_code == status
    db.session.rollback()  # the test sees what was committed, not its earlier snapshot
    return answer


def _confirm(client: FlaskClient, session: Session, email: str) -> Any:
    """Press the button of the newest message to that address."""
    account = session.scalars(select(Account).where(Account.email == email)).one()
    mail = session.scalars(
        select(OutboxMail)
        .where(OutboxMail.account_id == account.id, OutboxMail.kind == MailKind.CONFIRM_ADDRESS)
        .order_by(OutboxMail.id.desc())
    ).first()
    assert mail is not None
    secret = proofs.issue_confirmation(session, datetime.now(UTC), account, mail.params["browser"])
    session.commit()
    assert client.get(f"/c/{secret}", base_url=BASE).status_code == 200
    answer = client.post(f"/c/{secret}", base_url=BASE)
    db.session.rollback()
    return answer


def _status(session: Session, email: str) -> DelegateStatus:
    session.expire_all()
    query = select(Delegate.status).join(Account, Account.id == Delegate.account_id)
    return session.scalars(query.where(Account.email == email)).one()


def test_everything_typed_is_stored(client: FlaskClient, session: Session, fair: Edition) -> None:
    sent = _post(client, fair, _typed(session, consent_directory="y", step_free="y"))
    assert sent.location == f"/e/{fair.slug}/register/sent"
    assert "claire@lac.example" in client.get(sent.location, base_url=BASE).text
    home = session.scalars(select(Organisation)).one()
    assert (home.kind, home.department, home.website) == ("esat", "69", "https://ateliers.example")
    terms = {(t.kind, t.code) for t in session.scalars(select(OrganisationTerm))}
    assert terms == {
        (TermKind.SECTOR, "maraichage"), (TermKind.NETWORK, "unea"), (TermKind.LANGUAGE, "fr"),
        (TermKind.PRESTA, "prest"),
    }  # fmt: skip
    one = session.scalars(select(Delegate)).one()
    assert (one.status, one.source, one.is_lead) == (DelegateStatus.UNCONFIRMED, Source.SELF, True)
    assert (one.languages, one.step_free, one.shows_contact) == (["fr", "lsf"], True, True)
    consent = session.scalars(select(ConsentRecord)).one()
    assert (consent.purpose, consent.given, consent.wording) == (
        ConsentPurpose.DIRECTORY, True, "2026-11:fr",
    )  # fmt: skip


def test_consents_start_unticked(client: FlaskClient, fair: Edition) -> None:
    page = client.get(f"/e/{fair.slug}/register", base_url=BASE).text
    boxes = [line for line in page.split("<input") if 'name="consent_' in line]
    assert len(boxes) == len(ConsentPurpose)
    assert not any(" checked" in box.split(">")[0] for box in boxes)


@pytest.mark.parametrize(("itself", "status"), [(True, "approved"), (False, "pending")])
def test_confirming_gives_a_place_and_signs_in_here(
    client: FlaskClient, session: Session, fair: Edition, itself: bool, status: str
) -> None:
    _type(session).approves_itself = itself
    session.commit()
    _post(client, fair, _typed(session))
    done = _confirm(client, session, "claire@lac.example")
    assert (done.status_code, done.location) == (303, f"/e/{fair.slug}/me/")
    assert _status(session, "claire@lac.example") == status
    assert client.get(done.location, base_url=BASE).status_code == 200


def test_confirming_elsewhere_does_not_sign_in(
    app: SalonFlask, client: FlaskClient, session: Session, fair: Edition
) -> None:
    """A link that lives for days may have been forwarded: a fresh one leaves at once for that browser."""
    _post(client, fair, _typed(session))
    elsewhere = app.test_client()
    done = _confirm(elsewhere, session, "claire@lac.example")
    assert (done.status_code, done.location) == (303, "/sign-in/code")
    assert session.scalar(select(AuthSession.id)) is None
    assert _status(session, "claire@lac.example") is DelegateStatus.PENDING
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.SIGN_IN)).one()
    assert mail.recipient == "claire@lac.example"
    account = session.get_one(Account, mail.account_id)
    secret, _code = proofs.issue_link(session, datetime.now(UTC), account, mail.params["browser"])
    session.commit()
    assert client.post(f"/s/{secret}", base_url=BASE).status_code == 409  # not for the first browser
    entered = elsewhere.post(f"/s/{secret}", base_url=BASE)
    assert (entered.status_code, entered.location) == (303, f"/e/{fair.slug}/me/")


def test_the_confirmation_page_says_what_its_button_does(
    app: SalonFlask, client: FlaskClient, session: Session, fair: Edition
) -> None:
    _post(client, fair, _typed(session))
    account = session.scalars(select(Account)).one()
    mail = session.scalars(select(OutboxMail)).one()
    secret = proofs.issue_confirmation(session, datetime.now(UTC), account, mail.params["browser"])
    session.commit()
    here = client.get(f"/c/{secret}", base_url=BASE).text
    elsewhere = app.test_client().get(f"/c/{secret}", base_url=BASE).text
    assert "recevoir mon lien de connexion" not in here
    assert "Confirmer et recevoir mon lien de connexion" in elsewhere
    assert "a pu être transféré" in elsewhere


def test_too_many_links_do_not_undo_a_confirmation(
    app: SalonFlask, client: FlaskClient, session: Session, fair: Edition
) -> None:
    _post(client, fair, _typed(session))
    for _n in range(3):
        proofs.request_link(
            session, datetime.now(UTC), email="claire@lac.example", browser="b", ip="127.0.0.1"
        )
    session.commit()
    done = _confirm(app.test_client(), session, "claire@lac.example")
    assert (done.status_code, done.location) == (303, "/sign-in")
    assert _status(session, "claire@lac.example") is DelegateStatus.PENDING


def test_somebody_who_is_signed_in_already_goes_on(
    client: FlaskClient, session: Session, fair: Edition
) -> None:
    _post(client, fair, _typed(session))
    _confirm(client, session, "claire@lac.example")
    account = session.scalars(select(Account)).one()
    secret = proofs.issue_confirmation(session, datetime.now(UTC), account, None)
    session.commit()
    done = client.post(f"/c/{secret}", base_url=BASE)
    assert (done.status_code, done.location) == (303, "/account")
    assert session.scalars(select(OutboxMail.kind).where(OutboxMail.kind == MailKind.SIGN_IN)).all() == []


def test_a_confirmation_serves_once(client: FlaskClient, session: Session, fair: Edition) -> None:
    _post(client, fair, _typed(session))
    account = session.scalars(select(Account)).one()
    secret = proofs.issue_confirmation(session, datetime.now(UTC), account, None)
    session.commit()
    assert client.post(f"/c/{secret}", base_url=BASE).status_code == 303
    assert client.post(f"/c/{secret}", base_url=BASE).status_code == 409
    assert client.get(f"/c/{secret}", base_url=BASE).status_code == 410


def test_a_known_address_gets_the_same_answer_and_changes_nothing(
    app: SalonFlask, client: FlaskClient, session: Session, fair: Edition, make: Factory
) -> None:
    known = make.delegate(fair, _type(session), account=make.account("claire@lac.example"))
    session.commit()
    before = (known.version, known.organisation_id)
    new = _post(app.test_client(), fair, _typed(session, email="lou@lac.example", organisation="Autre"))
    old = _post(client, fair, _typed(session, organisation="Encore une"))
    assert (old.status_code, old.location, len(old.data)) == (new.status_code, new.location, len(new.data))
    session.expire_all()
    assert (known.version, known.organisation_id) == before
    assert session.scalar(select(Organisation).where(Organisation.name == "Encore une")) is None
    kinds = {m.account_id: m.kind for m in session.scalars(select(OutboxMail))}
    assert kinds[known.account_id] is MailKind.ALREADY_REGISTERED


def test_the_same_structure_is_joined_and_never_altered(
    client: FlaskClient, session: Session, fair: Edition, make: Factory
) -> None:
    _type(session).approves_itself = True
    home = make.organisation(fair, "les ateliers du lac", town="Ailleurs")
    session.commit()
    _post(client, fair, _typed(session, organisation="LES  Ateliers du Lac"))
    _confirm(client, session, "claire@lac.example")
    session.expire_all()
    one = session.scalars(select(Delegate)).one()
    assert (one.organisation_id, one.is_lead) == (home.id, False)
    assert home.town == "Ailleurs"
    assert one.status is DelegateStatus.PENDING  # although the type approves by itself


def test_colleagues_are_written_to_once_the_first_has_confirmed(
    client: FlaskClient, session: Session, fair: Edition
) -> None:
    colleague = {
        "colleagues-0-first_name": "Lou", "colleagues-0-last_name": "Morvan",
        "colleagues-0-email": "lou@lac.example", "colleagues-0-job_title": "",
    }  # fmt: skip
    _post(client, fair, _typed(session, **colleague))
    assert len(session.scalars(select(Delegate)).all()) == 2
    assert len(session.scalars(select(OutboxMail)).all()) == 1
    _confirm(client, session, "claire@lac.example")
    assert len(session.scalars(select(OutboxMail)).all()) == 2
    _confirm(client, session, "lou@lac.example")
    assert _status(session, "lou@lac.example") is DelegateStatus.PENDING


def test_half_a_colleague_is_refused_and_kept(client: FlaskClient, session: Session, fair: Edition) -> None:
    page = _post(client, fair, _typed(session, **{"colleagues-0-first_name": "Lou"}), 422).text
    assert "videz toute la ligne" in page
    assert 'value="Lou"' in page


def test_another_line_for_a_colleague_keeps_the_rest(
    client: FlaskClient, session: Session, fair: Edition
) -> None:
    page = _post(client, fair, _typed(session, more="1", first_name="Claire", email=""), 200).text
    assert 'name="colleagues-1-email"' in page
    assert 'value="Claire"' in page
    assert session.scalar(select(Delegate.id)) is None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "dupont@", "Cette adresse n’est pas complète"),
        ("siret", "12345678901234", "Ce n’est pas un SIRET"),
        ("website", "javascript:alert(1)", "Ce n’est pas une adresse de site"),
        ("phone", "abc", "Ce n’est pas un numéro"),
        ("organisation", "", "Complétez cette case"),
        ("organisation", "   ", "Complétez cette case"),
        ("first_name", "   ", "Complétez cette case"),
        ("organisation", "!!!", "ni lettre ni chiffre"),
        ("kind", "", "Choisissez dans la liste"),
        ("type", "999999", "Ce type n’existe pas"),
        ("type", "", "Dites comment vous venez"),
    ],
)
def test_what_cannot_be_right_is_said_and_nothing_is_lost(
    client: FlaskClient, session: Session, fair: Edition, field: str, value: str, words: str
) -> None:
    page = _post(client, fair, _typed(session, **{field: value}), 422).text
    assert words in page
    assert "<title>" in page
    assert "Erreur" in page
    assert 'value="Béranger"' in page
    assert session.scalar(select(Delegate.id)) is None


def test_a_good_siret_is_taken(client: FlaskClient, session: Session, fair: Edition) -> None:
    _post(client, fair, _typed(session, siret="732 829 320 00074"))
    assert session.scalars(select(Organisation.siret)).one() == "73282932000074"


def test_the_organisers_questions(
    client: FlaskClient, session: Session, fair: Edition, make: Factory
) -> None:
    kinds = [QuestionKind.TEXT, QuestionKind.LONG_TEXT, QuestionKind.CHOICE, QuestionKind.CHOICES,
             QuestionKind.YES_NO]  # fmt: skip
    asked = [
        Question(edition_id=fair.id, position=i, kind=kind, label={"fr": f"Question {i}"}, required=i == 0,
                 choices=[{"fr": "Un"}, {"fr": "Deux"}])
        for i, kind in enumerate(kinds)
    ]  # fmt: skip
    session.add_all(asked)
    session.commit()
    names = [f"question_{q.id}" for q in asked]
    page = _post(client, fair, _typed(session), 422).text
    assert "Répondez à cette question" in page
    typed = dict(zip(names, ["Oui", "Deux\nlignes", "1", ["0", "1"], "no"], strict=True))
    _post(client, fair, _typed(session, **typed))
    stored = {a.question_id: a.value for a in session.scalars(select(Answer))}
    assert [stored[q.id] for q in asked] == [
        {"text": "Oui"}, {"text": "Deux\nlignes"}, {"choices": [1]}, {"choices": [0, 1]}, {"text": "no"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [(3, 9, "ouvrent"), (-9, -3, "closes depuis"), (None, None, "pas encore fixée")],
)
def test_outside_the_phase_the_page_says_when_and_whom_to_write(
    client: FlaskClient, session: Session, fair: Edition, opens: int | None, closes: int | None, words: str
) -> None:
    fair.registration_opens_at = None if opens is None else LIVE + timedelta(days=opens)
    fair.registration_closes_at = None if closes is None else LIVE + timedelta(days=closes)
    session.commit()
    page = client.get(f"/e/{fair.slug}/register", base_url=BASE)
    assert page.status_code == 200
    assert words in page.text
    assert fair.contact_email in page.text
    refused = client.post(f"/e/{fair.slug}/register", data=_typed(session), base_url=BASE)
    assert refused.status_code == 422
    assert session.scalar(select(Delegate.id)) is None


def test_only_open_types_are_offered(client: FlaskClient, session: Session, fair: Edition) -> None:
    _type(session, "E").is_open = False
    _type(session).capacity = 1
    session.commit()
    page = client.get(f"/e/{fair.slug}/register", base_url=BASE).text
    assert "Type A" in page
    assert "Type E" not in page
    assert "Plus que 1 place" in page


def test_a_full_type_without_a_list_is_refused(
    client: FlaskClient, session: Session, fair: Edition, make: Factory
) -> None:
    type_ = _type(session)
    type_.capacity, type_.has_waiting_list = 1, False
    make.delegate(fair, type_)
    session.commit()
    page = _post(client, fair, _typed(session), 422)
    assert "Type A" not in page.text
    assert "Toutes les places de ce type viennent d’être prises" in page.text


def test_somebody_signed_in_is_settled_at_once(
    client: FlaskClient, session: Session, fair: Edition, make: Factory
) -> None:
    account = make.account("claire@lac.example")
    sign_in(client, account)
    done = _post(client, fair, _typed(session))
    assert done.location == f"/e/{fair.slug}/me/"
    assert _status(session, "claire@lac.example") is DelegateStatus.PENDING
    assert client.get(f"/e/{fair.slug}/register", base_url=BASE).location == f"/e/{fair.slug}/me/"


def test_the_form_costs_the_same_with_more_types(
    client: FlaskClient, session: Session, fair: Edition, make: Factory, count_queries: CountQueries
) -> None:
    seen = []
    for code in ("P", "V", "O"):
        make.type(fair, code)
        session.commit()
        with count_queries() as statements:
            client.get(f"/e/{fair.slug}/register", base_url=BASE)
        seen.append(len(statements))
    assert len(set(seen)) == 1, seen
    assert seen[0] <= 15


def test_the_same_form_twice_registers_and_writes_once(
    client: FlaskClient, session: Session, fair: Edition
) -> None:
    typed = _typed(session, once="key-1")
    first, second = _post(client, fair, typed), _post(client, fair, typed)
    assert first.location == second.location
    assert len(session.scalars(select(Delegate)).all()) == 1
    assert len(session.scalars(select(OutboxMail)).all()) == 1


@pytest.mark.parametrize("twice", ["CLAIRE@lac.example", "lou@lac.example"])
def test_nobody_is_twice_on_the_form(
    client: FlaskClient, session: Session, fair: Edition, twice: str
) -> None:
    people = {}
    for n, address in enumerate(["lou@lac.example", twice]):
        people |= {
            f"colleagues-{n}-first_name": "Lou", f"colleagues-{n}-last_name": "Morvan",
            f"colleagues-{n}-email": address,
        }  # fmt: skip
    page = _post(client, fair, _typed(session, **people), 422).text
    assert "Cette adresse est déjà sur cette page" in page
    assert session.scalar(select(Delegate.id)) is None


def test_enter_registers_and_does_not_add_a_colleague(client: FlaskClient, fair: Edition) -> None:
    """A browser presses the first button of the form."""
    page = client.get(f"/e/{fair.slug}/register", base_url=BASE).text
    form = page.split(f'action="/e/{fair.slug}/register"')[1]
    first = form.split("<button")[1].split(">")[0]
    assert "name=" not in first
    assert 'name="more"' in form


def test_a_single_open_type_is_chosen_already(client: FlaskClient, session: Session, fair: Edition) -> None:
    page = client.get(f"/e/{fair.slug}/register", base_url=BASE).text
    assert 'name="type"' in page
    assert " checked" not in page.split('name="type"')[1].split(">")[0]
    _type(session, "E").is_open = False
    session.commit()
    page = client.get(f"/e/{fair.slug}/register", base_url=BASE).text
    assert " checked" in page.split('name="type"')[1].split(">")[0]


def test_a_full_type_with_a_list_says_that_one_will_wait(
    client: FlaskClient, session: Session, fair: Edition, make: Factory
) -> None:
    type_ = _type(session)
    type_.capacity, type_.closes_at = 1, LIVE + timedelta(days=3)
    make.delegate(fair, type_)
    session.commit()
    page = client.get(f"/e/{fair.slug}/register", base_url=BASE).text
    assert "vous irez sur la liste d’attente" in page
    _post(client, fair, _typed(session))
    assert _confirm(client, session, "claire@lac.example").status_code == 303
    assert _status(session, "claire@lac.example") is DelegateStatus.WAITING


def test_a_type_that_closed_is_not_offered(client: FlaskClient, session: Session, fair: Edition) -> None:
    for code in ("A", "E"):
        _type(session, code).closes_at = LIVE - timedelta(minutes=1)
    session.commit()
    page = client.get(f"/e/{fair.slug}/register", base_url=BASE).text
    assert "ne sont plus ouvertes" in page
    assert fair.contact_email in page


def test_needs_are_asked_for_never_their_cause(client: FlaskClient, fair: Edition) -> None:
    page = client.get(f"/e/{fair.slug}/register", base_url=BASE).text.casefold()
    assert "table de plain-pied" in page
    assert "jamais pourquoi" in page
    for word in ("handicap", "maladie", "fauteuil"):
        assert word not in page.split("ce qu’il vous faut sur place")[1].split("</section>")[0]


def test_from_the_form_to_the_home_page_by_the_message_itself(
    app: SalonFlask, client: FlaskClient, session: Session, fair: Edition
) -> None:
    """The link in the letter that really leaves confirms, once, and signs this browser in."""
    _post(client, fair, _typed(session))
    perform(app, "send_mail", session.scalars(select(OutboxMail.id)).one())
    [letter] = (Path(app.config["SALON"].instance) / "outbox").glob("*.eml")
    message = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    link = re.search(r"http://127\.0\.0\.1:8000(/c/\S+)", body.get_content())
    assert link, body.get_content()
    assert client.get(link[1], base_url=BASE).status_code == 200
    assert _status(session, "claire@lac.example") is DelegateStatus.UNCONFIRMED  # a scanner's visit
    done = client.post(link[1], base_url=BASE)
    assert (done.status_code, done.location) == (303, f"/e/{fair.slug}/me/")
    db.session.rollback()
    assert _status(session, "claire@lac.example") is DelegateStatus.PENDING
    assert client.get(done.location, base_url=BASE).status_code == 200


def test_whoever_came_before_finds_their_sheet_but_neither_needs_nor_consents(
    client: FlaskClient, session: Session, fair: Edition, make: Factory
) -> None:
    before = make.edition()
    one = make.delegate(
        before, make.type(before), make.organisation(before, "Les Ateliers du Lac"), first_name="Claire",
        last_name="Béranger", phone="06 39 98 12 34", languages=["fr", "lsf"], step_free=True,
    )  # fmt: skip
    sign_in(client, session.get_one(Account, one.account_id))
    page = client.get(f"/e/{fair.slug}/register", base_url=BASE).text
    for value in ("Claire", "Béranger", "06 39 98 12 34", "Les Ateliers du Lac"):
        assert f'value="{value}"' in page
    boxes = [box.split(">")[0] for box in page.split("<input")[1:]]
    ticked = [box for box in boxes if " checked" in box]
    assert len(ticked) == 2, ticked  # the two languages
