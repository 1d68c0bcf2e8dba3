"""Papers of the room: every meeting once, every name once, in the order people look for."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from jinja2 import Environment

from exports import table_plans
from exports.fonts import FontSet
from exports.rows import DoorRow, PlanningRow, Stamp, TableSign
from exports.table_plans import Print
from tests.exports import samples
from tests.exports.conftest import texts
from tests.exports.test_text import HOSTILE


@pytest.fixture
def run(env: Environment, fontset: FontSet) -> Print:
    return Print(samples.BRAND, Stamp(2, published_at=samples.agenda().published_at), env, fontset)


@pytest.mark.parametrize(("paper", "pages"), [("A3", 2), ("A4", 4)])
def test_a_slot_plan_shows_every_table(run: Print, paper: str, pages: int) -> None:
    found = texts(table_plans.per_slot(samples.planning(2, 60), run, paper=paper).content)
    assert len(found) == pages
    for hour in ("09 h 00", "09 h 25"):
        whole = " ".join(page for page in found if page.startswith(hour))
        assert [f"T{n:02}" in whole for n in range(1, 61)] == [True] * 60
    assert all("Version 2 définitive" in page for page in found)


def test_cancelled_meetings_are_not_on_the_plans(run: Print) -> None:
    row = samples.planning(1, 1)[0]
    gone = PlanningRow(row.start, row.end, "T77", "Fantôme", "X", status="cancelled")  # type: ignore[arg-type]
    for make in (table_plans.per_slot, table_plans.per_table):
        page = " ".join(texts(make([row, gone], run).content))
        assert "T01" in page and "T77" not in page and "Fantôme" not in page


def test_an_empty_plan_says_so(run: Print) -> None:
    for make in (table_plans.per_slot, table_plans.per_table):
        assert "Aucun rendez-vous placé." in texts(make([], run).content)[0]


def test_a_table_day_has_sixteen_rows_a_page(run: Print) -> None:
    found = texts(table_plans.per_table(samples.planning(17, 2), run).content)
    assert [page.split()[0] for page in found] == ["T01", "T01", "T02", "T02"]
    assert found[0].count(" h ") == 16 + 1  # the stamp's hour


def test_signs_stand_on_both_faces(run: Print) -> None:
    signs = (*samples.SIGNS, TableSign("T2"), TableSign("Salon de thé du premier étage"))
    found = texts(table_plans.signs(signs, run).content)
    assert len(found) == 4
    assert found[0].count("S1") == 2 and found[0].count("Blanchisserie Belle-Étoile") == 2
    assert "plain-pied" in found[3] and "plain-pied" not in found[2]  # T2 comes before T03


def test_the_door_list_is_sorted_with_letters(run: Print) -> None:
    document = table_plans.door_list(samples.DOOR, run)
    (page,) = texts(document.content)
    order = [page.index(name) for name in ("Amrani", "Béranger", "de Kersaint-Aubry", "Éluard")]
    assert order == sorted(order) and "4 personnes" in page
    with pikepdf.open(BytesIO(document.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == "fr"


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_text_prints(run: Print, value: str) -> None:
    row = samples.planning(1, 1)[0]
    evil = PlanningRow(row.start, row.end, value, value, value, value, value, zone=value)
    assert texts(table_plans.per_slot([evil], run).content)
    assert texts(table_plans.per_table([evil], run).content)
    assert texts(table_plans.door_list([DoorRow(value, value, value, value, value)], run).content)
    assert texts(table_plans.signs([TableSign(value, value, value)], run).content)
