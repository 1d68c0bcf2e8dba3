"""Pictures which draw themselves on a page: the engine lays out one box each, whatever is in them.

WeasyPrint pays most of a millisecond for every box; the shapes and words of a picture cost a tenth of that. Words
are set by the functions its own SVG pictures use, so faces, kerning and fallback fonts are those of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree  # our own drawings, made in this package; nothing foreign is parsed here

from exports import colours
from exports.document import closed_fetcher, font_configuration
from exports.fonts import FontSet
from exports.measure import POINT_MM
from exports.text import clean

if TYPE_CHECKING:
    from weasyprint.pdf.stream import Stream

PX = 96 / 25.4  # the engine's units in a mm
FAMILIES = ("Inter", "DejaVu Sans", "sans-serif")


@dataclass(frozen=True, slots=True)
class Lettering:
    """How words are set: weight 600 if `bold`, figures of one width if `tabular`."""

    size_pt: float
    bold: bool = False
    tabular: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text in a line `pitch` mm high whose top is at `top`; `align` counts in `width` mm."""

    text: str
    left: float
    top: float
    pitch: float
    lettering: Lettering
    colour: str = colours.INK
    align: str = "left"
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Shapes:
    """PDF path operators whose unit is `scale` mm, y downwards, from a corner at `left`, `top`."""

    operators: bytes
    left: float
    top: float
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Art:
    """An SVG drawing without words, `width` × `height` mm; equal drawings are parsed once a document."""

    svg: bytes
    left: float
    top: float
    width: float
    height: float


Mark = Words | Shapes | Art


class Picture:
    """Marks on a sheet of `width` × `height` mm, in the shape the engine expects of an image."""

    def __init__(self, width: float, height: float, marks: Sequence[Mark], case: Case) -> None:
        self.width, self.height, self.marks = width, height, marks
        self._case = case

    def get_intrinsic_size(self, _resolution: float, _font_size: float) -> tuple[float, float, float]:
        """Width, height (px) and their ratio: the engine's question to every image."""
        return self.width * PX, self.height * PX, self.width / self.height

    def draw(self, stream: Stream, width: float, height: float, _style: Any) -> None:
        """All marks are on `stream`, fitted to `width` × `height` px: the engine's order to every image."""
        stream.transform(a=width / (self.width * PX), d=height / (self.height * PX))
        for mark in self.marks:
            self._case.put(mark, stream)


@dataclass(frozen=True, slots=True)
class _Line:
    """A shaped line: its operators but for its place, its width and the pictures in it (emoji), px."""

    operators: bytes
    width: float
    emojis: list[Any]


@dataclass(slots=True)
class _Box:
    """What the engine's text drawing asks of a line."""

    pango_layout: Any
    style: Any
    baseline: float = 0.0

    @property
    def text(self) -> str:
        return str(self.pango_layout.text)


