"""The schematic plan of the room with one person's tables filled."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from exports import colours
from exports.fonts import FontSet
from exports.pictures import Art, Lettering, Mark, Shapes, Words, filled, stroked
from exports.rows import FloorPlan

WIDTH_MM, HEIGHT_MM = 122.0, 64.0
_PAD, _TITLE, _GAP = 4.6, 4.6, 1.2
LEAST_PT = 4.6  # of a label that gets smaller to fit its table; then it is cut


@dataclass(frozen=True, slots=True)
class Box:
    """A table or stand on the plan, in mm from the plan's top left corner."""

    label: str
    left: float
    top: float
    width: float
    height: float
    size_pt: float
    own: bool


@dataclass(frozen=True, slots=True)
class Caption:
    """The name of a zone on the plan."""

    text: str
    left: float
    top: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A plan laid out: everything has its place."""

    boxes: tuple[Box, ...]
    captions: tuple[Caption, ...]
    entrance: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Grid:
    """The coarsest grid in which the whole plan fits."""

    columns: int
    cell: float
    row: float
    stand_columns: int


def draw(
    plan: FloorPlan, own: Set[str], fonts: FontSet, width: float, height: float, *, tight: bool = False
) -> Drawing:
    """`plan` laid out in `width` × `height` mm, the tables of `own` marked; `tight`: no unused height."""
    grid = _grid(plan, width, height)
    boxes: list[Box] = []
    captions: list[Caption] = []
    top = _PAD - 1.4
    for zone in plan.zones:
        if zone.name:
            captions.append(Caption(fonts.semibold.clip(zone.name, 8.5, width - 2 * _PAD), _PAD, top))
            top += _TITLE
        for labels in _lines(zone.tables, grid.columns):
            boxes.extend(_line(labels, top, grid.cell, grid.row, own, fonts))
            top += grid.row
        top += _GAP if zone.tables else 0
    for labels in _lines(plan.stands, grid.stand_columns):
        wide = (width - 2 * _PAD) / grid.stand_columns
        boxes.extend(_line(labels, top, wide, grid.row, own, fonts))
        top += grid.row
    entrance = fonts.regular.clip(f"{plan.entrance} ↓", 8, 60) if plan.entrance else ""
    used = min(height, top + (5.6 if entrance else 2.6)) if tight else height
    return Drawing(tuple(boxes), tuple(captions), entrance, width, used)


def _grid(plan: FloorPlan, width: float, height: float) -> _Grid:
    """Rows as high as 6.8 mm allow, more columns while the plan is too tall (400 tables still fit)."""
    inner_width, inner_height = width - 2 * _PAD, height - 2 * _PAD + 2.8
    if plan.entrance:
        inner_height -= 3.0
    for columns in range(10, 41):
        stand_columns = max(6, columns // 2)
        lines = sum(-(-len(zone.tables) // columns) for zone in plan.zones)
        lines += -(-len(plan.stands) // stand_columns)
        fixed = sum(_TITLE for zone in plan.zones if zone.name) + _GAP * len(plan.zones)
        row = min(6.8, (inner_height - fixed) / max(lines, 1))
        cell = min(inner_width / columns, 10.8)
        if (row >= 4.6 and row >= cell * 0.55) or columns == 40:
            break
    return _Grid(columns, inner_width / columns if columns > 10 else cell, max(row, 0.5), stand_columns)


def _lines(labels: tuple[str, ...], columns: int) -> list[tuple[str, ...]]:
    return [labels[start : start + columns] for start in range(0, len(labels), columns)]


def _line(
    labels: tuple[str, ...], top: float, cell: float, row: float, own: Set[str], fonts: FontSet
) -> Iterator[Box]:
    gap = min(1.0, row * 0.15)
    size, room = min(8.0, (row - gap) * 1.5), cell - gap - 0.6
    widest = max((fonts.semibold.width(label, size) for label in labels), default=0.0)
    if widest > room:
        size = max(min(size, LEAST_PT), size * 0.99 * room / widest)  # a hair less: rounding must not cut
    for index, label in enumerate(labels):
        short = fonts.semibold.clip(label, size, cell - gap - 0.6)
        mine = label in own
        yield Box(short, _PAD + index * cell, top, cell - gap, row - gap, size if mine else size * 0.9, mine)


def marks(drawing: Drawing, accent: str) -> list[Mark]:
    """What the plan is drawn with, own tables in `accent`."""
    width, height = drawing.width, drawing.height
    frame = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">'
        f'<rect x=".2" y=".2" width="{width - 0.4:g}" height="{height - 0.4:g}" rx="2" '
        f'fill="{colours.PAPER}" stroke="{colours.CONTROL}" stroke-width=".4"/></svg>'
    ).encode()
    others = _filled([b for b in drawing.boxes if not b.own], "#FFFFFF", colours.CONTROL)
    own = _filled([b for b in drawing.boxes if b.own], accent, accent)
    return [Art(frame, 0, 0, width, height), *others, *own, *_words(drawing, accent)]


def _words(drawing: Drawing, accent: str) -> Iterator[Words]:
    bold, small = Lettering(8.5, bold=True, tabular=True), Lettering(8, tabular=True)
    for caption in drawing.captions:
        yield Words(caption.text, caption.left, caption.top, 4.4, bold)
    on_accent = colours.text_on(accent)
    for box in drawing.boxes:
        lettering = Lettering(round(box.size_pt, 2), bold=box.own, tabular=True)
        colour = on_accent if box.own else colours.INK
        yield Words(box.label, box.left, box.top, box.height, lettering, colour, "center", box.width)
    if drawing.entrance:
        width, top = drawing.width - 4.6, drawing.height - 5
        yield Words(drawing.entrance, 0, top, 4, small, align="right", width=width)


def _filled(boxes: list[Box], fill: str, edge: str) -> Iterator[Shapes]:
    """Rounded boxes as two strokes of one path with round joins: a third of the numbers arcs would take."""
    path = b"".join(
        b"%.2f %.2f %.2f %.2f re\n" % (box.left + 1, box.top + 1, box.width - 2, box.height - 2)
        for box in boxes
    )
    for colour, thickness in ((edge, b"2.3"), (fill, b"1.6")) if boxes else ():
        paint = b"\n".join((filled(colour), stroked(colour), b"1 j", thickness + b" w"))
        yield Shapes(paint + b"\n" + path + b"B", 0, 0)
