"""Whom I may meet: the list with its filters, and one structure's sheet."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from salon import i18n
from salon.blueprints.participant import bp
from salon.enums import TermKind
from salon.extensions import db
from salon.guard import me
from salon.models import Edition, Organisation
from salon.queries import catalogue as reads
from salon.queries.catalogue import Sheet
from salon.queries.catalogue_search import Filters, search
from salon.shell import catalogue as shown
from salon.shell import structures, wish_list
from salon.shell.paging import links
from salon.wording.wishes import level_choices


@bp.get("/e/<edition>/me/catalogue")
def catalogue(edition: Edition) -> ResponseReturnValue:
    """The structures that I may meet."""
    return catalogue_page(edition, shown.read(request.args))


def catalogue_page(
    edition: Edition, filters: Filters, refusal: str = "", status: int = 200
) -> ResponseReturnValue:
    """The list under these filters, perhaps with the refusal of what was just asked."""
    mine = wish_list.load(db.session(), edition, me(), g.actor, g.now)
    directory = reads.directory(db.session(), edition, me())
    found = search(directory, filters, mine.levels)
    last = max(1, -(-len(found.firms) // shown.PAGE_SIZE))
    here = min(filters.page, last)
    start = (here - 1) * shown.PAGE_SIZE
    firms = found.firms[start : start + shown.PAGE_SIZE]
    asked = shown.written(replace(filters, page=1))
    page = render_template(
        "participant/catalogue.html",
        filters=filters,
        back=shown.address(edition, replace(filters, page=here)),
        all_url=shown.address(edition, filters.cleared()),
        facets=shown.facets(directory, filters, found),
        chips=shown.chips(edition, directory, filters),
        kept=shown.kept,
        cards=[shown.card(edition, directory, firm) for firm in firms],
        total=len(found.firms),
        wider=[] if found.firms else shown.wider(edition, directory, filters, mine.levels),
        everybody=len(directory.firms),
        meets_somebody=bool(directory.met),
        first=start + 1,
        last=start + len(firms),
        pages=links("participant.catalogue", here, last, edition=edition.slug, **asked),
        sorts=shown.sort_choices(),
        mine=mine,
        levels=level_choices(),
        refusal=refusal,
    )
    return page, status


@bp.get("/e/<edition>/me/catalogue/<int:organisation>")
def card(edition: Edition, organisation: Organisation) -> ResponseReturnValue:
    """One structure's sheet."""
    return card_page(edition, organisation)


def card_page(
    edition: Edition, organisation: Organisation, refusal: str = "", status: int = 200
) -> ResponseReturnValue:
    """The sheet, perhaps with the refusal of what was just asked."""
    sheet = reads.sheet(db.session(), edition, me(), organisation)
    if sheet is None:
        abort(404)
    mine = wish_list.load(db.session(), edition, me(), g.actor, g.now, named=False)
    every = (*mine.lines, *mine.refusals)
    page = render_template(
        "participant/card.html",
        sheet=sheet,
        is_own=sheet.id == me().organisation_id,
        facts=_facts(sheet),
        website=structures.web_address(sheet.website),
        initials=structures.initials(sheet.name),
        kind=structures.kind(sheet.kind),
        place=structures.place(sheet.town, sheet.department),
        labels=shown.labels(sheet.kind, sheet.terms.get(TermKind.LABEL, ())),
        sectors=structures.words("sectors", sheet.terms.get(TermKind.SECTOR, ())),
        offers=_said(sheet.offers, sheet, TermKind.OFFERED_SECTOR),
        needs=_said(sheet.needs, sheet, TermKind.NEEDED_SECTOR),
        types=[(row.letter, shown.type_name(row), row.hue.lower()) for row in _types(sheet)],
        languages={one.id: structures.words("languages", one.languages) for one in sheet.people},
        own_type=i18n.pick(me().type.name),
        line=next((line for line in every if line.organisation == sheet.id), None),
        mine=mine,
        levels=level_choices(),
        refusal=refusal,
    )
    return page, status


def _types(sheet: Sheet) -> list[reads.TypeRow]:
    here = {person.type_id for person in sheet.people}
    return [row for key, row in sheet.types.items() if key in here]


def _said(text: str, sheet: Sheet, kind: TermKind) -> tuple[list[str], list[str]]:
    """What a structure wrote, line by line, and the sectors that go with it."""
    return [line.strip() for line in text.splitlines() if line.strip()], structures.words(
        "sectors", sheet.terms.get(kind, ())
    )


def _facts(sheet: Sheet) -> list[tuple[str, str]]:
    """The rest of the sheet, `(name, words)`; what is not known is left out."""
    word, words, terms = structures.word, structures.words, sheet.terms
    networks = terms.get(TermKind.NETWORK, ())
    spoken = terms.get(TermKind.LANGUAGE, ())
    lines = [
        ("kind", word("kinds", sheet.kind)),
        ("legal_form", word("legal_forms", sheet.legal_form)),
        ("size", word("sizes", sheet.size)),
        ("department", word("departements", sheet.department)),
        ("presta", ", ".join(words("prestas", terms.get(TermKind.PRESTA, ())))),
        ("network", ", ".join(words("networks", networks))),
        ("language", ", ".join(words("languages", spoken))),
    ]
    return [(name, said) for name, said in lines if said]
