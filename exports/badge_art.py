"""What lies under a badge's texts: a picture per page for what all pieces share, one per type for its band.

WeasyPrint pays per node and number of a picture, so common things are few long paths.
"""

from __future__ import annotations

from collections.abc import Sequence

from exports import bands, colours
from exports.badge_sheets import Design, Layout
from exports.rows import TypeBand

Place = tuple[float, float]


def band_art(band: TypeBand, layout: Layout, box: tuple[float, float, float, float]) -> bytes:
    """The band of a participant of type `band` at its place on a piece of `layout`, in mm."""
    left, top, width, height = box
    if layout.design is Design.LABEL:
        drawn = bands.svg(band, width, height, radius=height / 6, letter=height * 1.25)
    else:
        radius, letter = (0.0, 24.0) if layout.bleed else (3.0, width * bands.LETTER_SHARE)
        drawn = bands.svg(band, width, height, radius=radius, letter=letter)
    inner = drawn.decode().split(">", 1)[1].rsplit("</svg>", 1)[0]
    opened = _open(*layout.face, layout.bleed)
    return f'{opened}<g transform="translate({left:g} {top:g})">{inner}</g></svg>'.encode()


def sheet_art(layout: Layout, places: Sequence[Place], *, mark: bool) -> bytes:
    """What all pieces of a page share: cut or fold marks, marks, punch guides and rules at `places`."""
    parts = [_open(*layout.page, 0)]
    if layout.crop:
        parts.append(f'<path d="{_cuts(layout)}" stroke="#000" stroke-width=".2"/>')
    if layout.design is Design.FOLD:
        dashes = f'stroke="{colours.CONTROL}" stroke-width=".2" stroke-dasharray="1 .8"'
        parts.append(f'<path d="M105 0v6M105 297v-6M0 148.5h6M210 148.5h-6" {dashes}/>')
    if layout.design is not Design.LABEL:
        parts.append(_guides(places))
    if mark and layout.design is not Design.LABEL:
        parts.append(_marks([(x + 8, y + 12) for x, y in places], 9 / 32))
    elif mark and layout.face[1] >= 50:
        parts.append(_marks([(x + 4, y + 4) for x, y in places], 4.6 / 32))
    return ("".join(parts) + "</svg>").encode()


def _guides(places: Sequence[Place]) -> str:
    """Where to punch (15 × 3 mm at 45, 5) and the rule above the agenda."""
    punch = "".join(f"M{x + 46.5:g} {y + 5:g}h12a1.5 1.5 0 0 1 0 3h-12a1.5 1.5 0 0 1 0 -3" for x, y in places)
    rules = "".join(f"M{x + 8:g} {y + 75:g}h89" for x, y in places)
    dashes = f'stroke="{colours.CONTROL}" stroke-width=".15" stroke-dasharray=".6 .5"'
    return f'<path d="{punch}" fill="none" {dashes}/><path d="{rules}" stroke="{colours.INK}" stroke-width=".25"/>'


def _marks(places: Sequence[Place], scale: float) -> str:
    """Salon's mark (see `marks`) at each place, `scale` mm per unit of its 32 × 32 drawing."""
    s = scale
    squares = "".join(
        f"M{x + 8 * s:.3f} {y + 8 * s:.3f}h{16 * s:.3f}v{16 * s:.3f}h{-16 * s:.3f}z" for x, y in places
    )
    arc = f"{6 * s:.3f} {6 * s:.3f} 0 0"
    discs = "".join(
        f"M{x + 11.2 * s:.3f} {y + 10 * s:.3f}v{12 * s:.3f}a{arc} 1 0 {-12 * s:.3f}z"
        f"M{x + 20.8 * s:.3f} {y + 10 * s:.3f}v{12 * s:.3f}a{arc} 0 0 {-12 * s:.3f}z"
        for x, y in places
    )
    tables = "".join(f"M{x + 16 * s:.3f} {y + 9 * s:.3f}v{14 * s:.3f}" for x, y in places)
    round_join = f'stroke="{colours.BRAND}" stroke-width="{16 * s:.3f}" stroke-linejoin="round"'
    return (
        f'<path d="{squares}" fill="{colours.BRAND}" {round_join}/><path d="{discs}" fill="#fff"/>'
        f'<path d="{tables}" stroke="{colours.SAFFRON}" stroke-width="{6 * s:.3f}" stroke-linecap="round"/>'
    )


def _open(width: float, height: float, bleed: float) -> str:
    full_width, full_height = width + 2 * bleed, height + 2 * bleed
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{full_width:g}mm" height="{full_height:g}mm" '
        f'viewBox="{-bleed:g} {-bleed:g} {full_width:g} {full_height:g}">'
    )


def _cuts(layout: Layout) -> str:
    """Cut marks 0.2 mm thick, 5 mm long, at the paper's edges, and 6 mm crosses where cuts meet."""
    width, height = layout.page
    columns = [layout.piece[0] * i for i in range(1, layout.columns)]
    rows = [layout.piece[1] * i for i in range(1, layout.rows)]
    path = "".join(f"M{x:g} 0v5M{x:g} {height:g}v-5" for x in columns)
    path += "".join(f"M0 {y:g}h5M{width:g} {y:g}h-5" for y in rows)
    return path + "".join(f"M{x - 3:g} {y:g}h6M{x:g} {y - 3:g}v6" for x in columns for y in rows)


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
