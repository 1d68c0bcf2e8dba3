"""What lies under a badge's texts: mark, punch guide, rule and band in one picture per type; cut marks."""

from __future__ import annotations

from exports import bands, colours
from exports.badge_sheets import Design, Layout
from exports.marks import MARK
from exports.rows import TypeBand


def piece_art(band: TypeBand, layout: Layout, box: tuple[float, float, float, float], *, mark: bool) -> bytes:
    """Everything drawn on one piece of `layout`, in mm, for a participant of type `band`."""
    width, height, bleed = *layout.face, layout.bleed
    parts = [_open(width, height, bleed)]
    if layout.design is not Design.LABEL:
        parts.append(
            '<rect x="45" y="5" width="15" height="3" rx="1.5" fill="none" stroke="#857A75" '
            'stroke-width=".15" stroke-dasharray=".6 .5"/>'
            f'<path d="M8 75H97" stroke="{colours.INK}" stroke-width=".25"/>'
        )
    if mark:
        x, y, side = (8, 12, 9) if layout.design is not Design.LABEL else (4, 4, 4.6)
        if layout.design is not Design.LABEL or height >= 50:
            parts.append(_nested(MARK, x, y, side / 32))
    parts.append(_nested(_band(band, layout, box), box[0], box[1], 1))
    return ("".join(parts) + "</svg>").encode()


def _band(band: TypeBand, layout: Layout, box: tuple[float, float, float, float]) -> bytes:
    _, _, width, height = box
    if layout.design is Design.LABEL:
        return bands.svg(band, width, height, radius=height / 6, letter=height * 1.25)
    radius, letter = (0.0, 24.0) if layout.bleed else (3.0, width * bands.LETTER_SHARE)
    return bands.svg(band, width, height, radius=radius, letter=letter)


def _open(width: float, height: float, bleed: float) -> str:
    full_width, full_height = width + 2 * bleed, height + 2 * bleed
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{full_width:g}mm" height="{full_height:g}mm" '
        f'viewBox="{-bleed:g} {-bleed:g} {full_width:g} {full_height:g}">'
    )


def _nested(svg: bytes, x: float, y: float, scale: float) -> str:
    """The inside of `svg`, moved and scaled: one picture draws faster than three."""
    inner = svg.decode().split(">", 1)[1].rsplit("</svg>", 1)[0]
    return f'<g transform="translate({x:g} {y:g}) scale({scale:g})">{inner}</g>'


def cut_marks(layout: Layout) -> bytes:
    """Cut marks 0.2 mm thick, 5 mm long, at the paper's edges, and 6 mm crosses where cuts meet."""
    width, height = layout.page
    columns = [layout.piece[0] * i for i in range(1, layout.columns)]
    rows = [layout.piece[1] * i for i in range(1, layout.rows)]
    path = "".join(f"M{x:g} 0v5M{x:g} {height:g}v-5" for x in columns)
    path += "".join(f"M0 {y:g}h5M{width:g} {y:g}h-5" for y in rows)
    path += "".join(f"M{x - 3:g} {y:g}h6M{x:g} {y - 3:g}v6" for x in columns for y in rows)
    return f'{_open(width, height, 0)}<path d="{path}" stroke="#000" stroke-width=".2"/></svg>'.encode()


def fold_marks() -> bytes:
    """Dashes at the edges where an A4 sheet is folded in four."""
    path = "M105 0v6M105 297v-6M0 148.5h6M210 148.5h-6"
    return (
        f'{_open(210, 297, 0)}<path d="{path}" stroke="#857A75" stroke-width=".2" '
        'stroke-dasharray="1 .8"/></svg>'
    ).encode()


def calibration(layout: Layout) -> bytes:
    """The outline of every piece, and rulers in mm from the paper's left and top edges."""
    width, height = layout.page
    boxes = "".join(
        f'<rect x="{x:g}" y="{y:g}" width="{layout.piece[0]:g}" height="{layout.piece[1]:g}"/>'
        for x, y in (layout.place(index) for index in range(layout.capacity))
    )
    along, down = height / 2, width / 2
    ticks = "".join(f"M{i} {along:g}v{_tick(i)}" for i in range(31))
    ticks += "".join(f"M{down:g} {i}h{_tick(i)}" for i in range(31))
    crosses = "".join(f"M{x - 4:g} {y:g}h8M{x:g} {y - 4:g}v8" for x, y in [layout.place(0)])
    return (
        f'{_open(width, height, 0)}<g fill="none" stroke="#000" stroke-width=".15">{boxes}'
        f'<path d="{ticks}{crosses}" stroke-width=".2"/></g></svg>'
    ).encode()


def _tick(mm: int) -> float:
    return 5 if mm % 10 == 0 else 3.5 if mm % 5 == 0 else 2
