"""Badges: geometry, names that fit, codes that scan, sheets that can be begun."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import pairwise

import pikepdf
import pytest
import segno
from jinja2 import Environment

from exports import badges, qr
from exports.badge_pieces import Setter, Text
from exports.badge_sheets import LAYOUTS, Design, names
from exports.bands import letter_cell
from exports.chunks import HandPress
from exports.colours import contrast, luminance, text_on
from exports.fonts import FontSet
from exports.rows import Badge, Brand, Pattern, TypeBand
from tests.exports import samples
from tests.exports.conftest import texts
from tests.exports.test_document import PIXEL
from tests.exports.test_text import HOSTILE

BRAND = samples.BRAND


@pytest.mark.parametrize("key", LAYOUTS)
def test_pieces_lie_on_the_paper_without_overlap(key: str) -> None:
    layout = LAYOUTS[key]
    places = [layout.place(index) for index in range(layout.capacity)]
    for left, top in places:
        assert left >= 0 and top >= 0
        assert (
            left + layout.piece[0] <= layout.page[0] + 0.01 and top + layout.piece[1] <= layout.page[1] + 0.01
        )
    for i, (left, top) in enumerate(places):
        for other_left, other_top in places[i + 1 :]:
            apart = (
                abs(left - other_left) >= layout.piece[0] - 0.01
                or abs(top - other_top) >= layout.piece[1] - 0.01
            )
            assert apart
    assert layout.place(layout.capacity) == layout.place(0)


def test_every_layout_has_a_name() -> None:
    assert set(names()) == set(LAYOUTS)


@pytest.mark.parametrize("key", LAYOUTS)
@pytest.mark.parametrize("index", range(5))
def test_texts_stay_inside_and_clear_of_the_code(
    env: Environment, fontset: FontSet, key: str, index: int
) -> None:
    """Every text ends before the piece's edge and outside the code with its four white modules."""
    layout = LAYOUTS[key]
    piece = Setter(BRAND, env, fontset, layout).piece(samples.badge(index, 9))
    width, height = layout.face
    assert piece.code is not None
    left, top, side = piece.code
    white = side / 25 * 4 - 0.01
    for text in piece.texts:
        x0, y0, x1, y1 = _box(text, fontset)
        assert x0 >= 3.9 and x1 <= width - 3.9 and y0 >= 3.9 and y1 <= height - 3.9 + layout.bleed, text
        apart = (
            x1 <= left - white or x0 >= left + side + white or y1 <= top - white or y0 >= top + side + white
        )
        assert apart, text


def _box(text: Text, fontset: FontSet) -> tuple[float, float, float, float]:
    ruler = fontset.semibold if text.bold else fontset.regular
    wide = max(ruler.width(line, text.size_pt) for line in text.lines)
    left = text.left
    if text.align != "left":
        left += (text.width - wide) * (0.5 if text.align == "center" else 1)
    slack = (text.pitch - text.size_pt * 0.3528) / 2
    return left, text.top + slack, left + wide, text.top + text.height - slack


def test_names_follow_the_ladder(env: Environment, fontset: FontSet) -> None:
    setter = Setter(BRAND, env, fontset, LAYOUTS["a6x4"])

    def first(name: str) -> Text:
        return next(
            t for t in setter.piece(samples.badge(first_name=name)).texts if t.size_pt >= 26 and t.top < 40
        )

    assert (first("Claire").size_pt, first("Claire").lines) == (40, ("Claire",))
    assert (first("Marie-Hélène").size_pt, len(first("Marie-Hélène").lines)) == (36, 1)
    assert (first("Anne-Marie Joséphine").size_pt, len(first("Anne-Marie Joséphine").lines)) == (36, 2)
    assert first("Jean-Christophe Alexandre").lines == ("Jean-Christophe", "Alexandre")
    assert first("W" * 300).lines[-1].endswith("…")


