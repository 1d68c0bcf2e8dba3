"""Whole numbers out of addresses and hidden fields: nonsense is no error, it names nothing."""

from __future__ import annotations

from collections.abc import Iterable

_DIGITS = 9  # what every database holds as an integer


def is_number(raw: object) -> bool:
    """Whether this is a text of ASCII digits that a database can hold."""
    return isinstance(raw, str) and raw.isascii() and raw.isdecimal() and len(raw) <= _DIGITS


def number(raw: object, otherwise: int = -1) -> int:
    """The number, or `otherwise`: -1, unless told, which no row and no version has."""
    return int(str(raw)) if is_number(raw) else otherwise


def numbers(raws: Iterable[object]) -> list[int]:
    """Those that are numbers, in their order."""
    return [number(raw) for raw in raws if is_number(raw)]
