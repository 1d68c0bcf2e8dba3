"""Pages of the organiser's side by name, for the search of the top bar."""

from __future__ import annotations

from flask import g
from flask_babel import gettext as _

from salon.keys import fold
from salon.models import Edition
from salon.shell import nav, wizard
from salon.shell.words import link


def pages(edition: Edition, words: str) -> list[tuple[str, str]]:
    """`(name, address)` of the pages that the reader may open and whose name, or part's name, holds every word."""
    asked = fold(words).split()
    found = {
        url: label
        for label, part, url in _known(edition)
        if url and asked and all(word in fold(f"{label} {part}") for word in asked)
    }
    return [(label, url) for url, label in found.items()]


def _known(edition: Edition) -> list[tuple[str, str, str]]:
    groups = nav.organiser_nav(edition, g.actor, {})
    sidebar = [(item.label, part or "", item.url) for part, items in groups for item in items]
    steps = [
        (label, _("Réglages"), link(edition, endpoint))
        for label, (endpoint, _others) in zip(wizard.labels(), wizard.STEPS, strict=True)
    ]
    more = [
        (_("Durée de conservation"), _("Données personnelles"), link(edition, "settings.retention")),
        (_("Toutes les préparations"), _("Documents"), link(edition, "documents.orders")),
        (_("Importer une liste"), _("Inscriptions"), link(edition, "imports.new")),
        (_("Inscrire une personne"), _("Inscriptions"), link(edition, "registrations.new")),
        (_("Une seule personne"), _("Documents"), link(edition, "documents.people")),
        (_("Dupliquer cette édition"), "", link(edition, "organiser.duplicate")),
    ]
    return [*sidebar, *steps, *more]
