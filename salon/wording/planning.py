"""Refusals of the planning pages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from salon.wording.base import Message
from salon.wording.plan_words import BROKEN

_MISSING: dict[str, Message] = {
    "slots": lambda: _("Aucun créneau n’est défini. Ajoutez une plage de rendez-vous dans les réglages."),
    "tables": lambda: _("Aucune table n’est définie. Ajoutez des tables à la salle."),
    "delegates": lambda: _("Aucune inscription n’est validée. Validez des inscriptions d’abord."),
    "wishes": lambda: _(
        "Aucun vœu ne peut être servi pour l’instant. Attendez des vœux, ou vérifiez les règles."
    ),
}

# Faults of the data that the engine names; the others are ours to mend and say so.
_ISSUES: dict[str, Message] = {
    "pin_breaks_rule": lambda: _(
        "Un rendez-vous verrouillé enfreint une règle : déverrouillez-le ou déplacez-le dans le planning."
    ),
    "slot_order": lambda: _("Des créneaux se chevauchent : corrigez les plages de rendez-vous."),
    "bad_time": lambda: _("Un créneau finit avant de commencer : corrigez les plages de rendez-vous."),
    "min_over_max": lambda: _("Un minimum dépasse le maximum d’une même personne : corrigez les quotas."),
    "negative": lambda: _("Un minimum ou un maximum est négatif : corrigez les quotas."),
}


def _problem_invalid(issues: Any = (), **_rest: Any) -> str:
    codes = dict.fromkeys(issue.code for issue in issues)
    known = [_ISSUES[code]() for code in codes if code in _ISSUES]
    return " ".join(known or [_("Les données de l’édition se contredisent : vérifiez les réglages.")])


def _illegal_spot(rules: Any = (), **_rest: Any) -> str:
    return _("Impossible ici : %(why)s.", why=" ; ".join(BROKEN[rule]() for rule in rules))


def _not_acknowledged(count: int = 1, **_rest: Any) -> str:
    return ngettext("Il reste %(num)s point à accepter.", "Il reste %(num)s points à accepter.", count)


MESSAGES: dict[str, Message] = {
    "nothing_to_schedule": lambda missing: _MISSING[missing](),
    "problem_invalid": _problem_invalid,
    "run_active": lambda number: _(
        "Le calcul n° %(number)s est déjà en cours. Attendez sa fin ou arrêtez-le.", number=number
    ),
    "run_over": lambda number: _("Le calcul n° %(number)s est déjà terminé.", number=number),
    "bad_time_limit": lambda: _("Choisissez une durée dans la liste."),
    "bad_seed": lambda: _("La graine est un nombre entier entre 0 et 2 147 483 647."),
    "bad_order": lambda: _("Donnez un rang différent à chaque critère, de 1 à 6."),
    "no_result": lambda number: _(
        "Le calcul n° %(number)s n’a pas de résultat à télécharger.", number=number
    ),
    "draft_changed": lambda number: _(
        "Quelqu’un a modifié le brouillon n° %(number)s entre-temps. Voici son état actuel.", number=number
    ),
    "draft_not_current": lambda number: _(
        "Le brouillon n° %(number)s n’est plus le brouillon courant : il est en lecture seule.", number=number
    ),
    "already_current": lambda number: _(
        "Le brouillon n° %(number)s est déjà le brouillon courant.", number=number
    ),
    "placement_locked": lambda: _("Ce rendez-vous est verrouillé. Déverrouillez-le d’abord."),
    "nothing_to_undo": lambda: _("Il n’y a pas de modification à annuler dans ce brouillon."),
    "same_person": lambda: _("Choisissez deux personnes différentes."),
    "person_not_approved": lambda: _("Cette personne n’a pas d’inscription validée."),
    "unknown_spot": lambda: _("Cette place n’existe pas. Choisissez-en une dans la liste."),
    "unknown_name": lambda: _("Ce nom n’est pas dans la liste. Choisissez une personne inscrite et validée."),
    "illegal_spot": _illegal_spot,
    "no_draft": lambda: _("Il n’y a pas encore de brouillon. Lancez un calcul ou commencez à la main."),
    "preview_stale": lambda **_rest: _(
        "La situation a changé depuis votre relecture. Voici le nouvel aperçu."
    ),
    "hard_rules_broken": lambda **_rest: _(
        "Le brouillon enfreint des règles : corrigez-les avant de publier."
    ),
    "not_acknowledged": _not_acknowledged,
    "note_too_long": lambda limit: _("Le mot aux participants dépasse %(limit)s caractères.", limit=limit),
}
