"""Salon's mark, drawn: two half-discs facing each other across a table, seen from above."""

from __future__ import annotations

from exports import colours
from exports.pictures import filled, stroked

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32">'
    f'<rect width="32" height="32" rx="8" fill="{colours.BRAND}"/>'
    '<path fill="#fff" d="M11.2 10v12a6 6 0 0 1 0-12zM20.8 10v12a6 6 0 0 0 0-12z"/>'
    f'<rect x="13" y="6" width="6" height="20" rx="3" fill="{colours.SAFFRON}"/></svg>'
).encode()

CURVE = 0.5523  # of a radius: the handle of the Bézier which looks like a quarter of a circle


def _half_disc(x: float, y: float, radius: float) -> bytes:
    """A half-disc whose flat side is at `x`, centred on `y`, bulging to the side of `radius`'s sign."""
    r, up, handle = radius, abs(radius), abs(radius) * CURVE
    tip = x + r
    return (
        b"%.3f %.3f m " % (x, y - up)
        + b"%.3f %.3f %.3f %.3f %.3f %.3f c " % (x + r * CURVE, y - up, tip, y - handle, tip, y)
        + b"%.3f %.3f %.3f %.3f %.3f %.3f c h" % (tip, y + handle, x + r * CURVE, y + up, x, y + up)
    )


# The same mark as PDF operators, 32 units wide: a square with round joins, two half-discs, a table.
OPERATORS = b"\n".join(
    (
        filled(colours.BRAND), stroked(colours.BRAND), b"16 w 1 j 8 8 16 16 re B",
        filled("#FFFFFF"), _half_disc(11.2, 16, -6), _half_disc(20.8, 16, 6), b"f",
        stroked(colours.SAFFRON), b"6 w 1 J 16 9 m 16 23 l S",
    )
)  # fmt: skip


def assets(logo: bytes | None) -> dict[str, bytes]:
    """The picture beside the edition's name: the organiser's logo, else Salon's mark."""
    return {"mark.svg": MARK} if logo is None else {"logo.png": logo}
