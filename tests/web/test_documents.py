"""The documents page: what can be printed, what is made, what went wrong; one person's badge and agenda."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon import rendering
from salon.actor import system
from salon.enums import JobState, Role
from salon.jobs.documents import files_folder
from salon.jobs.queue import perform
from salon.models import AuditEntry, Job, StoredFile
from salon.services import documents
from salon.services.print_options import ITEMS, Options
from salon.web import SalonFlask
from salon.wording import documents as words
from tests.conftest import BASE
from tests.exports.conftest import font_dir, fontset
from tests.factories import Factory
from tests.jobs.test_documents import draft_of, publish
from tests.planning_fair import SmallFair, small_fair
from tests.web.conftest import CountQueries, enter, plain

__all__ = ["font_dir", "fontset"]


@pytest.fixture
def fair(app: SalonFlask, make: Factory, client: FlaskClient) -> Iterator[SmallFair]:
    fair = small_fair(make)
    enter(client, fair.owner)
    yield fair
    rendering.close(app)


@pytest.fixture
def printing(tmp_path: Path, font_dir: Path, fontset: object) -> None:
    shutil.copytree(font_dir, tmp_path / "fonts")


def home(fair: SmallFair) -> str:
    return f"/o/{fair.edition.slug}/documents/"


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url, base_url=BASE)
    assert answer.status_code == status
    return plain(answer.text)


def post(client: FlaskClient, url: str, **data: object) -> tuple[int, str]:
    answer = client.post(url, base_url=BASE, data=data)
    return answer.status_code, plain(answer.get_data(as_text=True))


FORM = {"layout": "a6x4", "order": "surname", "since": "", "paper": "A3", "locale": "fr", "start_at": "1"}


def made(app: SalonFlask, session: Session, fair: SmallFair, items: list[str]) -> Job:
    """An order that a worker has finished."""
    session.rollback()
    job = documents.order(
        session, system("test"), datetime.now(UTC), edition=fair.edition, items=items, options=Options()
    )
    job_id = job.id
    session.commit()
    perform(app, documents.PRINT_TASK, job_id)
    session.rollback()
    return session.get_one(Job, job_id, populate_existing=True)


def the_file(session: Session) -> StoredFile:
    return session.scalars(select(StoredFile)).one()


def test_without_a_plan_three_documents_can_be_made(client: FlaskClient, fair: SmallFair) -> None:
    text = page(client, home(fair))
    assert "pas encore de planning" in text
    assert re.findall(r'name="item" value="(\w+)"', text) == ["badges", "signs", "door_list", "all"]
    assert text.count("impossible pour l’instant") == 6


def test_everything_is_ordered_and_followed(client: FlaskClient, session: Session, fair: SmallFair) -> None:
    draft_of(session, fair)
    assert "brouillon n° 1" in page(client, home(fair))
    publish(session, fair)
    status, _text = post(
        client, home(fair), item="all", **{**FORM, "order": "organisation", "offset_x": "−0,5"}
    )
    assert status == 303
    session.rollback()
    job = session.scalars(select(Job)).one()
    assert job.params["items"] == list(ITEMS) and job.params["release"] == 1
    assert job.params["options"]["order"] == "organisation" and job.params["options"]["offset_x"] == -0.5
    text = page(client, home(fair))
    assert "Préparation en file" in text and 'data-poll-running="true"' in text
    assert "attend son tour depuis" not in text
    job.created_at = datetime.now(UTC) - timedelta(minutes=2)
    session.commit()
    assert "attend son tour depuis" in page(client, home(fair))
    job.state, job.message, job.done = JobState.RUNNING, "badges:3:7", 1
    session.commit()
    text = page(client, home(fair))
    assert "Étape 2 sur 9 : Badges, 3 parties sur 7" in text and 'value="1.42857' in text
    assert re.search(r'name="order"[^>]*value="organisation" checked', text)  # remembered
    status, text = post(client, home(fair), item="badges", **FORM)
    assert status == 409 and "déjà en préparation" in text


def test_what_is_refused_is_kept(client: FlaskClient, session: Session, fair: SmallFair) -> None:
    for bad, message in (
        ({"offset_x": "abc"}, "entre −10 et 10 mm"),
        ({"offset_y": "nan"}, "entre −10 et 10 mm"),
        ({"offset_x": "1e400"}, "entre −10 et 10 mm"),
        ({"start_at": "9"}, "de 1 à 4 sur la feuille"),
        ({"start_at": "0"}, "à partir de 1"),
    ):
        status, text = post(client, home(fair), item="badges", **{**FORM, **bad})
        (value,) = bad.values()
        assert status == 422 and message in text and f'value="{value}"' in text
    for bad in ({"layout": "x"}, {"order": ""}, {"paper": "A0"}, {"locale": "de"}, {"since": "7"}):
        assert post(client, home(fair), item="badges", **{**FORM, **bad})[0] == 422
    assert post(client, home(fair), item="x", **FORM)[0] == 422
    status, text = post(client, home(fair), item="agendas", **FORM)
    assert status == 409 and "ni version ni brouillon" in text
    assert not session.scalars(select(Job)).all()


def test_a_finished_document_is_downloaded_and_noted(
    app: SalonFlask, client: FlaskClient, session: Session, fair: SmallFair
) -> None:
    draft_of(session, fair)
    publish(session, fair)
    assert made(app, session, fair, ["planning_csv"]).state is JobState.DONE
    text = page(client, home(fair))
    assert "Version 1" in text and "périmé" not in text
    file = the_file(session)
    answer = client.post(f"{home(fair)}files/{file.id}", base_url=BASE)
    assert answer.status_code == 200 and len(answer.data) == file.size
    assert answer.headers["Content-Disposition"] == f"attachment; filename={file.filename}"
    assert answer.headers["Cache-Control"] == "no-store" and answer.mimetype == "text/csv"
    answer.close()
    session.rollback()
    assert "document_downloaded" in session.scalars(select(AuditEntry.action)).all()
    assert client.get(f"{home(fair)}files/{file.id}", base_url=BASE).status_code == 405
    publish(session, fair, datetime(2027, 1, 13, tzinfo=UTC))
    assert "périmé : une autre version" in page(client, home(fair))


def test_a_file_that_is_gone_says_so(
    app: SalonFlask, client: FlaskClient, session: Session, fair: SmallFair
) -> None:
    draft_of(session, fair)
    made(app, session, fair, ["planning_csv"])
    file = the_file(session)
    url = f"{home(fair)}files/{file.id}"
    path = files_folder(app) / file.stored_name
    content = path.read_bytes()
    path.unlink()
    assert post(client, url)[0] == 409
    path.write_bytes(content)
    file.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    session.commit()
    status, text = post(client, url)
    assert status == 409 and "n’est plus gardé" in text
    assert "Télécharger" not in page(client, home(fair))


def test_another_edition_s_files_are_not_there(
    app: SalonFlask, client: FlaskClient, session: Session, make: Factory, fair: SmallFair
) -> None:
    draft_of(session, fair)
    made(app, session, fair, ["planning_csv"])
    other = small_fair(make)
    enter(client, other.owner)
    file, job = the_file(session), session.scalars(select(Job)).one()
    for url in (f"files/{file.id}", f"orders/{job.id}/retry", f"orders/{job.id}/cancel"):
        assert post(client, home(other) + url)[0] == 404
        assert post(client, home(fair) + url)[0] == 403
    assert page(client, f"{home(other)}badges/{fair.buyers[0].id}", 404)


def test_a_reader_sees_and_cannot_print(
    app: SalonFlask, client: FlaskClient, session: Session, make: Factory, fair: SmallFair
) -> None:
    draft_of(session, fair)
    made(app, session, fair, ["planning_csv"])
    enter(client, make.member(fair.edition, Role.READ_ONLY))
    text = page(client, home(fair))
    assert "Planning, CSV" in text and "<button" not in text.split("<main")[1].split("</main")[0]
    assert post(client, home(fair), item="all", **FORM)[0] == 403
    assert post(client, f"{home(fair)}files/{the_file(session).id}")[0] == 403
    enter(client, make.member(fair.edition, Role.DESK))
    assert "Télécharger" in page(client, home(fair))


def test_past_orders_are_paged_and_what_is_kept_is_there(
    app: SalonFlask, client: FlaskClient, session: Session, fair: SmallFair, count_queries: CountQueries
) -> None:
    url = f"{home(fair)}orders"
    assert "Rien n’a encore été préparé" in page(client, url)
    assert "Toutes les préparations" not in page(client, home(fair))
    draft_of(session, fair)
    made(app, session, fair, ["planning_csv"])
    assert "Toutes les préparations" in page(client, home(fair))
    with count_queries() as one:
        text = page(client, url)
    assert "Planning, CSV" in text and "terminée" in text
    assert f"files/{the_file(session).id}" in text
    job = session.scalars(select(Job)).one()
    twin = {c.key: getattr(job, c.key) for c in Job.__table__.columns if c.key != "id"}
    session.add_all(Job(**{**twin, "error": "cancelled", "state": JobState.FAILED}) for _n in range(30))
    session.commit()
    with count_queries() as many:
        first = page(client, url)
    assert len(one) == len(many) <= 15
    assert first.count("arrêtée</span>") == 25
    last = page(client, f"{url}?p=2")
    assert last.count("arrêtée</span>") == 5 and "terminée" in last
    for odd in ("p=0", "p=-3", "p=zzz", "p=999999999999999999999"):
        page(client, f"{url}?{odd}")


def test_a_failure_is_said_and_taken_up_again(
    app: SalonFlask, client: FlaskClient, session: Session, fair: SmallFair
) -> None:
    post(client, home(fair), item="badges", **FORM)
    session.rollback()
    job = session.scalars(select(Job)).one()
    for code in words.FAILURES:
        job.state, job.error = JobState.FAILED, code
        session.commit()
        with app.test_request_context(base_url=BASE):
            said = plain(words.failure(code))
        assert said[:40] in page(client, home(fair))
    assert post(client, f"{home(fair)}orders/{job.id}/cancel")[0] == 409
    assert post(client, f"{home(fair)}orders/{job.id}/retry")[0] == 303
    session.rollback()
    assert session.get_one(Job, job.id, populate_existing=True).state is JobState.QUEUED
    assert post(client, f"{home(fair)}orders/{job.id}/retry")[0] == 409
    assert post(client, f"{home(fair)}orders/{job.id}/cancel")[0] == 303
    assert "La préparation a été arrêtée" in page(client, home(fair))


def test_people_are_found_without_their_accents(
    client: FlaskClient, session: Session, make: Factory, fair: SmallFair
) -> None:
    kind = fair.buyers[0].type_id
    from salon.models import ParticipantType

    make.delegate(
        fair.edition, session.get_one(ParticipantType, kind), first_name="Chloé", last_name="Béranger"
    )
    session.commit()
    url = f"/o/{fair.edition.slug}/documents/people"
    assert "7 personnes" in page(client, url)
    text = page(client, f"{url}?q=beranger chloe")
    assert "Chloé Béranger" in text and "1 personne" in text
    assert "Personne ne correspond" in page(client, f"{url}?q=zzz")
    assert page(client, f"{url}?p=99&q=%25")


def test_one_badge_and_one_agenda(
    client: FlaskClient, session: Session, fair: SmallFair, printing: None
) -> None:
    draft_of(session, fair)
    publish(session, fair)
    one = fair.buyers[0]
    url = f"/o/{fair.edition.slug}/documents/badges/{one.id}"
    assert one.last_name in page(client, url)
    answer = client.get(f"{url}/pdf?layout=durable_1445&start_at=3&offset_x=0,5", base_url=BASE)
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    pdf = PdfReader(BytesIO(answer.data))
    assert len(pdf.pages) == 1 and one.last_name in pdf.pages[0].extract_text()
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    agenda = client.get(f"/o/{fair.edition.slug}/documents/agendas/{one.id}", base_url=BASE)
    words_of = PdfReader(BytesIO(agenda.data)).pages[0].extract_text()
    assert fair.suppliers[0].last_name in words_of
    sheet = client.get(f"/o/{fair.edition.slug}/documents/calibration?layout=herma_4412", base_url=BASE)
    assert sheet.data.startswith(b"%PDF") and sheet.headers["Content-Disposition"].startswith("inline")
    for bad in ("layout=x", "layout=a6x4&start_at=z", "layout=a6x4&offset_y=99", ""):
        assert client.get(f"{url}/pdf?{bad}", base_url=BASE).status_code == 422


def test_a_document_that_cannot_be_set_is_no_crash(
    client: FlaskClient, session: Session, fair: SmallFair, printing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.exports import failing

    monkeypatch.setattr("salon.blueprints.documents.agendas.pdf", failing.raises)
    answer = client.get(f"/o/{fair.edition.slug}/documents/agendas/{fair.buyers[0].id}", base_url=BASE)
    assert answer.status_code == 503 and "n’a pas pu être mis en page" in plain(answer.text)


def test_the_page_costs_the_same_whatever_was_printed(
    app: SalonFlask, client: FlaskClient, session: Session, fair: SmallFair, count_queries: CountQueries
) -> None:
    draft_of(session, fair)
    seen = []
    for _round in range(3):
        made(app, session, fair, ["planning_csv", "planning_xlsx"])
        with count_queries() as statements:
            page(client, home(fair))
        seen.append(len(statements))
    assert seen[0] == seen[1] == seen[2] <= 15
