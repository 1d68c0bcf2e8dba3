"""How wide a text will be, so that Python decides where a line ends and a document never overflows."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from exports.text import one_line

POINT_MM = 25.4 / 72
_SLACK = 1.01  # hinting and rounding; kerning nearly always narrows


@dataclass(frozen=True, slots=True)
class Ruler:
    """Advance widths of one font, in em, by character."""

    advances: dict[int, float]

    def width(self, text: str, size_pt: float) -> float:
        """The width of `text` in mm; a character the font lacks counts a full em (emoji, CJK)."""
        try:
            em = sum(map(self.advances.__getitem__, map(ord, text)))
        except KeyError:
            em = sum(self.advances.get(ord(c), 0.0 if unicodedata.combining(c) else 1.0) for c in text)
        return em * size_pt * POINT_MM * _SLACK

    def fits(self, text: str, size_pt: float, width_mm: float) -> bool:
        return self.width(text, size_pt) <= width_mm

    def clip(self, text: str, size_pt: float, width_mm: float) -> str:
        """`text` on one line of `width_mm`, cut with an ellipsis where needed."""
        flat = one_line(text)
        if self.fits(flat, size_pt, width_mm):
            return flat
        kept = flat[: self._reach(flat, size_pt, width_mm - self.width("…", size_pt))]
        return kept.rstrip(" \u00a0\u202f,;:-–·") + "…"

    def wrap(self, text: str, size_pt: float, width_mm: float, lines: int) -> tuple[str, ...]:
        """At most `lines` lines of `width_mm`; overlong words are cut, what is left over gets an ellipsis."""
        rest, done = one_line(text), list[str]()
        while rest and len(done) < lines - 1:
            head, rest = self._line(rest, size_pt, width_mm)
            done.append(head)
        return (*done, self.clip(rest, size_pt, width_mm)) if rest else tuple(done)

    def _line(self, text: str, size_pt: float, width_mm: float) -> tuple[str, str]:
        """The first line of `text` and the rest, broken at a space, after a hyphen, else inside the word."""
        if self.fits(text, size_pt, width_mm):
            return text, ""
        reach = max(self._reach(text, size_pt, width_mm), 1)
        space = text.rfind(" ", 0, reach + 1)
        hyphen = text.rfind("-", 0, reach) + 1
        cut = max(space, hyphen)
        cut = cut if cut > reach // 3 else reach
        return text[:cut].rstrip(" "), text[cut:].lstrip(" ")

    def _reach(self, text: str, size_pt: float, width_mm: float) -> int:
        """How many characters of `text` fit."""
        left = width_mm
        for index, character in enumerate(text):
            left -= self.width(character, size_pt)
            if left < 0:
                return index
        return len(text)


@lru_cache(maxsize=8)
def ruler(font: bytes) -> Ruler:
    """The ruler of a TrueType font given as bytes."""
    from fontTools.ttLib import TTFont  # late: only documents need it, and it takes long to load

    with TTFont(BytesIO(font), lazy=True) as opened:
        per_em = opened["head"].unitsPerEm
        metrics, characters = opened["hmtx"].metrics, opened.getBestCmap()
        return Ruler({code: metrics[name][0] / per_em for code, name in characters.items()})
