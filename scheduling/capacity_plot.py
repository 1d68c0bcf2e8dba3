"""The sensitivity curve as an SVG picture, drawn with the standard library alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from scheduling.capacity import TARGETS, Point

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 520, 70, 130, 50, 60
COLOURS = ("#0b5394", "#b45309", "#15803d", "#9d174d", "#5b21b6", "#334155", "#0e7490", "#7c2d12")


def svg(points: Sequence[Point], title: str) -> str:
    """Share held by tables, one line per number of slots; the dashed line is what no plan exceeds."""
    return "\n".join([*_frame(points, title), *_lines(points), "</svg>", ""])


def _x(tables: float, most: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * tables / most


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", fill: str = "#111", size: int = 13
) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-size="{size}"'
    return f"<text {where}>{escape(words)}</text>"


def _line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {style}/>'


def _frame(points: Sequence[Point], title: str) -> Iterator[str]:
    most = max(point.tables for point in points)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" font-family="sans-serif" role="img">'
    )
    yield f"<title>{escape(title)}</title>"
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    yield _text(LEFT, 28, title, size=16)
    for share in range(0, 101, 20):
        yield _line(LEFT, _y(share / 100), WIDTH - RIGHT, _y(share / 100), 'stroke="#ddd"')
        yield _text(LEFT - 8, _y(share / 100) + 4, f"{share} %", anchor="end")
    for target in TARGETS:
        style = 'stroke="#888" stroke-dasharray="2 4"'
        yield _line(LEFT, _y(target / 100), WIDTH - RIGHT, _y(target / 100), style)
    for tables in sorted({point.tables for point in points}):
        yield _text(_x(tables, most), HEIGHT - BOTTOM + 20, str(tables), anchor="middle")
    yield _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, "tables", anchor="middle")
    yield _text(WIDTH - RIGHT + 12, TOP - 26, "slots")


def _lines(points: Sequence[Point]) -> Iterator[str]:
    most, labels = max(point.tables for point in points), []
    for rank, slots in enumerate(sorted({point.slots for point in points})):
        row = sorted((point for point in points if point.slots == slots), key=lambda one: one.tables)
        colour = COLOURS[rank % len(COLOURS)]
        for shares, dash in (([one.ceiling for one in row], "5 4"), ([one.share for one in row], "none")):
            path = " ".join(
                f"{_x(one.tables, most):.1f},{_y(share):.1f}" for one, share in zip(row, shares, strict=True)
            )
            yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-dasharray="{dash}"/>'
        for one in row:
            yield f'<circle cx="{_x(one.tables, most):.1f}" cy="{_y(one.share):.1f}" r="3" fill="{colour}"/>'
        labels.append((_y(row[-1].share) + 4, str(slots), colour))
    yield from _labels(labels)


def _labels(labels: list[tuple[float, str, str]]) -> Iterator[str]:
    """Beside the ends of the lines, pushed apart."""
    last = HEIGHT + 100.0
    for y, words, colour in sorted(labels, reverse=True):
        last = min(y, last - 15)
        yield _text(WIDTH - RIGHT + 12, last, words, fill=colour)
