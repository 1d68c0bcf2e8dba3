"""Badges: sheets to cut, label sheets, an A4 to fold, a print-shop file, one reprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment

from exports import agenda_layout, badge_art, badge_pages, floor_plan, marks, qr
from exports.agendas import Order
from exports.badge_pieces import Piece, Setter
from exports.badge_sheets import LAYOUTS, Design, Layout
from exports.chunks import Press, Progress, chunks
from exports.document import PDF, Document, language, merge, render, words
from exports.floor_plan import Drawing
from exports.fonts import FontSet
from exports.pictures import Case
from exports.rows import Agenda, Badge, Brand
from exports.text import file_name, one_line, sort_key

CHUNK_PAGES = 25


@dataclass(frozen=True, slots=True)
class _Placed:
    """A piece at its place on a page of boxes, with the names of its pictures."""

    piece: Piece
    left: float
    top: float
    art: str
    code: str
    plan: str = ""
    drawing: Drawing | None = None
    inside: tuple[agenda_layout.Entry, ...] = ()
    summary: str = ""


def single(
    badge: Badge,
    env: Environment,
    *,
    brand: Brand,
    fonts: FontSet,
    layout: Layout = LAYOUTS["a6"],
    position: int = 0,
    offset: tuple[float, float] = (0.0, 0.0),
) -> Document:
    """One badge, PDF/UA-1, at `position` of its sheet: a label sheet begun earlier is used up."""
    _ = words(env).gettext
    name = one_line(f"{badge.first_name} {badge.last_name}")
    title = _("Badge de %(name)s – %(edition)s") % {"name": name, "edition": one_line(brand.name)}
    slots = [None] * (position % layout.capacity) + [badge]
    content = _rendered(slots, env, brand, fonts, layout, offset, title=title, tagged=True)
    return Document(file_name(title, "pdf"), PDF, content)


def sheet(
    badges: Sequence[Badge | None],
    env: Environment,
    *,
    brand: Brand,
    fonts: FontSet,
    layout: Layout,
    offset: tuple[float, float],
) -> bytes:
    """Part of a pile, untagged; None leaves a place empty."""
    return _rendered(badges, env, brand, fonts, layout, offset, title=one_line(brand.name), tagged=False)


def bulk(
    badges: Sequence[Badge],
    press: Press,
    *,
    brand: Brand,
    layout: Layout = LAYOUTS["a6x4"],
    order: Order = Order.SURNAME,
    start_at: int = 0,
    offset: tuple[float, float] = (0.0, 0.0),
    on_progress: Progress | None = None,
) -> Document:
    """All badges in one file, sorted; `start_at` skips used places, `offset` (mm) corrects the printer."""
    title = words(press.env).gettext("Badges – %(edition)s") % {"edition": one_line(brand.name)}
    slots = [*[None] * (start_at % layout.capacity), *in_print_order(badges, order)]
    options = {"brand": brand, "layout": layout, "offset": offset}
    parts = press.run(sheet, chunks(slots, CHUNK_PAGES * layout.capacity), options, on_progress)
    return Document(file_name(title, "pdf"), PDF, merge(parts, title=title, lang=language(press.env)))


def in_print_order(badges: Sequence[Badge], order: Order) -> list[Badge]:
    """By surname, or by organisation then surname."""
    if order is Order.ORGANISATION:
        return sorted(badges, key=lambda b: (sort_key(b.organisation), sort_key(b.last_name), b.first_name))
    return sorted(badges, key=lambda b: (sort_key(b.last_name), sort_key(b.first_name), b.organisation))


def calibration(
    layout: Layout,
    env: Environment,
    *,
    brand: Brand,
    fonts: FontSet,
    offset: tuple[float, float] = (0.0, 0.0),
) -> Document:
    """A page to print first: it shows where pieces fall and how to measure the printer's error."""
    title = words(env).gettext("Page de calage – %(edition)s") % {"edition": one_line(brand.name)}
    html = env.get_template("pdf/calibration.html").render(title=title, layout=layout, offset=offset)
    assets = {"calibration.svg": badge_art.calibration(layout)}
    css = env.get_template("pdf/badges.css").render()
    content = render(html, assets, tagged=True, title=title, lang=language(env), fonts=fonts, css=(css,))
    return Document(file_name(title, "pdf"), PDF, content)


