"""Refusals and words of the documents pages."""

from __future__ import annotations

from collections.abc import Mapping

from babel.numbers import format_decimal
from flask_babel import get_translations
from flask_babel import gettext as _

from exports import badge_sheets
from salon import i18n
from salon.wording.base import Message

MESSAGES: dict[str, Message] = {
    "render_busy": lambda: _("Beaucoup de documents se préparent en ce moment. Réessayez dans une minute."),
    "render_failed": lambda: _(
        "Ce document n’a pas pu être mis en page. Réessayez ; si cela dure, prévenez la personne qui gère Salon."
    ),
    "print_active": lambda: _(
        "Des documents sont déjà en préparation. Attendez la fin, ou arrêtez la préparation en cours."
    ),
    "print_over": lambda: _("Cette préparation est déjà terminée."),
    "print_nothing_chosen": lambda: _("Choisissez au moins un document à préparer."),
    "print_unknown": lambda **_rest: _("Ce document n’existe pas. Choisissez dans la liste."),
    "print_no_plan": lambda: _(
        "Il n’y a encore ni version ni brouillon : seuls les badges, la liste à l’entrée "
        "et les numéros de table peuvent être préparés."
    ),
    "print_no_release": lambda number: _("La version %(number)s n’existe pas.", number=number),
    "print_nobody": lambda: _("Aucune inscription n’est validée : il n’y a personne à imprimer."),
    "print_no_changes": lambda: _("Personne n’est concerné par un changement depuis cette version."),
    "print_no_tables": lambda: _("Aucune table n’est définie. Ajoutez des tables à la salle."),
    "file_gone": lambda: _("Ce fichier n’est plus gardé. Préparez-le à nouveau."),
    "bad_offset": lambda most: _("Le décalage va de −%(most)s à %(most)s mm.", most=most),
    "bad_position": lambda count: _("Choisissez une place de 1 à %(count)s sur la feuille.", count=count),
}

# Why a preparation ended without its documents; stored by the job as a code.
FAILURES: Mapping[str, Message] = {
    "cancelled": lambda: _("La préparation a été arrêtée."),
    "disk_full": lambda: _(
        "Il n’y a plus de place sur le disque du serveur. Libérez de la place, puis relancez."
    ),
    "store_failed": lambda: _(
        "Le serveur n’a pas pu écrire le fichier. Réessayez ; si cela dure, prévenez la personne qui gère Salon."
    ),
    "render_failed": lambda: _(
        "Un document n’a pas pu être mis en page. Relancez ; si cela dure, prévenez la personne qui gère Salon."
    ),
    "render_timeout": lambda: _(
        "La mise en page a pris trop de temps. Relancez quand le serveur est moins occupé."
    ),
    "worker_lost": lambda: _("Le travail a été interrompu plusieurs fois par l’arrêt du serveur. Relancez."),
    "not_allowed": lambda: _("La personne qui l’a demandée n’a plus le droit de préparer des documents."),
    "print_no_plan": lambda: MESSAGES["print_no_plan"](),
    "print_nobody": lambda: MESSAGES["print_nobody"](),
    "print_no_changes": lambda: MESSAGES["print_no_changes"](),
    "print_no_tables": lambda: MESSAGES["print_no_tables"](),
    "crashed": lambda: _(
        "Une erreur est survenue. Relancez ; si cela dure, prévenez la personne qui gère Salon."
    ),
}


def failure(code: str) -> str:
    """Why a preparation ended; a code of an earlier version is a crash like another."""
    return FAILURES.get(code, FAILURES["crashed"])()


ITEMS: Mapping[str, tuple[Message, Message, str]] = {  # name, what it is, icon
    "agendas": (
        lambda: _("Agendas individuels"),
        lambda: _("Une page par personne, avec ses rendez-vous et le plan de la salle"),
        "calendar-week",
    ),
    "badges": (
        lambda: _("Badges"),
        lambda: _("Nom, structure, type, rendez-vous et code à scanner"),
        "person-badge",
    ),
    "slot_plan": (
        lambda: _("Plan de tables par créneau"),
        lambda: _("À afficher à l’entrée : qui est à quelle table, heure par heure"),
        "grid-3x3-gap",
    ),
    "table_plan": (
        lambda: _("Plan de chaque table"),
        lambda: _("Une page par table, à poser dessus"),
        "list-ol",
    ),
    "signs": (
        lambda: _("Numéros de table"),
        lambda: _("Un chevalet par table, à plier en deux"),
        "signpost",
    ),
    "door_list": (
        lambda: _("Liste à l’entrée"),
        lambda: _("Tout le monde par nom, avec une case à cocher"),
        "card-checklist",
    ),
    "planning_xlsx": (
        lambda: _("Planning, classeur Excel"),
        lambda: _("Tous les rendez-vous, avec de vraies dates et heures"),
        "file-earmark-spreadsheet",
    ),
    "planning_csv": (
        lambda: _("Planning, CSV"),
        lambda: _("Les mêmes lignes, pour un autre logiciel"),
        "filetype-csv",
    ),
    "calendars": (
        lambda: _("Calendriers, iCal"),
        lambda: _("Une archive avec le calendrier de chaque personne"),
        "calendar-plus",
    ),
}

ORDERS: Mapping[str, Message] = {
    "surname": lambda: _("Nom de famille"),
    "organisation": lambda: _("Structure"),
}
LANGUAGES: Mapping[str, Message] = {"fr": lambda: _("Français"), "en": lambda: _("Anglais")}


def layouts() -> dict[str, str]:
    """Every badge layout by key, in the order to offer them."""
    return badge_sheets.names(get_translations())


def everybody() -> str:
    return _("Tout le monde")


def since(number: int) -> str:
    return _("Personnes concernées par un changement depuis la version %(number)s", number=number)


def size(octets: int) -> str:
    """`2,7 Mo`, `122 ko`."""
    locale = i18n.locale_code()
    if octets < 1_000_000:
        return _("%(n)s ko", n=format_decimal(max(1, round(octets / 1000)), locale=locale))
    return _("%(n)s Mo", n=format_decimal(round(octets / 1_000_000, 1), locale=locale))
