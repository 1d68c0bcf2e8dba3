"""Pages of a list: what was asked, clamped to what there is, and the links around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from salon.numbers import read_number
from salon.shell.paging import Page, items

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paging:
    """Page `number` (from 1) of rows shown `size` at a time."""

    number: int
    size: int
    total: int = 0

    @classmethod
    def asked(cls, args: MultiDict[str, str], size: int) -> Paging:
        """What `?p=` asks for; anything odd is page 1."""
        return cls(max(1, read_number(args.get("p"), 1, digits=6)), size)

    def of(self, total: int) -> Paging:
        """The same, now that the number of rows is known: never beyond the last page."""
        return replace(self, total=total, number=min(self.number, max(1, -(-total // self.size))))

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.total)

    def cut(self, rows: Sequence[T]) -> Sequence[T]:
        return rows[self.first - 1 : self.last]

    def links(self) -> list[Page | None]:
        """Numbers to show, None for a gap."""
        return items(self.number, self.pages, self.url)

    def url(self, number: int) -> str:
        """This page's address, at another page."""
        kept: dict[str, Any] = {**(request.view_args or {})}
        kept = {name: _public(name, value) for name, value in kept.items()}
        query = {name: value for name, value in request.args.items() if name not in ("p", "lang")}
        return url_for(str(request.endpoint), **{**query, **kept, "p": number})

    @property
    def previous_url(self) -> str:
        return self.url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self.url(self.number + 1) if self.number < self.pages else ""


def _public(name: str, value: Any) -> Any:
    """What the address shows of an object the guard has loaded."""
    if name == "edition":
        return value.slug
    return getattr(value, "number", None) or getattr(value, "id", value)
