"""Refusals of the accounts pages."""

from __future__ import annotations

from flask_babel import gettext as _

from salon.wording.base import Message

MESSAGES: dict[str, Message] = {
    "bad_address": lambda: _("Cette adresse n’est pas complète. Exemple : nom@structure.fr"),
    "account_closed": lambda: _("Ce compte est fermé. Écrivez à l’organisation."),
    "unknown_account": lambda email: _("Aucun compte pour %(email)s.", email=email),
    "link_dead": lambda: _(
        "Ce lien a déjà servi, a expiré, ou a été demandé depuis un autre navigateur. Demandez-en un nouveau."
    ),
    "code_wrong": lambda: _("Ce code n’est pas le bon, ou a expiré. Vérifiez les huit chiffres."),
    "already_gone": lambda name: _("L’inscription de %(name)s n’est déjà plus active.", name=name),
    "type_full": lambda: _(
        "Toutes les places de ce type sont prises. Augmentez la capacité ou libérez une place."
    ),
}
