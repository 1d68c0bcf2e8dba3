"""Pictures which draw themselves: the fast sheet looks like the tagged badge, whatever the engine does inside."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from jinja2 import Environment

from exports import badges
from exports.badge_sheets import LAYOUTS
from exports.document import render
from exports.fonts import FontSet
from exports.pictures import Art, Case, Lettering, Mark, Shapes, Words, filled
from exports.rows import Badge
from tests.exports import samples
from tests.exports.conftest import texts

Point = tuple[float, float]
MM = 72 / 25.4


def _words(content: bytes) -> dict[Point, bytes]:
    """The glyphs of the first page's texts by where they start, in points from the lower left corner."""
    with pikepdf.open(BytesIO(content)) as pdf:
        matrix, stack, at = pikepdf.Matrix(), list[pikepdf.Matrix](), pikepdf.Matrix()
        found: dict[Point, bytes] = {}
        for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]):
            match str(operator):
                case "q":
                    stack.append(matrix)
                case "Q":
                    matrix = stack.pop()
                case "cm":
                    matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
                case "Tm":
                    at = pikepdf.Matrix(*map(float, operands)) @ matrix
                case "TJ":
                    found[at.e, at.f] = b"".join(bytes(part) for part in operands[0] if _is_text(part))
        return found


def _is_text(part: Any) -> bool:
    return isinstance(part, pikepdf.String)


def _apart(sheet: dict[Point, bytes], single: dict[Point, bytes]) -> list[bytes]:
    """The texts of `sheet` which do not begin `single`'s text at the same place, to a tenth of a mm."""
    return [
        glyphs
        for (x, y), glyphs in sheet.items()
        if not any(
            abs(x - u) < 0.1 * MM and abs(y - v) < 0.1 * MM and other.startswith(glyphs)
            for (u, v), other in single.items()
        )
    ]


@pytest.mark.parametrize("key", ["a6", "cr80", "holder_96x82"])
@pytest.mark.parametrize("index", range(5))
def test_a_sheet_shows_what_the_reprint_shows(
    env: Environment, fontset: FontSet, key: str, index: int
) -> None:
    """One draws words itself, the other lays out a box for each: every word is where the other has it."""
    layout, badge = LAYOUTS[key], samples.badge(index, 9 + index)

    def sheet(offset: Point) -> dict[Point, bytes]:
        return _words(
            badges.sheet([badge], env, brand=samples.BRAND, fonts=fontset, layout=layout, offset=offset)
        )

    tagged = badges.single(badge, env, brand=samples.BRAND, fonts=fontset, layout=layout)
    single = _words(tagged.content)
    assert len(sheet((0, 0))) > 5 and not _apart(sheet((0, 0)), single)
    assert _apart(sheet((0.3, 0)), single)  # control: a third of a mm is seen


def _drawn(marks: list[Mark], fontset: FontSet, *, tagged: bool = False) -> bytes:
    case = Case(fontset, "fr")
    case.add("picture", 60, 40, marks)
    case.add("again", 60, 40, marks)
    html = (
        '<html lang="fr"><style>@page{size:80mm 100mm;margin:0}body{margin:0}img{display:block}</style>'
        '<img src="asset:picture" alt="one"><img src="asset:again" alt="two">'
    )
    return render(html, {}, tagged=tagged, title="t", lang="fr", fonts=fontset, pictures=case.pictures)


def test_words_are_set_where_they_are_told(fontset: FontSet) -> None:
    lettering = Lettering(10)
    lines: list[Mark] = [
        Words("Zoé", 5, 10, 5, lettering),
        Words("Zoé", 5, 20, 5, lettering, align="right", width=40),
        Words("Zoé", 5, 30, 5, lettering, align="center", width=40),
    ]
    left, right, middle = list(_words(_drawn(lines, fontset)))[:3]
    wide = fontset.regular.width("Zoé", 10) / 1.01
    assert left[0] == pytest.approx(5 * MM, abs=0.02)
    assert right[0] == pytest.approx((45 - wide) * MM, abs=0.2)
    assert middle[0] == pytest.approx((25 - wide / 2) * MM, abs=0.2)
    # Inter's own line is 1.21 em high, its baseline 0.969 em down; the rest of the 5 mm is shared above and below.
    assert left[1] == pytest.approx((100 - 10 - 2.5) * MM - (0.969 - 1.21 / 2) * 10, abs=0.1)


def test_pictures_carry_their_words_and_their_alternatives(fontset: FontSet) -> None:
    square = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z" fill="#123456"/></svg>'
    marks: list[Mark] = [
        Shapes(filled("#FF0000") + b" 0 0 10 10 re f", 1, 1),
        Art(square, 20, 20, 9, 9),
        Words("Table \u202eT12\x00", 1, 1, 5, Lettering(9, bold=True), colour="#0B7A68"),
    ]
    content = _drawn(marks, fontset, tagged=True)
    assert texts(content)[0].count("Table T12") == 2  # control characters are gone
    with pikepdf.open(BytesIO(content)) as pdf:
        stream = pdf.pages[0].Contents.read_bytes()
        assert stream.count(b"1 0 0 rg 0 0 10 10 re f") == 2
        assert stream.count(b"0.070588 0.203922 0.337255 rg") == 2  # the drawing, parsed once
        assert sorted(
            str(o.Alt) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o
        ) == [
            "one",
            "two",
        ]


def test_equal_piles_give_equal_bytes(env: Environment, fontset: FontSet) -> None:
    def made(people: list[Badge | None]) -> bytes:
        options = {"brand": samples.BRAND, "fonts": fontset, "layout": LAYOUTS["a6x4"], "offset": (0.0, 0.0)}
        return badges.sheet(people, env, **options)

    people: list[Badge | None] = [samples.badge(i) for i in range(5)]
    assert made(people) == made(people) != made(people[:4])
