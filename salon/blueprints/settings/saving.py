"""What the steps share: the version that a form was shown with, the toast, both sides of a conflict."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import flash, g
from flask_babel import gettext as _

from salon import i18n
from salon.forms.base import SalonForm
from salon.shell.context import local


def version_of(form: SalonForm) -> int:
    """The version that the form was shown with; 0, which no row has, when it was tampered with."""
    raw = str(form["version"].data or "")
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else 0


def said() -> None:
    """« Enregistré à 14 h 32 »."""
    flash(_("Enregistré à %(clock)s.", clock=i18n.clock(local(g.now))), "ok")


def differences(form: SalonForm, stored: dict[str, Any]) -> list[tuple[str, str]]:
    """Fields in which the typed form differs from what is stored now: `(label, stored value)`."""
    return [
        (str(form[name].label.text), _shown(value))
        for name, value in stored.items()
        if name != "version" and (form[name].data or None) != (value or None)
    ]


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return _("%(day)s à %(clock)s", day=i18n.long_date(value.date()), clock=i18n.clock(value))
    if isinstance(value, date):
        return i18n.long_date(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value) if value not in (None, "") else _("vide")