def test_the_sheet_says_what_the_rows_say(press: HandPress) -> None:
    document = badges.bulk([samples.badge(i, n) for i, n in enumerate((8, 7, 3, 0))], press, brand=BRAND)
    (page,) = texts(document.content)
    for part in (
        "Youssef", "Blanchisserie Belle-Étoile", "Votre journée · version 2", "T12", "Intérim Horizon Ouest",
        "Une question ? Point accueil, hall A 06 00 00 00 00", "K7QM0003", "Acheteur",
        "Nantes · jeudi 11 mars",
    ):  # fmt: skip
        assert part in page, part


def test_more_than_nine_meetings_take_two_columns(env: Environment, fontset: FontSet) -> None:
    setter = Setter(BRAND, env, fontset, LAYOUTS["a6x4"])
    nine, ten = (setter.piece(samples.badge(0, n)).blocks for n in (9, 10))
    assert len(nine) == 1 and nine[0].rows[0].who == "Intérim Horizon Ouest"
    assert [len(block.rows) for block in ten] == [5, 5] and not ten[0].rows[0].who


@pytest.mark.parametrize("key", LAYOUTS)
@pytest.mark.parametrize("value", HOSTILE[:1] + HOSTILE[2:6] + HOSTILE[7:10])
def test_hostile_names_print(press: HandPress, key: str, value: str) -> None:
    evil = samples.badge(
        0, 2, first_name=value, last_name=value, organisation=value, job_title=value, code=value
    )
    document = badges.bulk([evil], press, brand=BRAND, layout=LAYOUTS[key])
    assert len(texts(document.content)) == 1


def test_a_begun_sheet_is_used_up(press: HandPress) -> None:
    people = [samples.badge(i) for i in range(4)]
    assert len(texts(badges.bulk(people, press, brand=BRAND).content)) == 1
    assert len(texts(badges.bulk(people, press, brand=BRAND, start_at=1).content)) == 2


def test_offsets_move_everything(press: HandPress) -> None:
    def first_text(offset: tuple[float, float]) -> tuple[float, float]:
        pdf = badges.bulk(
            [samples.badge()], press, brand=BRAND, layout=LAYOUTS["durable_1445"], offset=offset
        )
        with pikepdf.open(BytesIO(pdf.content)) as opened:
            stream = opened.pages[0].Contents.read_bytes().decode("latin-1")
        x, y = re.search(r"([\d.]+) (-?[\d.]+) Tm", stream).groups()  # type: ignore[union-attr]
        return float(x), float(y)

    (x0, y0), (x1, y1) = first_text((0, 0)), first_text((2, 1))
    # WeasyPrint counts in CSS pixels, 96 to the inch
    assert (x1 - x0, y1 - y0) == pytest.approx((2 * 96 / 25.4, 96 / 25.4), abs=0.05)


