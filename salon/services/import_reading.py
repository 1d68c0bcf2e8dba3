"""From an uploaded file to sheets of text; every limit is checked before anything is parsed."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from salon.errors import Invalid
from salon.services import xlsx_child

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 20_000, 200, 10
MAX_CHARACTERS = 20_000_000  # of all cells together: one shared string may be shown a million times
MAX_ENTRIES, MAX_UNPACKED, MAX_RATIO = 1_000, 50 * 1024 * 1024, 100
_RATIO_FREE = 512 * 1024  # a small part may pack better than that and harm nobody
CHILD_MEMORY, CHILD_SECONDS = 1024 * 1024 * 1024, 15
SEPARATORS = (";", ",", "\t", "|")
_GUARDED = tuple("=+-@＝＋－＠\t\r")  # what our own exports hide behind an apostrophe
_CHILD = Path(__file__).with_name("xlsx_child.py")
_SAMPLE_ROWS = 50
_CODES = {
    xlsx_child.TOO_MANY_ROWS: "import_too_many_rows",
    xlsx_child.TOO_MANY_COLUMNS: "import_too_many_columns",
    xlsx_child.TOO_LONG: "import_too_big",
    xlsx_child.PROTECTED: "import_protected",
    xlsx_child.UNREADABLE: "import_unreadable",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet; `number` is 1-based, as the spreadsheet counts."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header and the filled rows below it."""

    name: str
    header: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds; `encoding` and `separator` are empty for a workbook."""

    sheets: tuple[Sheet, ...]
    encoding: str = ""
    separator: str = ""


def read(content: bytes) -> Table:
    """The sheets of a CSV or XLSX file; raises `Invalid` that names what is wrong with it."""
    if not content.strip():
        raise _refusal("import_empty")
    if len(content) > MAX_BYTES:
        raise _refusal("import_too_big")
    if content.startswith(b"PK"):
        check_archive(content)
        return Table(_kept(_workbook(content)))
    if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise _refusal("import_wrong_format")
    return _csv(content)


def _refusal(code: str) -> Invalid:
    return Invalid(code, field="file")


# Workbooks --------------------------------------------------------------------------------------------------


def check_archive(content: bytes) -> None:
    """Refuse what is no workbook, or unpacks to more than it should; declared sizes first, then real ones."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_declared(entries)
            _check_real(archive, entries)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise _refusal("import_unreadable") from error


def _check_declared(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise _refusal("import_too_big")
    if any(_is_bomb(entry.file_size, entry.compress_size) for entry in entries):
        raise _refusal("import_too_big")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise _refusal("import_protected")
    if "[Content_Types].xml" not in {entry.filename for entry in entries}:
        raise _refusal("import_wrong_format")


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > _RATIO_FREE and unpacked > MAX_RATIO * max(packed, 1)


def _check_real(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Unpack piece by piece and count: a declared size may lie. No part may declare entities."""
    total = 0
    for entry in entries:
        size, tail = 0, b""
        with archive.open(entry) as part:
            while piece := part.read(64 * 1024):
                size += len(piece)
                total += len(piece)
                if total > MAX_UNPACKED or _is_bomb(size, entry.compress_size):
                    raise _refusal("import_too_big")
                if b"<!DOCTYPE" in tail + piece or b"<!ENTITY" in tail + piece:
                    raise _refusal("import_unreadable")
                tail = piece[-10:]


def _workbook(content: bytes) -> list[tuple[str, list[list[str]]]]:
    limits = (CHILD_MEMORY, MAX_SHEETS, MAX_ROWS + 1, MAX_COLUMNS, MAX_CHARACTERS)
    command = [sys.executable, "-I", str(_CHILD), *map(str, limits)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            command, input=content, capture_output=True, timeout=CHILD_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _refusal("import_too_big") from error
    if done.returncode:
        raise _refusal(_CODES.get(done.returncode, "import_too_big"))  # killed by its limits: too big
    return [(sheet["name"], sheet["rows"]) for sheet in json.loads(done.stdout)]


# Comma-separated --------------------------------------------------------------------------------------------


def _csv(content: bytes) -> Table:
    text, encoding = decode(content)
    separator = sniff(text)
    return Table(_kept([("", _records(text, separator))]), encoding, separator)


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-8, UTF-16 with its mark, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16"), "UTF-16"
    if b"\x00" in content:
        raise _refusal("import_wrong_format")
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "Windows-1252"


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _refusal("import_unreadable") from error


def sniff(text: str) -> str:
    """The separator that cuts the first records into the most even columns."""
    return max(SEPARATORS, key=lambda separator: _evenness(text, separator))


def _evenness(text: str, separator: str) -> tuple[int, int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    widths = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                widths.append(len(row))
            if len(widths) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0, 0
    if not widths or widths[0] < 2:
        return 0, 0
    return sum(width == widths[0] for width in widths), widths[0]


def _records(text: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if len(row) > MAX_COLUMNS:
                raise _refusal("import_too_many_columns")
            if len(rows) > MAX_ROWS:
                raise _refusal("import_too_many_rows")
            rows.append(row)
    except csv.Error as error:
        raise _refusal("import_unreadable") from error
    return rows


# Both -------------------------------------------------------------------------------------------------------


def _kept(raw: list[tuple[str, list[list[str]]]]) -> tuple[Sheet, ...]:
    sheets = tuple(found for name, rows in raw if (found := _sheet(name, rows)))
    if not any(sheet.lines for sheet in sheets):
        raise _refusal("import_no_line")
    return tuple(sheet for sheet in sheets if sheet.lines)


def _sheet(name: str, rows: list[list[str]]) -> Sheet | None:
    """The first filled row is the header; empty rows are left out, the others keep their number."""
    lines = [
        Line(number, cells)
        for number, row in enumerate(rows, 1)
        if any(cells := tuple(clean_cell(cell) for cell in row))
    ]
    if not lines:
        return None
    width = max(len(_trimmed(line.cells)) for line in lines)
    return Sheet(name[:80], _fitted(lines[0].cells, width), tuple(_fit(line, width) for line in lines[1:]))


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    filled = [index for index, cell in enumerate(cells) if cell]
    return cells[: filled[-1] + 1] if filled else ()


def _fitted(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells, *[""] * (width - len(cells)))[:width]


def _fit(line: Line, width: int) -> Line:
    return Line(line.number, _fitted(line.cells, width))


def clean_cell(cell: str) -> str:
    """A cell without control characters and edges; the apostrophe that our exports add before `=` goes."""
    kept = "".join(c if c.isprintable() or c == "\n" else " " for c in cell.replace("\r\n", "\n")).strip()
    return kept[1:] if kept.startswith("'") and kept[1:].startswith(_GUARDED) else kept
