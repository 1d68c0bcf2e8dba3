"""Whole numbers out of addresses and hidden fields: nonsense is no error, it names nothing."""

from __future__ import annotations

from collections.abc import Iterable

_DIGITS = 9  # what every database holds as an integer


def is_number(raw: object, digits: int = _DIGITS) -> bool:
    """Whether this is a text of ASCII digits, and not of too many."""
    return isinstance(raw, str) and raw.isascii() and raw.isdecimal() and len(raw) <= digits


def read_number(raw: object, otherwise: int = -1, *, digits: int = _DIGITS) -> int:
    """The number, or `otherwise`: unless told, one that no row and no version has."""
    return int(str(raw)) if is_number(raw, digits) else otherwise


def read_numbers(raws: Iterable[object]) -> list[int]:
    """Those that are numbers, in their order."""
    return [read_number(raw) for raw in raws if is_number(raw)]


def read_id(raw: object) -> int | None:
    """The id, or None for none and for nonsense."""
    return read_number(raw, 0) or None
