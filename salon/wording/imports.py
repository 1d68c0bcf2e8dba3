"""Words of an import: what a column is, why a file or a line cannot come in, why an undo kept somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from salon.services.import_cells import Problem
from salon.wording.base import Message

TARGET_LABELS: Mapping[str, Callable[[], str]] = {
    "email": lambda: _("E-mail"),
    "last_name": lambda: _("Nom"),
    "first_name": lambda: _("Prénom"),
    "organisation": lambda: _("Structure"),
    "type": lambda: _("Type de participant"),
    "job_title": lambda: _("Fonction"),
    "phone": lambda: _("Téléphone"),
    "locale": lambda: _("Langue des messages"),
    "languages": lambda: _("Langues parlées"),
    "step_free": lambda: _("Table de plain-pied (oui ou non)"),
    "access": lambda: _("Besoins d’accès"),
    "max_meetings": lambda: _("Rendez-vous au plus"),
    "kind": lambda: _("Type de structure"),
    "legal_form": lambda: _("Forme juridique"),
    "siret": lambda: _("SIRET"),
    "department": lambda: _("Département ou code postal"),
    "town": lambda: _("Ville"),
    "size": lambda: _("Effectif"),
    "website": lambda: _("Site web"),
    "pitch": lambda: _("Présentation"),
    "sectors": lambda: _("Secteurs"),
    "networks": lambda: _("Réseaux"),
    "labels": lambda: _("Labels"),
    "prestas": lambda: _("Types de prestation"),
    "offers": lambda: _("Offres"),
    "needs": lambda: _("Besoins"),
    "type_id": lambda: _("Type de participant"),
    "interpreter": lambda: _("Interprète"),
}


def target_label(key: str) -> str:
    """The name of a field that a column can fill."""
    return TARGET_LABELS[key]()


# One sentence a cure; the sentence says the value, because the reader has the file open beside it.
_CURES: Mapping[str, Callable[[Problem], str]] = {
    "email": lambda p: _("« %(value)s » n’est pas une adresse. Exemple : nom@structure.fr", value=p.value),
    "empty": lambda p: _("rien n’est écrit. Complétez cette case."),
    "too_long": lambda p: _(
        "« %(value)s… » est trop long. Tenez-vous à %(limit)s caractères.",
        value=p.value[:40],
        limit=p.detail,
    ),
    "no_letter": lambda p: _("« %(value)s » n’est pas un nom. Écrivez au moins une lettre.", value=p.value),
    "phone": lambda p: _(
        "« %(value)s » n’est pas un numéro de téléphone. Exemple : 06 39 98 12 34", value=p.value
    ),
    "locale": lambda p: _(
        "« %(value)s » n’est pas une langue des messages. Écrivez fr ou en.", value=p.value
    ),
    "yes_no": lambda p: _("« %(value)s » ne veut dire ni oui ni non. Écrivez oui ou non.", value=p.value),
    "meetings": lambda p: _(
        "« %(value)s » n’est pas un nombre de rendez-vous. Écrivez un nombre de 1 à 99.", value=p.value
    ),
    "siret": lambda p: _("« %(value)s » n’est pas un SIRET. Vérifiez ses 14 chiffres.", value=p.value),
    "website": lambda p: _(
        "« %(value)s » n’est pas une adresse de site. Exemple : https://structure.fr", value=p.value
    ),
    "unknown_word": lambda p: _unknown_word(p),
    "unknown_type": lambda p: _(
        "« %(value)s » n’est pas un type de ce salon. Écrivez son nom ou sa lettre.", value=p.value
    ),
    "no_type": lambda p: _(
        "le type de la personne manque. Choisissez un type pour les lignes qui n’en ont pas."
    ),
    "duplicate": lambda p: _(
        "« %(value)s » est déjà à la ligne %(line)s. Une adresse ne sert qu’une fois.",
        value=p.value,
        line=p.detail,
    ),
    "registration_closed": lambda p: _(
        "« %(value)s » a une inscription refusée, désistée ou annulée. Ouvrez sa fiche pour la rétablir.",
        value=p.value,
    ),
    "other_organisation": lambda p: _(
        "cette personne est inscrite pour « %(known)s », pas pour « %(value)s ». Corrigez l’un des deux.",
        known=p.detail,
        value=p.value,
    ),
    "contradiction": lambda p: _(
        "« %(value)s » contredit la ligne %(line)s de la même structure. Écrivez-y la même chose.",
        value=p.value,
        line=p.detail,
    ),
}


def _unknown_word(problem: Problem) -> str:
    if problem.detail:
        return _(
            "« %(value)s » n’est pas dans la liste. Vouliez-vous écrire « %(near)s » ?",
            value=problem.value,
            near=problem.detail,
        )
    return _(
        "« %(value)s » n’est pas dans la liste. Corrigez ce mot ou laissez la case vide.", value=problem.value
    )


def cure(problem: Problem) -> str:
    """What is wrong with the cell and how to mend it."""
    return _CURES[problem.code](problem)


def sentence(problem: Problem) -> str:
    """`Ligne 14, colonne E-mail : « dupont@ » n’est pas une adresse. Exemple : nom@structure.fr`"""
    if not problem.column:
        return _("Ligne %(line)s : %(cure)s", line=problem.line, cure=cure(problem))
    return _(
        "Ligne %(line)s, colonne %(column)s : %(cure)s",
        line=problem.line,
        column=problem.column,
        cure=cure(problem),
    )


KEPT_BECAUSE: Mapping[str, Callable[[], str]] = {
    "edited": lambda: _("sa fiche a changé depuis l’import"),
    "mail": lambda: _("un message lui a été adressé"),
    "wishes": lambda: _("des vœux ont été enregistrés"),
    "plan": lambda: _("un rendez-vous est placé"),
    "mandatory": lambda: _("un rendez-vous obligatoire la nomme"),
    "in_use": lambda: _("quelqu’un agit à sa place en ce moment"),
}

MESSAGES: dict[str, Message] = {
    "import_empty": lambda: _("Ce fichier est vide. Choisissez le fichier qui contient vos inscriptions."),
    "import_too_big": lambda: _(
        "Ce fichier est trop lourd une fois ouvert. Gardez 5 Mo, 20 000 lignes et 200 colonnes au plus."
    ),
    "import_too_many_rows": lambda: _("Ce fichier dépasse 20 000 lignes. Coupez-le en plusieurs fichiers."),
    "import_too_many_columns": lambda: _(
        "Ce fichier dépasse 200 colonnes. Supprimez celles qui ne servent pas."
    ),
    "import_wrong_format": lambda: _(
        "Ce fichier n’est ni un classeur .xlsx ni un fichier .csv. Enregistrez-le dans l’un de ces formats."
    ),
    "import_protected": lambda: _("Ce classeur est protégé par un mot de passe. Ôtez-le, puis recommencez."),
    "import_unreadable": lambda: _(
        "Ce fichier est abîmé ou n’est pas un tableau. Ouvrez-le, enregistrez-le à nouveau et recommencez."
    ),
    "import_no_line": lambda: _("Ce fichier n’a aucune ligne sous ses titres de colonnes."),
    "import_no_such_sheet": lambda: _("Cette feuille n’est pas dans le classeur."),
    "import_bad_mapping": lambda: _("Ce choix n’existe pas. Rechargez la page et recommencez."),
    "import_already_applied": lambda: _("Cet import est déjà fait : ses inscriptions sont dans la liste."),
    "import_expired": lambda: _("Un fichier n’est gardé qu’un jour. Envoyez-le à nouveau."),
    "import_stale": lambda: _("La situation a changé depuis votre relecture. Voici le nouvel aperçu."),
    "import_nothing_to_do": lambda: _("Ce fichier ne contient rien à importer."),
    "import_not_undoable": lambda: _("Cet import n’est pas fait, ou il est déjà annulé."),
    "import_undo_too_late": lambda: _("Un import s’annule pendant 7 jours. Ce délai est passé."),
}


def kept_because(code: str) -> str:
    return KEPT_BECAUSE[code]()


def shown(value: Any) -> str:
    """A value of a planned change, in words."""
    if value is None or value == "":
        return "–"
    if value is True:
        return _("oui")
    if value is False:
        return _("non")
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
