"""What each consent asks, word for word; a change of these words is a new version."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from salon.enums import ConsentPurpose

VERSION = "2026-11"  # raise it with any change below: the proof of a consent names the text that was shown

TEXTS: Mapping[ConsentPurpose, Callable[[], str]] = {
    ConsentPurpose.DIRECTORY: lambda: _(
        "Montrer mon adresse e-mail et mon téléphone aux autres participants, dans le catalogue du salon."
    ),
    ConsentPurpose.PARTNERS: lambda: _(
        "Transmettre mon nom et mes coordonnées professionnelles aux partenaires du salon."
    ),
    ConsentPurpose.PHOTO: lambda: _(
        "Être pris en photo ou filmé pendant le salon, et que l’image soit publiée."
    ),
    ConsentPurpose.NEWSLETTER: lambda: _("Recevoir les nouvelles des prochaines éditions."),
    ConsentPurpose.SURVEY: lambda: _(
        "Répondre à des enquêtes sur les suites de mes rendez-vous, un, trois et six mois après."
    ),
}


def wording(locale: str) -> str:
    """The version of the texts as they were shown."""
    return f"{VERSION}:{locale}"
