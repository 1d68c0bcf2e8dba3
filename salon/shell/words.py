"""Small words of the organiser's shell: figures, moments, and links that lead somewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from babel.numbers import format_decimal, format_percent
from flask import current_app, g, url_for
from flask_babel import gettext as _

from salon import i18n
from salon.models import Edition
from salon.policies.access import ACCESS
from salon.shell.context import local


def link(edition: Edition, endpoint: str, **values: Any) -> str:
    """The address of a page that exists and that the reader may open, else nothing."""
    if endpoint not in current_app.view_functions or not ACCESS[endpoint].admits(g.actor, edition.id):
        return ""
    return url_for(endpoint, edition=edition.slug, **values)


def number(value: float) -> str:
    """`1 704`, `0,139`."""
    return str(format_decimal(value, locale=i18n.locale_code()))


def percent(share: float, digits: int = 0) -> str:
    """`95 %`, or `0,02 %` with two digits."""
    code = i18n.locale_code()
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + ("\u202f%" if code == "fr" else "%")
    return str(format_percent(share, format=pattern, locale=code))


def moment(value: datetime | None) -> str:
    """`vendredi 26 février à 18 h 00`, nothing without a date."""
    if value is None:
        return ""
    here = local(value)
    return _("%(day)s à %(clock)s", day=i18n.long_date(here.date()), clock=i18n.clock(here))
