"""The schematic plan of the room with one person's tables filled."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from markupsafe import escape

from exports import colours
from exports.fonts import FontSet
from exports.measure import POINT_MM
from exports.rows import FloorPlan

WIDTH_MM, HEIGHT_MM = 122.0, 64.0
_PAD, _TITLE, _GAP, _LEAST_GAP = 4.6, 4.6, 1.2, 0.4


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
        lines = _lines(zone.tables, grid.columns)
        for line in lines:
            boxes.extend(_line(line, top, grid.cell, grid.row, own, fonts))
            top += grid.row
        top += _GAP if lines else 0
    for line in _lines(plan.stands, grid.stand_columns):
        wide = (width - 2 * _PAD) / grid.stand_columns
        boxes.extend(_line(line, top, wide, grid.row, own, fonts))
        top += grid.row
    entrance = fonts.regular.clip(plan.entrance, 8, 60)
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


def _lines(labels: tuple[str, ...], columns: int) -> Iterator[tuple[str, ...]] | list[tuple[str, ...]]:
    return [labels[start : start + columns] for start in range(0, len(labels), columns)]


def _line(
    labels: tuple[str, ...], top: float, cell: float, row: float, own: Set[str], fonts: FontSet
) -> Iterator[Box]:
    gap = min(1.0, row * 0.15)
    for index, label in enumerate(labels):
        size = min(8.0, (row - gap) * 1.5)
        short = fonts.semibold.clip(label, size, cell - gap - 0.6)
        mine = label in own
        yield Box(short, _PAD + index * cell, top, cell - gap, row - gap, size if mine else size * 0.9, mine)


def svg(drawing: Drawing, accent: str) -> bytes:
    """The drawing as a picture; units are mm."""
    width, height = drawing.width, drawing.height
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">'
        f'<rect x=".2" y=".2" width="{width - 0.4:g}" height="{height - 0.4:g}" rx="2" '
        f'fill="{colours.PAPER}" stroke="{colours.CONTROL}" stroke-width=".4"/>'
    ]
    parts.extend(_box_svg(box, accent) for box in drawing.boxes)
    parts.extend(_text(c.text, c.left, c.top + 3.2, 8.5, colours.INK, 600, "start") for c in drawing.captions)
    if drawing.entrance:
        words = f"{drawing.entrance} ↓"
        parts.append(_text(words, width - _PAD, height - 1.9, 8, colours.INK, 400, "end"))
    return ("".join(parts) + "</svg>").encode()


def _box_svg(box: Box, accent: str) -> str:
    fill, ink, edge = (
        (accent, colours.text_on(accent), accent) if box.own else ("#FFFFFF", colours.INK, colours.CONTROL)
    )
    middle = box.top + box.height / 2 + box.size_pt * POINT_MM * 0.36
    return (
        f'<rect x="{box.left:.2f}" y="{box.top:.2f}" width="{box.width:.2f}" height="{box.height:.2f}" '
        f'rx="1" fill="{fill}" stroke="{edge}" stroke-width=".3"/>'
        + _text(
            box.label, box.left + box.width / 2, middle, box.size_pt, ink, 600 if box.own else 400, "middle"
        )
    )


def _text(words: str, x: float, y: float, size_pt: float, colour: str, weight: int, anchor: str) -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-family="Inter" font-size="{size_pt * POINT_MM:.3f}" '
        f'font-weight="{weight}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'
    )
