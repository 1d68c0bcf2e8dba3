"""Agendas: what the page says, where it breaks, who can read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from jinja2 import Environment

from exports import agendas
from exports.agenda_layout import Kind, Setter
from exports.agendas import Order
from exports.chunks import HandPress
from exports.document import environment
from exports.fonts import FontSet
from exports.pictures import Case
from exports.rows import AgendaRow, Brand, FloorPlan, MeetingStatus, Stage, Zone
from tests.exports import samples
from tests.exports.conftest import TEMPLATES, texts
from tests.exports.test_text import HOSTILE

BRAND = samples.BRAND


@pytest.fixture
def setter(env: Environment, fontset: FontSet) -> Setter:
    return Setter(BRAND, env, fontset)


def test_the_page_says_what_the_rows_say(env: Environment, fontset: FontSet) -> None:
    """Snapshot of the reading order: head, name, table row by row, plan aside, foot."""
    document = agendas.pdf(samples.agenda(4), env, brand=BRAND, fonts=fontset)
    assert document.filename == "agenda-de-claire-beranger-passerelles-2027.pdf"
    (page,) = texts(document.content)
    for part in (
        "Passerelles 2027 Rencontres d’affaires de l’économie sociale et solidaire",
        "Jeudi 11 mars 2027 Halle des Docks, Nantes",
        "Claire Béranger",
        "Métropole de Brévenne, responsable des achats",
        "4 rendez-vous de 20 minutes, 5 minutes pour changer de table.",
        "09 h 20 09 h 40 T12 Intérim Horizon Ouest Lucie Garnier, responsable d’agence",
        "Propose : agencement et mobilier en bois local Cherche : locaux d’atelier, 300 m²",
        "★ à ne pas manquer",
        "↔ déplacé, était à 10 h 35",
        "Zone Loire",
        "T41 T42 T43",
        "Bon à savoir",
        "Version 2 définitive, publiée le jeudi 4 mars 2027 à 10 h 12",
        "Page 1 sur 1",
    ):
        assert part in page, part


def test_english_comes_from_the_locale(fontset: FontSet) -> None:
    english = environment(TEMPLATES, locale="en")
    (page,) = texts(agendas.pdf(samples.agenda(1), english, brand=BRAND, fonts=fontset).content)
    assert "Thursday 11 March 2027" in page and "9:20 9:40" in page


@pytest.mark.parametrize(
    ("meetings", "pages", "plan_on"), [(0, 1, 1), (1, 1, 1), (9, 1, 1), (12, 2, 2), (16, 2, 2)]
)
def test_where_the_plan_goes(setter: Setter, meetings: int, pages: int, plan_on: int) -> None:
    laid = setter.pages(samples.agenda(meetings))
    assert len(laid) == pages
    assert [page.number for page in laid if page.floor] == [plan_on]
    assert sum(e.kind is Kind.MEETING for page in laid for e in page.entries) == meetings


def test_ten_and_eleven_plain_meetings_keep_the_plan_beside(setter: Setter) -> None:
    plain = tuple(
        AgendaRow(samples.at(9, 0) + timedelta(minutes=25 * i), samples.at(9, 20) + timedelta(minutes=25 * i),
                  f"T{i}", "Papier Libre", "Élise Montreuil", offers=("papier " * 30,))
        for i in range(11)
    )  # fmt: skip
    for count in (10, 11):
        assert len(setter.pages(samples.agenda(0, rows=plain[:count]))) == 1


def test_every_page_holds_what_was_put_on_it(setter: Setter) -> None:
    """Heights never exceed the page, even for sixty meetings of the longest names."""
    row = samples.rows(9)[8]
    steps = [timedelta(minutes=25 * i) for i in range(60)]
    many = tuple(replace(row, start=row.start + step, end=row.end + step) for step in steps)
    pages = setter.pages(samples.agenda(0, rows=many))
    assert sum(len([e for e in p.entries if e.kind is Kind.MEETING]) for p in pages) == 60
    for page in pages:
        assert page.table_top + 6.5 + sum(e.height for e in page.entries) <= 282


def _boxes(box: Any) -> Iterator[Any]:
    """Every box of a page; WeasyPrint hides absolute ones behind a placeholder."""
    box = getattr(box, "_box", box)
    yield box
    for child in getattr(box, "children", ()):
        yield from _boxes(child)


@pytest.mark.parametrize("meetings", [8, 12, 16])
def test_the_engine_lays_out_what_was_computed(setter: Setter, meetings: int) -> None:
    """WeasyPrint's own rows are as high as ours: nothing wraps, nothing grows, lines and frames fit their words."""
    from exports import marks
    from exports.document import closed_fetcher, font_configuration, page_class, stylesheet_of

    agenda, fonts = samples.agenda(meetings), setter.fonts
    case = Case(fonts, "fr")
    html = agendas.page_html([agenda], setter, marks.assets(None), case, title="x")
    sheets = [stylesheet_of(css, fonts.folder) for css in (fonts.css, agendas.stylesheet(BRAND, setter.env))]
    laid = page_class()(html, closed_fetcher(marks.assets(None))).render(
        stylesheets=sheets,
        font_config=font_configuration(fonts.folder),
        cache={f"asset:{name}": picture for name, picture in case.pictures.items()},
    )
    rows = [box for box in _boxes(laid.pages[0]._page_box) if box.element_tag == "tr"]
    expected = [entry.height for entry in setter.pages(agenda)[0].entries]
    assert [box.height * 25.4 / 96 for box in rows] == pytest.approx([6.5, *expected], abs=0.05)


