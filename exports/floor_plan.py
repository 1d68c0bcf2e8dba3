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
_PAD, _TITLE, _GAP = 4.6, 4.6, 1.2
_HALF_CAP = 0.36 * POINT_MM  # from a label's middle down to its base line, mm per pt


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
    """The drawing as a picture; units are mm. All boxes are two paths: WeasyPrint pays per node."""
    width, height = drawing.width, drawing.height
    own, others = [b for b in drawing.boxes if b.own], [b for b in drawing.boxes if not b.own]
    ink_on = colours.text_on(accent)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">'
        f'<rect x=".2" y=".2" width="{width - 0.4:g}" height="{height - 0.4:g}" rx="2" '
        f'fill="{colours.PAPER}" stroke="{colours.CONTROL}" stroke-width=".4"/>',
        _boxes(others, "#FFFFFF", colours.CONTROL),
        _boxes(own, accent, accent),
        f'<g font-family="Inter" text-anchor="middle" fill="{colours.INK}">{_labels(others)}</g>',
        f'<g font-family="Inter" text-anchor="middle" font-weight="600" fill="{ink_on}">{_labels(own)}</g>',
        f'<g font-family="Inter" fill="{colours.INK}">',
        *(_caption(c.text, c.left, c.top + 3.2, 'font-weight="600"', 8.5) for c in drawing.captions),
    ]
    if drawing.entrance:
        entrance = f"{drawing.entrance} ↓"
        parts.append(_caption(entrance, width - _PAD, height - 1.9, 'text-anchor="end"', 8))
    return ("".join(parts) + "</g></svg>").encode()


def _boxes(boxes: list[Box], fill: str, edge: str) -> str:
    path = "".join(_rounded(box.left, box.top, box.width, box.height) for box in boxes)
    return f'<path d="{path}" fill="{fill}" stroke="{edge}" stroke-width=".3"/>' if path else ""


def _rounded(x: float, y: float, w: float, h: float, r: float = 1.0) -> str:
    """A rectangle with rounded corners as a path."""
    r = min(r, w / 2, h / 2)
    return (
        f"M{x + r:.2f} {y:.2f}h{w - 2 * r:.2f}q{r} 0 {r} {r}v{h - 2 * r:.2f}q0 {r} {-r} {r}"
        f"h{2 * r - w:.2f}q{-r} 0 {-r} {-r}v{2 * r - h:.2f}q0 {-r} {r} {-r}z"
    )


def _labels(boxes: list[Box]) -> str:
    return "".join(_label(box, box.top + box.height / 2 + box.size_pt * _HALF_CAP) for box in boxes)


def _label(box: Box, base: float) -> str:
    size = f'font-size="{box.size_pt * POINT_MM:.3f}"'
    return f'<text x="{box.left + box.width / 2:.2f}" y="{base:.2f}" {size}>{escape(box.label)}</text>'


def _caption(words: str, x: float, y: float, style: str, size_pt: float) -> str:
    size = f'font-size="{size_pt * POINT_MM:.3f}"'
    return f'<text x="{x:.2f}" y="{y:.2f}" {size} {style}>{escape(words)}</text>'
