"""What the steps share: a form saved or shown again, the toast, both sides of a conflict."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon import i18n
from salon.blueprints.attempts import attempt, refused_as, status
from salon.forms.base import SalonForm
from salon.models import Edition
from salon.numbers import read_number
from salon.shell.context import local
from salon.shell.wizard import next_url
from salon.wording.organiser import clock_words


def version_of(form: SalonForm) -> int:
    """The version that the form was shown with; one that no row has when it was tampered with."""
    return read_number(form["version"].data)


def seen_of(form: SalonForm, existing: object | None) -> str | None:
    """The stamp that the form was shown with; None for something new."""
    return None if existing is None else str(form["version"].data or "")


def both_sides(form: SalonForm, stored: dict[str, Any] | None) -> list[tuple[str, str]]:
    """After a conflict, what is stored now; saving the form again then replaces it knowingly."""
    if stored is None or not refused_as("changed_meanwhile"):
        return []
    form["version"].data = stored["version"]
    form.form_errors = [
        _("Quelqu’un d’autre a modifié ces données entre-temps : comparez les deux versions.")
    ]
    return differences(form, stored)


def saved(
    form: SalonForm, act: Callable[[], object], show: Callable[[], str], target: str
) -> ResponseReturnValue:
    """On to `target` when `act` was accepted; else the page that `show` gives, with the refusal."""
    if not attempt(form, act):
        return show(), status()
    said()
    return redirect(target, 303)


def next_or_here(edition: Edition, step: int) -> str:
    """Where the two buttons of a step lead: the step after it, or the same page again."""
    if request.form.get("then") == "stay":
        return url_for(str(request.endpoint), edition=edition.slug)
    return next_url(edition, step)


def form_page(
    template: str, form: SalonForm, existing: Any, stored: dict[str, Any] | None, **more: object
) -> str:
    """The form of a row or of a new one; after a conflict, beside what is `stored`."""
    return render_template(
        template,
        form=form,
        existing=existing.id if existing else None,
        conflict=both_sides(form, stored),
        form_errors=form.is_refused,
        **more,
    )


def said() -> None:
    """« Enregistré à 14 h 32 »."""
    flash(_("Enregistré à %(clock)s.", clock=i18n.clock(local(g.now))), "ok")


def differences(form: SalonForm, stored: dict[str, Any]) -> list[tuple[str, str]]:
    """Fields in which the typed form differs from what is stored now: `(label, stored value)`."""
    return [
        (str(form[name].label.text), _shown(form[name], value))
        for name, value in stored.items()
        if name != "version" and (form[name].data or None) != (value or None)
    ]


def _shown(field: Any, value: Any) -> str:
    choices = getattr(field, "choices", None) or ()
    if not isinstance(value, list) and (word := {one.value: one.label for one in choices}.get(value)):
        return str(word)
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, time):
        return clock_words(value)
    if isinstance(value, datetime):
        return _("%(day)s à %(clock)s", day=i18n.long_date(value.date()), clock=i18n.clock(value))
    if isinstance(value, date):
        return i18n.long_date(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value) if value not in (None, "") else _("vide")
