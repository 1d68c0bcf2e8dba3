"""What every sheet of paper says about itself: which release, how firm, since when."""

from __future__ import annotations

from jinja2 import Environment

from exports import dates
from exports.document import locale_of, words
from exports.rows import Brand, Stage, Stamp


def stamp_words(stamp: Stamp, brand: Brand, env: Environment) -> str:
    """« Version 2 définitive, publiée le jeudi 4 mars 2027 à 10 h 12 »."""
    _ = words(env).gettext
    if stamp.stage is Stage.DRAFT or stamp.release_number is None:
        return _("Brouillon, non publié")
    facts = {"number": stamp.release_number}
    if stamp.published_at is None:
        provisional = _("Version %(number)s provisoire") % facts
        return provisional if stamp.stage is Stage.PROVISIONAL else _("Version %(number)s définitive") % facts
    locale = locale_of(env)
    when = {
        "day": dates.day(stamp.published_at, brand.zone, locale, year=True),
        "hour": dates.clock(stamp.published_at, brand.zone, locale),
    }
    if stamp.stage is Stage.PROVISIONAL:
        return _("Version %(number)s provisoire, publiée le %(day)s à %(hour)s") % {**facts, **when}
    return _("Version %(number)s définitive, publiée le %(day)s à %(hour)s") % {**facts, **when}


def short_stamp(release_number: int | None, env: Environment) -> str:
    """« version 2 », or « brouillon »."""
    _ = words(env).gettext
    return _("brouillon") if release_number is None else _("version %(number)s") % {"number": release_number}


def watermark(env: Environment) -> bytes:
    """« Brouillon » across the page, pale enough to read through."""
    word = words(env).gettext("Brouillon")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 150" width="200mm" height="150mm">'
        '<text x="100" y="85" font-family="Inter" font-weight="600" font-size="34" text-anchor="middle" '
        f'fill="#EFE7DF" transform="rotate(-35 100 75)">{word}</text></svg>'
    ).encode()
