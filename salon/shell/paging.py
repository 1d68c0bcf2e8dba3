"""Numbers of pages and their links, for `tables.paging`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from salon.numbers import read_number

_AROUND = 2  # pages shown on each side of the current one

Page = tuple[int, str, bool]


@dataclass(frozen=True, slots=True)
class Pages:
    """Links of a list; None stands for a gap."""

    items: tuple[Page | None, ...]
    previous: str
    next: str


def read_page() -> int:
    """The number asked for; 1 for anything that is not one."""
    return read_number(request.args.get("page"), 1, digits=6)


def items(here: int, last: int, url: Callable[[int], str], *, around: int = _AROUND) -> list[Page | None]:
    """The first page, the last and those around this one; None stands for a gap."""
    found: list[Page | None] = []
    before = 0
    for number in sorted({1, last, *range(max(1, here - around), min(last, here + around) + 1)}):
        if number > before + 1:
            found.append(None)
        found.append((number, url(number), number == here))
        before = number
    return found


def links(endpoint: str, here: int, last: int, **values: Any) -> Pages:
    """Links to the first, the last and the pages around this one; empty values are left out."""
    kept = {key: value for key, value in values.items() if value not in ("", None)}

    def url(number: int) -> str:
        return url_for(endpoint, page=number, **kept)

    return Pages(
        tuple(items(here, last, url)) if last > 1 else (),
        url(here - 1) if here > 1 else "",
        url(here + 1) if here < last else "",
    )
