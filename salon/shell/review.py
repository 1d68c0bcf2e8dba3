"""What an edition still misses before its page is published, in words and with the place to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _

from salon import i18n, phases
from salon.enums import Phase
from salon.models import Edition
from salon.queries.checklist import Facts
from salon.shell.words import link


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing: `bad` stops the fair, `warn` weakens it, `info` is good to know, `ok` is in order."""

    tone: str
    sentence: str
    verb: str
    url: str


def findings(found: Facts, edition: Edition, now: datetime) -> tuple[Finding, ...]:
    """Worst first; one `ok` line when there is nothing to mend."""
    order = {"bad": 0, "warn": 1, "info": 2}
    all_ = [
        *_identity(edition),
        *_room(found, edition),
        *_phases(edition, now),
        *_texts(edition),
        *_operator(),
    ]
    if not all_:
        return (Finding("ok", _("Rien ne manque : l’édition est prête."), "", ""),)
    return tuple(sorted(all_, key=lambda one: order[one.tone]))


def _identity(edition: Edition) -> Iterator[Finding]:
    url = link(edition, "settings.identity")
    if not edition.place:
        yield Finding("bad", _("Le lieu n’est pas indiqué."), _("Indiquer le lieu"), url)
    elif not edition.address:
        yield Finding("warn", _("L’adresse n’est pas indiquée."), _("Indiquer l’adresse"), url)
    if not edition.contact_email:
        yield Finding(
            "bad", _("Aucune adresse de contact : personne ne peut vous écrire."), _("L’indiquer"), url
        )
    if not edition.logo_version:
        yield Finding("info", _("Il n’y a pas de logo."), _("En ajouter un"), url + "#logo-card")


def _room(found: Facts, edition: Edition) -> Iterator[Finding]:
    if not found.slots:
        yield Finding(
            "bad",
            _("Il n’y a aucun créneau : aucun rendez-vous n’est possible."),
            _("Ajouter une plage"),
            link(edition, "settings.days"),
        )
    if not found.tables:
        yield Finding(
            "bad", _("Il n’y a aucune table."), _("Ajouter des tables"), link(edition, "room.index")
        )
    if not found.rules:
        yield Finding(
            "bad",
            _("Aucun type n’a le droit d’en rencontrer un autre."),
            _("Remplir la matrice"),
            link(edition, "settings.types") + "#matrix",
        )


def _phases(edition: Edition, now: datetime) -> Iterator[Finding]:
    url = link(edition, "settings.phases")
    if phases.registration(edition, now) is Phase.UNPLANNED:
        yield Finding(
            "warn", _("L’ouverture des inscriptions n’a pas de date."), _("La fixer ou ouvrir"), url
        )
    if phases.wishes(edition, now) is Phase.UNPLANNED:
        yield Finding("warn", _("L’ouverture des vœux n’a pas de date."), _("La fixer"), url)
    late = _("Les vœux se closent après le début du salon : il sera trop tard pour publier le planning.")
    if _day(edition.wishes_close_at, edition) > edition.first_day.isoformat():
        yield Finding("bad", late, _("Corriger la date"), url)
    if edition.wishes_close_at is None and edition.wishes_open_at is not None:
        yield Finding("warn", _("Les vœux n’ont pas de date de clôture."), _("La fixer"), url)
    if edition.publication_at is None:
        yield Finding(
            "info", _("La date de publication du planning n’est pas annoncée."), _("L’annoncer"), url
        )


def _day(moment: datetime | None, edition: Edition) -> str:
    return "" if moment is None else moment.astimezone(ZoneInfo(edition.timezone)).date().isoformat()


def _texts(edition: Edition) -> Iterator[Finding]:
    url = link(edition, "settings.texts")
    if not any(edition.texts.get("controller", {}).values()):
        yield Finding(
            "warn",
            _("Les mentions légales ne disent pas qui organise le salon ni qui répond des données."),
            _("Le dire"),
            url,
        )
    about = edition.texts.get("about", {})
    if not any(about.values()):
        yield Finding("warn", _("La présentation du salon est vide."), _("L’écrire"), url)
        return
    names = {"fr": _("français"), "en": _("anglais")}
    for code in edition.languages:
        if not about.get(code) and code in i18n.LOCALES:
            yield Finding(
                "info",
                _("La présentation n’existe pas en %(language)s.", language=names[code]),
                _("La traduire"),
                url,
            )


def _operator() -> Iterator[Finding]:
    """The operator's own settings, which the legal notice quotes."""
    settings = current_app.config["SALON"]
    if not (settings.operator_name and settings.operator_address and settings.operator_email):
        yield Finding(
            "warn",
            _(
                "Les mentions légales sont incomplètes : "
                "l’administration du serveur doit indiquer qui l’exploite."
            ),
            "",
            "",
        )