def _rendered(
    slots: Sequence[Badge | None],
    env: Environment,
    brand: Brand,
    fonts: FontSet,
    layout: Layout,
    offset: tuple[float, float],
    *,
    title: str,
    tagged: bool,
) -> bytes:
    """Tagged badges and sheets to fold have real text boxes; the rest of a pile is one picture a page: ten times
    faster, from the same pieces."""
    setter, case = Setter(brand, env, fonts, layout), Case(fonts, language(env))
    assets = marks.assets(brand.logo)
    pages: dict[int, list[tuple[Piece, float, float]]] = {}
    for index, badge in enumerate(slots):
        if badge:
            piece = (setter.piece(badge), *layout.place(index))
            pages.setdefault(index // layout.capacity, []).append(piece)
    html = _boxes if tagged or layout.design is Design.FOLD else _pictures
    facts = {"title": title, "brand": brand, "layout": layout, "offset": offset}
    return render(
        html(list(pages.values()), facts, setter, assets, case),
        assets,
        tagged=tagged,
        title=title,
        lang=language(env),
        fonts=fonts,
        css=(env.get_template("pdf/badges.css").render(),),
        pictures=case.pictures,
    )


def _pictures(
    pages: Sequence[Sequence[badge_pages.Placed]],
    facts: Mapping[str, Any],
    setter: Setter,
    _assets: dict[str, bytes],
    case: Case,
) -> str:
    """HTML of one picture a page, and the organiser's logo on each badge."""
    wide, high = (side + 2 * setter.layout.bleed for side in setter.layout.page)
    names = [
        case.add(f"page-{number}", wide, high, badge_pages.page(page, setter, facts["offset"]))
        for number, page in enumerate(pages)
    ]
    return setter.env.get_template("pdf/badge_pages.html").render(
        pages=[(name, [(x, y) for _piece, x, y in page]) for name, page in zip(names, pages, strict=True)],
        **facts,
    )


def _boxes(
    pages: Sequence[Sequence[badge_pages.Placed]],
    facts: Mapping[str, Any],
    setter: Setter,
    assets: dict[str, bytes],
    case: Case,
) -> str:
    """HTML of a box for each text, which can be tagged."""
    made = [
        [_box(placed, f"{number}-{index}", setter, assets, case) for index, placed in enumerate(page)]
        for number, page in enumerate(pages)
    ]
    return setter.env.get_template("pdf/badges.html").render(
        pages=[(_page_art(page, setter, assets), page) for page in made],
        styles=_styles(item.piece for page in made for item in page),
        **facts,
    )


def _styles(pieces: Iterable[Piece]) -> dict[str, str]:
    """A class name for every way a text is set: parsing a style once is cheaper than on each badge."""
    ways = dict.fromkeys(text.style for piece in pieces for text in piece.texts)
    return {style: f"t{index}" for index, style in enumerate(ways)}


def _page_art(page: Sequence[_Placed], setter: Setter, assets: dict[str, bytes]) -> str:
    """The name of the picture under a page; pages with the same places share it."""
    places = [(item.left, item.top) for item in page]
    art = badge_art.sheet_art(setter.layout, places, mark=setter.brand.logo is None)
    return _stored(art, "page", assets)


def _stored(picture: bytes, kind: str, assets: dict[str, bytes]) -> str:
    """The name of `picture` among `assets`, the same for equal pictures: it is parsed once."""
    name = f"{kind}-{hashlib.sha256(picture).hexdigest()[:16]}.svg"
    assets[name] = picture
    return name


def _box(
    placed: badge_pages.Placed, name: str, setter: Setter, assets: dict[str, bytes], case: Case
) -> _Placed:
    piece, left, top = placed
    badge = piece.badge
    art = _stored(badge_art.band_art(badge.type, setter.layout, setter.band_box), "band", assets)
    code = ""
    if piece.code:
        side = piece.code[2]
        code = case.add(f"qr-{name}", side, side, [qr.shapes(badge.url, 0, 0, side)])
    front = _Placed(piece, left, top, art, code)
    return front if setter.layout.design is not Design.FOLD else _folded(front, name, setter, case)


def _folded(front: _Placed, name: str, setter: Setter, case: Case) -> _Placed:
    """The front of a fold-over with its inside: the day at left, the plan at right."""
    badge = front.piece.badge
    plan, drawing = "", None
    if badge.floor:
        own = {row.table for row in badge.agenda if row.is_on}
        drawing = floor_plan.draw(badge.floor, own, setter.fonts, 93, 110, tight=True)
        drawn = floor_plan.marks(drawing, setter.brand.accent_or_default)
        plan = case.add(f"plan-{name}", drawing.width, drawing.height, drawn)
    inner = agenda_layout.Setter(setter.brand, setter.env, setter.fonts)
    agenda = Agenda(badge.first_name, badge.organisation, rows=badge.agenda, breaks=badge.breaks)
    lines = inner.small_entries(agenda, 42.0)[:16]
    return _Placed(
        front.piece, 105.0, 148.5, front.art, front.code, plan, drawing, lines, inner.head(agenda).summary
    )
