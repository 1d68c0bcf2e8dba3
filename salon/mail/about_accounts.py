"""Letters about an account: its sign-in, its address, its place in a team."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from salon.enums import DelegateStatus, Source
from salon.mail.letter import Action, Letter
from salon.mail.writer import Pointless, Writer


def sign_in(writer: Writer) -> Letter:
    return Letter(
        subject=_("Votre lien de connexion"),
        paragraphs=(
            _("Bonjour,"),
            _("Ce lien et ce code ouvrent votre session. Ils servent une fois, pendant 10 minutes."),
            _("Ouvrez le lien dans le navigateur où vous l’avez demandé, ou tapez-y le code."),
        ),
        action=Action(
            _("Ouvrir ma session"), url_for("auth.link", token=writer.secrets.token, _external=True)
        ),
        code=writer.secrets.code,
        closing=(_("Vous n’avez rien demandé ? Ignorez ce message, rien ne se passera."),),
    )


def confirm_address(writer: Writer) -> Letter:
    """A registration to confirm, or another address for an account."""
    return _new_address(writer) if writer.mail.params.get("change") else _registration(writer)


def _new_address(writer: Writer) -> Letter:
    url = url_for("account.confirm_email", token=writer.secrets.token, _external=True)
    return Letter(
        subject=_("Confirmez votre nouvelle adresse"),
        paragraphs=(
            _("Bonjour,"),
            _("Vous voulez utiliser cette adresse pour votre compte. Confirmez qu’elle est bien la vôtre."),
            _("Ouvrez le lien dans le navigateur où vous avez demandé ce changement."),
        ),
        action=Action(_("Confirmer mon adresse"), url),
        closing=(
            _("Ce lien sert une fois, pendant 7 jours."),
            _("Vous n’avez rien demandé ? Ignorez ce message, rien ne se passera."),
        ),
    )


def _registration(writer: Writer) -> Letter:
    if writer.delegate.status is not DelegateStatus.UNCONFIRMED:
        raise Pointless("already confirmed")
    asked = (
        _(
            "Une personne de votre structure vous inscrit à %(name)s. Confirmez votre adresse pour y participer.",
            name=writer.name,
        )
        if writer.delegate.source is Source.COLLEAGUE
        else _("Confirmez votre adresse pour que votre inscription à %(name)s compte.", name=writer.name)
    )
    return Letter(
        subject=_("Confirmez votre inscription à %(name)s", name=writer.name),
        paragraphs=(writer.hello(), asked),
        facts=writer.where_and_when(),
        action=Action(
            _("Confirmer mon inscription"),
            url_for("registration.confirm", token=writer.secrets.token, _external=True),
        ),
        closing=(
            _("Ce lien sert une fois, pendant 7 jours."),
            _(
                "Vous n’avez rien demandé ? Ignorez ce message : sans confirmation, l’inscription ne compte pas."
            ),
        ),
    )


def member_invitation(writer: Writer) -> Letter:
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
