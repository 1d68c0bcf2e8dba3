"""A page of badges for the printer as one picture, drawn from the pieces the tagged single badge is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exports import badge_art, colours, qr
from exports.badge_pieces import LINE_MM, Block, Piece, Setter, Text
from exports.pictures import Art, Lettering, Mark, Words

Placed = tuple[Piece, float, float]
"""A piece with its left and top on the page, mm."""

_TIME = Lettering(8, tabular=True)
_TABLE, _WHO = Lettering(8, bold=True), Lettering(8)


def page(placed: Sequence[Placed], setter: Setter, offset: tuple[float, float]) -> list[Mark]:
    """Everything but the organiser's logo on a page; its origin is the corner of the paper, bleed included."""
    bleed = setter.layout.bleed
    right, down = offset[0] + bleed, offset[1] + bleed
    places = [(left, top) for _piece, left, top in placed]
    common = badge_art.sheet_art(setter.layout, places, mark=setter.brand.logo is None)
    marks: list[Mark] = [Art(common, right, down, *setter.layout.page)]
    for piece, left, top in placed:
        marks.extend(_badge(piece, left + right, top + down, setter))
    return marks


def _badge(piece: Piece, left: float, top: float, setter: Setter) -> Iterator[Mark]:
    badge, bleed = piece.badge, setter.layout.bleed
    width, height = (side + 2 * bleed for side in setter.layout.face)
    band = badge_art.band_art(badge.type, setter.layout, setter.band_box)
    yield Art(band, left - bleed, top - bleed, width, height)
    for text in piece.texts:
        yield from _lines(text, left, top)
    for block in piece.blocks:
        yield from _rows(block, left, top)
    if piece.code:
        across, down, side = piece.code
        yield qr.shapes(badge.url, left + across, top + down, side)


def _lines(text: Text, left: float, top: float) -> Iterator[Words]:
    lettering = Lettering(text.size_pt, bold=text.bold)
    colour = text.colour or (colours.MUTED if text.muted else colours.INK)
    for index, line in enumerate(text.lines):
        y = top + text.top + index * text.pitch
        yield Words(line, left + text.left, y, text.pitch, lettering, colour, text.align, text.width)


def _rows(block: Block, left: float, top: float) -> Iterator[Words]:
    x = left + block.left
    for index, row in enumerate(block.rows):
        y = top + block.top + index * LINE_MM
        yield Words(row.time, x, y, LINE_MM, _TIME)
        yield Words(row.table, x + block.table_at, y, LINE_MM, _TABLE)
        if block.who_at:
            yield Words(row.who, x + block.who_at, y, LINE_MM, _WHO)
