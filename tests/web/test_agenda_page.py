"""The day of one person: page, PDF, calendar file and feed say the same meetings."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import vobject
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon import rendering
from salon.actor import Actor
from salon.enums import DelegateStatus, DraftOrigin, Role
from salon.models import Account, Delegate, Draft, ParticipantType, Participation, Placement, ProgrammeItem
from salon.queries import agendas
from salon.services import drafts, plan_edit, registrations
from salon.shell import agenda as words
from salon.shell.context import local
from salon.web import SalonFlask
from tests.conftest import BASE, NOW
from tests.factories import Factory
from tests.planning_fair import SmallFair, small_fair
from tests.services.test_agendas import planned, publish
from tests.web.conftest import CountQueries, enter, plain

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def fair(make: Factory) -> SmallFair:
    return small_fair(make)


@pytest.fixture
def printer(app: SalonFlask, tmp_path: Path, font_dir: Path) -> Iterator[None]:
    """The child that renders, with fonts made once for all tests, ended with the test."""
    shutil.copytree(font_dir, tmp_path / "fonts", dirs_exist_ok=True)
    yield
    rendering.close(app)


def url(fair: SmallFair, path: str = "") -> str:
    return f"/e/{fair.edition.slug}/me/{path}"


def as_person(client: FlaskClient, session: Session, person: Delegate) -> None:
    enter(client, session.get_one(Account, person.account_id))


def ask(client: FlaskClient, address: str, status: int = 200, **headers: str) -> Any:
    answer = client.get(address, base_url=BASE, headers=headers)
    assert answer.status_code == status, answer.text[:500]
    return answer


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return plain(done.stdout.decode())


def events(content: bytes) -> dict[str, Any]:
    calendar = vobject.readOne(content.decode())
    return {event.uid.value: event for event in calendar.contents.get("vevent", [])}


# The same everywhere ----------------------------------------------------------------------------------------


def test_page_pdf_file_and_feed_say_the_same_meetings(
    app: SalonFlask, session: Session, client: FlaskClient, fair: SmallFair, printer: None
) -> None:
    publish(session, fair, planned(session, fair))
    me = fair.buyers[0]
    part = session.scalars(
        select(Participation).where(Participation.organisation_id == fair.suppliers[0].organisation_id)
    ).one()
    part.offers, part.needs = "Entretien du linge\nRetouches", "Un camion"
    session.commit()
    rows = agendas.agenda_rows(session, fair.edition, me.id)
    as_person(client, session, me)
    page = plain(ask(client, url(fair, "agenda")).text)
    paper = ask(client, url(fair, "agenda.pdf")).data
    printed = text_of(paper)
    once = events(ask(client, url(fair, "agenda.ics")).data)
    made = client.post(url(fair, "calendar"), base_url=BASE)
    shown = ask(client, made.location).text
    address = re.search(r"https?://[^\"]+/cal/[\w-]{43}\.ics", shown)
    assert address is not None
    feed = events(ask(app.test_client(), address.group().replace(BASE, "")).data)
    assert rows and set(once) == set(feed) == {row.uid for row in rows}
    for row in rows:
        with app.test_request_context(base_url=BASE):
            clock = plain(f"{local(row.start, fair.edition.timezone):%H h %M}")
        assert clock in page and clock in printed
        for text in (page, printed):
            assert row.table in text and row.counterpart in text and row.delegate in text
            assert "Entretien du linge" in text and "Un camion" in text
        for event in (once[row.uid], feed[row.uid]):
            assert event.dtstart.value == row.start and event.dtend.value == row.end
            assert row.table in event.location.value and row.counterpart in event.summary.value
            assert "Entretien du linge" in event.description.value
            assert (event.status.value, int(event.sequence.value)) == ("CONFIRMED", row.sequence)
    with pikepdf.open(BytesIO(paper)) as pdf:
        assert pdf.Root.MarkInfo.Marked and "/StructTreeRoot" in pdf.Root and str(pdf.Root.Lang) == "fr"


def test_a_move_and_a_cancellation_are_the_same_everywhere(
    app: SalonFlask, session: Session, client: FlaskClient, fair: SmallFair, printer: None
) -> None:
    draft = planned(session, fair)
    publish(session, fair, draft)
    first = session.scalars(
        select(Placement).where(Placement.draft_id == draft.id).order_by(Placement.id)
    ).first()
    assert first is not None
    plan_edit.move(
        session, fair.actor, NOW, edition=fair.edition, draft=draft, version=draft.version, placement=first,
        slot=fair.slots[1].id, table=fair.tables[2].id,
    )  # fmt: skip
    publish(session, fair, draft, LATER)
    session.commit()
    me, other = fair.buyers[0], fair.suppliers[0]
    as_person(client, session, me)
    page = plain(ask(client, url(fair, "agenda")).text)
    (row,) = agendas.agenda_rows(session, fair.edition, me.id)
    assert "Déplacé, était à 09 h 00" in page and "La version 2" in page
    assert f"passe à 09 h 25, table {row.table}" in page
    printed = text_of(ask(client, url(fair, "agenda.pdf")).data)
    assert "09 h 25" in printed and "était" in printed
    (event,) = events(ask(client, url(fair, "agenda.ics")).data).values()
    assert int(event.sequence.value) == row.sequence == 1 and event.dtstart.value == row.start
    registrations.withdraw(session, Actor(account_id=other.account_id), LATER, delegate=other)
    session.commit()
    page = plain(ask(client, url(fair, "agenda")).text)
    assert "<del>" in page and "Annulés" in page and "est annulé." in page
    (event,) = events(ask(client, url(fair, "agenda.ics")).data).values()
    assert (event.status.value, int(event.sequence.value)) == ("CANCELLED", 2)
    assert "09 h 25" in text_of(ask(client, url(fair, "agenda.pdf")).data)


def test_the_pdf_is_made_again_only_when_something_changed(
    session: Session, client: FlaskClient, fair: SmallFair, printer: None
) -> None:
    draft = planned(session, fair)
    publish(session, fair, draft)
    session.commit()
    as_person(client, session, fair.buyers[0])
    tag = ask(client, url(fair, "agenda.pdf")).headers["ETag"]
    ask(client, url(fair, "agenda.pdf"), 304, **{"If-None-Match": tag})
    fair.suppliers[0].last_name = "Changé"
    session.commit()
    fresh = ask(client, url(fair, "agenda.pdf"), 200, **{"If-None-Match": tag})
    assert "Changé" in text_of(fresh.data) and fresh.headers["Cache-Control"] == "private, no-cache"
    file = ask(client, url(fair, "agenda.ics")).headers["ETag"]
    ask(client, url(fair, "agenda.ics"), 304, **{"If-None-Match": file})


# The page ---------------------------------------------------------------------------------------------------


def test_before_publication_the_date_is_said(session: Session, client: FlaskClient, fair: SmallFair) -> None:
    as_person(client, session, fair.buyers[0])
    assert "Le planning n’est pas encore publié" in plain(ask(client, url(fair, "agenda")).text)
    for path in ("agenda.pdf", "agenda.ics"):
        assert "pas encore publié" in plain(ask(client, url(fair, path), 409).text)
    fair.edition.publication_at = datetime(2027, 3, 1, 8, tzinfo=UTC)
    session.commit()
    assert "lundi 1er mars 2027" in plain(ask(client, url(fair, "agenda")).text)


def test_home_leads_to_the_agenda_once_published(
    session: Session, client: FlaskClient, fair: SmallFair
) -> None:
    publish(session, fair, planned(session, fair))
    session.commit()
    as_person(client, session, fair.buyers[0])
    assert ask(client, url(fair), 303).location == url(fair, "agenda")


def first_tab(page: str) -> tuple[str, str]:
    found = re.search(r'class="tabs-nav".*?<a href="([^"]+)"[^>]*>(.*?)</a>', page, re.S)
    assert found is not None
    return found[1], plain(re.sub(r"<[^>]+>", "", found[2])).strip()


def test_the_first_tab_becomes_the_agenda(
    session: Session, client: FlaskClient, fair: SmallFair, make: Factory
) -> None:
    draft = planned(session, fair)
    session.commit()
    as_person(client, session, fair.buyers[0])
    assert first_tab(ask(client, url(fair, "profile")).text) == (url(fair), "Accueil")
    publish(session, fair, draft)
    buyers = session.get_one(ParticipantType, fair.buyers[0].type_id)
    waiting = make.delegate(fair.edition, buyers, status=DelegateStatus.PENDING)
    session.commit()
    assert first_tab(ask(client, url(fair, "profile")).text) == (url(fair, "agenda"), "Agenda")
    as_person(client, session, waiting)
    assert first_tab(ask(client, url(fair, "profile")).text) == (url(fair), "Accueil")


def test_on_the_day_the_next_meeting_comes_first(
    session: Session, client: FlaskClient, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    fair = small_fair(make)
    publish(session, fair, planned(session, fair))
    start = fair.slots[0].starts_at
    session.add(
        ProgrammeItem(
            edition_id=fair.edition.id, starts_at=start + timedelta(hours=2), ends_at=start + timedelta(hours=3),
            title={"fr": "Déjeuner"}, place="Halle B", on_agendas=True,
        )
    )  # fmt: skip
    session.commit()
    as_person(client, session, fair.buyers[0])

    def at(moment: datetime) -> str:
        return plain(_page_at(monkeypatch, client, fair, moment))

    assert "Dans 6 minutes" in at(start - timedelta(minutes=6))
    assert "En ce moment" in at(start + timedelta(minutes=5))
    later = at(start + timedelta(hours=1))
    assert "Prochain rendez-vous" not in later and "Tous vos rendez-vous ont eu lieu" in later
    assert "Déjeuner – Halle B, jusqu’à 12 h 00" in later and "Libre jusqu’à 11 h 00" in later


def _page_at(patch: pytest.MonkeyPatch, client: FlaskClient, fair: SmallFair, moment: datetime) -> str:
    """The page as if it were then: only the wording of the day looks at the clock."""
    with patch.context() as then:
        then.setattr(words, "day", lambda sheet, homes, _now, real=words.day: real(sheet, homes, moment))
        return str(ask(client, url(fair, "agenda")).text)


def test_somebody_without_a_meeting_is_told_what_to_do(
    session: Session, client: FlaskClient, fair: SmallFair
) -> None:
    publish(session, fair, planned(session, fair, 1))
    session.commit()
    as_person(client, session, fair.buyers[2])
    assert "ne vous donne pas de rendez-vous" in plain(ask(client, url(fair, "agenda")).text)


def test_after_leaving_the_agenda_is_still_there_and_empty(
    session: Session, client: FlaskClient, fair: SmallFair
) -> None:
    publish(session, fair, planned(session, fair))
    me = fair.buyers[0]
    registrations.withdraw(session, Actor(account_id=me.account_id), LATER, delegate=me)
    session.commit()
    as_person(client, session, me)
    page = plain(ask(client, url(fair, "agenda")).text)
    assert "Votre inscription n’est plus active" in page and "Annulés" in page
    ask(client, url(fair, "badge"), 403)


def test_in_english(session: Session, client: FlaskClient, fair: SmallFair) -> None:
    publish(session, fair, planned(session, fair))
    session.commit()
    as_person(client, session, fair.buyers[0])
    page = ask(client, url(fair, "agenda?lang=en")).text
    assert 'lang="en"' in page and "9:00" in page and "09\u202fh" not in page


@pytest.mark.parametrize("path", ["agenda", "agenda.ics", "badge", "calendar"])
def test_the_cost_is_the_same_whatever_the_number_of_meetings(
    session: Session, client: FlaskClient, make: Factory, count_queries: CountQueries, path: str
) -> None:
    counts = []
    for meetings in (1, 3):
        fair = small_fair(make, slots=6, tables=6)
        draft = _one_after_the_other(session, fair, meetings)
        publish(session, fair, draft)
        publish(session, fair, draft, LATER)  # a second release has one before it to compare with
        address = url(fair, path)
        as_person(client, session, fair.buyers[0])
        with count_queries() as seen:
            ask(client, address)
        counts.append(len(seen))
    assert counts[0] == counts[1], "\n".join(seen)
    assert counts[0] <= 15, "\n".join(seen)


def _one_after_the_other(session: Session, fair: SmallFair, meetings: int) -> Draft:
    """The first buyer meets so many suppliers."""
    places = [
        drafts.Place((fair.buyers[0].id, fair.suppliers[i].id), fair.slots[i].id, fair.tables[i].id)
        for i in range(meetings)
    ]
    return drafts.create(session, NOW, edition_id=fair.edition.id, origin=DraftOrigin.MANUAL, places=places)


# Badge ------------------------------------------------------------------------------------------------------


def test_the_badge_is_mine(session: Session, client: FlaskClient, fair: SmallFair, printer: None) -> None:
    publish(session, fair, planned(session, fair))
    session.commit()
    me = fair.buyers[0]
    as_person(client, session, me)
    page = ask(client, url(fair, "badge")).text
    assert me.code in page and "data:image/svg+xml;base64," in page
    answer = ask(client, url(fair, "badge.pdf"))
    printed = text_of(answer.data)
    assert me.first_name in printed and me.last_name in printed
    with pikepdf.open(BytesIO(answer.data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
    ask(client, url(fair, "badge.pdf"), 304, **{"If-None-Match": answer.headers["ETag"]})


def test_where_a_badge_leads(
    app: SalonFlask, session: Session, client: FlaskClient, make: Factory, fair: SmallFair
) -> None:
    me = fair.buyers[0]
    session.commit()
    path, public = f"/B/{me.code}", f"/e/{fair.edition.slug}/"
    assert ask(client, path, 303).location == public
    as_person(client, session, me)
    assert ask(client, path, 303).location == url(fair, "agenda")
    stranger = app.test_client()
    as_person(stranger, session, fair.buyers[1])
    assert ask(stranger, path, 303).location == public
    for role, leads in ((Role.DESK, True), (Role.ORGANISER, True), (Role.READ_ONLY, False)):
        browser = app.test_client()
        enter(browser, make.member(fair.edition, role))
        wanted = f"/o/{fair.edition.slug}/registrations/{me.id}" if leads else public
        assert ask(browser, path, 303).location == wanted
    elsewhere = app.test_client()
    enter(elsewhere, make.member(make.edition(), Role.OWNER))
    assert ask(elsewhere, path, 303).location == public
    for odd in ("AAAAAAAAAAAA", "a%00b", "%C3%A9", "-" * 400):
        ask(client, f"/B/{odd}", 404)
