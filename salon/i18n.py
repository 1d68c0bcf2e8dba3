"""The reader's language and zone, and how dates are written."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from babel.dates import format_date, format_skeleton
from flask import g, request, session
from flask_babel import force_locale, get_locale

LOCALES = ("fr", "en")


def select_locale() -> str:
    """Chosen in this browser, else the account's, else the browser's, else French."""
    asked = request.args.get("lang") or session.get("lang") or g.get("account_locale")
    if asked in LOCALES:
        return str(asked)
    return request.accept_languages.best_match(LOCALES) or LOCALES[0]


def remember_language() -> None:
    """`?lang=en` holds for the rest of the visit."""
    asked = request.args.get("lang")
    if asked in LOCALES and session.get("lang") != asked:
        session["lang"] = asked


def locale_code() -> str:
    locale = get_locale()
    return locale.language if locale else LOCALES[0]


def pick(texts: dict[str, str] | None, locale: str | None = None) -> str:
    """The text of an organiser's translated field: asked language, else French, else any."""
    if not texts:
        return ""
    wanted = locale or locale_code()
    return texts.get(wanted) or texts.get("fr") or next(iter(texts.values()), "")


def long_date(day: date, locale: str | None = None) -> str:
    """`jeudi 11 mars`, with the year when it is not this one; English `Thursday 11 March`."""
    code = locale or locale_code()
    pattern = "EEEE d MMMM" if day.year == datetime.now(UTC).year else "EEEE d MMMM y"
    return _first(format_date(day, pattern, locale=code), code)


def short_date(day: date, locale: str | None = None) -> str:
    """`24 févr.`; English `24 Feb`"""
    code = locale or locale_code()
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return _first(str(format_skeleton("MMMd", noon, locale="en_GB" if code == "en" else code)), code)


def _first(words: str, code: str) -> str:
    """French says « 1er mars », and 2 mars."""
    return re.sub(r"(^| )1 ", r"\g<1>1er ", words, count=1) if code == "fr" else words


def clock(moment: datetime, locale: str | None = None) -> str:
    """`09 h 20`, or `9:20` in English; the moment is already in the zone to show."""
    if (locale or locale_code()) == "fr":
        return f"{moment.hour:02}\u202fh\u202f{moment.minute:02}"
    return f"{moment.hour}:{moment.minute:02}"


__all__ = [
    "LOCALES",
    "clock",
    "force_locale",
    "locale_code",
    "long_date",
    "pick",
    "select_locale",
    "short_date",
]
