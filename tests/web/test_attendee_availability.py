"""The grid of the real slots: boxes that work without script, limits, conflicts, the end of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus
from salon.models import Absence, Delegate, Slot
from tests.conftest import BASE
from tests.factories import Factory
from tests.web.attendees import LIVE, Visit, visit
from tests.web.conftest import CountQueries


@pytest.fixture
def me(session: Session, make: Factory, client: FlaskClient) -> Visit:
    return visit(session, make, client)


@pytest.fixture
def slots(me: Visit) -> list[Slot]:
    rows = me.make.slots(me.edition, 12)
    me.session.commit()
    return rows


def boxes(page: str) -> dict[str, bool]:
    """Each box of the grid and whether it is ticked."""
    found = re.findall(r'<input type="checkbox" name="open" value="([^"]+)"([^>]*)>', page)
    return {value: "checked" in rest for value, rest in found}


def form(page: str, ticked: list[str], **changes: Any) -> dict[str, Any]:
    shown = re.search(r'name="fingerprint"[^>]*value="([^"]*)"', page)
    assert shown
    return {"fingerprint": shown[1], "open": ticked, "interpreter": "", **changes}


def away(me: Visit, who: Delegate) -> set[int]:
    return set(me.session.scalars(select(Absence.slot_id).where(Absence.delegate_id == who.id)))


def test_it_shows_the_real_hours_in_half_days(me: Visit, slots: list[Slot]) -> None:
    page = me.get("/availability")
    assert "12 créneaux cochés sur 12" in page
    assert "jeudi 11 mars" in page
    assert "matin" in page
    assert "après-midi" in page
    assert "09 h 00" in page
    assert boxes(page) == {f"{me.me.id}:{slot.id}": True for slot in slots}


def test_unticking_is_saved_and_shown(me: Visit, slots: list[Slot]) -> None:
    page = me.get("/availability")
    kept = [f"{me.me.id}:{slot.id}" for slot in slots[2:]]
    me.post("/availability", form(page, kept, max_meetings="7", stays_put="y"))
    assert away(me, me.me) == {slot.id for slot in slots[:2]}
    assert (me.me.max_meetings, me.me.stays_put) == (7, True)
    page = me.get("/availability")
    assert "10 créneaux cochés sur 12" in page
    assert [value for value, ticked in boxes(page).items() if ticked] == kept
    assert 'value="7"' in page


def test_the_contact_sets_colleagues_too_and_a_colleague_does_not(me: Visit, slots: list[Slot]) -> None:
    lou = me.colleague(first_name="Lou")
    me.session.commit()
    page = me.get("/availability")
    assert len(boxes(page)) == 24
    me.post("/availability", form(page, [f"{me.me.id}:{slot.id}" for slot in slots]))
    assert (away(me, me.me), away(me, lou)) == (set(), {slot.id for slot in slots})
    me.becomes(DelegateStatus.APPROVED, is_lead=False)
    page = me.get("/availability")
    assert len(boxes(page)) == 12
    me.post("/availability", form(page, [f"{lou.id}:{slots[0].id}"]), 422)


def test_few_slots_are_said_but_not_refused(me: Visit, slots: list[Slot]) -> None:
    page = me.get("/availability")
    me.post("/availability", form(page, [f"{me.me.id}:{slot.id}" for slot in slots[:3]]))
    assert "Avec 3 créneaux, comptez sur 3 rendez-vous au plus" in me.get("/availability")
    me.post("/availability", form(me.get("/availability"), []))
    assert "Sans créneau, aucun rendez-vous n’est possible" in me.get("/availability")


@pytest.mark.parametrize("most", ["0", "100", "-3", "beaucoup", "1e3"])
def test_an_impossible_maximum_keeps_the_boxes(me: Visit, slots: list[Slot], most: str) -> None:
    page = me.get("/availability")
    kept = [f"{me.me.id}:{slots[0].id}"]
    answer = me.post("/availability", form(page, kept, max_meetings=most), 422).text
    assert [value for value, ticked in boxes(answer).items() if ticked] == kept
    assert away(me, me.me) == set()


@pytest.mark.parametrize("nonsense", ["", "x", "1", ":", "1:x", "9999999999999:1", "²:1"])
def test_nonsense_boxes_are_left_out(me: Visit, slots: list[Slot], nonsense: str) -> None:
    page = me.get("/availability")
    me.post("/availability", form(page, [nonsense, f"{me.me.id}:{slots[0].id}"]))
    assert len(away(me, me.me)) == 11


def test_a_grid_that_changed_meanwhile_is_said_then_saved(me: Visit, slots: list[Slot]) -> None:
    old = me.get("/availability")
    me.post("/availability", form(old, []))
    mine = [f"{me.me.id}:{slots[5].id}"]
    again = me.post("/availability", form(old, mine), 409).text
    assert [value for value, ticked in boxes(again).items() if ticked] == mine
    me.post("/availability", form(again, mine))
    assert len(away(me, me.me)) == 11


def test_the_same_form_twice_counts_once(me: Visit, slots: list[Slot]) -> None:
    page = me.get("/availability")
    data = form(page, [f"{me.me.id}:{slots[0].id}"], once="k1")
    first, second = me.post("/availability", data), me.post("/availability", data)
    assert (first.location, second.location) == (f"{me.root}/availability",) * 2


def test_without_slots_it_says_why(me: Visit) -> None:
    page = me.get("/availability")
    assert "n’a pas encore fixé les créneaux" in page
    assert boxes(page) == {}


def test_after_publication_it_is_read_only(me: Visit, slots: list[Slot]) -> None:
    before = me.get("/availability")
    me.publish()
    page = me.get("/availability")
    assert "Lecture seule" in page
    assert "Demander un changement" in page
    assert "<fieldset" in page
    assert "disabled" in page
    refused = me.post("/availability", form(before, []), 409)
    assert "Le planning est publié" in refused.text
    assert away(me, me.me) == set()


def test_nothing_to_save_once_gone(me: Visit, slots: list[Slot]) -> None:
    before = me.get("/availability")
    me.becomes(DelegateStatus.WITHDRAWN)
    assert "rien ne peut être modifié" in me.get("/availability")
    me.post("/availability", form(before, []), 409)


def test_it_costs_the_same_with_more_slots_and_colleagues(me: Visit, count_queries: CountQueries) -> None:
    seen = []
    for more in (1, 3, 20):
        first = (LIVE.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=more % 12)).time()
        me.make.slots(me.edition, more, first=first)
        me.colleague()
        me.session.commit()
        with count_queries() as statements:
            assert me.client.get(f"{me.root}/availability", base_url=BASE).status_code == 200
        seen.append(len(statements))
    assert len(set(seen)) == 1, seen
    assert seen[0] <= 15
