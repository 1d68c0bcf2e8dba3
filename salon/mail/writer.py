"""What a letter may look at, and the turns of phrase that letters share."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from salon import i18n
from salon.mail.letter import Action, Secrets
from salon.models import Account, Delegate, Edition, MailBatch, Organisation, OutboxMail, Release
from salon.shell.context import dates_label


class Pointless(Exception):
    """Nobody needs this message any more: it is not sent, and the reason is kept."""


class Writer:
    """The rows behind one message, as they are now; reads only."""

    def __init__(self, session: Session, now: datetime, mail: OutboxMail, secrets: Secrets) -> None:
        self.session, self.now, self.mail, self.secrets = session, now, mail, secrets
        self.account = session.get_one(Account, mail.account_id)
        self._edition = session.get(Edition, mail.edition_id) if mail.edition_id else None
        subject = mail.delegate_id or mail.params.get("sample")
        self._delegate = session.get(Delegate, subject) if subject else None

    @property
    def has_edition(self) -> bool:
        return self._edition is not None

    @property
    def edition(self) -> Edition:
        """The edition; a letter that needs one cannot be written without."""
        if self._edition is None:
            raise LookupError("edition")
        return self._edition

    @property
    def delegate(self) -> Delegate:
        """The registration that the letter is about."""
        if self._delegate is None:
            raise LookupError("delegate")
        return self._delegate

    @property
    def release(self) -> Release:
        """The release that the letter announces."""
        found = self.session.get(Release, self.mail.release_id) if self.mail.release_id else None
        if found is None:
            raise LookupError("release")
        return found

    @property
    def name(self) -> str:
        return self.edition.name

    @property
    def note(self) -> str:
        """What the organiser added when ordering the sending."""
        batch = self.session.get(MailBatch, self.mail.batch_id) if self.mail.batch_id else None
        return batch.note if batch else str(self.mail.params.get("note", ""))

    @property
    def sender_address(self) -> str:
        return str(current_app.config["SALON"].mail_from)

    @property
    def organisation(self) -> str:
        return self.session.get_one(Organisation, self.delegate.organisation_id).name

    def hello(self) -> str:
        """The first line."""
        if self._delegate is not None and self._delegate.first_name:
            return _("Bonjour %(name)s,", name=self._delegate.first_name)
        return _("Bonjour,")

    def page(self, *endpoints: str) -> str:
        """The address of the first of these pages of the edition that this installation serves."""
        known = next(one for one in endpoints if one in current_app.view_functions)
        return url_for(known, edition=self.edition.slug, _external=True)

    def space(self, label: str = "", *endpoints: str) -> Action:
        """A button to a page of the attendee's space."""
        return Action(label or _("Ouvrir mon espace"), self.page(*endpoints, "participant.home"))

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.edition.timezone))

    def moment(self, value: datetime) -> str:
        """`jeudi 11 mars à 09 h 20`, on the edition's clock."""
        here = self.local(value)
        return _("%(day)s à %(clock)s", day=i18n.long_date(here.date()), clock=i18n.clock(here))

    def where_and_when(self) -> tuple[tuple[str, str], ...]:
        """Dates, place and structure, as facts."""
        here = self.edition
        place = ", ".join(filter(None, (here.place, here.address)))
        facts = (
            (_("Dates"), dates_label(here.first_day, here.last_day)),
            (_("Lieu"), place),
            (_("Structure"), self.organisation),
        )
        return tuple((label, value) for label, value in facts if value)
