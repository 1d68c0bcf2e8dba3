"""The chapters of the in-app guide, in the order of the life of a fair, and which page opens which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: its address, its title, and the endpoints (or blueprints, "room.") that open it."""

    slug: str
    title: Callable[[], str]
    opened_by: tuple[str, ...] = ()


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "create",
        lambda: _("Créer une édition"),
        (
            "organiser.",
            "settings.identity",
            "settings.save_identity",
            "settings.texts",
            "settings.review",
            "settings.",
        ),
    ),
    Chapter("room", lambda: _("Jours, créneaux et salle"), ("room.", "settings.days", "settings.programme")),
    Chapter("types", lambda: _("Types de participants et règles"), ("settings.types", "settings.ptype")),
    Chapter("registrations", lambda: _("Les inscriptions"), ("registrations.",)),
    Chapter("import", lambda: _("Importer une liste"), ("imports.",)),
    Chapter("messages", lambda: _("Écrire aux participants"), ("messages.",)),
    Chapter("wishes", lambda: _("Les vœux"), ("wishes.", "settings.phases")),
    Chapter("exclusions", lambda: _("Exclusions et rendez-vous obligatoires"), ("exclusions.", "mandatory.")),
    Chapter("run", lambda: _("Lancer un calcul"), ("runs.",)),
    Chapter("certificate", lambda: _("Lire le certificat"), ("runs.result", "runs.certificate")),
    Chapter("correct", lambda: _("Corriger à la main"), ("plan.",)),
    Chapter("publish", lambda: _("Publier une version"), ("releases.",)),
    Chapter("documents", lambda: _("Imprimer et télécharger"), ("documents.",)),
    Chapter("day", lambda: _("Le jour du salon")),
    Chapter("after", lambda: _("Après le salon")),
    Chapter("privacy", lambda: _("Données personnelles"), ("journal.",)),
    Chapter("roles", lambda: _("Équipe et rôles"), ("members.",)),
)


def find(slug: str) -> Chapter | None:
    """The chapter of an address, or None."""
    return next((chapter for chapter in CHAPTERS if chapter.slug == slug), None)


def chapter_for(endpoint: str) -> str:
    """The slug of the chapter about a page: the longest prefix of its endpoint wins, else the first chapter."""
    fits = (
        (len(prefix), chapter.slug)
        for chapter in CHAPTERS
        for prefix in chapter.opened_by
        if endpoint.startswith(prefix)
    )
    return max(fits, default=(0, CHAPTERS[0].slug))[1]