def test_a_single_badge_is_tagged(env: Environment, fontset: FontSet) -> None:
    document = badges.single(samples.badge(), env, brand=BRAND, fonts=fontset)
    with pikepdf.open(BytesIO(document.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == "fr"
        figures = [str(o.Alt) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
    assert figures == ["Code de pointage K7QM0000"]
    assert "09 h 20 T12 Intérim Horizon Ouest" in texts(document.content)[0]
    assert document.filename == "badge-de-claire-beranger-passerelles-2027.pdf"


def test_the_print_shop_gets_its_bleed(press: HandPress) -> None:
    pdf = badges.bulk([samples.badge()], press, brand=BRAND, layout=LAYOUTS["a6_bleed"])
    with pikepdf.open(BytesIO(pdf.content)) as opened:
        page = opened.pages[0]
        trim = [float(v) * 25.4 / 72 for v in page.TrimBox]
        bleed = [float(v) * 25.4 / 72 for v in page.BleedBox]
    assert trim[2] - trim[0] == pytest.approx(105, abs=0.1) and trim[3] - trim[1] == pytest.approx(
        148.5, abs=0.1
    )
    assert bleed[2] - bleed[0] == pytest.approx(111, abs=0.1)


def test_logo_and_accent_are_the_editions(env: Environment, fontset: FontSet) -> None:
    brand = Brand("Fête", "", "Nantes", BRAND.first_day, BRAND.last_day, "Europe/Paris", "#0B7A68", PIXEL)
    with_logo = badges.single(samples.badge(), env, brand=brand, fonts=fontset).content
    assert b"/Subtype /Image" in with_logo
    assert b"/Subtype /Image" not in badges.single(samples.badge(), env, brand=BRAND, fonts=fontset).content


def test_types_differ_in_grey() -> None:
    """Neighbouring greys are told apart by pattern or letter; words read on their band."""
    for band in samples.TYPES:
        assert contrast(band.hue, band.text_colour) >= 4.5
        assert contrast(letter_cell(band), text_on(letter_cell(band))) >= 4.5
    greys = sorted((luminance(band.hue), band.pattern) for band in samples.TYPES)
    for (low, one), (high, other) in pairwise(greys):
        assert one is not other and (high - low > 0.01)
    assert {band.pattern for band in samples.TYPES} == set(Pattern)


def test_a_type_cannot_smuggle_style() -> None:
    with pytest.raises(ValueError, match="colour"):
        TypeBand("A", "Acheteur", "red;background:url(http://x)", "#FFFFFF")


def test_codes_are_coarse_and_faithful() -> None:
    """The picture's strokes are exactly segno's dark modules; a short capital address is 25 wide."""
    address = "HTTPS://SALON.EXAMPLE/B/K7QM2XV9"
    drawn = qr.svg(address).decode()
    matrix = segno.make(address, error="m", mask=2, boost_error=False, micro=False).matrix
    assert f'viewBox="0 0 {len(matrix)} {len(matrix)}"' in drawn and len(matrix) == 25
    dark = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", drawn):
        dark |= {(int(x) + i, int(y)) for i in range(int(length))}
    for x, y, length in re.findall(r"M(\d+)\.5 (\d+)v(\d+)", drawn):
        dark |= {(int(x), int(y) + i) for i in range(int(length))}
    modules = {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    assert dark == modules
    shapes = qr.shapes(address, 10, 20, 25)
    runs = re.findall(rb"(\d+) (\d+) (\d+) 1 re", shapes.operators)
    assert {(int(x) + i, int(y)) for x, y, wide in runs for i in range(int(wide))} == modules
    assert (shapes.left, shapes.top, shapes.scale) == (10, 20, 1.0)
    for bad in ("", " \x00 ", "x" * 600):
        with pytest.raises(ValueError, match="QR"):
            qr.svg(bad)
        with pytest.raises(ValueError, match="QR"):
            qr.shapes(bad, 0, 0, 20)


def test_calibration_page_shows_every_piece(env: Environment, fontset: FontSet) -> None:
    for layout in (LAYOUTS["durable_1445"], LAYOUTS["a6x4"]):
        document = badges.calibration(layout, env, brand=BRAND, fonts=fontset, offset=(0.5, -1.0))
        (page,) = texts(document.content)
        assert "Décalage actuel : 0,5 mm vers la droite, -1 mm vers le bas." in page


def test_a_badge_without_address_has_no_code(env: Environment, fontset: FontSet) -> None:
    bare = Badge("Zoé", "Éluard", "Papier Libre", "", samples.EXHIBITOR)
    for key in ("a6x4", "durable_1453", "a4_fold"):
        layout = LAYOUTS[key]
        assert Setter(BRAND, env, fontset, layout).piece(bare).code is None
        document = badges.single(bare, env, brand=BRAND, fonts=fontset, layout=layout)
        assert "Zoé" in texts(document.content)[0]
    assert LAYOUTS["a4_fold"].design is Design.FOLD
