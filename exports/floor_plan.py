"""The schematic plan of the room with one person's tables filled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from exports import colours
from exports.fonts import FontSet
from exports.measure import Ruler
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
class Run:
    """Labels of neighbouring tables set as one line, `spacing` mm more between two of them than a blank."""

    text: str
    left: float
    top: float
    height: float
    size_pt: float
    spacing: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A plan laid out: everything has its place; labels are in `runs`, or in `alone` with their box."""

    boxes: tuple[Box, ...]
    runs: tuple[Run, ...]
    alone: tuple[Box, ...]
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
    lines: list[list[Box]] = []
    captions: list[Caption] = []
    top = _PAD - 1.4
    for zone in plan.zones:
        if zone.name:
            captions.append(Caption(fonts.semibold.clip(zone.name, 8.5, width - 2 * _PAD), _PAD, top))
            top += _TITLE
        for labels in _lines(zone.tables, grid.columns):
            lines.append(list(_line(labels, top, grid.cell, grid.row, own, fonts)))
            top += grid.row
        top += _GAP if zone.tables else 0
    for labels in _lines(plan.stands, grid.stand_columns):
        wide = (width - 2 * _PAD) / grid.stand_columns
        lines.append(list(_line(labels, top, wide, grid.row, own, fonts)))
        top += grid.row
    entrance = fonts.regular.clip(f"{plan.entrance} ↓", 8, 60) if plan.entrance else ""
    used = min(height, top + (5.6 if entrance else 2.6)) if tight else height
    set_lines = [_runs(line, fonts.regular) for line in lines]
    return Drawing(
        tuple(box for line in lines for box in line),
        tuple(run for runs, _ in set_lines for run in runs),
        tuple(box for _, alone in set_lines for box in alone),
        tuple(captions),
        entrance,
        width,
        used,
    )


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


def _runs(line: Sequence[Box], ruler: Ruler) -> tuple[tuple[Run, ...], tuple[Box, ...]]:
    """The labels of others' tables as runs of equal steps, and the boxes which need a text of their own."""
    runs: list[Run] = []
    alone: list[Box] = []
    group: list[Box] = []
    for box in [*line, None]:
        if box and not box.own and (not group or _goes_on(group, box, ruler)):
            group.append(box)
            continue
        if len(group) > 1:
            runs.append(_run(group, ruler))
        else:
            alone.extend(group)
        group = [box] if box and not box.own else []
        if box and box.own:
            alone.append(box)
    return tuple(runs), tuple(alone)


def _goes_on(group: list[Box], box: Box, ruler: Ruler) -> bool:
    """Whether `box` is the next cell, its label as wide as the group's: word spacing then centres all."""
    last = group[-1]
    step = group[1].left - group[0].left if len(group) > 1 else box.left - last.left
    same = (
        abs(ruler.tabular_width(box.label, box.size_pt) - ruler.tabular_width(last.label, last.size_pt))
        < 0.05
    )
    return same and abs(box.left - last.left - step) < 0.01 and " " not in box.label + last.label


def _run(group: list[Box], ruler: Ruler) -> Run:
    first, second = group[0], group[1]
    wide = ruler.tabular_width(first.label, first.size_pt)
    blank = ruler.tabular_width(" ", first.size_pt)
    return Run(
        " ".join(box.label for box in group),
        first.left + (first.width - wide) / 2,
        first.top,
        first.height,
        first.size_pt,
        second.left - first.left - wide - blank,
    )


def svg(drawing: Drawing, accent: str) -> bytes:
    """The boxes without their words, as two paths: WeasyPrint pays per node, and per letter in a picture."""
    width, height = drawing.width, drawing.height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">'
        f'<rect x=".2" y=".2" width="{width - 0.4:g}" height="{height - 0.4:g}" rx="2" '
        f'fill="{colours.PAPER}" stroke="{colours.CONTROL}" stroke-width=".4"/>'
        + _boxes([b for b in drawing.boxes if not b.own], "#FFFFFF", colours.CONTROL)
        + _boxes([b for b in drawing.boxes if b.own], accent, accent)
        + "</svg>"
    ).encode()


def _boxes(boxes: list[Box], fill: str, edge: str) -> str:
    """Rounded boxes as two strokes of one path with round joins: a third of the numbers arcs would take."""
    path = "".join(
        f"M{box.left + 1:.2f} {box.top + 1:.2f}h{box.width - 2:.2f}v{box.height - 2:.2f}h{2 - box.width:.2f}z"
        for box in boxes
    )
    if not path:
        return ""
    joined = 'stroke-linejoin="round"'
    return (
        f'<path d="{path}" fill="{edge}" stroke="{edge}" stroke-width="2.3" {joined}/>'
        f'<path d="{path}" fill="{fill}" stroke="{fill}" stroke-width="1.6" {joined}/>'
    )
