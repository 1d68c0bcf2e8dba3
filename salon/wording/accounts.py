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
    "confirmation_dead": lambda: _(
        "Ce lien de confirmation a déjà servi, a expiré, ou a été ouvert dans un autre navigateur."
    ),
    "same_address": lambda: _("C’est déjà votre adresse."),
    "totp_wrong": lambda: _(
        "Ce code n’est pas le bon. Vérifiez que l’application a lu ce QR code et que son heure est juste."
    ),
    "second_factor_wrong": lambda: _(
        "Ce code n’est pas le bon, ou il a déjà servi. Attendez le prochain code de l’application."
    ),
    "second_factor_first": lambda: _("Montrez d’abord votre second facteur, puis recommencez."),
    "too_many_passkeys": lambda most: _(
        "Un compte a %(most)s clés d’accès au plus. Retirez-en une.", most=most
    ),
    "passkey_refused": lambda: _("Cette clé d’accès n’a pas été reconnue. Réessayez."),
    "passkey_too_late": lambda: _("La demande a expiré. Réessayez."),
    "unknown_passkey": lambda: _("Cette clé d’accès n’est pas la vôtre, ou n’existe plus."),
    "already_gone": lambda name: _("L’inscription de %(name)s n’est déjà plus active.", name=name),
    "type_full": lambda: _(
        "Toutes les places de ce type sont prises. Augmentez la capacité ou libérez une place."
    ),
}
