"""Sentences of the attendee's own pages."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from salon import i18n
from salon.enums import Phase
from salon.phases import phase
from salon.shell.context import local


def day_and_hour(moment: datetime | None) -> str:
    """`vendredi 26 février à 18 h 00`, on the edition's clock."""
    if moment is None:
        return ""
    here = local(moment)
    return _("%(day)s à %(clock)s", day=i18n.long_date(here.date()), clock=i18n.clock(here))


def phase_sentence(opens: datetime | None, closes: datetime | None, now: datetime) -> str:
    """The state of a phase with the date that matters."""
    state = phase(opens, closes, now)
    if state is Phase.UNPLANNED:
        return _("date à venir")
    if state is Phase.COMING:
        return _("à partir du %(start)s", start=day_and_hour(opens))
    if state is Phase.CLOSED:
        return _("closes depuis le %(end)s", end=day_and_hour(closes))
    return _("jusqu’au %(end)s", end=day_and_hour(closes)) if closes else _("ouvertes")
