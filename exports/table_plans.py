"""Paper for the room: plans per slot and per table, signs for the tables, the list at the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from jinja2 import Environment

from exports import dates
from exports.document import PDF, Document, language, locale_of, render, words
from exports.fonts import FontSet
from exports.rows import Brand, DoorRow, PlanningRow, Stamp, TableSign
from exports.stamps import stamp_words
from exports.text import file_name, natural_key, one_line, sort_key

PAPERS = {"A3": (420.0, 297.0), "A4": (297.0, 210.0)}  # landscape
_CELL, _HEAD, _FOOT, _MARGIN = 10.2, 30.0, 10.0, 12.0
ROWS_PER_TABLE_PAGE = 16
_DOOR_LINE, _DOOR_HEIGHT = 6.4, 250.0


@dataclass(frozen=True, slots=True)
class _Cell:
    """A meeting of the slot plan, its organisations on a line each."""

    table: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class _Slot:
    """A page of the slot plan: its hour, its columns, and which page of the slot it is."""

    hour: str
    until: str
    day: str
    columns: tuple[tuple[_Cell, ...], ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Print:
    """What all papers of one print run share."""

    brand: Brand
    stamp: Stamp
    env: Environment
    fonts: FontSet

    def document(self, template: str, title: str, **facts: Any) -> Document:
        """A tagged PDF called `title`, with the release on every page."""
        full = f"{title} – {one_line(self.brand.name)}"
        stamp = stamp_words(self.stamp, self.brand, self.env)
        html = self.env.get_template(f"pdf/{template}").render(
            title=full, brand=self.brand, stamp=stamp, **facts
        )
        css = self.env.get_template("pdf/room.css").render()
        lang = language(self.env)
        content = render(html, {}, tagged=True, title=full, lang=lang, fonts=self.fonts, css=(css,))
        return Document(file_name(full, "pdf"), PDF, content)

    def clock(self, moment: datetime) -> str:
        return dates.clock(moment, self.brand.zone, locale_of(self.env))

    def day(self, moment: datetime) -> str:
        return dates.sentence(dates.day(moment, self.brand.zone, locale_of(self.env)))


def per_slot(rows: Sequence[PlanningRow], run: Print, *, paper: str = "A3") -> Document:
    """One page per slot: the hour in 40 pt, three columns by table; more pages if tables are many.

    A fourth column on A3 where that saves the fullest slot a second page. Raises KeyError when `paper` is
    neither A3 nor A4.
    """
    width, height = PAPERS[paper]
    lines = int((height - _MARGIN - _HEAD - _FOOT - 6) / _CELL)
    groups = _slots(rows)
    most = max((sum(row.status != "cancelled" for row in group) for group in groups), default=0)
    columns = 4 if paper == "A3" and 3 * lines < most <= 4 * lines else 3
    column = (width - 2 * _MARGIN) / columns
    slots = [page for group in groups for page in _slot_pages(group, run, column, (columns, lines))]
    title = words(run.env).gettext("Plan de tables par créneau")
    return run.document("slot_plan.html", title, slots=slots, width=width, height=height, column=column)


def _slots(rows: Sequence[PlanningRow]) -> list[list[PlanningRow]]:
    ordered = sorted(rows, key=lambda row: (row.start, row.end, natural_key(row.table)))
    return [list(group) for _, group in groupby(ordered, key=lambda row: (row.start, row.end))]


def _slot_pages(rows: list[PlanningRow], run: Print, column: float, grid: tuple[int, int]) -> list[_Slot]:
    """The pages of a slot; `grid` is columns and lines of a page."""
    wide, lines = grid
    cells = [_cell(row, run.fonts, column) for row in rows if row.status != "cancelled"]
    count = max(1, -(-len(cells) // (wide * lines)))
    first = rows[0]
    pages = []
    for index in range(count):
        part = cells[index * wide * lines : (index + 1) * wide * lines]
        deep = -(-len(part) // wide)  # columns of equal length
        columns = tuple(tuple(part[i * deep : (i + 1) * deep]) for i in range(wide))
        pages.append(
            _Slot(
                run.clock(first.start), run.clock(first.end), run.day(first.start), columns, index + 1, count
            )
        )
    return pages


def _cell(row: PlanningRow, fonts: FontSet, column: float) -> _Cell:
    wide = column - 28
    return _Cell(
        fonts.semibold.clip(row.table, 14, 17),
        fonts.regular.clip(row.first_organisation, 10, wide),
        fonts.regular.clip(row.second_organisation, 10, wide),
    )


def per_table(rows: Sequence[PlanningRow], run: Print) -> Document:
    """One A4 page per table: its meetings of the day, 16 to a page, 12 pt."""
    ordered = sorted(rows, key=lambda row: (natural_key(row.table), row.start))
    pages = []
    for table, group in groupby(
        (row for row in ordered if row.status != "cancelled"), key=lambda row: row.table
    ):
        lines = [_table_line(row, run) for row in group]
        for start in range(0, len(lines), ROWS_PER_TABLE_PAGE):
            pages.append((one_line(table), lines[start : start + ROWS_PER_TABLE_PAGE]))
    title = words(run.env).gettext("Plan de chaque table")
    return run.document("table_days.html", title, pages=pages)


def _table_line(row: PlanningRow, run: Print) -> dict[str, Any]:
    bold, regular = run.fonts.semibold, run.fonts.regular
    return {
        "hour": run.clock(row.start),
        "day": run.day(row.start),
        "sides": [
            (bold.clip(organisation, 12, 72), regular.clip(person, 10, 72))
            for organisation, person in (
                (row.first_organisation, row.first_person),
                (row.second_organisation, row.second_person),
            )
        ],
    }


def signs(tables: Sequence[TableSign], run: Print) -> Document:
    """A tent per table: A4 folded to A5, the same on both faces, the upper one upside down."""
    bold = run.fonts.semibold
    faces = [
        {
            "table": bold.clip(sign.table, _number_size(bold.width(one_line(sign.table), 150)), 190),
            "size": _number_size(bold.width(one_line(sign.table), 150)),
            "zone": run.fonts.regular.clip(sign.zone, 18, 150),
            "holder": bold.wrap(sign.holder, 30, 186, 1),
            "step_free": sign.step_free,
        }
        for sign in sorted(tables, key=lambda sign: natural_key(sign.table))
    ]
    return run.document("table_signs.html", words(run.env).gettext("Numéros de table"), faces=faces)


def _number_size(width_at_150: float) -> float:
    """150 pt, less where a label is too long for the sheet."""
    return 150.0 if width_at_150 <= 186 else max(30.0, 150 * 186 / width_at_150)


def door_list(people: Sequence[DoorRow], run: Print) -> Document:
    """Everybody by surname with a box to tick, 10 pt, a letter where the initial changes."""
    bold, regular = run.fonts.semibold, run.fonts.regular
    ordered = sorted(people, key=lambda p: (sort_key(p.last_name), sort_key(p.first_name), p.organisation))
    lines, previous = [], ""
    for person in ordered:
        initial = (sort_key(person.last_name)[:1] or "–").upper()
        lines.append(
            {
                "letter": initial if initial != previous else "",
                "last": bold.clip(person.last_name, 10, 48),
                "first": regular.clip(person.first_name, 10, 32),
                "organisation": regular.clip(person.organisation, 10, 62),
                "type": one_line(person.type)[:1],
                "note": regular.clip(person.note, 8, 16),
            }
        )
        previous = initial
    per_page = int(_DOOR_HEIGHT / _DOOR_LINE)
    pages = [lines[start : start + per_page] for start in range(0, len(lines), per_page)] or [[]]
    title = words(run.env).gettext("Liste à l’entrée")
    return run.document("door_list.html", title, pages=pages, line=_DOOR_LINE, count=len(lines))


class Paper(StrEnum):
    """The papers of the room, for whoever orders one by name."""

    PER_SLOT = "per_slot"
    PER_TABLE = "per_table"
    SIGNS = "signs"
    DOOR_LIST = "door_list"


def paper(
    rows: Sequence[Any],
    env: Environment,
    *,
    fonts: FontSet,
    brand: Brand,
    stamp: Stamp,
    kind: Paper,
    size: str = "A3",
) -> Document:
    """The paper `kind` of its rows, in the shape that a rendering child is asked in; `size` is the slot plan's."""
    run = Print(brand, stamp, env, fonts)
    if kind is Paper.PER_SLOT:
        return per_slot(rows, run, paper=size)
    if kind is Paper.PER_TABLE:
        return per_table(rows, run)
    return signs(rows, run) if kind is Paper.SIGNS else door_list(rows, run)
