"""The list's filters as an address: read with patience, written back with one thing changed."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from salon import vocabulary
from salon.enums import DelegateStatus
from salon.forms.base import clean_line
from salon.models import Edition
from salon.numbers import read_number, read_numbers
from salon.queries.registrations import NEEDS, SORTS, Filters
from salon.shell.paging import Page, items


def read(args: MultiDict[str, str]) -> Filters:
    """The filters of an address; what means nothing is left out."""
    sort = args.get("sort", "-created")
    key = sort.removeprefix("-")
    return Filters(
        q=clean_line(args.get("q", "")[:100]),
        types=frozenset(read_numbers(args.getlist("type"))),
        statuses=frozenset(DelegateStatus(s) for s in args.getlist("status") if s in set(DelegateStatus)),
        sectors=frozenset(s for s in args.getlist("sector") if vocabulary.packaged().has("sectors", s)),
        needs=frozenset(need for need in args.getlist("need") if need in NEEDS),
        wishes=args.get("wishes", "") if args.get("wishes") in {"none", "some"} else "",
        sort=key if key in SORTS else "created",
        descending=sort.startswith("-") or key not in SORTS,
        page=read_number(args.get("page"), 1),
    )


def written(filters: Filters) -> dict[str, Any]:
    """The filters as arguments of an address; defaults are left out."""
    sort = f"{'-' if filters.descending else ''}{filters.sort}"
    said = {
        "q": filters.q,
        "type": sorted(filters.types),
        "status": sorted(filters.statuses),
        "sector": sorted(filters.sectors),
        "need": sorted(filters.needs),
        "wishes": filters.wishes,
        "sort": "" if sort == "-created" else sort,
        "page": filters.page if filters.page > 1 else "",
    }
    return {key: value for key, value in said.items() if value}


def address(edition: Edition, filters: Filters, **changes: Any) -> str:
    """The list with some filters changed; any change but the page goes back to the first page."""
    assert set(changes) <= {field.name for field in fields(Filters)}
    changes.setdefault("page", 1)
    return url_for("registrations.index", edition=edition.slug, **written(replace(filters, **changes)))


def sort_address(edition: Edition, filters: Filters, key: str) -> str:
    """The list sorted by a column; a second press turns it round."""
    down = filters.sort == key and not filters.descending
    return address(edition, filters, sort=key, descending=down)


def pages(edition: Edition, filters: Filters, here: int, last: int) -> list[Page | None]:
    """Links to the first, the last and the pages around this one; None is a gap."""
    return items(here, last, lambda page: address(edition, filters, page=page), around=1)
