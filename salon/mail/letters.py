"""The words of each kind of message, from the rows as they are when it leaves or is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.brand import DEFAULT, readable
from salon.enums import MailKind
from salon.mail import about_accounts, about_meetings, about_registrations, about_wishes
from salon.mail.letter import PLACEHOLDERS, Letter, Secrets, Sender
from salon.mail.writer import Pointless, Writer
from salon.models import Asset, Edition, OutboxMail

LETTERS: Mapping[MailKind, Callable[[Writer], Letter]] = {
    MailKind.SIGN_IN: about_accounts.sign_in,
    MailKind.CONFIRM_ADDRESS: about_accounts.confirm_address,
    MailKind.MEMBER_INVITATION: about_accounts.member_invitation,
    MailKind.ALREADY_REGISTERED: about_registrations.already_registered,
    MailKind.INVITATION: about_registrations.invitation,
    MailKind.CONFIRMATION: about_registrations.confirmation,
    MailKind.WAITING_LIST: about_registrations.waiting_list,
    MailKind.REFUSAL: about_registrations.refusal,
    MailKind.WISHES_OPEN: about_wishes.wishes_open,
    MailKind.WISHES_REMINDER: about_wishes.wishes_reminder,
    MailKind.PUBLICATION: about_meetings.publication,
    MailKind.CANCELLATION: about_meetings.cancellation,
}


def write(
    session: Session, now: datetime, mail: OutboxMail, secrets: Secrets = PLACEHOLDERS
) -> tuple[Letter, Sender]:
    """The letter and its sender, in the reader's language; reads only, so a preview is the same function.

    Raises
    ------
    Pointless
        The account was closed, or the reason to write is gone.
    LookupError
        A row that the message speaks of is missing.
    """
    writer = Writer(session, now, mail, secrets)
    if writer.account.erased_at or writer.account.disabled_at:
        raise Pointless("account closed")
    with force_locale(mail.language):
        letter = _with_note(LETTERS[mail.kind](writer), writer.note)
        if mail.params.get("test"):
            letter = replace(letter, subject=_("Essai : %(subject)s", subject=letter.subject))
        return letter, _sender(session, writer.edition if writer.has_edition else None)


def _with_note(letter: Letter, note: str) -> Letter:
    """The organiser's own words come right after the greeting."""
    if not note:
        return letter
    hello, *rest = letter.paragraphs
    return replace(letter, paragraphs=(hello, note, *rest))


def _sender(session: Session, edition: Edition | None) -> Sender:
    settings = current_app.config["SALON"]
    if edition is None:
        who = (settings.operator_name, settings.operator_email)
        return Sender(
            name="Salon", address=settings.mail_from, accent=DEFAULT, footer=tuple(filter(None, who))
        )
    where = f"{edition.name} · {edition.place}" if edition.place else edition.name
    return Sender(
        name=edition.name,
        address=settings.mail_from,
        reply_to=edition.contact_email,
        accent=readable(edition.accent or DEFAULT),
        logo=_logo(session, edition),
        footer=tuple(line for line in (where, edition.contact_email, edition.contact_phone) if line),
    )


def _logo(session: Session, edition: Edition) -> bytes | None:
    if not edition.logo_version:
        return None
    return session.scalar(select(Asset.content).where(Asset.edition_id == edition.id, Asset.kind == "logo"))


__all__ = ["LETTERS", "Pointless", "write"]
