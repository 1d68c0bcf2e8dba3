"""QR codes as small SVG pictures."""

from __future__ import annotations

import re

import segno
from markupsafe import escape

from exports.text import clean

_MASK = 2  # fixed: trying all eight costs five times the time and gains nothing a reader notices
QUIET_ZONE = 4  # modules of white the standard asks for on each side
LONGEST = 512  # characters; beyond it a printed code is too fine to scan


def svg(content: str) -> bytes:
    """`content` as an SVG without margin: the place it is put in must keep `QUIET_ZONE` modules of white.

    Capitals, figures and `$%*+-./:` give the coarsest code. Raises ValueError on empty or overlong content.
    """
    wanted = clean(content).strip()
    if not wanted or len(wanted) > LONGEST:
        raise ValueError(f"A QR code holds 1 to {LONGEST} characters, not {len(wanted)}")
    code = segno.make(wanted, error="m", mask=_MASK, boost_error=False, micro=False)
    size = len(code.matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}">'
        f'<path fill="#000" d="{_rectangles(code.matrix)}"/></svg>'
    ).encode()


def _rectangles(matrix: tuple[bytearray, ...]) -> str:
    """Dark runs as filled rectangles; a run repeated below becomes one taller rectangle (fewer operators)."""
    open_runs: dict[tuple[int, int], int] = {}
    done: list[str] = []
    for y, row in enumerate([*matrix, bytearray(len(matrix))]):
        runs = {match.span() for match in re.finditer(b"\x01+", bytes(row))}
        for run in [run for run in open_runs if run not in runs]:
            top = open_runs.pop(run)
            done.append(f"M{run[0]} {top}h{run[1] - run[0]}v{y - top}h{run[0] - run[1]}z")
        for run in runs - open_runs.keys():
            open_runs[run] = y
    return "".join(sorted(done))


def alternative(label: str, content: str) -> str:
    """An `alt` for the code: what it opens, escaped."""
    return str(escape(f"{label} : {content}"))
