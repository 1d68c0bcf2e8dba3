"""Dates and hours in words: « jeudi 11 mars », « 09 h 20 »; in English "Thursday 11 March", "9:20"."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

NBSP = "\u00a0"


def clock(moment: datetime, zone: ZoneInfo, locale: Locale) -> str:
    """The local hour of an aware `moment`: « 09 h 20 », never broken over two lines."""
    local = moment.astimezone(zone)
    if locale.language == "fr":
        return f"{local:%H}{NBSP}h{NBSP}{local:%M}"
    return f"{local.hour}:{local:%M}"


def day(moment: date | datetime, zone: ZoneInfo, locale: Locale, *, year: bool = False) -> str:
    """« jeudi 11 mars », with the year when asked; the first of the month is « 1er » in French."""
    local = moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
    words = format_date(local, "EEEE d MMMM y" if year else "EEEE d MMMM", locale=locale)
    return words.replace(" 1 ", " 1er ", 1) if locale.language == "fr" else words


def span(first: date, last: date, locale: Locale, *, year: bool = False) -> str:
    """« jeudi 11 mars », « 11 – 12 mars » or « 30 avril – 2 mai », with the year when asked."""
    if first == last:
        return day(first, ZoneInfo("UTC"), locale, year=year)
    tail = " y" if year else ""
    same_month = (first.year, first.month) == (last.year, last.month)
    head = "d" if same_month else "d MMMM" if first.year == last.year else "d MMMM y"
    parts = (format_date(first, head, locale=locale), format_date(last, "d MMMM" + tail, locale=locale))
    if locale.language == "fr":
        parts = tuple("1er" + p[1:] if p == "1" or p.startswith("1 ") else p for p in parts)  # type: ignore[assignment]
    return " – ".join(parts)


def sentence(words: str) -> str:
    """`words` with its first letter raised, the others untouched."""
    return words[:1].upper() + words[1:]
