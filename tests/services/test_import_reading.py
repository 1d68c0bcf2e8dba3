"""Files are read as text under limits; what is no table, or too much of one, is refused in words."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from salon.errors import Invalid
from salon.services import import_reading as reading


def workbook(*rows: list[object], title: str = "Feuille") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(*entries: tuple[str, bytes], content_types: bool = True) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        if content_types:
            made.writestr("[Content_Types].xml", "<Types/>")
        for name, content in entries:
            made.writestr(name, content)
    return out.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        reading.read(content)
    assert caught.value.field == "file"
    return caught.value.code


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_usual_csv_is_read(separator: str, encoding: str) -> None:
    text = f"Nom{separator}Prénom\r\nLe Goff{separator}Maëlle\r\n\r\nVœux{separator}É\r\n"
    table = reading.read(text.encode(encoding))
    (sheet,) = table.sheets
    assert table.separator == separator
    assert sheet.header == ("Nom", "Prénom")
    assert [(line.number, line.cells) for line in sheet.lines] == [
        (2, ("Le Goff", "Maëlle")),
        (4, ("Vœux", "É")),
    ]


def test_quotes_line_breaks_and_ragged_rows() -> None:
    content = b'Nom;Note\n"Le ""Goff""";"deux\nlignes"\nSeul\nTrop;de;cellules\n'
    (sheet,) = reading.read(content).sheets
    assert sheet.header == ("Nom", "Note", "")
    assert sheet.lines[0].cells == ('Le "Goff"', "deux\nlignes", "")
    assert [line.number for line in sheet.lines] == [2, 3, 4]


def test_our_own_exports_come_back_as_they_were() -> None:
    (sheet,) = reading.read("Nom;Tél\nÉ;'+33 1 02\n'=1+1;'t Hof\n".encode()).sheets
    assert [line.cells for line in sheet.lines] == [("É", "+33 1 02"), ("=1+1", "'t Hof")]


def test_a_workbook_becomes_text() -> None:
    content = workbook(
        ["SIRET", "Dép", "Oui"], [12345678900012, "01", True], [None, None, None], ["=1+1", 1.5, False]
    )
    (sheet,) = reading.read(content).sheets
    assert sheet.name == "Feuille"
    assert sheet.lines[0] == reading.Line(2, ("12345678900012", "01", "oui"))
    assert sheet.lines[1].number == 4
    assert sheet.lines[1].cells[1:] == ("1.5", "non")
    assert sheet.lines[1].cells[0] in ("", "=1+1")  # openpyxl stored no result; nothing was computed


def test_a_text_that_looks_like_a_formula_stays_text() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nom", "Autre"])
    sheet.append(["x", "y"])
    sheet["A2"].value = '=cmd|" /C calc"!A0'
    sheet["A2"].data_type = "s"
    out = io.BytesIO()
    book.save(out)
    (found,) = reading.read(out.getvalue()).sheets
    assert found.lines[0].cells[0] == '=cmd|" /C calc"!A0'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"  \n ", "import_empty"),
        (b"Nom;E-mail\n", "import_no_line"),
        (b"a;b\n" + b"x" * reading.MAX_BYTES, "import_too_big"),
        (b"\xd0\xcf\x11\xe0old xls", "import_wrong_format"),
        (b"%PDF-1.7", "import_wrong_format"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "import_wrong_format"),
        (b"PK\x03\x04 not a zip", "import_unreadable"),
        (b"a;b\n" * 20_002, "import_too_many_rows"),
        (b";".join([b"a"] * 201) + b"\nx\n", "import_too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


def _lying() -> bytes:
    """A part of 60 MB that declares 1 kB: only counting the real bytes sees it."""
    content = bytearray(archive(("xl/workbook.xml", b"A" * 60_000_000)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.rindex(signature)
        content[at + offset : at + offset + 4] = (1024).to_bytes(4, "little")
    return bytes(content)


BOMBS: list[tuple[str, Callable[[], bytes], str]] = [
    ("ratio", lambda: archive(("xl/big.xml", b"A" * 40_000_000)), "import_too_big"),
    ("declared", lambda: archive(*((f"{i}.xml", b"A" * 500_000) for i in range(110))), "import_too_big"),
    ("entries", lambda: archive(*((f"{i}", b"") for i in range(1001))), "import_too_big"),
    ("no types", lambda: archive(("xl/workbook.xml", b"<x/>"), content_types=False), "import_wrong_format"),
    ("entity", lambda: archive(("xl/a.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>')), "import_unreadable"),
    ("hollow", lambda: archive(("xl/a.xml", b"<x/>")), "import_unreadable"),
]


@pytest.mark.parametrize(("content", "code"), [b[1:] for b in BOMBS], ids=[b[0] for b in BOMBS])
def test_bombs_are_refused_quickly(content: Callable[[], bytes], code: str) -> None:
    made = content()
    begun = time.monotonic()
    assert refusal(made) == code
    assert time.monotonic() - begun < 5


def test_a_declared_size_that_lies_is_refused() -> None:
    assert refusal(_lying()) in {"import_too_big", "import_unreadable"}


def test_a_sheet_of_a_thousand_million_cells_takes_only_the_child() -> None:
    """Two cells at the far corners: the reader would fill the rectangle between them."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"], sheet["XFD1048576"] = "Nom", "x", "y"
    out = io.BytesIO()
    book.save(out)
    assert refusal(out.getvalue()) in {"import_too_big", "import_too_many_rows", "import_too_many_columns"}


def test_a_sound_workbook_is_not_taken_for_a_bomb() -> None:
    rows: list[list[object]] = [["Nom", "E-mail"], *[["Nom", f"p{i}@structure.example"] for i in range(5000)]]
    (sheet,) = reading.read(workbook(*rows)).sheets
    assert len(sheet.lines) == 5000
