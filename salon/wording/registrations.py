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
    "unknown_type": lambda: _("Ce type n’existe pas dans cette édition. Choisissez-en un autre."),
    "unknown_slot": lambda: _("Les créneaux ont changé entre-temps. Rechargez la page et recommencez."),
    "minimum_above_maximum": lambda: _("Le minimum dépasse le maximum. Baissez l’un ou levez l’autre."),
    "address_is_theirs": lambda: _(
        "Cette adresse a été confirmée : seule la personne peut la changer, depuis son compte."
    ),
    "address_taken": lambda: _("Un autre compte a déjà cette adresse. Choisissez-en une autre."),
    "organisation_exists": lambda: _("Une autre structure porte déjà ce nom. Distinguez-les par leur ville."),
    "already_approved": lambda: _("cette inscription est déjà validée."),
    "already_registered": lambda: _("Cette adresse est déjà inscrite. Cherchez-la dans la liste."),
    "bad_empty": lambda: _("Complétez cette case."),
    "bad_email": lambda: _("Ce n’est pas une adresse. Exemple : nom@structure.fr"),
    "bad_too_long": lambda: _("Ce texte est trop long. Raccourcissez-le."),
    "bad_phone": lambda: _("Ce n’est pas un numéro de téléphone. Exemple : 06 39 98 12 34"),
    "bad_siret": lambda: _("Ce n’est pas un SIRET. Vérifiez ses 14 chiffres."),
    "bad_website": lambda: _("Ce n’est pas une adresse de site. Exemple : https://structure.fr"),
    "bad_no_letter": lambda: _("Ce nom n’a ni lettre ni chiffre. Écrivez au moins une lettre."),
    "reason_needed": lambda: _("Écrivez la raison : elle sera envoyée à la personne."),
}
