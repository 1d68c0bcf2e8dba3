"""What lies under an agenda's words: rules, grey pauses, frames round table numbers, as one picture a page."""

from __future__ import annotations

from collections.abc import Iterator

from exports import colours, marks
from exports.agenda_layout import LEFT, TABLE_HEAD, TIME, WIDTH, Kind, Page
from exports.pictures import Shapes, filled, stroked

RULE_TOP = 25.2
FRAME_WIDTH, FRAME_HEIGHT, FRAME_LINE, FRAME_RADIUS = 14.4, 6.8, 0.35, 1.6
ROW_LINE = 0.2
PADDINGS = {"roomy": 2.0, "tight": 1.55, "dense": 0.95}  # mm above a row's words, by density


def shapes(page: Page, *, with_mark: bool) -> list[Shapes]:
    """The lines of `page`, with Salon's mark where no logo takes its place."""
    operators = b"\n".join(_operators(page))
    mark = [Shapes(marks.OPERATORS, LEFT, 14, 8 / 32)] if with_mark else []
    return [Shapes(operators, 0, 0), *mark]


def _operators(page: Page) -> Iterator[bytes]:
    if page.number == 1:
        yield filled(colours.INK)
        yield _bar(RULE_TOP, 0.4)
    if not page.entries:
        return
    top = page.table_top + TABLE_HEAD
    yield filled(colours.CONTROL)
    yield _bar(top - 0.3, 0.3)
    yield stroked(colours.INK) + b" %.2f w" % FRAME_LINE
    for entry in page.entries:
        if entry.kind is Kind.BREAK:
            yield filled(colours.SUNKEN)
            yield _bar(top, entry.height - ROW_LINE)
        if entry.table:
            yield _frame(LEFT + TIME, top + PADDINGS[page.density])
        top += entry.height
        yield filled(colours.BORDER)
        yield _bar(top - ROW_LINE, ROW_LINE)


def _bar(top: float, height: float) -> bytes:
    return b"%.3f %.3f %.3f %.3f re f" % (LEFT, top, WIDTH, height)


def _frame(left: float, top: float) -> bytes:
    """A rounded box; its line lies inside."""
    half, r = FRAME_LINE / 2, FRAME_RADIUS - FRAME_LINE / 2
    x0, y0, x1, y1 = left + half, top + half, left + FRAME_WIDTH - half, top + FRAME_HEIGHT - half
    h = r * (1 - marks.CURVE)
    corners = (
        (x1 - r, y0, x1 - h, y0, x1, y0 + h, x1, y0 + r),
        (x1, y1 - r, x1, y1 - h, x1 - h, y1, x1 - r, y1),
        (x0 + r, y1, x0 + h, y1, x0, y1 - h, x0, y1 - r),
        (x0, y0 + r, x0, y0 + h, x0 + h, y0, x0 + r, y0),
    )
    path = b"\n".join(b"%.3f %.3f l %.3f %.3f %.3f %.3f %.3f %.3f c" % corner for corner in corners)
    return b"%.3f %.3f m\n" % (x0 + r, y0) + path + b" s"
