"""The catalogue in words: its address, its facets, its cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from salon import i18n, vocabulary
from salon.enums import TermKind
from salon.forms.base import clean_line
from salon.models import Edition
from salon.numbers import is_number, read_number
from salon.queries.catalogue import Directory, Firm, TypeRow
from salon.queries.catalogue_search import (
    CHOSEN,
    FACETS,
    SORTS,
    Filters,
    Found,
    answers,
    is_reserved,
    search,
)
from salon.shell import structures
from salon.shell.structures import kind, place, word, words

PAGE_SIZE = 20
SHOWN = 6  # values of a facet before « les autres »
_MAX_PAGE = 10_000
_LISTS = {"kind": "kinds", "sector": "sector_groups", "network": "networks", "region": "regions"}


# Address ----------------------------------------------------------------------------------------------------


def read(args: MultiDict[str, str]) -> Filters:
    """The filters of an address; what means nothing is left out."""
    known = vocabulary.packaged()
    return Filters(
        q=clean_line(args.get("q", "")[:100]),
        type=frozenset(code for code in args.getlist("type") if is_number(code)),
        **{
            name: frozenset(code for code in args.getlist(name) if known.has(listed, code))
            for name, listed in _LISTS.items()
        },
        reserved=frozenset({"yes"}.intersection(args.getlist("reserved"))),
        chosen=frozenset(set(CHOSEN).intersection(args.getlist("chosen"))),
        sort=args.get("sort", "") if args.get("sort") in SORTS else SORTS[0],
        page=min(read_number(args.get("page"), 1), _MAX_PAGE),
    )


def written(filters: Filters) -> dict[str, Any]:
    """The filters as arguments of an address; defaults are left out."""
    said: dict[str, Any] = {"q": filters.q, **{name: sorted(getattr(filters, name)) for name in FACETS}}
    said["sort"] = "" if filters.sort == SORTS[0] else filters.sort
    said["page"] = filters.page if filters.page > 1 else ""
    return {key: value for key, value in said.items() if value}


def address(edition: Edition, filters: Filters) -> str:
    """The catalogue under these filters."""
    return url_for("participant.catalogue", edition=edition.slug, **written(filters))


def kept(filters: Filters, *names: str) -> list[tuple[str, str]]:
    """Hidden fields that carry what a form does not ask itself."""
    pairs = []
    for name, value in written(replace(filters, page=1)).items():
        if name not in names:
            pairs += [(name, one) for one in value] if isinstance(value, list) else [(name, value)]
    return pairs


# Facets -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: how many structures it leaves."""

    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet: its first values, and the others behind a fold that opens when one of them is set."""

    name: str
    title: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]


def facets(directory: Directory, filters: Filters, found: Found) -> list[Facet]:
    """The facets that can still choose: one with a single value for all is left out."""
    titles = {name: title for name, title in _titles().items() if name != "q"}
    made = [_facet(name, title, directory, filters, found) for name, title in titles.items()]
    return [one for one in made if _chooses(one, len(found.firms))]


def _titles() -> dict[str, str]:
    return {
        "q": _("Mots cherchés"),
        "type": _("Type de participant"),
        "kind": _("Type de structure"),
        "sector": _("Secteur"),
        "region": _("Territoire"),
        "network": _("Réseau"),
        "reserved": _("Marché réservé"),
        "chosen": _("Mes vœux"),
    }


def _chooses(facet: Facet, total: int) -> bool:
    every = (*facet.first, *facet.more)
    return any(one.checked for one in every) or any(0 < one.count < total for one in every)


def _facet(name: str, title: str, directory: Directory, filters: Filters, found: Found) -> Facet:
    wanted: frozenset[str] = getattr(filters, name)
    counts = {**dict.fromkeys(wanted, 0), **found.counts[name]}
    made = [Choice(one, _label(name, one, directory), counts[one], one in wanted) for one in counts]
    made.sort(key=lambda one: (-one.count, one.label.casefold()))
    first = [one for place, one in enumerate(made) if place < SHOWN or one.checked]
    return Facet(name, title, tuple(first), tuple(one for one in made if one not in first))


def _label(name: str, value: str, directory: Directory) -> str:
    if name == "type":
        row = directory.types.get(int(value))
        return i18n.pick(dict(row.name)) if row else value
    if name == "kind":
        return kind(value)
    if name == "reserved":
        return _("Éligible")
    if name == "chosen":
        return _("Déjà dans ma liste") if value == "yes" else _("Pas encore dans ma liste")
    return word(_LISTS[name], value)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, with the address that lifts it."""

    label: str
    url: str


