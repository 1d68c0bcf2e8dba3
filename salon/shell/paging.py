"""Numbers of pages and their links, for `tables.paging`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

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
    raw = request.args.get("page", "")
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 7 else 1


def links(endpoint: str, here: int, last: int, **values: Any) -> Pages:
    """Links to the first, the last and the pages around this one; empty values are left out."""
    kept = {key: value for key, value in values.items() if value not in ("", None)}

    def url(number: int) -> str:
        return url_for(endpoint, page=number, **kept)

    shown = sorted({1, last, *range(max(1, here - _AROUND), min(last, here + _AROUND) + 1)})
    items: list[Page | None] = []
    for number in shown:
        if items and items[-1] is not None and items[-1][0] + 1 < number:
            items.append(None)
        items.append((number, url(number), number == here))
    return Pages(
        tuple(items) if last > 1 else (),
        url(here - 1) if here > 1 else "",
        url(here + 1) if here < last else "",
    )
