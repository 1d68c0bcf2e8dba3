"""One badge set in type: every text with its place, size and line breaks, in mm and pt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date
from jinja2 import Environment

from exports import bands, colours, dates
from exports.badge_sheets import Design, Layout
from exports.document import locale_of, words
from exports.fonts import FontSet
from exports.measure import POINT_MM, Ruler
from exports.rows import AgendaRow, Badge, Brand, TypeBand, in_order
from exports.stamps import short_stamp

MAX_LINES = 9
LINE_MM = 4.25


@dataclass(frozen=True, slots=True)
class Text:
    """Lines set at a place; `pitch` is the line height in mm; weight 600 if `bold`."""

    lines: tuple[str, ...]
    left: float
    top: float
    size_pt: float
    pitch: float
    bold: bool = False
    muted: bool = False
    colour: str = ""
    align: str = "left"
    width: float = 0.0

    @property
    def height(self) -> float:
        return self.pitch * len(self.lines)

    @property
    def style(self) -> str:
        """The declarations of a stylesheet which set it so; made of numbers and checked colours only."""
        colour = self.colour or (colours.MUTED if self.muted else "")
        return (
            f"left:{self.left:.2f}mm;top:{self.top:.2f}mm;font-size:{self.size_pt:.4g}pt;"
            f"line-height:{self.pitch:.2f}mm;font-weight:{600 if self.bold else 400}"
            + (f";color:{colour}" if colour else "")
            + (f";width:{self.width:.2f}mm;text-align:{self.align}" if self.width else "")
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the mini agenda."""

    time: str
    table: str
    who: str


@dataclass(frozen=True, slots=True)
class Block:
    """The mini agenda: one or two columns of rows."""

    rows: tuple[Row, ...]
    left: float
    top: float
    table_at: float
    who_at: float  # 0: no names, there are too many meetings


