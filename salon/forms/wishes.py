"""What the wish list sends: one wish, or the whole list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import MultiDict

from salon.enums import WishLevel
from salon.errors import Invalid
from salon.forms.base import SalonForm
from salon.numbers import is_number, read_id, read_number
from salon.redirects import is_local
from salon.services import wish_order
from salon.services.wish_order import Item, WishList

REMOVE = ""


@dataclass(frozen=True, slots=True)
class OneWish:
    """What a line's form says; None where it says nothing."""

    level: WishLevel | None  # None: take it out
    delegate: int | None
    says_delegate: bool
    several: bool
    says_several: bool
    rank: int | None
    version: int
    seen: WishList | None
    back: str

    def item(self, organisation: int, before: Item | None) -> Item:
        """The wish that is asked for: what the form leaves unsaid stays as it was."""
        assert self.level is not None
        if self.level is WishLevel.NO_THANKS:
            return Item(organisation, self.level)
        delegate = self.delegate if self.says_delegate else before.delegate if before else None
        several = self.several if self.says_several else bool(before and before.several)
        return Item(organisation, self.level, delegate, several)


def one_wish() -> OneWish:
    """The posted form of one line. Raises `Invalid` when it cannot have come from our pages."""
    form = request.form
    level = REMOVE if form.get("remove") else form.get("level", "meet")
    if level != REMOVE and level not in set(WishLevel):
        raise Invalid("wish_unreadable")
    rank = form.get("to") or form.get("rank")
    back = form.get("back", "")
    return OneWish(
        level=WishLevel(level) if level else None,
        delegate=read_id(form.get("delegate")),
        says_delegate="delegate" in form,
        several=form.get("several") == "1",
        says_several="says_several" in form,
        rank=_rank(rank) if rank and rank != form.get("rank_seen") else None,
        version=version(form),
        seen=wish_order.read(form.get("seen", "")),
        back=back if is_local(back) and len(back) < 2000 else "",
    )


def _rank(raw: str) -> int:
    if is_number(raw, 5):
        return int(raw)
    raise Invalid("wish_unreadable")


def version(form: MultiDict[str, str]) -> int:
    """The version that the page showed; nonsense never matches."""
    return read_number(form.get("version"))


class ListForm(SalonForm):
    """The whole list: either `list` as one line of text, or a row of fields for each structure."""

    def items(self) -> WishList:
        """The list that was typed, in the order of the typed ranks. Raises `Invalid` when it is no list."""
        if "list" in request.form:
            found = wish_order.read(request.form["list"])
            if found is None:
                raise Invalid("wish_unreadable")
            return found
        return wish_order.arranged(_typed(request.form.getlist("organisation")))


def _typed(organisations: Iterable[str]) -> list[Item]:
    rows = [(_place(raw), _row(raw)) for raw in list(organisations)[: wish_order.LONGEST]]
    rows.sort(key=lambda row: row[0])
    return [item for _rank_typed, item in rows if item is not None]


def _place(raw: str) -> float:
    typed = request.form.get(f"rank-{raw}", "").strip()
    return int(typed) if is_number(typed, 5) else float("inf")


def _row(raw: str) -> Item | None:
    organisation, level = read_id(raw), request.form.get(f"level-{raw}", "")
    if level == REMOVE:
        return None
    if organisation is None or level not in set(WishLevel):
        raise Invalid("wish_unreadable")
    if level == WishLevel.NO_THANKS:
        return Item(organisation, WishLevel.NO_THANKS)
    named = read_id(request.form.get(f"delegate-{raw}"))
    return Item(organisation, WishLevel(level), named, request.form.get(f"several-{raw}") == "1")
