"""Refusals that any page can meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

Message = Callable[..., str]


def _too_many(retry_after: int = 60, **_rest: Any) -> str:
    minutes = max(1, -(-retry_after // 60))
    return ngettext(
        "Trop d’essais. Réessayez dans %(num)s minute.",
        "Trop d’essais. Réessayez dans %(num)s minutes.",
        minutes,
    )


MESSAGES: dict[str, Message] = {
    "http_400": lambda: _("Cette demande est mal formée. Revenez à la page précédente et recommencez."),
    "http_401": lambda: _("Votre session est terminée. Connectez-vous pour continuer."),
    "http_403": lambda: _("Cette page n’est pas ouverte à votre rôle. Demandez l’accès à l’organisation."),
    "http_404": lambda: _("Cette page n’existe pas, ou n’existe plus. Vérifiez l’adresse."),
    "http_405": lambda: _("Cette adresse n’accepte pas cette action. Revenez à la page précédente."),
    "http_408": lambda: _("L’envoi a duré trop longtemps. Réessayez."),
    "http_411": lambda: _("Cette demande est mal formée. Revenez à la page précédente et recommencez."),
    "http_413": lambda: _("L’envoi dépasse 6 Mo. Choisissez un fichier plus léger."),
    "http_414": lambda: _("Cette adresse est trop longue. Revenez à la page précédente."),
    "http_415": lambda: _("Ce format n’est pas accepté ici."),
    "http_416": lambda: _("La partie de fichier demandée n’existe pas."),
    "http_421": lambda: _("Cette adresse n’est pas servie ici. Vérifiez l’adresse."),
    "http_429": lambda: _("Trop de demandes. Patientez une minute."),
    "http_431": lambda: _("Cette demande est trop lourde. Effacez les cookies de ce site et recommencez."),
    "http_501": lambda: _("Cette adresse n’accepte pas cette action. Revenez à la page précédente."),
    "http_503": lambda: _("Le service est occupé. Réessayez dans quelques secondes."),
    "csrf": lambda: _("Ce formulaire n’est plus valable. Rechargez la page et recommencez."),
    "wrong_origin": lambda: _("Cette demande vient d’un autre site ; elle a été refusée."),
    "not_allowed": lambda: _("Cette page n’est pas ouverte à votre rôle. Demandez l’accès à l’organisation."),
    "sign_in_again": lambda: _(
        "Votre session est terminée. Connectez-vous pour reprendre : votre saisie est gardée."
    ),
    "changed_meanwhile": lambda: _(
        "Quelqu’un d’autre a modifié ces données entre-temps. Rechargez la page pour voir sa version."
    ),
    "store_busy": lambda: _("Beaucoup de monde enregistre en ce moment. Réessayez dans quelques secondes."),
    "store_full": lambda: _(
        "Le disque du serveur est plein : rien n’a été enregistré. Prévenez l’organisation."
    ),
    "crash": lambda reference: _(
        "Quelque chose s’est mal passé chez nous. Rien n’a été modifié. Référence %(reference)s.",
        reference=reference,
    ),
    "too_many_attempts": _too_many,
    "backup_exists": lambda name: _("Le fichier %(name)s existe déjà. Choisissez un autre nom.", name=name),
    "backup_broken": lambda verdict: _(
        "La copie n’est pas saine (%(verdict)s) ; elle a été effacée. Recommencez.", verdict=verdict
    ),
    "backup_unusable": lambda reason: _(
        "Cette sauvegarde ne peut pas servir (%(reason)s). Rien n’a été changé.", reason=reason
    ),
    "still_serving": lambda: _(
        "Salon tourne encore. Arrêtez « salon serve », attendez dix secondes, puis recommencez."
    ),
    "port_busy": lambda port, free: _(
        "Le port %(port)s est déjà pris. Essayez PORT=%(free)s.", port=port, free=free
    ),
}