def test_days_are_named_when_there_are_several(setter: Setter) -> None:
    first, second = samples.rows(2)
    shift = timedelta(days=1)
    moved = AgendaRow(second.start + shift, second.end + shift, "T1", "Papier Libre")
    entries = setter.pages(samples.agenda(0, rows=(first, moved), breaks=()))[0].entries
    assert [e.name[0] for e in entries if e.kind is Kind.DAY] == ["Jeudi 11 mars", "Vendredi 12 mars"]


def test_summer_time_changes_in_the_night(env: Environment, fontset: FontSet) -> None:
    """28 March 2027: 8:00 UTC is 10 h 00 in Paris, the day before it is 9 h 00."""
    brand = Brand(
        "Fête",
        "",
        "Nantes",
        datetime(2027, 3, 27, tzinfo=UTC).date(),
        datetime(2027, 3, 28, tzinfo=UTC).date(),
        "Europe/Paris",
    )
    rows = tuple(
        AgendaRow(
            datetime(2027, 3, day, 8, 0, tzinfo=UTC), datetime(2027, 3, day, 8, 20, tzinfo=UTC), "T1", "X"
        )
        for day in (27, 28)
    )
    entries = Setter(brand, env, fontset).pages(samples.agenda(0, rows=rows, breaks=()))[0].entries
    assert [e.start for e in entries if e.kind is Kind.MEETING] == ["09\u00a0h\u00a000", "10\u00a0h\u00a000"]


def test_cancelled_meetings_stay_struck_and_uncounted(env: Environment, fontset: FontSet) -> None:
    first, second = samples.rows(2)
    gone = AgendaRow(second.start, second.end, "T99", second.counterpart, status=MeetingStatus.CANCELLED)
    (page,) = texts(
        agendas.pdf(samples.agenda(0, rows=(first, gone)), env, brand=BRAND, fonts=fontset).content
    )
    assert "1 rendez-vous de 20 minutes" in page and "× annulé" in page and "T99" not in page


def test_a_draft_says_so(env: Environment, fontset: FontSet) -> None:
    draft = samples.agenda(1, stage=Stage.DRAFT, release_number=None)
    (page,) = texts(agendas.pdf(draft, env, brand=BRAND, fonts=fontset).content)
    assert "Brouillon, non publié" in page
    (final,) = texts(agendas.pdf(samples.agenda(1), env, brand=BRAND, fonts=fontset).content)
    assert "Brouillon" not in final


def _structure(content: bytes) -> tuple[set[str], list[str]]:
    """The tags used and the alternative texts of pictures."""
    with pikepdf.open(BytesIO(content)) as pdf:
        items = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o and "/P" in o]
        assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == "fr" and "/StructTreeRoot" in pdf.Root
        return {str(o.S) for o in items}, [str(o.Alt) for o in items if "/Alt" in o]


