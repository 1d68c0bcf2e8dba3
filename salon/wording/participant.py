"""Refusals of the participant pages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from salon.enums import Phase
from salon.wording.base import Message


def _not_open(state: Phase, **_rest: Any) -> str:
    if state is Phase.CLOSED:
        return _("Les inscriptions viennent de se clore. Écrivez à l’organisation.")
    return _("Les inscriptions ne sont pas encore ouvertes.")


MESSAGES: dict[str, Message] = {
    "registration_not_open": _not_open,
    "type_closed": lambda: _("Ce type n’accepte plus d’inscription. Choisissez-en un autre."),
    "type_full_public": lambda: _(
        "Toutes les places de ce type viennent d’être prises. Écrivez à l’organisation."
    ),
    "lead_only": lambda: _("Seul le contact de la structure peut faire cela."),
    "too_many_colleagues": lambda most: _(
        "Une structure inscrit %(most)s collègues au plus. Écrivez à l’organisation.", most=most
    ),
    "registration_over": lambda: _("Votre inscription n’est plus active : rien ne peut être modifié."),
    "cannot_rejoin": lambda: _("Cette inscription ne peut pas être reprise. Écrivez à l’organisation."),
    "availability_frozen": lambda: _(
        "Le planning est publié : vos disponibilités ne changent plus ici. Écrivez à l’organisation."
    ),
    "not_while_acting": lambda: _("Cette action n’appartient qu’à la personne : revenez à votre compte."),
    "last_owner_leaves": lambda: _(
        "Vous êtes seul propriétaire d’une édition : nommez-en un autre dans « Équipe », puis recommencez."
    ),
    "last_admin_leaves": lambda: _(
        "Vous êtes seul à administrer ce service : nommez quelqu’un d’autre, puis recommencez."
    ),
}
