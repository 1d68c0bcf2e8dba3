"""What every template may use; nothing else reaches it but its page's rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, request, session, url_for
from flask_babel import gettext as _

from salon import i18n, phases
from salon.actor import NOBODY
from salon.enums import Phase
from salon.extensions import babel
from salon.icons import icon
from salon.models import Edition
from salon.policies import editions
from salon.shell import notices
from salon.shell.nav import attendee_nav, organiser_nav


@dataclass(frozen=True, slots=True)
class EditionCard:
    """The edition as the shell shows it."""

    slug: str
    name: str
    place: str
    dates: str
    url: str
    accent: str | None
    logo_url: str | None
    theme_url: str | None


def dates_label(first: date, last: date) -> str:
    """`jeudi 11 mars`, or `du jeudi 11 mars au vendredi 12 mars`."""
    if first == last:
        return i18n.long_date(first)
    return _("du %(first)s au %(last)s", first=i18n.long_date(first), last=i18n.long_date(last))


def edition_card(edition: Edition) -> EditionCard:
    """The card of an edition, from its columns alone."""
    manages = editions.can_read(g.get("actor", NOBODY), edition.id)
    home = "organiser.home" if manages else "public.edition"
    return EditionCard(
        slug=edition.slug,
        name=edition.name,
        place=edition.place,
        dates=dates_label(edition.first_day, edition.last_day),
        url=url_for(home, edition=edition.slug),
        accent=edition.accent,
        logo_url=url_for("assets.logo", edition=edition.slug, v=edition.logo_version)
        if edition.logo_version
        else None,
        theme_url=url_for("assets.theme", edition=edition.slug, v=edition.accent) if edition.accent else None,
    )


def _variables() -> dict[str, Any]:
    edition = g.get("edition")
    card = edition_card(edition) if edition else None
    return {
        "actor": g.get("actor", NOBODY),
        "theme": session.get("theme", "auto"),
        "current_locale": i18n.locale_code(),
        "csp_nonce": lambda: g.nonce,
        "edition_card": card,
        "theme_css_url": card.theme_url if card else None,
        "language_links": _language_links(),
        "nav": [],
        "help_url": None,
        "footer_links": notices.links(edition),
        "register_url": _register_url(edition) if edition else "",
        "needs_second_factor": g.get("needs_second_factor", False),
    }


def _register_url(edition: Edition) -> str:
    """Where to register, while that is open, for whoever is not registered yet and not doing it just now."""
    here = (request.endpoint or "").startswith("registration.")
    if here or g.actor.delegate_in(edition.id) or phases.registration(edition, g.now) is not Phase.OPEN:
        return ""
    return url_for("registration.form", edition=edition.slug)


def _language_links() -> list[tuple[str, str, str, bool]]:
    names = {"fr": "Français", "en": "English"}
    here = i18n.locale_code()
    kept = (
        [(k, v) for k, v in request.args.items(multi=True) if k != "lang"] if request.method == "GET" else []
    )
    return [(code, names[code], _with_language(kept, code), code == here) for code in i18n.LOCALES]


def _with_language(kept: list[tuple[str, str]], code: str) -> str:
    from urllib.parse import urlencode

    path = request.path if request.method == "GET" else "/"
    return f"{path}?{urlencode([*kept, ('lang', code)])}"


def organiser_context(counts: dict[str, int], chapter: str) -> dict[str, Any]:
    """What the organiser's shell needs: its side bar, and help opened at this page's chapter."""
    edition: Edition = g.edition
    return {
        "nav": organiser_nav(edition, g.actor, counts),
        "help_url": url_for("guide.chapter", edition=edition.slug, chapter=chapter),
        "can_edit": editions.can_edit(g.actor, edition.id),
    }


def attendee_context() -> dict[str, Any]:
    """What the attendee's shell needs."""
    if not g.get("edition"):
        return {}
    mine = g.get("me") is not None and g.actor.acting_for is None
    home = g.me.__dict__.get("organisation") if mine else None  # not there any more after a refusal
    return {
        "nav": attendee_nav(g.edition, g.actor, has_agenda=g.has_agenda),
        "actor_detail": home.name if home else "",
    }


def local(moment: datetime, zone: str | None = None) -> datetime:
    """An instant on the edition's wall clock."""
    edition = g.get("edition")
    return moment.astimezone(ZoneInfo(zone or (edition.timezone if edition else "Europe/Paris")))


def _moment(moment: datetime | None) -> str:
    """`vendredi 26 février à 18 h 00`."""
    if moment is None:
        return ""
    here = local(moment)
    return _("%(day)s à %(clock)s", day=i18n.long_date(here.date()), clock=i18n.clock(here))


def _number(value: int | float | None) -> str:
    from babel.numbers import format_decimal

    return "–" if value is None else format_decimal(value, locale=i18n.locale_code())


def install(app: Flask) -> None:
    """Give templates their filters and variables."""
    app.context_processor(_variables)
    app.jinja_env.filters.update(
        longdate=lambda value: i18n.long_date(local(value).date() if isinstance(value, datetime) else value),
        shortdate=lambda value: i18n.short_date(
            local(value).date() if isinstance(value, datetime) else value
        ),
        clock=lambda value: i18n.clock(local(value)),
        moment=_moment,
        num=_number,
        pick=i18n.pick,
    )
    said = babel.domain_instance  # asked directly: Flask-Babel's own functions look for it at each sentence
    app.jinja_env.globals.update(icon=icon, _=said.gettext, ngettext=said.ngettext)
