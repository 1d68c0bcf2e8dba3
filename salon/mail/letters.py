"""The words of each kind of message, from the rows as they are when it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import current_app, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from salon.brand import DEFAULT, readable
from salon.enums import MailKind
from salon.mail.letter import Action, Letter, Sender
from salon.models import Account, Delegate, Edition, OutboxMail
from salon.services import sign_in


class Pointless(Exception):
    """Nobody needs this message any more: it is not sent, and the reason is kept."""


class _Writer:
    """What a letter may look at."""

    def __init__(self, session: Session, now: datetime, mail: OutboxMail) -> None:
        self.session, self.now, self.mail = session, now, mail
        self.account = session.get_one(Account, mail.account_id)
        self.edition = session.get(Edition, mail.edition_id) if mail.edition_id else None
        self.delegate = session.get(Delegate, mail.delegate_id) if mail.delegate_id else None

    @property
    def name(self) -> str:
        """The edition's name; a letter of an edition without one cannot be written."""
        if self.edition is None:
            raise LookupError("edition")
        return self.edition.name

    def page(self, endpoint: str) -> str:
        """The address of a page of the edition."""
        if self.edition is None:
            raise LookupError("edition")
        return url_for(endpoint, edition=self.edition.slug, _external=True)


def write(session: Session, now: datetime, mail: OutboxMail) -> tuple[Letter, Sender]:
    """The letter and its sender, in the reader's language.

    Raises
    ------
    Pointless
        The account was closed, or the reason to write is gone.
    LookupError
        Nothing is written for this kind, or a row that it speaks of is missing.
    """
    writer = _Writer(session, now, mail)
    if writer.account.erased_at or writer.account.disabled_at:
        raise Pointless("account closed")
    with force_locale(mail.language):
        return _LETTERS[mail.kind](writer), _sender(writer)


def _sender(writer: _Writer) -> Sender:
    settings, edition = current_app.config["SALON"], writer.edition
    if edition is None:
        return Sender(name="Salon", address=settings.mail_from, accent=DEFAULT)
    where = f"{edition.name} · {edition.place}" if edition.place else edition.name
    return Sender(
        name=edition.name,
        address=settings.mail_from,
        reply_to=edition.contact_email,
        accent=readable(edition.accent or DEFAULT),
        footer=tuple(line for line in (where, edition.contact_email, edition.contact_phone) if line),
    )


def _hello(writer: _Writer) -> str:
    return _("Bonjour %(name)s,", name=writer.delegate.first_name) if writer.delegate else _("Bonjour,")


def _sign_in(writer: _Writer) -> Letter:
    secret, code = sign_in.issue_link(
        writer.session, writer.now, writer.account, writer.mail.params.get("browser")
    )
    return Letter(
        subject=_("Votre lien de connexion"),
        paragraphs=(
            _("Bonjour,"),
            _("Ce lien et ce code ouvrent votre session. Ils servent une fois, pendant 10 minutes."),
            _("Ouvrez le lien dans le navigateur où vous l’avez demandé, ou tapez-y le code."),
        ),
        action=Action(_("Ouvrir ma session"), url_for("auth.link", token=secret, _external=True)),
        code=code,
        closing=(_("Vous n’avez rien demandé ? Ignorez ce message, rien ne se passera."),),
    )


def _member_invitation(writer: _Writer) -> Letter:
    return Letter(
        subject=_("Vous rejoignez l’équipe de %(name)s", name=writer.name),
        paragraphs=(
            _("Bonjour,"),
            _(
                "Vous pouvez désormais organiser %(name)s. Connectez-vous avec cette adresse.",
                name=writer.name,
            ),
        ),
        action=Action(_("Ouvrir l’édition"), writer.page("organiser.home")),
    )


def _confirmation(writer: _Writer) -> Letter:
    return Letter(
        subject=_("Votre inscription à %(name)s est validée", name=writer.name),
        paragraphs=(_hello(writer), _("Votre inscription à %(name)s est validée.", name=writer.name)),
        action=Action(_("Voir la page du salon"), writer.page("public.edition")),
    )


def _refusal(writer: _Writer) -> Letter:
    reason = writer.delegate.reason if writer.delegate else ""
    return Letter(
        subject=_("Votre inscription à %(name)s", name=writer.name),
        paragraphs=(_hello(writer), _("Votre inscription à %(name)s n’a pas été retenue.", name=writer.name)),
        facts=((_("Raison"), reason),) if reason else (),
        closing=(_("Pour toute question, répondez à ce message."),),
    )


_LETTERS: Mapping[MailKind, Callable[[_Writer], Letter]] = {
    MailKind.SIGN_IN: _sign_in,
    MailKind.MEMBER_INVITATION: _member_invitation,
    MailKind.CONFIRMATION: _confirmation,
    MailKind.REFUSAL: _refusal,
}