@dataclass(frozen=True, slots=True)
class Piece:
    """A badge ready to be placed; `code` is (left, top, side) of the QR picture."""

    badge: Badge
    texts: tuple[Text, ...]
    blocks: tuple[Block, ...] = ()
    code: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Setter:
    """Sets badges of one edition in one design."""

    brand: Brand
    env: Environment
    fonts: FontSet
    layout: Layout

    def piece(self, badge: Badge) -> Piece:
        return self._label(badge) if self.layout.design is Design.LABEL else self._upright(badge)

    # ---------------------------------------------------------------- A6, upright

    def _upright(self, badge: Badge) -> Piece:
        after_mark = 19 if self.brand.logo is None else 34  # a logo may be wide
        texts = [
            *self._edition(after_mark, 11.9, 9, 97 - after_mark),
            *self._names(badge),
            *self._band_words(badge.type),
        ]
        blocks: tuple[Block, ...] = ()
        on = tuple(row for row in in_order(badge.agenda) if row.is_on)
        if on:
            texts.append(self._day_heading(on, badge))
            blocks = self._blocks(on, 8, 82.2, 57)
            if len(on) > 2 * MAX_LINES:
                texts[-1] = self._more(texts[-1], len(on) - 2 * MAX_LINES)
        elif notes := badge.note or tuple(filter(None, (self.brand.contact, self.brand.phone))):
            texts.append(self._text([words(self.env).gettext("Une question ?")], 8, 77.6, 8.5, bold=True))
            lines = [self.fonts.regular.clip(note, 11, 57) for note in notes[:6]]
            texts.append(self._text(lines, 8, 82.5, 11, pitch=5.9))
        if badge.url:
            texts.append(self._code(badge, 70, 110.6, 27, 7.5))
        return Piece(badge, tuple(texts), blocks, (70, 79.4, 27) if badge.url else None)

    def _names(self, badge: Badge) -> list[Text]:
        """First name 40 pt, 36 beyond 9 letters, then two lines of 36; what follows makes room.

        Two lines of 30 or 26 only where 36 would cut letters off a name: losing them is worse.
        """
        bold, regular, wide = self.fonts.semibold, self.fonts.regular, 91.0
        big = 40.0 if len(badge.first_name) <= 9 and bold.fits(badge.first_name, 40, wide) else 36.0
        lines = bold.wrap(badge.first_name, big, wide, 2)
        for smaller in (30.0, 26.0):
            if lines and lines[-1].endswith("…"):
                big, lines = smaller, bold.wrap(badge.first_name, smaller, wide, 2)
        first = self._text(lines, 8, 25.5, big, bold=True)
        shift = first.height - big * POINT_MM if len(first.lines) > 1 else 0.0
        last_room = 10.8 if not shift else 8.6
        last = self._fitted(badge.last_name, regular, (21, 18), last_room, 8, 41.5 + shift * 0.83, wide)
        organisation_top = 53.0 if not shift else last.top + last_room
        organisation = bold.wrap(badge.organisation, 14.5, wide, 2)
        texts = [first, last, self._text(organisation, 8, organisation_top, 14.5, bold=True, pitch=5.9)]
        role_top = max(65.5, texts[-1].top + texts[-1].height + 0.6)
        if role_top + 4.4 <= 74.6:
            role = regular.clip(badge.job_title, 10.5, wide)
            texts.append(self._text([role], 8, role_top, 10.5, muted=True))
        return texts

    def _fitted(
        self,
        words: str,
        ruler: Ruler,
        sizes: Sequence[float],
        room: float,
        left: float,
        top: float,
        wide: float,
    ) -> Text:
        """On one line at the first size which fits, else on two lines as large as `room` mm allow."""
        for size in sizes:
            if ruler.fits(words, size, wide):
                return self._text([words], left, top, size)
        size = room / 2 / 1.05 / POINT_MM
        return self._text(ruler.wrap(words, size, wide, 2), left, top, size)

    def _band_words(self, band: TypeBand) -> list[Text]:
        """Letter 26 pt and word 21 pt (less if the word is long), centred in the band."""
        left, top, width, height = self.band_box
        letter_width = width * bands.LETTER_SHARE if not self.layout.bleed else 24.0
        inset = 3.0 if self.layout.bleed else 0.0
        room = width - letter_width - 5 - bands.pattern_width(band.pattern, height) - 2
        middle = top + (height if not self.layout.bleed else height - 3) / 2
        letter = self._text(
            [band.letter[:1]], left + inset, 0, 26, bold=True, colour=_on(bands.letter_cell(band))
        )
        word = self._word(band, left + letter_width + 5, middle, room, (21, 18, 15, 12))
        return [_middled(letter, middle, letter_width - inset), word]

    def _word(self, band: TypeBand, left: float, middle: float, room: float, sizes: Sequence[float]) -> Text:
        bold = self.fonts.semibold
        size = next((size for size in sizes if bold.fits(band.label, size, room)), sizes[-1])
        word = self._text(
            [bold.clip(band.label, size, room)], left, 0, size, bold=True, colour=band.text_colour
        )
        return _middled(word, middle, 0)

    @property
    def band_box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of the type's band on one piece."""
        width, height = self.layout.face
        if self.layout.bleed:
            return -3.0, 124.0, width + 6.0, height - 124.0 + 3.0
        if self.layout.design is Design.LABEL:
            high = _step(height, ((45, 6.0), (56, 8.0), (66, 10.0)), 13.0)
            return 4.0, height - 4 - high, self._label_room, high
        return 6.0, 124.0, 93.0, 18.0

    def _day_heading(self, on: Sequence[AgendaRow], badge: Badge) -> Text:
        _ = words(self.env).gettext
        heading = _("Votre journée") if len(self._days(on)) == 1 else _("Vos rendez-vous")
        stamp = short_stamp(badge.release_number, self.env)
        return self._text([f"{heading} · {stamp}"], 8, 77.6, 8.5, bold=True)

    def _more(self, heading: Text, missing: int) -> Text:
        ngettext = words(self.env).ngettext
        more = ngettext("%(n)s autre dans votre agenda", "%(n)s autres dans votre agenda", missing)
        line = self.fonts.semibold.clip(f"{heading.lines[0]} · {more % {'n': missing}}", 8, 60)
        return self._text([line], heading.left, heading.top, 8, bold=True)

    def _blocks(self, on: Sequence[AgendaRow], left: float, top: float, wide: float) -> tuple[Block, ...]:
        """Nine lines with names, else two columns of time and table."""
        table_at = 12.6 if len(self._days(on)) == 1 else 20.0
        who_at = table_at + 7.8
        if len(on) <= MAX_LINES:
            rows = [self._row(row, wide - who_at, who_at, on) for row in on]
            return (Block(tuple(rows), left, top, table_at, who_at),)
        rows = [self._row(row, 0, 0, on) for row in on[: 2 * MAX_LINES]]
        half = -(-len(rows) // 2)  # two columns of one length read better than a full one and a rest
        second = Block(tuple(rows[half:]), left + wide / 2, top, table_at, 0)
        return Block(tuple(rows[:half]), left, top, table_at, 0), second

    def _row(self, row: AgendaRow, wide: float, who_at: float, on: Sequence[AgendaRow]) -> Row:
        who = self.fonts.regular.clip(row.counterpart, 8, wide) if who_at else ""
        return Row(self._when(row.start, on), self.fonts.semibold.clip(row.table, 8, 7.4), who)

    def _when(self, moment: datetime, on: Sequence[AgendaRow]) -> str:
        """« 09 h 20 », with the day when there are several."""
        locale, zone = locale_of(self.env), self.brand.zone
        hour = dates.clock(moment, zone, locale)
        if len(self._days(on)) == 1:
            return hour
        return f"{format_date(moment.astimezone(zone).date(), 'EEE', locale=locale)} {hour}"

    def _days(self, on: Sequence[AgendaRow]) -> set[object]:
        return {row.start.astimezone(self.brand.zone).date() for row in on}

    def _edition(self, left: float, top: float, size: float, wide: float) -> list[Text]:
        where = self.brand.place.rsplit(", ", 1)[-1]
        when = dates.span(self.brand.first_day, self.brand.last_day, locale_of(self.env))
        name = self.fonts.semibold.clip(self.brand.name, size, wide)
        below = self.fonts.regular.clip(f"{where} · {when}", size, wide)
        return [
            self._text([name], left, top, size, pitch=4.1, bold=True),
            self._text([below], left, top + 4.1, size, pitch=4.1),
        ]

    def _code(self, badge: Badge, left: float, top: float, side: float, size: float) -> Text:
        code = self.fonts.regular.clip(badge.code, size, side + 6)
        return Text(
            (code,), left - 3, top, size, size * POINT_MM * 1.2, muted=True, align="center", width=side + 6
        )

    # ---------------------------------------------------------------- labels, wider than high

    def _label(self, badge: Badge) -> Piece:
        width, height = self.layout.face
        texts: list[Text] = []
        top, full = 4.0, width - 8
        if height >= 50:
            name = self.fonts.semibold.clip(self.brand.name, 7.5, full - 22)
            texts.append(self._text([name], 4 + 5.6, top + 0.6, 7.5, bold=True))
            top += 5.6
        texts.extend(self._label_names(badge, top, full))
        texts.extend(self._label_foot(badge, texts[-1].top + texts[-1].height + 0.8))
        left, middle = self.band_box[0], self.band_box[1] + self.band_box[3] / 2
        texts.extend(self._label_band(badge.type, left, middle))
        if not badge.url:
            return Piece(badge, tuple(texts))
        side = self._label_code
        if height >= 50:
            code = self.fonts.regular.clip(badge.code, 6.5, 22)
            texts.append(Text((code,), width - 26, 4.6, 6.5, 2.8, muted=True, align="right", width=22))
        return Piece(badge, tuple(texts), (), (width - 4 - side, height - 4 - side, side))

    def _label_names(self, badge: Badge, top: float, full: float) -> list[Text]:
        """First name as large as one line allows, surname below, clear of the code's quiet zone."""
        height, bold, regular = self.layout.face[1], self.fonts.semibold, self.fonts.regular
        most = _step(height, ((45, 30), (56, 36), (66, 36)), 40)
        sizes = [size for size in (40, 36, 32, 30, 28, 25, 22, 19, 16, 14) if size <= most]
        fitting = (size for size in sizes if bold.fits(badge.first_name, size, full))
        size = next(fitting, sizes[-1])
        first = self._text([bold.clip(badge.first_name, size, full)], 4, top, size, bold=True)
        below = top + first.height + 0.4
        wide = full if below + 8 < self._code_top else self._label_room
        steps = (20, 17, 14, 12, 10) if height >= 50 else (15, 13, 11, 9)
        size = next((size for size in steps if regular.fits(badge.last_name, size, wide)), steps[-1])
        return [first, self._text([regular.clip(badge.last_name, size, wide)], 4, below, size)]

    def _label_foot(self, badge: Badge, top: float) -> list[Text]:
        """Organisation on one or two lines, then the role if the band leaves room."""
        room = self.band_box[1] - top - 0.8
        size = _step(self.layout.face[1], ((45, 9.0), (56, 10.5)), 12.0)
        pitch = size * POINT_MM * 1.15
        lines = min(2, int(room / pitch))
        if lines < 1:
            return []
        wide = self._label_room
        texts = [
            self._text(
                self.fonts.semibold.wrap(badge.organisation, size, wide, lines),
                4,
                top,
                size,
                bold=True,
                pitch=pitch,
            )
        ]
        after = texts[0].top + texts[0].height + 0.4
        if after + 3.6 <= self.band_box[1] - 0.6:
            texts.append(
                self._text([self.fonts.regular.clip(badge.job_title, 8, wide)], 4, after, 8, muted=True)
            )
        return texts

    def _label_band(self, band: TypeBand, left: float, middle: float) -> list[Text]:
        _, _, width, height = self.band_box
        letter_width, size = height * 1.25, height * 1.9
        room = width - letter_width - 2.4 - bands.pattern_width(band.pattern, height) - 1
        letter = self._text([band.letter[:1]], left, 0, size, bold=True, colour=_on(bands.letter_cell(band)))
        sizes = [size * share for share in (0.9, 0.75, 0.6, 0.5)]
        return [
            _middled(letter, middle, letter_width),
            self._word(band, left + letter_width + 2.4, middle, room, sizes),
        ]

    @property
    def _label_code(self) -> float:
        """Side of the code on a label."""
        return _step(self.layout.face[1], ((45, 15.0), (56, 18.0), (66, 22.0)), 25.0)

    @property
    def _label_room(self) -> float:
        """Width left of the code and its quiet zone (4 modules of 25)."""
        return self.layout.face[0] - 8 - self._label_code * (1 + 4 / 25) - 0.5

    @property
    def _code_top(self) -> float:
        return self.layout.face[1] - 4 - self._label_code * (1 + 4 / 25)

    def _text(
        self,
        lines: Sequence[str],
        left: float,
        top: float,
        size: float,
        *,
        pitch: float = 0.0,
        bold: bool = False,
        muted: bool = False,
        colour: str = "",
    ) -> Text:
        return Text(tuple(lines), left, top, size, pitch or size * POINT_MM, bold, muted, colour)


def _step(value: float, steps: Sequence[tuple[float, float]], last: float) -> float:
    """The result of the first step `value` stays under."""
    return next((result for limit, result in steps if value < limit), last)


def _on(colour: str) -> str:
    return colours.text_on(colour)


def _middled(text: Text, middle: float, width: float) -> Text:
    """`text` centred on the height `middle`, and in `width` if one is given."""
    align = "center" if width else "left"
    top = middle - text.pitch / 2
    return Text(
        text.lines, text.left, top, text.size_pt, text.pitch, text.bold, text.muted, text.colour, align, width
    )