def test_the_pdf_is_tagged_with_a_real_table(
    env: Environment, fontset: FontSet, caplog: pytest.LogCaptureFixture
) -> None:
    document = agendas.pdf(samples.agenda(8), env, brand=BRAND, fonts=fontset)
    tags, pictures = _structure(document.content)
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/TR", "/Figure"} <= tags
    assert pictures == [
        "Code à scanner vers l’agenda à jour\u202f: HTTPS://SALON.EXAMPLE/A/K7QM2XV9",
        "Plan de la salle\u202f; vos tables\u202f: T12, T03, S1, T04, T07, S2, T21, T09",
    ]
    assert "alt" not in caplog.text and "not" not in caplog.text.lower().replace("note", "")


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_text_stays_text(env: Environment, fontset: FontSet, value: str) -> None:
    row = samples.rows(1)[0]
    evil = AgendaRow(
        row.start,
        row.end,
        value,
        value,
        value,
        value,
        (value,),
        (value,),
        (value,),
        was=value,
        status=MeetingStatus.MOVED,
    )
    agenda = samples.agenda(
        0, rows=(evil,), person=value, organisation=value, job_title=value,
        floor=FloorPlan((Zone(value, (value, "T1")),), (value,), value),
    )  # fmt: skip
    brand = Brand(value, value, value, BRAND.first_day, BRAND.last_day, "Europe/Paris", info=(value, value))
    document = agendas.pdf(agenda, env, brand=brand, fonts=fontset)
    pages = texts(document.content)
    assert len(pages) == 1
    assert document.filename.isascii() and document.filename.endswith(".pdf")
    with pikepdf.open(BytesIO(document.content)) as pdf:
        assert not [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/URI" in o]
    if value.startswith("<script>"):
        assert "<script>alert" in pages[0]  # printed, not obeyed


def test_equal_agendas_give_equal_bytes(env: Environment, fontset: FontSet) -> None:
    once, twice = (agendas.pdf(samples.agenda(3), env, brand=BRAND, fonts=fontset).content for _ in range(2))
    assert once == twice
    assert once != agendas.pdf(samples.agenda(4), env, brand=BRAND, fonts=fontset).content


def test_the_pile_is_sorted_titled_and_complete(press: HandPress) -> None:
    people = [("Zoé Éluard", "Papier Libre"), ("Noé Barreau", "Ateliers"), ("Ana de Kersaint", "Menuiserie")]
    pile = [samples.agenda(1, person=p, organisation=o, floor=None) for p, o in people]
    steps: list[tuple[int, int]] = []
    document = agendas.bulk(pile, press, brand=BRAND, on_progress=lambda done, of: steps.append((done, of)))
    names = [next(p for p, _ in people if p in page) for page in texts(document.content)]
    assert names == ["Noé Barreau", "Zoé Éluard", "Ana de Kersaint"]
    assert steps == [(1, 1)]
    with pikepdf.open(BytesIO(document.content)) as pdf:
        assert str(pdf.Root.Lang) == "fr" and str(pdf.docinfo.get("/Title", "")) in (
            "",
            "Agendas – Passerelles 2027",
        )
        assert pdf.open_metadata()["dc:title"] == "Agendas – Passerelles 2027"
    ordered = agendas.in_print_order(pile, Order.ORGANISATION)
    assert [a.organisation for a in ordered] == ["Ateliers", "Menuiserie", "Papier Libre"]


def test_recto_starts_each_agenda_on_a_new_leaf(press: HandPress) -> None:
    pile = [samples.agenda(1, surname=f"{i}") for i in range(3)]
    pages = texts(agendas.bulk(pile, press, brand=BRAND, recto=True).content)
    assert [bool(page) for page in pages] == [True, False] * 3
    assert len(texts(agendas.bulk(pile, press, brand=BRAND).content)) == 3


def test_rows_refuse_what_would_print_wrong() -> None:
    moment = samples.at(9, 0)
    with pytest.raises(TypeError, match="offers"):
        AgendaRow(moment, moment, "T1", "X", offers="linge")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="aware"):
        AgendaRow(datetime(2027, 3, 11, 9, 0), moment, "T1", "X")  # noqa: DTZ001 - refused on purpose
    with pytest.raises(ValueError, match="PNG"):
        Brand("x", "", "", BRAND.first_day, BRAND.last_day, "Europe/Paris", logo=b"<svg/>")
    with pytest.raises(Exception, match="Mars"):
        Brand("x", "", "", BRAND.first_day, BRAND.last_day, "Mars/Olympus")
    assert AgendaRow(moment, moment, "T1", "X", status="moved").status is MeetingStatus.MOVED  # type: ignore[arg-type]
