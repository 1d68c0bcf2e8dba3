"""The wish list on screen: without script, in two tabs, sent twice, after the deadline; nothing is lost."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, Role, WishLevel
from salon.models import Account, AuditEntry, AuthSession, Organisation, Release, SolverRun
from salon.queries import wish_list
from salon.services import releases
from salon.web import SalonFlask
from tests.conftest import BASE, NOW, Browser
from tests.factories import Factory
from tests.web.conftest import CountQueries, enter, plain

LIVE = datetime.now(UTC)
MUST, MEET, NO = WishLevel.MUST, WishLevel.MEET, WishLevel.NO_THANKS


class Desk:
    """A buyer with a browser, in front of suppliers."""

    def __init__(
        self, session: Session, make: Factory, client: FlaskClient, others: int = 5, **dates: Any
    ) -> None:
        values = {"wishes_open_at": LIVE - timedelta(days=1), "wishes_close_at": LIVE + timedelta(days=4)}
        self.session, self.client, self.make = session, client, make
        self.edition = make.edition(**{**values, **dates})
        self.buyers, self.suppliers = make.two_sides(self.edition)
        self.me = make.delegate(self.edition, self.buyers)
        self.people = [
            make.delegate(self.edition, self.suppliers, make.organisation(self.edition, f"Maison {n}"))
            for n in range(others)
        ]
        self.ids = [one.organisation_id for one in self.people]
        self.url = f"/e/{self.edition.slug}/me/wishes"
        enter(client, session.get_one(Account, self.me.account_id))

    def get(self, path: str = "", status: int = 200) -> str:
        answer = self.client.get(self.url + path, base_url=BASE)
        assert answer.status_code == status, answer.text[:300]
        return plain(answer.text)

    def post(self, path: str = "", status: int = 303, client: FlaskClient | None = None, **data: Any) -> Any:
        answer = (client or self.client).post(self.url + path, data=data, base_url=BASE)
        assert answer.status_code == status, (answer.status_code, plain(answer.text)[:600])
        return answer

    def wish(self, n: int, status: int = 303, **data: Any) -> Any:
        return self.post(f"/{self.ids[n]}", status, **data)

    def stored(self) -> list[tuple[int, WishLevel]]:
        self.session.rollback()  # a new look at the store
        rows = wish_list.stored(self.session, self.me.id)
        return [(self.ids.index(row.organisation), row.level) for row in rows]

    @property
    def version(self) -> int:
        self.session.rollback()  # a new look at the store
        return wish_list.version(self.session, self.me.id)[0]


@pytest.fixture
def desk(session: Session, make: Factory, client: FlaskClient) -> Desk:
    return Desk(session, make, client)


# Buttons ----------------------------------------------------------------------------------------------------


def test_a_list_is_made_with_buttons_alone(desk: Desk) -> None:
    assert "Votre liste est vide" in desk.get()
    for n in (0, 1, 2):
        desk.wish(n, level="meet")
    desk.wish(3, level="no_thanks")
    text = desk.get()
    assert "3 vœux sur 10" in text and "Maison 0" in text and "« Non merci » : 1 structure" in text
    assert "Vous avez jusqu’au" in text and "encore 3 jours" in text
    desk.wish(2, to="1", rank="3", rank_seen="3", level="meet", version=str(desk.version))
    assert desk.stored() == [(2, MEET), (0, MEET), (1, MEET), (3, NO)]
    desk.wish(0, level="must", rank="2", rank_seen="2")
    assert desk.stored()[0] == (0, MUST)
    desk.wish(2, remove="1", level="meet")
    assert desk.stored() == [(0, MUST), (1, MEET), (3, NO)]


def test_what_was_done_is_said_and_can_be_undone(desk: Desk) -> None:
    for n in (0, 1, 2):
        desk.wish(n, level="meet")
    desk.wish(1, remove="1")
    text = desk.get()
    assert "Maison 1 n’est plus dans votre liste." in text
    forms = r'action="([^"]+/undo)".*?name="before" value="([^"]*)".*?name="was" value="([^"]*)"'
    form = list(re.finditer(forms, text, re.S))[-1]
    assert form.group(1).endswith(f"/{desk.ids[1]}/undo")
    desk.post(f"/{desk.ids[1]}/undo", before=form.group(2), was=form.group(3))
    assert desk.stored() == [(0, MEET), (1, MEET), (2, MEET)]
    desk.wish(4, level="must")
    desk.post(f"/{desk.ids[4]}/undo", before="", was="")  # it was not there: it goes
    assert desk.stored() == [(0, MEET), (1, MEET), (2, MEET)]


def test_names_in_the_message_are_text(desk: Desk, make: Factory) -> None:
    home = make.organisation(desk.edition, "<script>alert(1)</script>")
    make.delegate(desk.edition, desk.suppliers, home)
    desk.session.commit()
    desk.post(f"/{home.id}", level="meet")
    assert "<script>alert(1)" not in desk.get()


def test_from_the_catalogue_one_comes_back_to_the_same_filters(desk: Desk) -> None:
    back = f"/e/{desk.edition.slug}/me/catalogue?q=maison"
    assert desk.wish(0, level="meet", back=back).location == back
    for evil in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        assert desk.wish(1, level="meet", back=evil).location.startswith("/e/")


def test_a_person_may_be_named_and_stays_named_after_a_move(desk: Desk, make: Factory) -> None:
    home = desk.session.get_one(Organisation, desk.ids[0])
    colleague = make.delegate(desk.edition, desk.suppliers, home)
    desk.session.commit()
    desk.wish(0, level="meet", delegate=str(colleague.id), several="1", says_several="1")
    assert colleague.full_name in desk.get()
    desk.wish(0, level="must")  # a button of the catalogue says nothing of the person
    desk.session.rollback()
    row = wish_list.stored(desk.session, desk.me.id)[0]
    assert (row.level, row.delegate, row.several) == (MUST, colleague.id, True)


@pytest.mark.parametrize("back", ["", "catalogue", "card"])
def test_a_refusal_shows_the_page_one_came_from(desk: Desk, back: str) -> None:
    for n in (0, 1, 2):
        desk.wish(n, level="must")
    here = {
        "": "",
        "catalogue": f"/e/{desk.edition.slug}/me/catalogue?q=maison",
        "card": f"/e/{desk.edition.slug}/me/catalogue/{desk.ids[3]}",
    }[back]
    answer = desk.wish(3, 422, level="must", back=here)
    assert "3 structures au plus peuvent être" in plain(answer.text)
    assert desk.stored() == [(0, MUST), (1, MUST), (2, MUST)]


@pytest.mark.parametrize(
    "data",
    [
        {"level": "x"}, {"level": "meet", "rank": "-1"}, {"level": "meet", "to": "9" * 400},
        {"level": "meet", "delegate": "9" * 400}, {"level": "\x00"}, {"rank": "\x00", "level": "meet"},
        {"level": "meet", "version": "x", "to": "é"}, {"level": "meet", "delegate": "-5", "rank": "1.5"},
    ],
)  # fmt: skip
def test_nonsense_is_never_a_crash(desk: Desk, data: dict[str, str]) -> None:
    answer = desk.client.post(f"{desk.url}/{desk.ids[0]}", data=data, base_url=BASE)
    assert answer.status_code in (303, 422)
    answer = desk.client.post(f"{desk.url}/{desk.ids[0]}/undo", data={**data, "before": "zz"}, base_url=BASE)
    assert answer.status_code in (303, 422)


# The whole list ---------------------------------------------------------------------------------------------


def whole(desk: Desk, rows: list[tuple[int, str, str]], **more: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "version": str(desk.version),
        "organisation": [str(desk.ids[n]) for n, *_ in rows],
    }
    for n, rank, level in rows:
        data |= {f"rank-{desk.ids[n]}": rank, f"level-{desk.ids[n]}": level}
    return {**data, **more}


def test_the_whole_list_is_saved_at_once(desk: Desk) -> None:
    for n in (0, 1, 2, 3):
        desk.wish(n, level="meet")
    assert "Modifier toute la liste" in desk.get("/edit")
    desk.post(**whole(desk, [(0, "3", "meet"), (1, "1", "meet"), (2, "9", "no_thanks"), (3, "2", "")]))
    assert desk.stored() == [(1, MEET), (0, MEET), (2, NO)]


def test_a_refused_list_keeps_what_was_typed(desk: Desk) -> None:
    for n in range(4):
        desk.wish(n, level="meet")
    rows = [(n, str(4 - n), "must") for n in range(4)]
    text = plain(desk.post(status=422, **whole(desk, rows)).text)
    assert "3 structures au plus" in text and "Erreur –" in text
    assert text.count('value="must" selected') == 4
    shown = [int(raw) for raw in re.findall(r'name="organisation" value="(\d+)"', text)]
    assert shown == [desk.ids[n] for n in (3, 2, 1, 0)]  # in the order that was typed
    assert [level for _n, level in desk.stored()] == [MEET] * 4


def test_the_form_is_guarded_against_a_lost_session(desk: Desk) -> None:
    desk.wish(0, level="meet")
    text = desk.get("/edit")
    assert f'data-draft="wishes-{desk.edition.slug}"' in text and "data-guard" in text
    desk.session.query(AuthSession).delete()
    desk.session.commit()
    answer = desk.client.post(desk.url, data=whole(desk, [(0, "1", "must")]), base_url=BASE)
    assert answer.status_code == 401 and "votre saisie est gardée" in plain(answer.text)
    assert desk.stored() == [(0, MEET)]


def test_the_same_form_twice_counts_once(desk: Desk) -> None:
    desk.wish(0, level="meet")
    data = whole(desk, [(0, "1", "must")], once="k" * 20)
    first, second = desk.post(**data), desk.post(**data)
    assert first.location == second.location
    assert desk.stored() == [(0, MUST)] and desk.version == 2


# Two tabs ---------------------------------------------------------------------------------------------------


def test_two_tabs_show_both_lists_and_lose_nothing(desk: Desk) -> None:
    for n in (0, 1, 2):
        desk.wish(n, level="meet")
    stale = whole(desk, [(2, "1", "must"), (0, "2", "meet"), (3, "3", "meet")])
    desk.wish(4, level="meet")  # the other tab
    answer = desk.post(status=409, **stale)
    text = plain(answer.text)
    assert all(
        word in text for word in ("La liste enregistrée", "La liste de cette page", "Réunir les deux listes")
    )
    assert all(f"Maison {n}" in text for n in range(5))
    assert desk.stored() == [(0, MEET), (1, MEET), (2, MEET), (4, MEET)]  # nothing was written
    mine, both = re.findall(r'name="list" value="([^"]*)"', answer.text)
    version = re.findall(r'name="version" value="(\d+)"', answer.text)[0]
    desk.post(list=both, version=version)
    assert desk.stored() == [(2, MUST), (0, MEET), (3, MEET), (1, MEET), (4, MEET)]
    desk.post(list=mine, version=str(desk.version))
    assert desk.stored() == [(2, MUST), (0, MEET), (3, MEET)]


def test_a_move_in_a_stale_tab_is_shown_not_applied(desk: Desk) -> None:
    for n in (0, 1, 2):
        desk.wish(n, level="meet")
    seen, version = f"{desk.ids[0]}w.{desk.ids[1]}w.{desk.ids[2]}w", str(desk.version)
    desk.wish(2, level="meet", to="1", rank="3", rank_seen="3", version=version)
    late = {"level": "meet", "to": "1", "rank": "2", "rank_seen": "2", "version": version, "seen": seen}
    assert "Deux listes de vœux" in plain(desk.wish(1, 409, **late).text)
    assert desk.stored() == [(2, MEET), (0, MEET), (1, MEET)]


def test_a_wish_added_in_a_stale_tab_is_added_with_a_notice(desk: Desk) -> None:
    desk.wish(0, level="meet", version="0")
    desk.wish(1, level="meet", version="0")
    assert "avait changé dans un autre onglet" in desk.get()
    assert desk.stored() == [(0, MEET), (1, MEET)]


def test_lists_that_do_not_fit_together_say_so(desk: Desk) -> None:
    desk.edition.max_wishes = 3
    desk.session.commit()
    for n in (0, 1, 2):
        desk.wish(n, level="meet")
    stale = whole(desk, [(3, "1", "meet"), (4, "2", "meet")])
    desk.wish(0, level="must")
    text = plain(desk.post(status=409, **stale).text)
    assert "dépassent ce qu’une liste peut contenir" in text and "Réunir les deux listes" not in text


# Dates and rights -------------------------------------------------------------------------------------------


def test_after_the_deadline_the_list_is_read_only(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    desk = Desk(session, make, client, wishes_close_at=LIVE - timedelta(hours=1))
    make.wish(desk.me, session.get_one(Organisation, desk.ids[0]))
    session.commit()
    text = desk.get()
    assert "Les vœux sont clos depuis le" in text and "Maison 0" in text and 'name="to"' not in text
    assert "Les vœux sont clos" in plain(desk.wish(1, 409, level="meet").text)
    assert "Les vœux sont clos" in plain(desk.post(status=409, **whole(desk, [(0, "1", "must")])).text)
    assert desk.stored() == [(0, MEET)]


def test_before_the_opening_the_date_is_said(session: Session, make: Factory, client: FlaskClient) -> None:
    desk = Desk(session, make, client, wishes_open_at=LIVE + timedelta(days=2))
    assert "Les vœux s’ouvrent le" in desk.get()


def test_only_approved_people_have_a_list(desk: Desk) -> None:
    desk.me.status = DelegateStatus.PENDING
    desk.session.commit()
    desk.get(status=403)
    desk.wish(0, 403, level="meet")


def test_nobody_reaches_a_structure_of_another_edition(desk: Desk, make: Factory) -> None:
    other = make.edition()
    home = make.organisation(other)
    desk.session.commit()
    desk.post(f"/{home.id}", 404, level="meet")


# At once ----------------------------------------------------------------------------------------------------


def test_fifty_browsers_save_at_once(
    app: SalonFlask, session: Session, make: Factory, client: FlaskClient
) -> None:
    desk = Desk(session, make, client, others=6)
    people = [make.delegate(desk.edition, desk.buyers) for _ in range(50)]
    browsers: list[Browser] = []
    for person in people:
        browser = app.test_client()
        enter(browser, session.get_one(Account, person.account_id))
        browsers.append(browser)  # type: ignore[arg-type]
    data = whole(desk, [(n, str(n + 1), "must" if n == 0 else "meet") for n in range(6)])
    data["version"] = "0"
    answers: list[int] = []
    gate = threading.Barrier(len(browsers))

    def save(browser: Browser) -> None:
        gate.wait()
        answers.append(browser.post(desk.url, data=data, base_url=BASE).status_code)

    session.rollback()
    threads = [threading.Thread(target=save, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 50
    session.expire_all()
    wanted = [(organisation, rank) for rank, organisation in enumerate(desk.ids, 1)]
    for person in people:
        assert [(row.organisation, row.rank) for row in wish_list.stored(session, person.id)] == wanted


# After publication ------------------------------------------------------------------------------------------


def published(desk: Desk, meetings: list[int], unserved: dict[str, list[int]]) -> Release:
    """A release that serves some wishes, from a run that says why it does not serve others."""
    from salon.enums import DraftOrigin, ReleaseStage, RunPreset, RunState
    from salon.services import drafts

    make, session = desk.make, desk.session
    slots, tables = make.slots(desk.edition, 6), make.tables(desk.edition, 6)
    run = SolverRun(
        edition_id=desk.edition.id, number=1, state=RunState.DONE, preset=RunPreset.MOST_MEETINGS, problem="{}",
        problem_hash="", weights={}, seed=1, time_limit_s=1, workers=1, requested_at=NOW,
        result={"summary": {"unserved": {
            reason: [[desk.me.id, desk.ids[n], "meet", 1] for n in numbers]
            for reason, numbers in unserved.items()
        }}},
    )  # fmt: skip
    session.add(run)
    session.flush()
    places = [
        drafts.Place((desk.me.id, desk.people[n].id), slots[i].id, tables[i].id)
        for i, n in enumerate(meetings)
    ]
    draft = drafts.create(
        session, NOW, edition_id=desk.edition.id, origin=DraftOrigin.RUN, places=places, run_id=run.id
    )
    seen = releases.preview(session, desk.edition, draft)
    from salon.actor import Actor

    owner = make.member(desk.edition, Role.OWNER)
    made = releases.release(
        session, Actor(account_id=owner.id, roles={desk.edition.id: Role.OWNER}), NOW, edition=desk.edition,
        draft=draft, fingerprint=seen.fingerprint, acknowledged={one.code for one in seen.cautions},
        stage=ReleaseStage.FINAL,
    )  # fmt: skip
    session.commit()
    return made


def test_after_publication_each_wish_says_gently_what_became_of_it(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    desk = Desk(session, make, client, wishes_close_at=LIVE - timedelta(hours=1))
    for n in range(5):
        make.wish(desk.me, session.get_one(Organisation, desk.ids[n]), rank=n + 1)
    published(desk, [0], {"quota_reached": [1], "no_thanks": [2], "excluded": [3]})
    text = desk.get()
    lines = re.findall(r'<li class="wish wish-still">.*?</li>', text, re.S)
    said = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", line)) for line in lines]
    assert "09 h 00, table T" in said[0]
    assert "Agenda complet" in said[1]
    assert (
        said[2].replace("Maison 2", "").split("Souhaité")[1]
        == said[3].replace("Maison 3", "").split("Souhaité")[1]
    )
    assert "Non retenu" in said[2]  # a refusal, an exclusion: the same words
    assert said[4].rstrip().endswith("Souhaité")  # nothing known, nothing said
    for word in ("Refus", "exclu", "Exclu", "priorité"):
        assert word not in text


def test_without_a_run_nothing_is_guessed(session: Session, make: Factory, client: FlaskClient) -> None:
    desk = Desk(session, make, client, wishes_close_at=LIVE - timedelta(hours=1))
    make.wish(desk.me, session.get_one(Organisation, desk.ids[0]), rank=1)
    make.wish(desk.me, session.get_one(Organisation, desk.ids[1]), rank=2)
    published(desk, [0], {"quota_reached": [1]})
    assert "Agenda complet" in desk.get()
    session.query(SolverRun).update({"result": None})
    session.commit()
    text = desk.get()
    assert "Agenda complet" not in text and "Non retenu" not in text and "table T" in text


# Cost -------------------------------------------------------------------------------------------------------


def test_the_list_costs_the_same_whatever_its_length(
    session: Session, make: Factory, client: FlaskClient, count_queries: CountQueries
) -> None:
    desk = Desk(session, make, client, others=200, max_wishes=300)
    counts, done = [], 0
    for target in (1, 3, 200):
        for n in range(done, target):
            make.wish(desk.me, session.get_one(Organisation, desk.ids[n]), rank=n + 1)
        done = target
        session.commit()
        with count_queries() as seen:
            text = desk.get()
        assert text.count("data-sort-item") == target
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2], "\n".join(seen)
    assert counts[0] <= 15, "\n".join(seen)


# On behalf of somebody --------------------------------------------------------------------------------------


def test_an_organiser_acting_for_somebody_may_still_change_the_list(
    app: SalonFlask, session: Session, make: Factory, client: FlaskClient
) -> None:
    desk = Desk(session, make, client, wishes_close_at=LIVE - timedelta(hours=1))
    organiser = app.test_client()
    enter(organiser, make.member(desk.edition, Role.ORGANISER))
    started = organiser.post(f"/o/{desk.edition.slug}/registrations/{desk.me.id}/act", base_url=BASE)
    assert started.status_code == 303
    text = plain(organiser.get(desk.url, base_url=BASE).text)
    assert "vous modifiez cette liste à la place de la personne" in text
    desk.post(f"/{desk.ids[0]}", client=organiser, level="must")
    assert desk.stored() == [(0, MUST)]
    line = session.scalars(select(AuditEntry).where(AuditEntry.action == "wishes_saved")).one()
    assert line.acting_for_id == desk.me.id and line.account_id != desk.me.account_id
    refused = organiser.post(f"/e/{desk.edition.slug}/me/calendar", base_url=BASE)
    assert refused.status_code == 403 and "n’appartient qu’à la personne" in plain(refused.text)
