"""Personal agendas: one tagged PDF, or a whole pile for the printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from jinja2 import Environment

from exports import agenda_layout, agenda_lines, colours, dates, floor_plan, marks, qr
from exports.agenda_layout import Head, Page, Setter
from exports.chunks import Press, Progress, chunks
from exports.document import PDF, Document, language, locale_of, merge, render, words
from exports.fonts import FontSet
from exports.pictures import Case, Lettering, Mark, Words
from exports.rows import Agenda, Brand, Stage, in_order
from exports.stamps import stamp_words, watermark
from exports.text import file_name, one_line, sort_key

CHUNK = 16  # agendas: at most three pages each in practice, so ≤ 50 pages a render
CODE_MM, CODE_SIZE = 20.0, (36.0, 24.5)  # side of the code to the live page; with its label, mm


class Order(StrEnum):
    """How a pile is sorted."""

    SURNAME = "surname"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """An agenda laid out, with the names of its pictures: one of `lines` for each page."""

    agenda: Agenda
    head: Head
    pages: tuple[Page, ...]
    lines: tuple[str, ...]
    code: str
    plan: str
    plan_words: str
    stamp: str


def pdf(agenda: Agenda, env: Environment, *, brand: Brand, fonts: FontSet) -> Document:
    """One person's agenda, PDF/UA-1: real table, language, title."""
    _ = words(env).gettext
    facts = {"name": one_line(agenda.person), "edition": one_line(brand.name)}
    title = _("Agenda de %(name)s – %(edition)s") % facts
    content = _rendered([agenda], env, brand, fonts, title=title, tagged=True)
    return Document(file_name(title, "pdf"), PDF, content)


def sheet(agendas: Sequence[Agenda], env: Environment, *, brand: Brand, fonts: FontSet, recto: bool) -> bytes:
    """A part of a pile, untagged; with `recto` every agenda starts a new leaf."""
    return _rendered(agendas, env, brand, fonts, title=one_line(brand.name), tagged=False, recto=recto)


def bulk(
    agendas: Sequence[Agenda],
    press: Press,
    *,
    brand: Brand,
    order: Order = Order.SURNAME,
    recto: bool = False,
    on_progress: Progress | None = None,
) -> Document:
    """The whole pile in one file, sorted; untagged (each person's own PDF is tagged)."""
    _ = words(press.env).gettext
    title = _("Agendas – %(edition)s") % {"edition": one_line(brand.name)}
    parts = press.run(
        sheet, chunks(in_print_order(agendas, order), CHUNK), {"brand": brand, "recto": recto}, on_progress
    )
    content = merge(parts, title=title, lang=language(press.env), even=recto)
    return Document(file_name(title, "pdf"), PDF, content)


def in_print_order(agendas: Sequence[Agenda], order: Order) -> list[Agenda]:
    """By surname, or by organisation then surname."""
    if order is Order.ORGANISATION:
        return sorted(agendas, key=lambda a: (sort_key(a.organisation), sort_key(a.sorting_name), a.person))
    return sorted(agendas, key=lambda a: (sort_key(a.sorting_name), sort_key(a.person), a.organisation))


def _rendered(
    agendas: Sequence[Agenda],
    env: Environment,
    brand: Brand,
    fonts: FontSet,
    *,
    title: str,
    tagged: bool,
    recto: bool = False,
) -> bytes:
    assets, case = marks.assets(brand.logo), Case(fonts, language(env))
    html = page_html(agendas, Setter(brand, env, fonts), assets, case, title=title, recto=recto)
    return render(
        html,
        assets,
        tagged=tagged,
        title=title,
        lang=language(env),
        fonts=fonts,
        css=(stylesheet(brand, env),),
        pictures=case.pictures,
    )


def stylesheet(brand: Brand, env: Environment) -> str:
    """The rules of every agenda of an edition: elements without a style of their own share what they compute."""
    accent = colours.accent_for_text(brand.accent_or_default)
    return env.get_template("pdf/agenda.css").render(g=agenda_layout, accent=accent)


def page_html(
    agendas: Sequence[Agenda],
    setter: Setter,
    assets: dict[str, bytes],
    case: Case,
    *,
    title: str,
    recto: bool = False,
) -> str:
    """The pages as HTML; the pictures they ask for are added to `assets` and `case`."""
    brand, env, fonts = setter.brand, setter.env, setter.fonts
    return env.get_template("pdf/agenda.html").render(
        title=title,
        brand=brand,
        edition=fonts.semibold.clip(brand.name, 9, 90),
        subtitle=fonts.regular.clip(brand.subtitle, 9, 84),
        place=fonts.regular.clip(brand.place, 9, 62),
        days=dates.sentence(dates.span(brand.first_day, brand.last_day, locale_of(env), year=True)),
        sheets=[_sheet(agenda, index, setter, assets, case) for index, agenda in enumerate(agendas)],
        recto=recto,
        geometry=agenda_layout,
    )


def _sheet(agenda: Agenda, index: int, setter: Setter, assets: dict[str, bytes], case: Case) -> _Sheet:
    head, pages = setter.head(agenda), setter.pages(agenda)
    lines = tuple(
        case.add(
            f"lines-{index}-{page.number}",
            210,
            297,
            agenda_lines.shapes(page, with_mark=setter.brand.logo is None),
        )
        for page in pages
    )
    code = plan = ""
    if agenda.url:
        code = case.add(f"qr-{index}", *CODE_SIZE, _code(agenda.url, setter.env))
    for drawing in (page.floor for page in pages if page.floor):
        drawn = floor_plan.marks(drawing, setter.brand.accent_or_default)
        plan = case.add(f"plan-{index}", drawing.width, drawing.height, drawn)
    if agenda.stage is Stage.DRAFT:
        assets["draft.svg"] = watermark(setter.env)
    stamp = stamp_words(agenda.stamp, setter.brand, setter.env)
    return _Sheet(agenda, head, pages, lines, code, plan, _plan_words(agenda, setter.env), stamp)


def _code(url: str, env: Environment) -> list[Mark]:
    """The code to the live page, and below it what it is."""
    label = words(env).gettext("Agenda à jour")
    lettering, left = Lettering(7.5), (CODE_SIZE[0] - CODE_MM) / 2
    below = Words(label, 0, 21, 3.44, lettering, colours.MUTED, "center", CODE_SIZE[0])
    return [qr.shapes(url, left, 0, CODE_MM), below]


def _plan_words(agenda: Agenda, env: Environment) -> str:
    """What the plan shows, for those who cannot see it."""
    _ = words(env).gettext
    own = dict.fromkeys(one_line(row.table) for row in in_order(agenda.rows) if row.is_on)
    if not own:
        return _("Plan de la salle")
    return _("Plan de la salle ; vos tables : %(tables)s") % {"tables": ", ".join(own)}
