"""The chapters of the in-app guide, in the order of the life of a fair, and which page opens which.

Their texts are `templates/guide/<language>/<slug>.html`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

_VERBS = ("new", "add", "edit", "save", "confirm_delete", "delete")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: its address, its title, and the endpoints (or blueprints, "room.") that open it."""

    slug: str
    title: Callable[[], str]
    opened_by: tuple[str, ...] = ()


CHAPTERS: tuple[Chapter, ...] = (
    Chapter("create", lambda: _("Créer une édition"), ("organiser.", "settings.", "search.")),
    Chapter(
        "room",
        lambda: _("Jours, créneaux et salle"),
        (
            "room.",
            "settings.days",
            *(f"settings.{verb}_session" for verb in _VERBS),
            *(f"settings.{verb}_item" for verb in _VERBS),
        ),
    ),
    Chapter(
        "types",
        lambda: _("Types de participants et règles"),
        ("settings.types", "settings.save_matrix", *(f"settings.{verb}_type" for verb in _VERBS)),
    ),
    Chapter("registrations", lambda: _("Les inscriptions"), ("registrations.",)),
    Chapter("import", lambda: _("Importer une liste"), ("imports.",)),
    Chapter("messages", lambda: _("Écrire aux participants"), ("messages.",)),
    Chapter("wishes", lambda: _("Les vœux"), ("wishes.", "settings.phases", "settings.save_phases")),
    Chapter("exclusions", lambda: _("Exclusions et rendez-vous obligatoires"), ("exclusions.", "mandatory.")),
    Chapter("run", lambda: _("Lancer un calcul"), ("runs.",)),
    Chapter(
        "certificate", lambda: _("Lire le certificat"), ("runs.result", "runs.certificate", "runs.unserved")
    ),
    Chapter("correct", lambda: _("Corriger à la main"), ("plan.",)),
    Chapter("publish", lambda: _("Publier une version"), ("releases.",)),
    Chapter("documents", lambda: _("Imprimer et télécharger"), ("documents.",)),
    Chapter("day", lambda: _("Le jour du salon")),
    Chapter("after", lambda: _("Après le salon"), ("organiser.duplicate", "organiser.copy")),
    Chapter(
        "privacy",
        lambda: _("Données personnelles"),
        (
            "journal.",
            "settings.texts",
            "settings.save_texts",
            "settings.retention",
            "settings.save_retention",
        ),
    ),
    Chapter("roles", lambda: _("Équipe et rôles"), ("members.",)),
)

# The life of a fair, as the index groups its chapters.
PARTS: tuple[tuple[Callable[[], str], tuple[str, ...]], ...] = (
    (lambda: _("Préparer"), ("create", "room", "types")),
    (lambda: _("Réunir les personnes"), ("registrations", "import", "messages")),
    (lambda: _("Recueillir les vœux"), ("wishes", "exclusions")),
    (lambda: _("Faire le planning"), ("run", "certificate", "correct", "publish")),
    (lambda: _("Tenir le salon"), ("documents", "day", "after")),
    (lambda: _("Tout au long"), ("privacy", "roles")),
)


def find(slug: str) -> Chapter | None:
    """The chapter of an address, or None."""
    return next((chapter for chapter in CHAPTERS if chapter.slug == slug), None)


def neighbours(chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
    """The chapters before and after."""
    here = CHAPTERS.index(chapter)
    return (
        CHAPTERS[here - 1] if here else None,
        CHAPTERS[here + 1] if here + 1 < len(CHAPTERS) else None,
    )


def numbered() -> list[tuple[int, Chapter]]:
    """Every chapter with its number, from 1."""
    return list(enumerate(CHAPTERS, 1))


def chapter_for(endpoint: str) -> str:
    """The slug of the chapter about a page: the longest prefix of its endpoint wins, else the first chapter."""
    fits = (
        (len(prefix), chapter.slug)
        for chapter in CHAPTERS
        for prefix in chapter.opened_by
        if endpoint.startswith(prefix)
    )
    return max(fits, default=(0, CHAPTERS[0].slug))[1]
