"""Words of the pages about messages: refusals, reasons, what an error of the mail server means."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from salon.enums import MailKind, MailState
from salon.mail.transport import CLEAR, UNTRUSTED
from salon.services.mailings import Audience, Reason
from salon.wording.base import Message

MESSAGES: dict[str, Message] = {
    "mail_kind_not_sendable": lambda: _("Ce message part tout seul : il ne s’envoie pas à la main."),
    "mail_preview_stale": lambda: _(
        "La situation a changé depuis votre relecture, ou ce message vient de partir. Voici le nouvel aperçu."
    ),
    "mail_nobody": lambda: _("Personne ne recevrait ce message. Choisissez d’autres destinataires."),
    "mail_wishes_not_open": lambda: _(
        "Les vœux ne sont pas ouverts : ce message inviterait à une page fermée. "
        "Ouvrez-les d’abord dans les réglages."
    ),
    "mail_nothing_published": lambda: _("Aucun planning n’est publié : publiez d’abord une version."),
    "mail_not_unsure": lambda: _(
        "Ce message est parti ou attend son tour : il n’y a rien à renvoyer. Rechargez la page."
    ),
}

_KIND: Mapping[MailKind, Callable[[], str]] = {
    MailKind.INVITATION: lambda: _("Le lien vers leur espace, après un import ou une inscription à la main."),
    MailKind.WISHES_OPEN: lambda: _("Les vœux sont ouverts : comment choisir, jusqu’à quand."),
    MailKind.WISHES_REMINDER: lambda: _("Seulement à qui n’a encore fait aucun vœu."),
    MailKind.PUBLICATION: lambda: _("L’agenda complet de la dernière version, avec le fichier calendrier."),
    MailKind.CONFIRMATION: lambda: _("L’inscription est validée, à envoyer de nouveau."),
}
_AUDIENCE: Mapping[Audience, tuple[Callable[[], str], Callable[[], str]]] = {
    Audience.ALL: (
        lambda: _("Toutes les personnes concernées"),
        lambda: _("Même celles qui ont déjà reçu ce message."),
    ),
    Audience.NEW: (
        lambda: _("Celles qui ne l’ont pas encore reçu"),
        lambda: _("Un message perdu ou en échec ne compte pas."),
    ),
    Audience.CHOSEN: (
        lambda: _("Les personnes choisies dans la liste"),
        lambda: _("Celles que le message ne concerne pas sont écartées, avec la raison."),
    ),
}
_REASON: Mapping[Reason, Callable[[], str]] = {
    Reason.UNREACHABLE: lambda: _("injoignable : compte fermé, ou dernier message non remis"),
    Reason.STATUS: lambda: _("inscription non validée ou terminée"),
    Reason.HAS_WISHES: lambda: _("a déjà fait des vœux"),
    Reason.CANNOT_MEET: lambda: _("son type ne rencontre personne"),
    Reason.OTHER_TYPE: lambda: _("d’un autre type"),
    Reason.ALREADY: lambda: _("l’a déjà reçu"),
}
_DROPPED: Mapping[str, Callable[[], str]] = {
    "account closed": lambda: _("Le compte de la personne est fermé."),
    "already confirmed": lambda: _("L’adresse était déjà confirmée."),
    "registration ended": lambda: _("L’inscription a pris fin entre-temps."),
    "not approved any more": lambda: _("L’inscription n’était plus validée."),
    "not waiting any more": lambda: _("La personne n’était plus sur la liste d’attente."),
    "not refused any more": lambda: _("L’inscription n’était plus refusée."),
    "wishes closed": lambda: _("Les vœux n’étaient pas ouverts."),
    "wishes made meanwhile": lambda: _("La personne avait fait ses vœux entre-temps."),
    "does not attend any more": lambda: _("La personne ne participait plus."),
}
_DOWN = ("ConnectionRefused", "gaierror", "Timeout", "TimeoutError", "ServerDisconnected", "OSError", "SSL")


def kind_help(kind: MailKind) -> str:
    """When to send it, in a line."""
    return _KIND[kind]()


def audience_words(audience: Audience) -> tuple[str, str]:
    """Label and explanation."""
    label, say = _AUDIENCE[audience]
    return label(), say()


def reason_word(reason: Reason) -> str:
    """Why somebody gets nothing."""
    return _REASON[reason]()


def pointless_word(why: str) -> str:
    """Why nobody needs a message."""
    return _DROPPED[why]() if why in _DROPPED else _("Ce message n’a plus lieu d’être.")


def missing_words() -> str:
    """A row that the message spoke of is gone."""
    return _("Ce que disait ce message n’existe plus : l’inscription ou la version a été effacée.")


def error_sentence(state: MailState, error: str) -> str:
    """What happened to a message, for somebody who runs a fair and not a mail server."""
    if state is MailState.DROPPED:
        return pointless_word(error)
    if state is MailState.UNCERTAIN and error.startswith("restored"):
        return _("Une sauvegarde a été remise en place : il est peut-être parti depuis.")
    if state is MailState.UNCERTAIN:
        return _("La connexion s’est coupée pendant l’envoi : il est peut-être arrivé.")
    if not error:
        return ""
    if error.startswith("unwritable"):
        return _("Salon n’a pas pu écrire ce message : c’est une panne de notre côté.")
    if UNTRUSTED in error:
        return _(
            "Le certificat du serveur d’envoi n’est pas reconnu : rien n’a été transmis. Prévenez "
            "l’administration du serveur."
        )
    if CLEAR in error:
        return _(
            "Le serveur d’envoi n’offre pas de connexion chiffrée : rien n’a été transmis. Prévenez "
            "l’administration du serveur."
        )
    if any(sign in error for sign in _DOWN):
        return _("Le serveur d’envoi ne répond pas.")
    if "SMTPAuthentication" in error or error.startswith("535"):
        return _("Le serveur d’envoi refuse le mot de passe de Salon.")
    return _server_said(error)


def _server_said(error: str) -> str:
    if error[:1] == "5":
        return _("L’adresse ou le message est refusé : « %(answer)s »", answer=error)
    return _("Le serveur demande d’attendre : « %(answer)s »", answer=error)
