"""Where each line of an agenda goes: pages are decided here, in mm, before anything is rendered.

9 meetings fit with the plan and three lines of offers; a day of 10 with six pauses, or 13 without any, with one
line and a plan a little lower; then the plan goes overleaf, up to 16 on the first page; beyond, the table goes on
with its head repeated. No size shrinks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from jinja2 import Environment

from exports import dates, floor_plan
from exports.document import locale_of, words
from exports.floor_plan import Drawing
from exports.fonts import FontSet
from exports.rows import Agenda, AgendaRow, Brand, BreakRow, MeetingStatus, in_order
from exports.text import one_line

WIDTH, LEFT, TOP, BOTTOM = 178.0, 16.0, 14.0, 282.0
TIME, TABLE, WHO, WHAT = 21.0, 19.0, 69.0, 69.0  # columns, mm; the last keeps what the others leave
NAME_TOP, HEAD_LEAST, TABLE_HEAD, PLAN_TOP = 30.5, 57.0, 6.5, 218.0
NEXT_PAGE_TOP = 26.0
NAME_LINE, ORGANISATION_LINE = 9.7, 5.2
WHO_LINE, PERSON_LINE, FLAG_LINE, OFFER_LINE, TIME_BLOCK = 4.75, 4.15, 4.15, 3.95, 9.3
BREAK_HEIGHT, DAY_HEIGHT, INFO_LINE = 6.0, 8.0, 4.05
NAME_WIDTH = 150.0  # left of the code


class Kind(StrEnum):
    """What a line of the table is."""

    MEETING = "meeting"
    BREAK = "break"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the printed table, `height` mm high, its texts already broken into lines."""

    kind: Kind
    height: float
    start: str = ""
    end: str = ""
    table: str = ""
    name: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    flag: str = ""
    flag_sign: str = ""
    status: MeetingStatus = MeetingStatus.SCHEDULED


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet side: rows, perhaps the plan, and which page of how many it is."""

    number: int
    entries: tuple[Entry, ...] = ()
    table_top: float = NEXT_PAGE_TOP
    density: str = "roomy"  # the stylesheet's name for the space in a row
    floor: Drawing | None = None
    floor_top: float = PLAN_TOP
    info: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """The texts above the table."""

    name: tuple[str, ...]
    organisation: tuple[str, ...]
    summary: str
    table_top: float


@dataclass(frozen=True, slots=True)
class _Density:
    """How roomy a row is: lines of offers shown, space above and below, height of a pause, top of the plan, mm."""

    offers: int
    padding: float
    name: str
    pause: float = BREAK_HEIGHT
    plan_top: float = PLAN_TOP


_ROOMY, _MIDDLE = _Density(3, 2.0, "roomy"), _Density(2, 2.0, "roomy")
_TIGHT, _DENSE = _Density(1, 1.55, "tight"), _Density(1, 0.95, "dense", 5.0, 223.0)


@dataclass(frozen=True, slots=True)
class Setter:
    """Turns rows into entries for one edition, language and set of fonts."""

    brand: Brand
    env: Environment
    fonts: FontSet

    def head(self, agenda: Agenda) -> Head:
        person = one_line(agenda.person)
        name = self.fonts.title.wrap(person, 25, NAME_WIDTH, 2)
        role = ", ".join(filter(None, (one_line(agenda.organisation), one_line(agenda.job_title))))
        organisation = self.fonts.regular.wrap(role, 11, NAME_WIDTH, 2)
        used = NAME_TOP + len(name) * NAME_LINE + 1 + len(organisation) * ORGANISATION_LINE + 7.5
        return Head(name, organisation, self._summary(agenda), max(HEAD_LEAST, used))

    def pages(self, agenda: Agenda) -> tuple[Page, ...]:
        """All pages of `agenda`, the plan on the first if it fits, else overleaf."""
        top = self.head(agenda).table_top
        has_foot = agenda.floor is not None or bool(self.brand.info)
        for density in (_ROOMY, _MIDDLE, _TIGHT, _DENSE):
            entries = tuple(self._entries(agenda, density))
            if has_foot and top + TABLE_HEAD + _height(entries) <= density.plan_top - 2.5:
                page = Page(1, entries, top, density.name, floor_top=density.plan_top)
                return (self._with_foot(page, agenda),)
        for density in (_ROOMY, _MIDDLE, _TIGHT, _DENSE):
            entries = tuple(self._entries(agenda, density))
            if top + TABLE_HEAD + _height(entries) <= BOTTOM:
                break
        *before, last = _split(entries, top, density.name)
        if not has_foot:
            return (*before, last)
        if last.table_top + TABLE_HEAD + _height(last.entries) <= PLAN_TOP - 2.5:
            return (*before, self._with_foot(last, agenda))
        return (*before, last, self._with_foot(Page(last.number + 1), agenda))

    def _with_foot(self, page: Page, agenda: Agenda) -> Page:
        own = {row.table for row in agenda.rows if row.is_on}
        top = page.floor_top if page.entries or page.number == 1 else NEXT_PAGE_TOP
        height = min(floor_plan.HEIGHT_MM, BOTTOM - top)
        drawing = (
            floor_plan.draw(agenda.floor, own, self.fonts, floor_plan.WIDTH_MM, height)
            if agenda.floor
            else None
        )
        return replace(
            page, floor=drawing, floor_top=top, info=tuple(self._info(drawing is not None, height))
        )

    def _info(self, beside_plan: bool, height: float) -> Iterator[tuple[str, ...]]:
        """« Bon à savoir », paragraph by paragraph, until its column is full."""
        width = WIDTH - floor_plan.WIDTH_MM - 7 if beside_plan else WIDTH
        left = int((height - 7) / INFO_LINE)
        for paragraph in self.brand.info:
            lines = self.fonts.regular.wrap(paragraph, 8.5, width, min(max(left, 0), 6))
            if lines and len(lines) <= left:
                yield lines
                left -= len(lines) + 1

    def _entries(self, agenda: Agenda, density: _Density) -> Iterator[Entry]:
        days = sorted({self._day(row) for row in agenda.rows})
        breaks = [row for row in agenda.breaks if self._day(row) in days]
        lines: list[AgendaRow | BreakRow] = [*in_order(agenda.rows), *breaks]
        current: date | None = None
        for row in sorted(lines, key=lambda line: (line.start, isinstance(line, AgendaRow))):
            if len(days) > 1 and self._day(row) != current:
                current = self._day(row)
                yield Entry(Kind.DAY, DAY_HEIGHT, name=(self._day_words(current),))
            yield self._meeting(row, density) if isinstance(row, AgendaRow) else self._break(row, density)

    def small_entries(self, agenda: Agenda, width: float) -> tuple[Entry, ...]:
        """Meetings and breaks as single lines of 9 pt, names cut to `width` mm: the inside of a fold-over."""
        small: list[Entry] = []
        for entry in self._entries(agenda, _DENSE):
            size = 9 if entry.kind is not Kind.BREAK else 8.5
            if entry.kind is not Kind.MEETING or entry.table:
                small.append(
                    replace(entry, name=(self.fonts.semibold.clip(" ".join(entry.name), size, width),))
                )
        return tuple(small)

    def _day(self, row: AgendaRow | BreakRow) -> date:
        return row.start.astimezone(self._zone).date()

    def _day_words(self, day: date) -> str:
        return dates.sentence(dates.day(day, self._zone, locale_of(self.env)))

    @property
    def _zone(self) -> ZoneInfo:
        return self.brand.zone

    def _clock(self, row: AgendaRow | BreakRow, *, end: bool = False) -> str:
        return dates.clock(row.end if end else row.start, self._zone, locale_of(self.env))

    def _break(self, row: BreakRow, density: _Density) -> Entry:
        label = self.fonts.regular.clip(row.label, 8.5, WHO + WHAT)
        return Entry(Kind.BREAK, density.pause, self._clock(row), self._clock(row, end=True), name=(label,))

    def _meeting(self, row: AgendaRow, density: _Density) -> Entry:
        name = self.fonts.semibold.wrap(row.counterpart, 10.5, WHO - 2, 2)
        who = ", ".join(filter(None, (one_line(row.delegate), one_line(row.job_title))))
        person = self.fonts.regular.wrap(who, 9, WHO - 2, 2 if density.padding == 2.0 else 1)
        sign, flag = self._flag(row)
        middle = max(
            TIME_BLOCK, len(name) * WHO_LINE + len(person) * PERSON_LINE + (FLAG_LINE if flag else 0)
        )
        offers = self._offers(row, max(density.offers, int(middle / OFFER_LINE)))  # lines which cost nothing
        height = 2 * density.padding + max(middle, len(offers) * OFFER_LINE) + 0.2
        table = self.fonts.semibold.clip(row.table, 14, 13.5) if row.is_on else ""
        return Entry(
            Kind.MEETING, height, self._clock(row), self._clock(row, end=True), table, name, person, offers,
            self.fonts.semibold.clip(flag, 8, WHO - 6), sign, row.status,
        )  # fmt: skip

    def _flag(self, row: AgendaRow) -> tuple[str, str]:
        """A sign and its words; a change outranks the star."""
        _ = words(self.env).gettext
        if row.status is MeetingStatus.CANCELLED:
            return "×", _("annulé")
        if row.status is MeetingStatus.MOVED:
            moved = _("déplacé, était %(was)s") % {"was": one_line(row.was)} if row.was else _("déplacé")
            return "↔", moved
        if row.status is MeetingStatus.NEW:
            return "+", _("nouveau")
        return ("★", _("à ne pas manquer")) if row.must else ("", "")

    def _offers(self, row: AgendaRow, most: int) -> tuple[str, ...]:
        """What they offer, what they seek, facts: each on lines of its own, at most `most` in all."""
        _ = words(self.env).gettext
        parts: list[str] = []
        if row.offers:
            parts.append(_("Propose : %(what)s") % {"what": one_line("; ".join(row.offers))})
        if row.needs:
            parts.append(_("Cherche : %(what)s") % {"what": one_line("; ".join(row.needs))})
        parts.extend(one_line(badge) for badge in row.badges)
        done: list[str] = []
        for index, part in enumerate(parts):
            room = most - len(done) - min(len(parts) - index - 1, most - 1)  # a line for each part to come
            done.extend(self.fonts.regular.wrap(part, 8.5, WHAT - 1, max(room, 1)))
        return tuple(done[:most])

    def _summary(self, agenda: Agenda) -> str:
        """« 8 rendez-vous de 20 minutes, 5 minutes pour changer de table. »"""
        catalogue = words(self.env)
        _, ngettext = catalogue.gettext, catalogue.ngettext
        on = [row for row in agenda.rows if row.is_on]
        if not on:
            return _("Aucun rendez-vous n’est prévu pour vous dans cette version.")
        lengths = {row.minutes for row in on}
        facts = {"n": len(on), "minutes": max(lengths), "changeover": agenda.changeover_min}
        if len(lengths) > 1:
            return ngettext("%(n)s rendez-vous.", "%(n)s rendez-vous.", len(on)) % facts
        if agenda.changeover_min:
            return (
                ngettext(
                    "%(n)s rendez-vous de %(minutes)s minutes, %(changeover)s minutes pour changer de table.",
                    "%(n)s rendez-vous de %(minutes)s minutes, %(changeover)s minutes pour changer de table.",
                    len(on),
                )
                % facts
            )
        return (
            ngettext(
                "%(n)s rendez-vous de %(minutes)s minutes.",
                "%(n)s rendez-vous de %(minutes)s minutes.",
                len(on),
            )
            % facts
        )


def _height(entries: tuple[Entry, ...]) -> float:
    return sum(entry.height for entry in entries)


def _split(entries: tuple[Entry, ...], top: float, density: str) -> Iterator[Page]:
    """Pages of whole rows; a day's name never stays alone at the foot."""
    number, page, left = 1, list[Entry](), BOTTOM - top - TABLE_HEAD
    for index, entry in enumerate(entries):
        following = entries[index + 1].height if entry.kind is Kind.DAY and index + 1 < len(entries) else 0
        if page and entry.height + following > left:
            yield Page(number, tuple(page), top, density)
            number, page, top = number + 1, [], NEXT_PAGE_TOP
            left = BOTTOM - top - TABLE_HEAD
        page.append(entry)
        left -= entry.height
    yield Page(number, tuple(page), top, density)
