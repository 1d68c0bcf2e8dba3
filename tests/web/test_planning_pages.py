"""Pages of runs, plan and releases: shown, empty, refused without loss."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import DraftOrigin, Role, RunState
from salon.models import Delegate, Draft, OutboxMail, Placement, Release, Seat, SolverRun
from salon.services import drafts, plan_edit
from salon.web import SalonFlask
from tests.conftest import BASE, NOW
from tests.factories import Factory
from tests.planning_fair import SmallFair, order_run, run_now, small_fair
from tests.web.conftest import enter, plain


@pytest.fixture
def fair(make: Factory) -> SmallFair:
    return small_fair(make)


@pytest.fixture
def owner(client: FlaskClient, fair: SmallFair) -> FlaskClient:
    enter(client, fair.owner)
    return client


@pytest.fixture
def draft(session: Session, fair: SmallFair) -> Draft:
    places = [
        drafts.Place((fair.buyers[i].id, fair.suppliers[i].id), fair.slots[0].id, fair.tables[i].id)
        for i in range(3)
    ]
    made = drafts.create(session, NOW, edition_id=fair.edition.id, origin=DraftOrigin.MANUAL, places=places)
    session.commit()
    return made


def url(fair: SmallFair, path: str) -> str:
    return f"/o/{fair.edition.slug}/{path}"


def get(client: FlaskClient, fair: SmallFair, path: str, status: int = 200) -> str:
    answer = client.get(url(fair, path), base_url=BASE)
    assert answer.status_code == status, answer.text[:3000]
    return plain(answer.text)


def post(client: FlaskClient, fair: SmallFair, path: str, status: int = 303, **data: object) -> str:
    answer = client.post(url(fair, path), data=data, base_url=BASE)
    assert answer.status_code == status, answer.text[:3000]
    return plain(answer.text) if status != 303 else answer.location


@pytest.mark.parametrize(
    "path", ["runs/", "runs/new", "plan/", "plan/drafts/", "releases/", "releases/preview"]
)
def test_pages_without_anything(owner: FlaskClient, fair: SmallFair, path: str) -> None:
    assert "<h1" in get(owner, fair, path)


def test_a_run_is_ordered_followed_and_certified(
    app: SalonFlask, session: Session, owner: FlaskClient, fair: SmallFair
) -> None:
    there = post(owner, fair, "runs/new", preset="most_meetings", time_limit_s="30", seed="1",
                 rank_must_meets="1", rank_value="2", rank_min_shortfall="3", rank_fairness="4",
                 rank_breaks="5", rank_table_moves="6")  # fmt: skip
    assert there.endswith("/runs/1")
    assert "Calcul en file" in get(owner, fair, "runs/1")
    progress = owner.get(url(fair, "runs/1/progress"), base_url=BASE).json
    assert progress is not None and progress["state"] == "queued" and progress["active"]
    second = post(owner, fair, "runs/new", 409, preset="fairest", time_limit_s="30", seed="7",
                  rank_must_meets="1", rank_value="2", rank_min_shortfall="3", rank_fairness="4",
                  rank_breaks="5", rank_table_moves="6")  # fmt: skip
    assert "Le calcul n° 1 est déjà en cours" in second and "/runs/1" in second and 'value="7"' in second


def test_the_certificate(app: SalonFlask, session: Session, owner: FlaskClient, fair: SmallFair) -> None:
    run_now(app, session, fair)
    text = get(owner, fair, "runs/1/result")
    assert "Plan vérifié : 28 règles, 0 manquement" in text
    assert "Tous les vœux sont servis." in text
    assert owner.get(url(fair, "runs/1"), base_url=BASE).status_code == 302
    file = owner.post(url(fair, "runs/1/replay"), base_url=BASE)
    replay = json.loads(file.text)
    assert len(replay["meetings"]) == 9 and replay["settings"]["seed"] == 1
    assert fair.buyers[0].last_name not in file.text
    get(owner, fair, "runs/1/unserved")
    assert "Calcul n° 1" in get(owner, fair, "runs/")
    assert "9 rendez-vous" in get(owner, fair, "plan/")


def test_a_custom_order_needs_six_ranks(owner: FlaskClient, fair: SmallFair) -> None:
    text = post(owner, fair, "runs/new", 422, preset="fairest", time_limit_s="120", seed="42", own_order="y",
                rank_must_meets="1", rank_value="1", rank_min_shortfall="3", rank_fairness="4",
                rank_breaks="5", rank_table_moves="6")  # fmt: skip
    assert "Donnez un rang différent" in text and 'value="42"' in text


@pytest.mark.parametrize(("field", "value"), [("seed", "x"), ("preset", "best"), ("time_limit_s", "9999")])
def test_odd_run_forms_are_refused(owner: FlaskClient, fair: SmallFair, field: str, value: str) -> None:
    data = {"preset": "fairest", "time_limit_s": "30", "seed": "1", field: value}
    ranks = {f"rank_{name}": str(n) for n, name in enumerate(
        ("must_meets", "value", "min_shortfall", "fairness", "breaks", "table_moves"), start=1)}  # fmt: skip
    post(owner, fair, "runs/new", 422, **data, **ranks)


def test_a_queued_run_is_cancelled(session: Session, owner: FlaskClient, fair: SmallFair) -> None:
    run_id = order_run(session, fair).id
    post(owner, fair, "runs/1/cancel")
    session.rollback()
    assert session.get_one(SolverRun, run_id, populate_existing=True).state is RunState.CANCELLED
    post(owner, fair, "runs/1/cancel", 409)
    assert "arrêté avant d’avoir un plan" in get(owner, fair, "runs/1/result")


@pytest.mark.parametrize("view", ["slots", "people", "tables", "nonsense"])
def test_the_plan_is_read_in_every_view(owner: FlaskClient, fair: SmallFair, draft: Draft, view: str) -> None:
    assert fair.tables[0].label in get(owner, fair, f"plan/?view={view}")
    assert "<h1" in get(owner, fair, f"plan/?view={view}&q=zzzz&slot=x&p=-3")
    assert fair.tables[1].label in get(owner, fair, f"plan/?view={view}&all=1")


def test_a_meeting_is_added_by_form(
    session: Session, owner: FlaskClient, fair: SmallFair, draft: Draft
) -> None:
    text = get(owner, fair, "plan/meetings/new")
    assert fair.buyers[0].last_name in text
    get(owner, fair, "plan/meetings/new?first=x&second=y", 422)
    people = {"first": str(fair.buyers[0].id), "second": str(fair.suppliers[1].id)}
    place = {"version": str(draft.version), "spot": f"{fair.slots[1].id}:{fair.tables[0].id}"}
    post(owner, fair, "plan/meetings/new", **people, **place)
    session.rollback()
    assert len(session.scalars(select(Placement)).all()) == 4
    stale = post(owner, fair, "plan/meetings/new", 409, **people, **{**place, "spot": "1:1"})
    assert "entre-temps" in stale
    taken = {"version": str(draft.version), "spot": f"{fair.slots[0].id}:{fair.tables[0].id}"}
    refused = post(owner, fair, "plan/meetings/new", 422, first=str(fair.buyers[0].id),
                   second=str(fair.suppliers[2].id), **taken)  # fmt: skip
    assert "a déjà un rendez-vous" in refused
    for spot in ("", "x", "1:x", "999999999999:1"):
        post(owner, fair, "plan/meetings/new", 422, **people, version=taken["version"], spot=spot)


def test_a_meeting_is_moved_locked_removed_and_undone(
    session: Session, owner: FlaskClient, fair: SmallFair, draft: Draft
) -> None:
    placement = session.scalars(select(Placement).order_by(Placement.id)).first()
    assert placement is not None
    path, version = f"plan/meetings/{placement.id}", draft.version
    assert "Verrouiller" in get(owner, fair, path)
    spot = f"{fair.slots[2].id}:{fair.tables[0].id}"
    post(owner, fair, f"{path}/move", version=str(version), spot=spot)
    post(owner, fair, f"{path}/move", 409, version=str(version), spot=spot)
    post(owner, fair, f"{path}/lock", version=str(version + 1))
    assert "verrouillé" in get(owner, fair, path)
    assert "verrouillé" in post(owner, fair, f"{path}/remove", 409, version=str(version + 2))
    post(owner, fair, f"{path}/unlock", version=str(version + 2))
    post(owner, fair, f"{path}/remove", version=str(version + 3))
    assert "a retiré ce rendez-vous" in get(owner, fair, path, 410)
    assert "le retrait de" in get(owner, fair, "plan/")
    post(owner, fair, "plan/undo", version=str(version + 4))
    post(owner, fair, "plan/undo", 409, version=str(version + 4))
    session.rollback()
    last = session.scalars(select(Placement.id).order_by(Placement.id.desc())).first()
    assert client_post_status(owner, fair, f"plan/meetings/{last}/nonsense") == 404


def test_a_meeting_that_a_colleague_took_out_says_so_and_leads_back(
    app: SalonFlask, session: Session, make: Factory, owner: FlaskClient, fair: SmallFair, draft: Draft
) -> None:
    placement, version = session.scalars(select(Placement.id).order_by(Placement.id)).first(), draft.version
    colleague = app.test_client()
    enter(colleague, make.member(fair.edition, Role.ORGANISER, make.account(name="Denis Lebrun")))
    path = f"plan/meetings/{placement}"
    post(colleague, fair, f"{path}/remove", version=str(version))
    page = get(owner, fair, path, 410)
    assert "Denis Lebrun a retiré ce rendez-vous du brouillon n° 1" in page.replace("\u202f", " ")
    assert "n’est pas enregistrée" not in page
    assert "plan/?slot=" in page
    for act in ("move", "lock", "unlock", "remove"):
        asked = post(owner, fair, f"{path}/{act}", 410, version=str(version), spot="1:1")
        assert "Votre demande n’est pas enregistrée" in asked
    english = get(owner, fair, f"{path}?lang=en", 410)
    assert "Denis Lebrun removed this meeting" in english
    owner.get("/?lang=fr", base_url=BASE)
    post(colleague, fair, "plan/undo", version=str(version + 1))
    session.rollback()
    back = session.scalars(select(Placement.id).order_by(Placement.id.desc())).first()
    assert f'plan/meetings/{back}"' in get(owner, fair, path, 410)


def test_a_meeting_that_never_was_is_not_found(
    session: Session, make: Factory, owner: FlaskClient, fair: SmallFair, draft: Draft
) -> None:
    """Nor one of another edition: its removal is told in its own edition only."""
    placement = session.scalars(select(Placement.id)).first()
    post(owner, fair, f"plan/meetings/{placement}/remove", version=str(draft.version))
    get(owner, fair, "plan/meetings/999999", 404)
    session.rollback()
    other = make.edition()
    make.member(other, Role.OWNER, fair.owner)
    slug = other.slug
    session.commit()
    answer = owner.get(f"/o/{slug}/plan/meetings/{placement}", base_url=BASE)
    assert answer.status_code == 404


def test_a_meeting_of_somebody_who_withdrew_says_so(
    session: Session, owner: FlaskClient, fair: SmallFair, draft: Draft
) -> None:
    seat = session.scalars(select(Seat)).first()
    assert seat is not None
    placement = seat.placement_id
    who = session.get_one(Delegate, seat.delegate_id)
    plan_edit.free_person(session, fair.actor, NOW, delegate=who)
    session.commit()
    assert "une personne qui ne vient plus" in get(owner, fair, f"plan/meetings/{placement}", 410)


def test_a_plan_changed_meanwhile_shows_both_versions(
    session: Session, owner: FlaskClient, fair: SmallFair, draft: Draft
) -> None:
    first, second, third = session.scalars(select(Placement.id).order_by(Placement.id)).all()
    version = str(draft.version)
    there = f"{fair.slots[2].id}:{fair.tables[0].id}"
    post(owner, fair, f"plan/meetings/{first}/move", version=version, spot=there)
    late = post(owner, fair, f"plan/meetings/{second}/move", 409, version=version,
                spot=f"{fair.slots[3].id}:{fair.tables[1].id}")  # fmt: skip
    told = late.split("Deux versions existent")[1].split("</section>")[0]
    assert "Déplacé" in told
    assert f"table {fair.tables[0].label}</ins>" in told
    assert f"Vous demandiez :</b> 10 h 15, table {fair.tables[1].label}" in told
    session.rollback()
    removed = post(owner, fair, f"plan/meetings/{third}/remove", 409, version=version)
    assert "Vous demandiez :</b> retirer" in removed
    post(owner, fair, f"plan/meetings/{third}/lock", 409, version="0")
    post(owner, fair, "plan/undo", version=str(int(version) + 1))
    after = post(owner, fair, f"plan/meetings/{third}/lock", 409, version=str(int(version) + 1))
    told = after.split("Deux versions existent")[1].split("</section>")[0]
    assert told.count("<li>") == 1  # the page of that version knew the first change
    assert f"table {fair.tables[0].label}</del>" in told


def client_post_status(client: FlaskClient, fair: SmallFair, path: str) -> int:
    return client.post(url(fair, path), base_url=BASE).status_code


def test_an_earlier_draft_comes_back(
    session: Session, owner: FlaskClient, fair: SmallFair, draft: Draft
) -> None:
    post(owner, fair, "plan/start")
    assert "Lecture seule" in get(owner, fair, "plan/drafts/1")
    assert "Brouillon n° 1" in get(owner, fair, "plan/drafts/")
    post(owner, fair, "plan/drafts/1/current")
    post(owner, fair, "plan/drafts/1/current", 409)
    assert "3 rendez-vous" in get(owner, fair, "plan/")


def fingerprint(text: str) -> str:
    return text.split('name="fingerprint"')[1].split('value="')[1].split('"')[0]


def test_publishing_signs_what_was_seen(
    session: Session, owner: FlaskClient, fair: SmallFair, draft: Draft
) -> None:
    fair.buyers[0].min_override = 2
    session.commit()
    text = get(owner, fair, "releases/preview")
    seen = fingerprint(text)
    assert "1 point à accepter" in text and "6 messages partiront" in text
    missing = post(owner, fair, "releases/preview", 409, fingerprint=seen, stage="final", note="À jeudi")
    assert "Il reste 1 point à accepter" in missing and "À jeudi" in missing
    there = post(owner, fair, "releases/preview", fingerprint=seen, stage="final", note="À jeudi",
                 acknowledged="below_minimum")  # fmt: skip
    assert there.endswith("/releases/1")
    assert "À jeudi" in get(owner, fair, "releases/1")
    session.rollback()
    assert len(session.scalars(select(OutboxMail)).all()) == 6
    again = post(owner, fair, "releases/preview", 409, fingerprint=seen, stage="final",
                 acknowledged="below_minimum")  # fmt: skip
    assert "La situation a changé depuis votre relecture" in again and fingerprint(again) != seen
    assert len(session.scalars(select(Release)).all()) == 1


def test_releases_are_listed_compared_and_reopened(
    session: Session, owner: FlaskClient, fair: SmallFair, draft: Draft
) -> None:
    for _twice in range(2):
        text = get(owner, fair, "releases/preview")
        post(owner, fair, "releases/preview", fingerprint=fingerprint(text), stage="provisional")
    assert "Version 2" in get(owner, fair, "releases/")
    assert "Changements depuis la version 1" in get(owner, fair, "releases/2")
    for query in ("since=1&by=people", "since=x", "since=99", "by=people&p=9"):
        get(owner, fair, f"releases/2?{query}")
    get(owner, fair, "releases/9", 404)
    post(owner, fair, "releases/1/reopen")
    assert "Version rouverte" in get(owner, fair, "plan/drafts/")


def test_readers_read_and_change_nothing(
    make: Factory, session: Session, client: FlaskClient, fair: SmallFair, draft: Draft
) -> None:
    reader = make.member(fair.edition, Role.READ_ONLY)
    enter(client, reader)
    for path in ("runs/", "plan/", "plan/?view=people", "plan/drafts/", "releases/"):
        text = get(client, fair, path)
        assert 'method="post" action="/o/' not in text, path
    for path in ("runs/new", "releases/preview", "plan/start", "plan/undo"):
        assert client_post_status(client, fair, path) == 403
    get(client, fair, "runs/new", 403)
