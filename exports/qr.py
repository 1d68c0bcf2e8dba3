"""QR codes as small SVG pictures."""

from __future__ import annotations

import re

import segno
from markupsafe import escape

from exports.pictures import Shapes
from exports.text import clean

_MASK = 2  # fixed: trying all eight costs five times the time and gains nothing a reader notices
_DARK = re.compile(b"\x01+")
QUIET_ZONE = 4  # modules of white the standard asks for on each side
LONGEST = 512  # characters; beyond it a printed code is too fine to scan


def svg(content: str) -> bytes:
    """`content` as an SVG without margin: the place it is put in must keep `QUIET_ZONE` modules of white.

    Capitals, figures and `$%*+-./:` give the coarsest code. Raises ValueError on empty or overlong content.
    """
    matrix = _matrix(content)
    size = len(matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}">'
        f'<path stroke="#000" stroke-width="1" d="{_strokes(matrix)}"/></svg>'
    ).encode()


def shapes(content: str, left: float, top: float, side: float) -> Shapes:
    """The same code as `svg` draws, `side` mm wide at `left`, `top`, for a picture which draws itself."""
    matrix = _matrix(content)
    runs = (
        b"%d %d %d 1 re" % (found.start(), y, found.end() - found.start())
        for y, row in enumerate(matrix)
        for found in _DARK.finditer(row)
    )
    return Shapes(b"0 0 0 rg\n" + b"\n".join(runs) + b" f", left, top, side / len(matrix))


def _matrix(content: str) -> tuple[bytearray, ...]:
    """The modules row by row, 1 where dark; raises ValueError on empty or overlong content."""
    wanted = clean(content).strip()
    if not wanted or len(wanted) > LONGEST:
        raise ValueError(f"A QR code holds 1 to {LONGEST} characters, not {len(wanted)}")
    code = segno.make(wanted, error="m", mask=_MASK, boost_error=False, micro=False)
    return tuple(code.matrix)


def _strokes(matrix: tuple[bytearray, ...]) -> str:
    """Dark runs as strokes, along rows or columns, whichever needs fewer: drawing time is per operator."""
    across = [bytes(row) for row in matrix]
    down = [bytes(column) for column in zip(*matrix, strict=True)]
    rows = [(m.start(), y, m.end() - m.start()) for y, row in enumerate(across) for m in _DARK.finditer(row)]
    columns = [(x, m.start(), m.end() - m.start()) for x, row in enumerate(down) for m in _DARK.finditer(row)]
    if len(rows) <= len(columns):
        return "".join(f"M{x} {y}.5h{length}" for x, y, length in rows)
    return "".join(f"M{x}.5 {y}v{length}" for x, y, length in columns)


def alternative(label: str, content: str) -> str:
    """An `alt` for the code: what it opens, escaped."""
    return str(escape(f"{label} : {content}"))