class Case:
    """The pictures of one document and what they share: shaped lines and parsed drawings are used again.

    Drawings and words only for `<img>` outside groups of their own: what they need is kept with the pages. A
    background is such a group; shapes need nothing and may lie there, out of the tags.
    """

    def __init__(self, fonts: FontSet, lang: str) -> None:
        self.pictures: dict[str, Picture] = {}
        self._fonts, self._lang = fonts, lang
        self._settings: dict[Lettering, _Setting] = {}
        self._lines: dict[tuple[Lettering, str], _Line] = {}
        self._drawings: dict[tuple[bytes, float, float], bytes] = {}
        self._scratch: Stream | None = None

    def add(self, name: str, width: float, height: float, marks: Sequence[Mark]) -> str:
        """`name`, under which the document now has a picture of `width` × `height` mm."""
        self.pictures[name] = Picture(width, height, marks, self)
        return name

    def put(self, mark: Mark, stream: Stream) -> None:
        """`mark` is on `stream`."""
        if isinstance(mark, Words):
            self._put_words(mark, stream)
            return
        if isinstance(mark, Art):
            operators, scale = self._drawing(mark, stream), 1.0
        else:
            operators, scale = mark.operators, mark.scale * PX
        place = b"q %.4f 0 0 %.4f %.3f %.3f cm\n" % (scale, scale, mark.left * PX, mark.top * PX)
        stream.stream.append(place + operators + b"\nQ")

    def _put_words(self, words: Words, stream: Stream) -> None:
        from weasyprint.draw.text import draw_emojis

        setting = self._setting(words.lettering)
        line = self._line(words.lettering, words.text, stream)
        free = words.width * PX - line.width
        shift = {"left": 0.0, "center": free / 2, "right": free}[words.align]
        x = words.left * PX + shift
        y = words.top * PX + (words.pitch * PX - setting.height) / 2 + setting.baseline
        stream.stream.append(
            b"%b rg BT 1 0 0 -1 %.3f %.3f Tm %b ET" % (_channels(words.colour), x, y, line.operators)
        )
        draw_emojis(stream, setting.style, x, y, line.emojis)

    def _setting(self, lettering: Lettering) -> _Setting:
        if lettering not in self._settings:
            self._settings[lettering] = _Setting(lettering, self._fonts, self._lang)
        return self._settings[lettering]

    def _line(self, lettering: Lettering, text: str, stream: Stream) -> _Line:
        key = (lettering, text)
        if key not in self._lines:
            self._lines[key] = self._shaped(self._setting(lettering), clean(text), stream)
        return self._lines[key]

    def _shaped(self, setting: _Setting, text: str, stream: Stream) -> _Line:
        """The operators the engine draws `text` with, caught on a stream of its own."""
        from weasyprint.draw.text import draw_first_line
        from weasyprint.matrix import Matrix
        from weasyprint.text.line_break import line_size

        if self._scratch is None:
            self._scratch = stream.clone()
        scratch, layout = self._scratch, setting.layout
        scratch.stream.clear()
        scratch.push_state()
        layout.set_text(text)
        emojis = draw_first_line(scratch, _Box(layout, setting.style), "none", "none", Matrix(d=-1))
        operators = b" ".join(scratch.stream[2:])  # after « q » and the text matrix
        scratch.pop_state()
        width, _height = line_size(layout.get_first_line()[0], setting.style)
        return _Line(operators, width, emojis)

    def _drawing(self, art: Art, stream: Stream) -> bytes:
        from weasyprint.svg import SVG

        key = (art.svg, art.width, art.height)
        if key not in self._drawings:
            sheet = stream.clone()
            tree = ElementTree.fromstring(art.svg)  # noqa: S314 - see the import
            drawn = SVG(tree, "asset:", font_configuration(self._fonts.folder), closed_fetcher({}))
            drawn.draw(sheet, art.width * PX, art.height * PX, "asset:", None)
            self._drawings[key] = b"\n".join(sheet.stream)
        return self._drawings[key]


class _Setting:
    """One lettering as the engine knows it: `height` and `baseline` of its lines in px."""

    def __init__(self, lettering: Lettering, fonts: FontSet, lang: str) -> None:
        from weasyprint.text.line_break import Layout, strut

        self.style = _style(lettering, fonts, lang)
        self.layout = Layout(self.style)
        self.height, self.baseline = strut(self.style)


class _Style(dict[str, Any]):
    """Computed values of CSS properties, with the fonts they speak of."""

    font_config: Any


def _style(lettering: Lettering, fonts: FontSet, lang: str) -> _Style:
    from weasyprint.css.properties import INITIAL_VALUES

    style = _Style(INITIAL_VALUES)
    style.font_config = font_configuration(fonts.folder)
    style["lang"] = lang
    style["font_family"] = list(FAMILIES)
    style["font_weight"] = 600 if lettering.bold else 400
    style["font_size"] = lettering.size_pt * POINT_MM * PX
    if lettering.tabular:
        style["font_feature_settings"] = (("tnum", 1),)
    return style


@lru_cache(maxsize=256)
def _channels(colour: str) -> bytes:
    """« .14 .11 .13 », the operands of a `#RRGGBB` colour."""
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.4g}" for at in (1, 3, 5)).encode()


def filled(colour: str) -> bytes:
    """The operator which makes `#RRGGBB` the colour of what is filled."""
    return _channels(colour) + b" rg"


def stroked(colour: str) -> bytes:
    """The operator which makes `#RRGGBB` the colour of strokes."""
    return _channels(colour) + b" RG"
