"""What the addresses of the messages pages mean, read with patience, and how they are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from salon.enums import MailKind, MailState
from salon.forms.base import clean_line, clean_text
from salon.models import Edition
from salon.numbers import read_id, read_number
from salon.queries.messages import SORTS, Filters
from salon.services.mailings import SENDABLE, Audience, Order
from salon.shell.paging import Page, items

MOST_PEOPLE = 400
_USUAL = {  # for whom a message is mostly meant
    MailKind.INVITATION: Audience.NEW,
    MailKind.WISHES_OPEN: Audience.NEW,
    MailKind.CONFIRMATION: Audience.NEW,
}


def numbers(words: Iterable[str]) -> frozenset[int]:
    """The ids among words, each perhaps several joined by commas."""
    found = (read_id(part) for word in words for part in word[:4000].split(","))
    return frozenset(sorted(one for one in found if one is not None)[:MOST_PEOPLE])


# The list ---------------------------------------------------------------------------------------------------


def read_filters(args: MultiDict[str, str]) -> Filters:
    """The filters of an address; what means nothing is left out."""
    sort = args.get("sort", "-created")
    key = sort.removeprefix("-")
    return Filters(
        q=clean_line(args.get("q", "")[:100]),
        states=frozenset(MailState(one) for one in args.getlist("state") if one in set(MailState)),
        kinds=frozenset(MailKind(one) for one in args.getlist("what") if one in set(MailKind)),
        delegate=read_id(args.get("who", "")),
        batch=read_id(args.get("sending", "")),
        sort=key if key in SORTS else "created",
        descending=sort.startswith("-") or key not in SORTS,
        page=read_number(args.get("page"), 1),
    )


def _written(filters: Filters) -> dict[str, Any]:
    sort = f"{'-' if filters.descending else ''}{filters.sort}"
    said = {
        "q": filters.q,
        "state": sorted(filters.states),
        "what": sorted(filters.kinds),
        "who": filters.delegate,
        "sending": filters.batch,
        "sort": "" if sort == "-created" else sort,
        "page": filters.page if filters.page > 1 else "",
    }
    return {key: value for key, value in said.items() if value}


def filtered(edition: Edition, filters: Filters, **changes: Any) -> str:
    """The list with some filters changed; any change but the page goes back to the first page."""
    changes.setdefault("page", 1)
    return url_for("messages.index", edition=edition.slug, **_written(replace(filters, **changes)))


def hidden(filters: Filters) -> dict[str, Any]:
    """What the filter form sends along unseen; the states are links of their own."""
    said = _written(filters)
    return {key: said[key] for key in ("who", "sending", "sort") if key in said}


def sort_url(edition: Edition, filters: Filters, key: str) -> str:
    """The list sorted by a column; a second press turns it round."""
    return filtered(edition, filters, sort=key, descending=filters.sort == key and not filters.descending)


def pages(edition: Edition, filters: Filters, here: int, last: int) -> list[Page | None]:
    """Links to the first, the last and the pages around this one; None is a gap."""
    return items(here, last, lambda page: filtered(edition, filters, page=page), around=1)


# A sending --------------------------------------------------------------------------------------------------


def read_order(args: MultiDict[str, str]) -> Order:
    """What the address asks to send; odd values become the usual ones."""
    asked = args.get("kind", "")
    kind = MailKind(asked) if asked in SENDABLE else SENDABLE[0]
    people = numbers([*args.getlist("people"), *args.getlist("person")])
    return Order(
        kind=kind,
        audience=_audience(args.get("audience", ""), kind, people),
        types=numbers(args.getlist("type")),
        people=people,
        note=str(clean_text(args.get("note", "")[:2000])),
    )


def _audience(asked: str, kind: MailKind, people: frozenset[int]) -> Audience:
    if asked in set(Audience) and (asked != Audience.CHOSEN or people):
        return Audience(asked)
    return Audience.CHOSEN if people else _USUAL.get(kind, Audience.ALL)


def order_url(endpoint: str, edition: Edition, order: Order, **more: Any) -> str:
    """A page of the sending, the whole order in its address."""
    said = {
        "kind": order.kind.value,
        "audience": order.audience.value,
        "type": sorted(order.types),
        "people": ",".join(map(str, sorted(order.people))),
        "note": order.note,
        **more,
    }
    return url_for(endpoint, edition=edition.slug, **{key: value for key, value in said.items() if value})


def shortcut(edition: Edition, args: MultiDict[str, str]) -> str:
    """Where other pages' « Écrire » and « Relancer » lead: to the preview, or to the choice of a message."""
    if not {"kind", "people", "person"} & set(args):
        return ""
    order = read_order(args)
    page = "messages.preview" if args.get("kind", "") in SENDABLE else "messages.new"
    return order_url(page, edition, order)
