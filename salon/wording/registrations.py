"""Refusals of the organiser's pages about registrations, exclusions and mandatory meetings."""

from __future__ import annotations

from flask_babel import gettext as _

from salon.wording.base import Message

MESSAGES: dict[str, Message] = {
    "cannot_act_for_member": lambda: _(
        "On n’agit pas à la place d’une personne de l’équipe ou d’un administrateur."
    ),
    "already_acting": lambda: _("Vous agissez déjà à la place de quelqu’un. Revenez d’abord à votre compte."),
    "cannot_act_for_gone": lambda: _("Ce compte est fermé : personne ne peut agir à sa place."),
    "same_organisation_twice": lambda: _("Choisissez deux structures différentes."),
    "same_person_twice": lambda: _("Choisissez deux personnes différentes."),
    "exclusion_exists": lambda: _("Ces deux structures sont déjà exclues l’une de l’autre."),
    "mandatory_exists": lambda: _("Ce rendez-vous est déjà obligatoire."),
    "unknown_organisation": lambda: _("Cette structure ne participe pas à cette édition."),
    "unknown_person": lambda: _("Cette personne n’est pas inscrite à cette édition."),
    "reason_needed": lambda: _("Écrivez la raison : elle sera envoyée à la personne."),
}
