"""Spreadsheets: no cell computes, no character breaks the file, dates are dates."""

from __future__ import annotations

import csv
import zipfile
from datetime import UTC, date, datetime, time
from io import BytesIO, StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from exports import sheets
from exports.document import Document
from exports.sheets import Column, Value
from tests.exports import samples
from tests.exports.test_text import HOSTILE

COLUMNS = (Column("Nom", 20), Column("Valeur", 30))

_STARTS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", "\x00=", "\ufeff=", "\u202e=")
_BODIES = (
    "1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://evil.example","x")', "SUM(A1:A9)", "WEBSERVICE(A1)",
    "IMPORTXML(A1)", "DDE(\"a\")", "33612345678",
)  # fmt: skip
FORMULAS = tuple(start + body for start in _STARTS for body in _BODIES)


def cells(document: Document) -> list[list[object]]:
    page = load_workbook(BytesIO(document.content)).worksheets[0]
    return [[cell.value for cell in row] for row in page.iter_rows()]


def lines(document: Document) -> list[list[str]]:
    text = document.content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline=""), delimiter=";"))


def test_over_a_hundred_formulas_stay_text() -> None:
    assert len(FORMULAS) >= 100
    rows = [(str(index), formula) for index, formula in enumerate(FORMULAS)]
    book = load_workbook(BytesIO(sheets.xlsx(COLUMNS, rows, name="x").content))
    for row in book.worksheets[0].iter_rows(min_row=2):
        assert row[1].data_type == "s", row[1].value
    for (_, formula), line in zip(rows, lines(sheets.csv(COLUMNS, rows, name="x"))[1:], strict=True):
        assert line[1].startswith("'"), formula


def test_the_formulas_do_compute_in_a_careless_sheet() -> None:
    """Negative control: openpyxl alone makes a formula of the first one."""
    book, out = Workbook(), BytesIO()
    assert book.active is not None
    book.active["A1"] = FORMULAS[0]
    book.save(out)
    assert load_workbook(BytesIO(out.getvalue())).worksheets[0]["A1"].data_type == "f"


def test_nothing_is_stripped_from_a_telephone_number() -> None:
    rows = [("Zoé", "+33 6 12 34 56 78"), ("Noé", "-12"), ("Ana", "ok")]
    assert cells(sheets.xlsx(COLUMNS, rows, name="x"))[1][1] == "+33 6 12 34 56 78"
    assert [line[1] for line in lines(sheets.csv(COLUMNS, rows, name="x"))[1:]] == [
        "'+33 6 12 34 56 78", "'-12", "ok",
    ]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_text_survives_both(value: str) -> None:
    rows = [(value, "fin")]
    assert cells(sheets.xlsx(COLUMNS, rows, name=value, sheet=value))[1][1] == "fin"
    assert lines(sheets.csv(COLUMNS, rows, name=value))[1][1] == "fin"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_any_text_keeps_its_row_and_cell(values: list[str]) -> None:
    rows = [(value, "fin") for value in values]
    back = lines(sheets.csv(COLUMNS, rows, name="x"))
    assert [line[1] for line in back] == ["Valeur", *["fin"] * len(values)]
    assert [row[1] for row in cells(sheets.xlsx(COLUMNS, rows, name="x"))] == [
        "Valeur",
        *["fin"] * len(values),
    ]


def test_values_have_their_types() -> None:
    moment = datetime(2027, 3, 28, 8, 0, tzinfo=UTC)
    values: list[Value] = [moment, date(2027, 3, 11), time(9, 20), 12, 0.5, True, None, "12"]
    columns = [Column(str(n)) for n in range(len(values))]
    document = sheets.xlsx(columns, [values], name="x", timezone="Europe/Paris")
    row = cells(document)[1]
    assert row[0] == datetime(2027, 3, 28, 10, 0)  # noqa: DTZ001 - summer time began that night
    assert row[1] in (datetime(2027, 3, 11), date(2027, 3, 11))  # noqa: DTZ001
    assert row[2:] == [time(9, 20), 12, 0.5, True, None, "12"]
    (line,) = lines(sheets.csv(columns, [values], name="x", timezone="Europe/Paris"))[1:]
    assert line == ["2027-03-28 10:00", "2027-03-11", "09:20", "12", "0,5", "1", "", "12"]


def test_naive_datetimes_and_ragged_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        sheets.xlsx(COLUMNS, [("x", datetime(2027, 3, 11))], name="x")  # noqa: DTZ001
    for make in (sheets.xlsx, sheets.csv):
        with pytest.raises(ValueError, match="2 columns but 1 cells"):
            make(COLUMNS, [("x",)], name="x")


def test_the_sheet_is_comfortable() -> None:
    page = load_workbook(BytesIO(sheets.xlsx(COLUMNS, [("a", "b")], name="x").content)).worksheets[0]
    assert page.freeze_panes == "A2" and page.auto_filter.ref == "A1:B2"
    assert page["A1"].font.b and page.column_dimensions["B"].width == 30


def test_equal_rows_give_equal_bytes() -> None:
    once, twice = (sheets.xlsx(COLUMNS, [("a", "b")], name="x").content for _ in range(2))
    assert once == twice
    with zipfile.ZipFile(BytesIO(once)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_csv_opens_in_a_french_excel() -> None:
    content = sheets.csv(COLUMNS, [("Zoé", "a;b"), ("x\ny", 'dit "oui"')], name="x").content
    assert content.startswith(b"\xef\xbb\xbfNom;Valeur\r\n")
    assert lines(Document("", "", content))[1:] == [["Zoé", "a;b"], ["x\ny", 'dit "oui"']]


def test_planning_says_the_same_in_both() -> None:
    book, text = sheets.planning(samples.planning(2, 12), brand=samples.BRAND)
    assert (book.filename, text.filename) == (
        "planning-passerelles-2027.xlsx",
        "planning-passerelles-2027.csv",
    )
    rows, other = cells(book), lines(text)
    assert len(rows) == len(other) == 25
    assert (
        [row[3] for row in rows[1:13]]
        == [line[3] for line in other[1:13]]
        == [f"T{n:02}" for n in range(1, 13)]
    )
    first = rows[1]
    assert (
        first[1] == time(9, 0)
        and first[2] == time(9, 20)
        and other[1][:3] == ["2027-03-11", "09:00", "09:20"]
    )
    assert other[1][4:12] == [
        "Zone Loire", "Menuiserie du Sillon", "Aminata Koné", "E", "Métropole de Brévenne",
        "Claire Béranger", "A", "Prévu",
    ]  # fmt: skip


def test_five_thousand_rows_take_seconds() -> None:
    """P7: an export of thousands of rows stays far below ten seconds."""
    import time as clock

    rows = [[f"valeur {n}"] * 10 for n in range(5000)]
    started = clock.process_time()
    sheets.xlsx([Column(str(n)) for n in range(10)], rows, name="x")
    assert clock.process_time() - started < 10
