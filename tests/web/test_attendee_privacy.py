"""Consents, one's own data, leaving, deleting."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.enums import ConsentPurpose, DelegateStatus, DraftOrigin, MailKind, ReleaseStage, Role
from salon.models import (
    Account,
    AuditEntry,
    AuthSession,
    ConsentRecord,
    Delegate,
    OutboxMail,
    Release,
)
from salon.queries import attendee
from salon.services import consents, drafts, releases
from tests.conftest import BASE, NOW, sign_in
from tests.factories import Factory
from tests.planning_fair import SmallFair, small_fair
from tests.web.attendees import Visit, visit


@pytest.fixture
def me(session: Session, make: Factory, client: FlaskClient) -> Visit:
    return visit(session, make, client)


def test_consents_are_given_and_taken_back_with_the_same_gesture(me: Visit) -> None:
    page = me.get("/privacy")
    assert page.count('aria-current="page"') == 2  # the tab and the trail
    assert page.count('name="consent_') == len(ConsentPurpose)
    me.post("/privacy", {"consent_photo": "y", "consent_directory": "y"})
    assert me.me.shows_contact
    assert me.get("/privacy").count(" checked") == 3  # two boxes, and the format of the file
    me.post("/privacy", {"consent_photo": "y"})
    assert consents.given(me.session, me.me.id) == {ConsentPurpose.PHOTO}
    lines = me.session.scalars(select(ConsentRecord).order_by(ConsentRecord.id)).all()
    assert [(line.given, line.wording) for line in lines][-1] == (False, "2026-11:fr")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_wording_names_the_language_that_was_read(me: Visit, language: str) -> None:
    me.client.get(f"{me.root}/privacy?lang={language}", base_url=BASE)
    me.post("/privacy", {"consent_photo": "y"})
    assert me.session.scalars(select(ConsentRecord.wording)).one() == f"2026-11:{language}"


@pytest.mark.parametrize(("shape", "kind"), [("zip", "application/zip"), ("json", "application/json")])
def test_my_data_in_a_file(me: Visit, shape: str, kind: str) -> None:
    answer = me.client.post(f"{me.root}/privacy/export", data={"shape": shape}, base_url=BASE)
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Cache-Control"] == "no-store"
    content = answer.data
    if shape == "zip":
        content = zipfile.ZipFile(io.BytesIO(content)).read("donnees.json")
    assert json.loads(content)["tables"]["delegate"][0]["last_name"] == "Béranger"
    me.session.rollback()
    assert me.session.scalar(select(AuditEntry.id).where(AuditEntry.action == "personal_data_exported"))


def test_the_export_writes_so_it_is_no_get(me: Visit) -> None:
    me.get("/privacy/export", 405)


def test_an_organiser_acting_for_somebody_touches_none_of_it(
    me: Visit, make: Factory, client: FlaskClient, session: Session
) -> None:
    boss = make.member(me.edition, Role.ORGANISER)
    sign_in(client, boss)
    session.scalars(
        select(AuthSession).where(AuthSession.account_id == boss.id)
    ).one().acting_for_id = me.me.id
    session.commit()
    assert "ne pouvez pas les faire à sa place" in me.get("/privacy")
    me.get("/delete", 403)
    for path in ("/privacy", "/privacy/export", "/delete", "/confirm"):
        me.post(path, {"consent_photo": "y"}, 403)
    assert session.scalar(select(ConsentRecord.id)) is None
    assert session.get_one(Account, me.me.account_id).erased_at is None


# Leaving ----------------------------------------------------------------------------------------------------


@pytest.fixture
def published(session: Session, make: Factory) -> SmallFair:
    """Buyer 0 meets suppliers 0 and 1; buyer 1 meets supplier 0."""
    fair = small_fair(make)
    pairs = [(0, 0, 0), (0, 1, 1), (1, 0, 2)]
    places = [
        drafts.Place((fair.buyers[b].id, fair.suppliers[s].id), fair.slots[t].id, fair.tables[0].id)
        for b, s, t in pairs
    ]
    draft = drafts.create(session, NOW, edition_id=fair.edition.id, origin=DraftOrigin.MANUAL, places=places)
    seen = releases.preview(session, fair.edition, draft)
    releases.release(
        session, fair.actor, NOW, edition=fair.edition, draft=draft, fingerprint=seen.fingerprint,
        acknowledged={caution.code for caution in seen.cautions}, stage=ReleaseStage.FINAL, note="",
    )  # fmt: skip
    session.commit()
    return fair


def test_figures_of_what_leaving_takes_away(session: Session, published: SmallFair) -> None:
    buyers, suppliers = published.buyers, published.suppliers
    assert attendee.promised(session, [buyers[0].id]) == attendee.Promised(2, 2)
    assert attendee.promised(session, [suppliers[0].id]) == attendee.Promised(2, 2)
    assert attendee.promised(session, [buyers[2].id]) == attendee.Promised(0, 0)
    assert attendee.promised(session, [buyers[0].id, suppliers[0].id]) == attendee.Promised(3, 2)
    releases.withdraw_person(session, published.actor, NOW, delegate=suppliers[0])
    assert attendee.promised(session, [buyers[0].id]) == attendee.Promised(1, 1)  # the latest release alone


def test_withdrawing_says_first_what_it_takes_and_then_does_it_once(
    session: Session, client: FlaskClient, published: SmallFair
) -> None:
    one = published.buyers[0]
    sign_in(client, session.get_one(Account, one.account_id))
    address = f"/e/{published.edition.slug}/me/withdraw"
    page = client.get(address, base_url=BASE).text.replace("\u202f", " ")
    assert "2 rendez-vous publiés sont annulés" in page
    assert "2 personnes sont prévenues" in page
    assert session.scalar(select(func.count()).select_from(Release)) == 1  # the page alone does nothing
    for _twice in range(2):
        assert client.post(address, base_url=BASE).status_code == 303
    session.rollback()
    session.expire_all()
    assert one.status is DelegateStatus.WITHDRAWN
    assert session.scalar(select(func.count()).select_from(Release)) == 2
    told = session.scalars(select(OutboxMail.delegate_id).where(OutboxMail.kind == MailKind.CANCELLATION))
    assert set(told) == {published.suppliers[0].id, published.suppliers[1].id}
    assert client.get(address, base_url=BASE).status_code == 303


def test_withdrawing_before_any_planning(me: Visit) -> None:
    page = me.get("/withdraw")
    assert "pas encore de rendez-vous publié" in page
    assert "Personne n’est à prévenir" in page
    me.post("/withdraw")
    assert "Votre désistement est enregistré" in me.get("/")


# Deleting ---------------------------------------------------------------------------------------------------


def test_deleting_says_what_goes_and_ends_the_session(me: Visit, make: Factory, session: Session) -> None:
    other = make.edition(name="Autre salon")
    make.delegate(other, make.type(other), account=session.get_one(Account, me.me.account_id))
    session.commit()
    page = me.get("/delete")
    assert "Vous quittez 2 salons" in page
    assert "Autre salon" in page
    gone = me.post("/delete")
    assert gone.location == "/"
    account = session.get_one(Account, me.me.account_id)
    assert account.erased_at is not None
    assert (me.me.first_name, me.me.status) == ("", DelegateStatus.WITHDRAWN)
    assert session.scalar(select(func.count()).select_from(AuthSession)) == 0
    assert me.client.get(f"{me.root}/", base_url=BASE).status_code == 303
    assert "Votre compte est supprimé" in me.client.get("/", base_url=BASE).text


def test_the_last_owner_is_told_what_to_do(me: Visit, make: Factory, session: Session) -> None:
    make.member(me.edition, Role.OWNER, session.get_one(Account, me.me.account_id))
    session.commit()
    page = me.post("/delete", status=409).text
    assert "nommez-en un autre" in page
    assert session.scalar(select(Delegate.first_name).where(Delegate.id == me.me.id)) == "Claire"
