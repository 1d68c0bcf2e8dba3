"""Words for the states of a registration and for what else its pages list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from salon.enums import ConsentPurpose, DelegateStatus, MailKind, MailState, Source
from salon.queries.exclusions import Conflict

_STATUS: Mapping[DelegateStatus, tuple[str, Callable[[], str]]] = {  # tone of the chip, word
    DelegateStatus.UNCONFIRMED: ("neutral", lambda: _("Adresse à confirmer")),
    DelegateStatus.PENDING: ("warn", lambda: _("À valider")),
    DelegateStatus.WAITING: ("warn", lambda: _("Liste d’attente")),
    DelegateStatus.APPROVED: ("ok", lambda: _("Validée")),
    DelegateStatus.REFUSED: ("bad", lambda: _("Refusée")),
    DelegateStatus.WITHDRAWN: ("neutral", lambda: _("Désistée")),
    DelegateStatus.CANCELLED: ("bad", lambda: _("Annulée")),
}
_SOURCE: Mapping[Source, Callable[[], str]] = {
    Source.SELF: lambda: _("inscription en ligne"),
    Source.COLLEAGUE: lambda: _("ajout par un collègue"),
    Source.MANUAL: lambda: _("ajout par l’organisation"),
    Source.IMPORT: lambda: _("import d’un fichier"),
}
_PURPOSE: Mapping[ConsentPurpose, Callable[[], str]] = {
    ConsentPurpose.DIRECTORY: lambda: _("Figurer dans le trombinoscope"),
    ConsentPurpose.PARTNERS: lambda: _("Transmettre ses coordonnées aux partenaires"),
    ConsentPurpose.PHOTO: lambda: _("Être pris en photo"),
    ConsentPurpose.NEWSLETTER: lambda: _("Recevoir la lettre d’information"),
    ConsentPurpose.SURVEY: lambda: _("Répondre aux enquêtes de suivi"),
}
_MAIL: Mapping[MailKind, Callable[[], str]] = {
    MailKind.SIGN_IN: lambda: _("Lien de connexion"),
    MailKind.CONFIRM_ADDRESS: lambda: _("Confirmation de l’adresse"),
    MailKind.ALREADY_REGISTERED: lambda: _("Rappel : déjà inscrit"),
    MailKind.INVITATION: lambda: _("Invitation"),
    MailKind.CONFIRMATION: lambda: _("Confirmation de l’inscription"),
    MailKind.WAITING_LIST: lambda: _("Liste d’attente"),
    MailKind.REFUSAL: lambda: _("Refus"),
    MailKind.WISHES_OPEN: lambda: _("Ouverture des vœux"),
    MailKind.WISHES_REMINDER: lambda: _("Rappel des vœux"),
    MailKind.PUBLICATION: lambda: _("Publication du planning"),
    MailKind.CANCELLATION: lambda: _("Annulation"),
    MailKind.MEMBER_INVITATION: lambda: _("Invitation dans l’équipe"),
}
_MAIL_STATE: Mapping[MailState, tuple[str, Callable[[], str]]] = {
    MailState.QUEUED: ("warn", lambda: _("En file")),
    MailState.SENDING: ("brand", lambda: _("Envoi en cours")),
    MailState.SENT: ("ok", lambda: _("Envoyé")),
    MailState.RETRY: ("warn", lambda: _("Nouvel essai prévu")),
    MailState.FAILED: ("bad", lambda: _("Non remis")),
    MailState.UNCERTAIN: ("warn", lambda: _("Remise incertaine")),
    MailState.DROPPED: ("neutral", lambda: _("Devenu inutile")),
}
_CONFLICT: Mapping[str, Callable[[str], str]] = {
    "same_organisation": lambda who: _("les deux personnes sont de la même structure"),
    "exclusion": lambda who: _("leurs structures sont exclues l’une de l’autre"),
    "types": lambda who: _("leurs types ne se rencontrent pas"),
    "no_thanks": lambda who: _("%(name)s a répondu « Non merci »", name=who),
    "not_approved": lambda who: _("l’inscription de %(name)s n’est pas validée", name=who),
    "no_meeting_left": lambda who: _("%(name)s n’accepte aucun rendez-vous", name=who),
    "no_common_slot": lambda who: _("aucun créneau ne leur est commun"),
}


_ACTION: Mapping[str, Callable[[], str]] = {
    "impersonation_started": lambda: _("Quelqu’un agit à sa place"),
    "impersonation_ended": lambda: _("Fin de la délégation"),
    "registered": lambda: _("Inscription reçue"),
    "registration_confirmed": lambda: _("Adresse confirmée"),
    "registration_approved": lambda: _("Inscription validée"),
    "registration_refused": lambda: _("Inscription refusée"),
    "registration_cancelled": lambda: _("Inscription annulée"),
    "registration_withdrawn": lambda: _("Désistement"),
    "registration_pending": lambda: _("Place obtenue, à valider"),
    "registration_waiting": lambda: _("Mise en liste d’attente"),
    "address_corrected": lambda: _("Adresse corrigée par l’organisation"),
    "registration_added": lambda: _("Inscription ajoutée à la main"),
    "person_updated": lambda: _("Fiche de la personne modifiée"),
    "organisation_updated": lambda: _("Fiche de la structure modifiée"),
    "availability_saved": lambda: _("Disponibilités enregistrées"),
    "wishes_saved": lambda: _("Vœux enregistrés"),
    "consent_changed": lambda: _("Consentement modifié"),
}


def action_word(action: str) -> str:
    """What an audit entry says; one without words yet is named as it is stored."""
    return _ACTION[action]() if action in _ACTION else _("Autre action (%(name)s)", name=action)


def status_tone(status: DelegateStatus) -> str:
    return _STATUS[status][0]


def status_word(status: DelegateStatus) -> str:
    return _STATUS[status][1]()


def source_word(source: Source) -> str:
    return _SOURCE[source]()


def purpose_word(purpose: ConsentPurpose) -> str:
    return _PURPOSE[purpose]()


def mail_word(kind: MailKind) -> str:
    return _MAIL[kind]()


def mail_state(state: MailState) -> tuple[str, str]:
    """Tone and word."""
    tone, word = _MAIL_STATE[state]
    return tone, word()


def conflict_sentence(conflict: Conflict) -> str:
    """Which hard rule forbids an ordered meeting."""
    return _CONFLICT[conflict.rule](conflict.who)
