"""The list of public fairs in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from salon import i18n
from salon.queries.editions import EditionLine
from salon.shell.context import dates_label


@dataclass(frozen=True, slots=True)
class FairCard:
    """One fair of the list; `day` and `month` stand in for a missing logo."""

    name: str
    subtitle: str
    dates: str
    place: str
    url: str
    logo_url: str
    day: str
    month: str
    chip: tuple[str, str, str]
    is_over: bool


def split(lines: Iterable[EditionLine], now: datetime) -> tuple[list[FairCard], list[FairCard]]:
    """Fairs to come, the nearest first, and past ones, the latest first."""
    cards = [(line.first_day, _card(line, now)) for line in lines]
    coming = sorted((one for one in cards if not one[1].is_over), key=lambda one: one[0])
    past = sorted((one for one in cards if one[1].is_over), key=lambda one: one[0], reverse=True)
    return [card for _day, card in coming], [card for _day, card in past]


def _card(line: EditionLine, now: datetime) -> FairCard:
    today = now.astimezone(ZoneInfo(line.timezone)).date()
    days = (line.first_day - today).days
    logo = url_for("assets.logo", edition=line.slug, v=line.logo_version) if line.logo_version else ""
    return FairCard(
        name=line.name,
        subtitle=line.subtitle,
        dates=dates_label(line.first_day, line.last_day),
        place=line.place,
        url=url_for("public.edition", edition=line.slug),
        logo_url=logo,
        day=str(line.first_day.day),
        month=format_date(line.first_day, "MMM", locale=i18n.locale_code()),
        chip=_chip(days, is_over=today > line.last_day),
        is_over=today > line.last_day,
    )


def _chip(days: int, *, is_over: bool) -> tuple[str, str, str]:
    if is_over:
        return _("Terminé"), "neutral", "calendar-check"
    if days <= 0:
        return _("En ce moment"), "accent", "calendar-event"
    return ngettext("Dans %(num)s jour", "Dans %(num)s jours", days), "info", "calendar-event"
