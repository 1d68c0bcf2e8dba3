"""One person's calendar file, the same for the one-shot download, the feed and whoever attaches it."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parseaddr

from flask import current_app, url_for
from flask_babel import force_locale, get_translations
from sqlalchemy.orm import Session

from exports import ical
from exports.document import Document
from exports.rows import AgendaRow
from salon.i18n import LOCALES
from salon.models import Delegate, Edition
from salon.queries import agendas

_NOBODY = "salon@localhost"


def language(edition: Edition, wanted: str) -> str:
    """The reader's language if Salon speaks it, else the edition's first."""
    return wanted if wanted in LOCALES else edition.languages[0]


def document(session: Session, edition: Edition, delegate: Delegate, locale: str) -> Document:
    """The person's meetings of the newest release, cancelled ones kept; empty before the first."""
    spoken = language(edition, locale)
    return of(edition, agendas.agenda_rows(session, edition, delegate.id, locale=spoken), spoken)


def of(edition: Edition, rows: Iterable[AgendaRow], locale: str) -> Document:
    """Meetings as a calendar file in that language."""
    with force_locale(locale):
        return ical.calendar(
            rows,
            name=edition.name,
            timezone=edition.timezone,
            organiser=sender(edition),
            organiser_name=edition.name,
            place=edition.place,
            url=url_for("participant.agenda", edition=edition.slug, _external=True),
            translations=get_translations(),
        )


def sender(edition: Edition) -> str:
    """The fair's own address, else the one this installation writes from; calendars take plain ones only."""
    own = parseaddr(current_app.config["SALON"].mail_from)[1]
    return next((address for address in (edition.contact_email, own) if _is_plain(address)), _NOBODY)


def _is_plain(address: str) -> bool:
    try:
        ical.Feed(name="", timezone="", organiser=address)
    except ValueError:
        return False
    return True
