"""A wish list as a value: its order, its moves, its merge; no database.

The order is that of the list itself: every *must meet* before every *meet*, the *no thanks* last and without a
rank. An organisation is there at most once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from salon.enums import WishLevel

LONGEST = 400  # organisations in one list, refusals included
_LETTERS = {WishLevel.MUST: "m", WishLevel.MEET: "w", WishLevel.NO_THANKS: "n"}
_LEVELS = {letter: level for level, letter in _LETTERS.items()}
_ORDER = (WishLevel.MUST, WishLevel.MEET, WishLevel.NO_THANKS)
_WORD = re.compile(r"([1-9][0-9]{0,9})([mwn])(?:-([1-9][0-9]{0,9}))?(x?)")
_MAX_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Item:
    """A wish for an organisation, perhaps for one delegate of it, perhaps for more than one meeting."""

    organisation: int
    level: WishLevel
    delegate: int | None = None
    several: bool = False


WishList = tuple[Item, ...]


def arranged(items: Iterable[Item]) -> WishList:
    """Levels in order, the order within each kept; of an organisation named twice the first stays."""
    kept: dict[int, Item] = {}
    for item in items:
        kept.setdefault(item.organisation, item)
    return tuple(item for level in _ORDER for item in kept.values() if item.level is level)


def ranks(items: WishList) -> list[tuple[Item, int | None]]:
    """Each item with its rank from 1, or None for a *no thanks*."""
    return [
        (item, None if item.level is WishLevel.NO_THANKS else place) for place, item in enumerate(items, 1)
    ]


def find(items: Iterable[Item], organisation: int) -> Item | None:
    """The item of an organisation."""
    return next((item for item in items if item.organisation == organisation), None)


def rank_of(items: WishList, organisation: int) -> int | None:
    """Its rank, None when it has none or is not there."""
    return next((rank for item, rank in ranks(items) if item.organisation == organisation), None)


def put(items: WishList, item: Item, rank: int | None = None) -> WishList:
    """The list with this item: where it was if its level stays, else last of its level; or near `rank`."""
    before = find(items, item.organisation)
    if before is not None and before.level is item.level:
        same = tuple(item if one.organisation == item.organisation else one for one in items)
        return same if rank is None else moved(same, item.organisation, rank)
    added = arranged((*without(items, item.organisation), item))
    return added if rank is None else moved(added, item.organisation, rank)


def without(items: WishList, organisation: int) -> WishList:
    """The list less this organisation."""
    return tuple(item for item in items if item.organisation != organisation)


def moved(items: WishList, organisation: int, rank: int) -> WishList:
    """The list with this organisation as near to `rank` as its level allows."""
    item = find(items, organisation)
    if item is None or item.level is WishLevel.NO_THANKS:
        return items
    others = list(without(items, organisation))
    others.insert(min(max(rank, 1), len(items)) - 1, item)
    return arranged(others)


def bounds(items: WishList, level: WishLevel) -> tuple[int, int]:
    """First and last rank of a level; the first is past the last when the level is empty."""
    first = 1 + sum(_ORDER.index(item.level) < _ORDER.index(level) for item in items)
    return first, first - 1 + sum(item.level is level for item in items)


def merged(mine: WishList, theirs: WishList) -> WishList:
    """Everything that either list holds: mine in my order and at my levels, then what only theirs has."""
    return arranged((*mine, *theirs))


def counts(items: Iterable[Item]) -> tuple[int, int]:
    """How many *must meet*, and how many wishes in all; a *no thanks* is no wish."""
    levels = [item.level for item in items if item.level is not WishLevel.NO_THANKS]
    return sum(level is WishLevel.MUST for level in levels), len(levels)


# As a line of text, for hidden fields -----------------------------------------------------------------------


def written(items: Sequence[Item]) -> str:
    """`12m.7w-31.15wx.4n`: organisation, level, delegate, several."""
    return ".".join(_word(item) for item in items)


def _word(item: Item) -> str:
    named = f"-{item.delegate}" if item.delegate else ""
    return f"{item.organisation}{_LETTERS[item.level]}{named}{'x' if item.several else ''}"


def read(text: str) -> WishList | None:
    """The list a line of text stands for, arranged; None when it is not one."""
    if not text:
        return ()
    words = text.split(".") if len(text) <= LONGEST * 25 else []
    found = [_WORD.fullmatch(word) for word in words]
    if not found or len(found) > LONGEST or None in found:
        return None
    items = [_item(match) for match in found if match]
    return None if None in items else arranged(item for item in items if item)


def _item(match: re.Match[str]) -> Item | None:
    organisation, letter, delegate, several = match.groups()
    if int(organisation) > _MAX_ID or int(delegate or 0) > _MAX_ID:
        return None
    return Item(int(organisation), _LEVELS[letter], int(delegate) if delegate else None, several == "x")
