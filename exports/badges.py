"""Badges: sheets to cut, label sheets, an A4 to fold, a print-shop file, one reprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jinja2 import Environment

from exports import agenda_layout, badge_art, floor_plan, marks, qr
from exports.agendas import Order
from exports.badge_pieces import Piece, Setter
from exports.badge_sheets import LAYOUTS, Design, Layout
from exports.chunks import Press, Progress, chunks
from exports.document import PDF, Document, language, merge, render, words
from exports.floor_plan import Drawing
from exports.fonts import FontSet
from exports.rows import Agenda, Badge, Brand
from exports.text import file_name, one_line, sort_key

CHUNK_PAGES = 25


@dataclass(frozen=True, slots=True)
class _Placed:
    """A piece at its place on a page, with the names of its pictures."""

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
    setter = Setter(brand, env, fonts, layout)
    assets = marks.assets(brand.logo)
    pages: dict[int, list[_Placed]] = {}
    for index, badge in enumerate(slots):
        if badge:
            pages.setdefault(index // layout.capacity, []).append(_place(badge, index, setter, assets))
    html = env.get_template("pdf/badges.html").render(
        title=title,
        brand=brand,
        layout=layout,
        offset=offset,
        pages=[(_page_art(page, setter, assets), page) for page in pages.values()],
        tagged=tagged,
        styles=_styles(item.piece for page in pages.values() for item in page),
    )
    css = env.get_template("pdf/badges.css").render()
    return render(html, assets, tagged=tagged, title=title, lang=language(env), fonts=fonts, css=(css,))


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


def _place(badge: Badge, index: int, setter: Setter, assets: dict[str, bytes]) -> _Placed:
    piece, layout = setter.piece(badge), setter.layout
    left, top = layout.place(index)
    art = _stored(badge_art.band_art(badge.type, layout, setter.band_box), "band", assets)
    code = ""
    if badge.url:
        code = f"qr-{index}.svg"
        assets[code] = qr.svg(badge.url)
    if layout.design is not Design.FOLD:
        return _Placed(piece, left, top, art, code)
    return _folded(_Placed(piece, left, top, art, code), index, setter, assets)


def _folded(front: _Placed, index: int, setter: Setter, assets: dict[str, bytes]) -> _Placed:
    """The front of a fold-over with its inside: the day at left, the plan at right."""
    badge = front.piece.badge
    plan, drawing = "", None
    if badge.floor:
        own = {row.table for row in badge.agenda if row.is_on}
        drawing = floor_plan.draw(badge.floor, own, setter.fonts, 93, 110, tight=True)
        plan = f"plan-{index}.svg"
        assets[plan] = floor_plan.svg(drawing, setter.brand.accent_or_default)
    inner = agenda_layout.Setter(setter.brand, setter.env, setter.fonts)
    agenda = Agenda(badge.first_name, badge.organisation, rows=badge.agenda, breaks=badge.breaks)
    lines = inner.small_entries(agenda, 42.0)[:16]
    return _Placed(
        front.piece, 105.0, 148.5, front.art, front.code, plan, drawing, lines, inner.head(agenda).summary
    )