def chips(edition: Edition, directory: Directory, filters: Filters) -> list[Chip]:
    """Every filter in force."""
    made = []
    if filters.q:
        made.append(Chip(_("« %(words)s »", words=filters.q), address(edition, filters.without("q"))))
    for name in FACETS:
        for value in sorted(getattr(filters, name)):
            changes: dict[str, Any] = {name: getattr(filters, name) - {value}}
            made.append(
                Chip(_label(name, value, directory), address(edition, replace(filters, page=1, **changes)))
            )
    return made


@dataclass(frozen=True, slots=True)
class Wider:
    """The search less one filter, with how many structures it finds."""

    label: str
    count: int
    url: str


def wider(edition: Edition, directory: Directory, filters: Filters, chosen: Collection[int]) -> list[Wider]:
    """What to loosen when nothing is found: each filter whose absence brings something, the most first."""
    found = []
    for name in ("q", *FACETS):
        if getattr(filters, name):
            less = filters.without(name)
            count = len(search(directory, less, chosen).firms)
            found.append(Wider(_titles()[name], count, address(edition, less)))
    return sorted((one for one in found if one.count), key=lambda one: -one.count)


# Cards ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Card:
    """A structure as the list shows one."""

    id: int
    name: str
    url: str
    initials: str
    logo_url: str
    hue: str
    letter: str
    type_name: str
    kind: str
    place: str
    pitch: str
    sectors: list[str]
    labels: list[str]
    reason: str


def card(edition: Edition, directory: Directory, firm: Firm) -> Card:
    """The card of a structure."""
    kinds_of = [directory.types[one] for one in firm.types]
    first = kinds_of[0]
    return Card(
        id=firm.id,
        name=firm.name,
        url=url_for("participant.card", edition=edition.slug, organisation=firm.id),
        initials=structures.initials(firm.name),
        logo_url="",
        hue=first.hue.lower(),
        letter=first.letter,
        type_name=type_name(first),
        kind=kind(firm.kind),
        place=place(firm.town, firm.department),
        pitch=firm.pitch or _first_line(firm.offers or firm.needs),
        sectors=words("sectors", firm.terms.get(TermKind.SECTOR, ()))[:4],
        labels=labels(firm.kind, firm.terms.get(TermKind.LABEL, ()))[:4],
        reason=_reason(firm, directory),
    )


def type_name(row: TypeRow) -> str:
    """The name of a participant type."""
    return i18n.pick(dict(row.name))


def labels(kind_code: str, codes: Collection[str]) -> list[str]:
    """What the law and its labels say of a structure, in short."""
    reserved = [_("Marché réservé")] if is_reserved(kind_code) else []
    return [*reserved, *words("labels", codes)]


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:200]


def _reason(firm: Firm, directory: Directory) -> str:
    sought, seeking = answers(firm, directory)
    if sought:
        return _("Propose ce que vous cherchez : %(what)s", what=", ".join(words("sectors", sought)[:3]))
    if seeking:
        return _("Cherche ce que vous proposez : %(what)s", what=", ".join(words("sectors", seeking)[:3]))
    return ""


def sort_choices() -> list[tuple[str, str]]:
    """The orders of the list."""
    names: Mapping[str, str] = {"relevance": _("pertinence"), "name": _("nom"), "place": _("territoire")}
    return [(code, names[code]) for code in SORTS]
