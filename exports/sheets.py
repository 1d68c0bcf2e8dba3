"""Spreadsheets: XLSX and CSV in which no cell can become a formula, and one row type for both."""

from __future__ import annotations

import csv as csv_module
import gettext
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter

from exports.document import Document
from exports.rows import Brand, MeetingStatus, PlanningRow
from exports.text import clean, file_name, natural_key

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what a spreadsheet may run
LONGEST_CELL = 32_000  # Excel's limit is 32,767 characters

Value = str | int | float | bool | date | datetime | time | None
"""Datetimes are aware; they are written as local times of the sheet's zone."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and how wide its column is, in characters."""

    title: str
    width: int = 16


def xlsx(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    *,
    name: str,
    timezone: str = "UTC",
    sheet: str = "",
) -> Document:
    """One sheet: frozen bold head, filter, real dates; every text stays a text, whatever it begins with.

    Raises ValueError when a row has not as many cells as there are columns.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet(_sheet_title(sheet or name))
    _prepare(page, columns)
    page.append([_head_cell(page, column.title) for column in columns])
    zone, count = ZoneInfo(timezone), 1
    for row in rows:
        page.append([_cell(page, value, zone) for value in _whole(row, columns)])
        count += 1
    page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"
    return Document(file_name(name, "xlsx"), XLSX, _packed(book))


def _prepare(page: WriteOnlyWorksheet, columns: Sequence[Column]) -> None:
    page.freeze_panes = "A2"
    for index, column in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(index)].width = column.width  # type: ignore[attr-defined]


def _whole(row: Sequence[Value], columns: Sequence[Column]) -> Sequence[Value]:
    if len(row) != len(columns):
        raise ValueError(f"{len(columns)} columns but {len(row)} cells: {row!r:.200}")
    return row


def _head_cell(page: WriteOnlyWorksheet, title: str) -> Cell:
    cell = _text_cell(page, title)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="F2EEEA")
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _cell(page: WriteOnlyWorksheet, value: Value, zone: ZoneInfo) -> Cell | None:
    if value is None:
        return None
    if isinstance(value, str):
        return _text_cell(page, value)
    cell = WriteOnlyCell(page, _local(value, zone))  # type: ignore[arg-type]  # dates and times are fine
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, time):
        cell.number_format = "hh:mm"
    return cell


def _text_cell(page: WriteOnlyWorksheet, value: str) -> Cell:
    text = clean(value)[:LONGEST_CELL]
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"  # openpyxl takes "=1+1" for a formula and "#N/A" for an error
    if text.startswith(DANGEROUS):
        cell.quotePrefix = True  # typing Enter in the cell does not wake it either
    return cell


def _local(value: Value, zone: ZoneInfo) -> Value:
    """The wall time of `value` without its zone, as spreadsheets want it; naive datetimes are refused."""
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError(f"A sheet needs aware datetimes: {value!r}")
    return value.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)


def _sheet_title(name: str) -> str:
    """A name Excel accepts: 31 characters, none of `[]:*?/\\`, no apostrophe at an end."""
    kept = "".join(c for c in clean(name) if c not in "[]:*?/\\\n\t").strip(" '")
    return kept[:31].strip(" '") or "Feuille"


def _packed(book: Workbook) -> bytes:
    """The workbook without the hour of its making, so that equal rows give equal bytes."""
    book.properties.created = book.properties.modified = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    book.properties.creator = "Salon"
    raw, out = BytesIO(), BytesIO()
    ExcelWriter(book, zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED)).save()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return out.getvalue()


def csv(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    *,
    name: str,
    timezone: str = "UTC",
    decimal: str = ",",
) -> Document:
    """The same sheet as CSV for a French Excel: UTF-8 with BOM, semicolons, CRLF, formulas disarmed."""
    out = StringIO(newline="")
    writer = csv_module.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([disarmed(column.title) for column in columns])
    zone = ZoneInfo(timezone)
    for row in rows:
        writer.writerow([_csv_value(value, zone, decimal) for value in _whole(row, columns)])
    return Document(file_name(name, "csv"), CSV, out.getvalue().encode("utf-8-sig"))


def disarmed(value: str) -> str:
    """`value` with an apostrophe before whatever could start a formula; nothing is ever removed from it."""
    text = clean(value)
    return "'" + text if text.startswith(DANGEROUS) else text


def _csv_value(value: Value, zone: ZoneInfo, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return repr(value).replace(".", decimal)
    if isinstance(value, datetime):
        return f"{_local(value, zone):%Y-%m-%d %H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return disarmed(value) if isinstance(value, str) else str(value)


def planning(
    rows: Sequence[PlanningRow], *, brand: Brand, translations: gettext.NullTranslations | None = None
) -> tuple[Document, Document]:
    """The whole plan as XLSX and as CSV, by hour then table, the same cells in both."""
    words = translations or gettext.NullTranslations()
    columns, lines = planning_columns(words), list(_planning_rows(rows, brand, words))
    name = words.gettext("Planning – %(edition)s") % {"edition": brand.name}
    sheet = words.gettext("Planning")
    return (
        xlsx(columns, lines, name=name, timezone=brand.timezone, sheet=sheet),
        csv(columns, lines, name=name, timezone=brand.timezone),
    )


def planning_columns(words: gettext.NullTranslations) -> tuple[Column, ...]:
    """The headings of the planning."""
    _ = words.gettext
    return (
        Column(_("Jour"), 12), Column(_("Début"), 8), Column(_("Fin"), 8), Column(_("Table"), 9),
        Column(_("Zone"), 16), Column(_("Première structure"), 34), Column(_("Représentée par"), 26),
        Column(_("Type"), 6), Column(_("Seconde structure"), 34), Column(_("Représentée par"), 26),
        Column(_("Type"), 6), Column(_("État"), 12), Column(_("À ne pas manquer"), 10),
        Column(_("Identifiant"), 40),
    )  # fmt: skip


def _planning_rows(
    rows: Sequence[PlanningRow], brand: Brand, words: gettext.NullTranslations
) -> Iterator[tuple[Value, ...]]:
    _ = words.gettext
    states = {
        MeetingStatus.SCHEDULED: _("Prévu"),
        MeetingStatus.MOVED: _("Déplacé"),
        MeetingStatus.NEW: _("Nouveau"),
        MeetingStatus.CANCELLED: _("Annulé"),
    }
    for row in sorted(rows, key=lambda row: (row.start, natural_key(row.table), row.uid)):
        start, end = row.start.astimezone(brand.zone), row.end.astimezone(brand.zone)
        yield (
            start.date(), start.time(), end.time(), row.table, row.zone,
            row.first_organisation, row.first_person, row.first_type,
            row.second_organisation, row.second_person, row.second_type,
            states[row.status], _("oui") if row.must else "", row.uid,
        )  # fmt: skip
