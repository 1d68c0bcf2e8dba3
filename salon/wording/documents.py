"""Refusals and words of the documents pages."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

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
