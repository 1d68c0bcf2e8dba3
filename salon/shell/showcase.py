"""The public page of an edition in words: its one action, its phases, its types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from salon import i18n, phases
from salon.enums import Phase
from salon.models import Edition
from salon.queries.public import OpenType, Showcase, is_over
from salon.shell.words import moment

Chip = tuple[str, str, str]  # word, tone, icon


@dataclass(frozen=True, slots=True)
class Call:
    """What to do now: a button (or none) and the sentence beside it."""

    label: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """One phase of the fair: its state as a chip and one fact."""

    name: str
    chip: Chip
    fact: str


@dataclass(frozen=True, slots=True)
class TypeNote:
    """One type of participant, its state as a chip and one fact."""

    code: str
    hue: str
    name: str
    chip: Chip
    fact: str


def countdown(edition: Edition, now: datetime) -> Chip:
    """`Dans 12 jours`, `Aujourd’hui`, `Terminé`; in days of the edition's zone."""
    today = now.astimezone(ZoneInfo(edition.timezone)).date()
    days = (edition.first_day - today).days
    if days == 1:
        return _("Demain"), "accent", "calendar-event"
    if days > 0:
        word = ngettext("Dans %(num)s jour", "Dans %(num)s jours", days)
        return word, "info", "calendar-event"
    if today <= edition.last_day:
        word = _("Aujourd’hui") if edition.first_day == edition.last_day else _("En ce moment")
        return word, "accent", "calendar-event"
    return _("Terminé"), "neutral", "calendar-check"


def call(edition: Edition, found: Showcase, now: datetime) -> Call:
    """The page's one action for whoever reads it."""
    if g.actor.delegate_in(edition.id) is not None:
        return Call(_("Ouvrir mon espace"), url_for("participant.home", edition=edition.slug), "")
    if is_over(edition, now):
        return Call("", "", _("Cette édition a eu lieu. Merci à toutes les personnes venues se rencontrer."))
    state = phases.registration(edition, now)
    if state is Phase.OPEN and found.takes_people:
        return Call(_("S’inscrire"), url_for("registration.form", edition=edition.slug), _until(edition))
    return Call("", "", _closed(edition, state, has_types=bool(found.types)))


def _until(edition: Edition) -> str:
    if edition.registration_closes_at is None:
        return _("Quelques minutes suffisent. Aucun mot de passe à retenir.")
    return _("Jusqu’au %(end)s. Aucun mot de passe à retenir.", end=moment(edition.registration_closes_at))


def _closed(edition: Edition, state: Phase, *, has_types: bool) -> str:
    if state is Phase.UNPLANNED:
        return _("La date d’ouverture des inscriptions n’est pas encore fixée.")
    if state is Phase.COMING:
        return _("Les inscriptions ouvrent le %(start)s.", start=moment(edition.registration_opens_at))
    if state is Phase.CLOSED:
        return _(
            "Les inscriptions sont closes depuis le %(end)s.", end=moment(edition.registration_closes_at)
        )
    if not has_types:
        return _("L’organisation inscrit elle-même les participants : écrivez-lui.")
    return _("Toutes les places sont prises. Écrivez à l’organisation pour toute question.")


# Phases -----------------------------------------------------------------------------------------------------


def phase_lines(edition: Edition, found: Showcase, now: datetime) -> tuple[PhaseLine, ...]:
    """Registration, wishes, plan, fair: in the order in which they come."""
    return (
        _dated(
            _("Inscriptions"),
            phases.registration(edition, now),
            edition.registration_opens_at,
            edition.registration_closes_at,
        ),
        _dated(
            _("Choix des rendez-vous"),
            phases.wishes(edition, now),
            edition.wishes_open_at,
            edition.wishes_close_at,
        ),
        _plan(edition, found),
        PhaseLine(_("Le salon"), countdown(edition, now), ""),
    )


def _dated(name: str, state: Phase, opens: datetime | None, closes: datetime | None) -> PhaseLine:
    if state is Phase.UNPLANNED:
        return PhaseLine(name, (_("À fixer"), "neutral", "calendar-x"), _("Les dates seront annoncées ici."))
    if state is Phase.COMING:
        return PhaseLine(
            name, (_("À venir"), "info", "calendar-event"), _("À partir du %(start)s", start=moment(opens))
        )
    if state is Phase.CLOSED:
        return PhaseLine(
            name, (_("Clos"), "neutral", "lock-fill"), _("Depuis le %(end)s", end=moment(closes))
        )
    fact = _("Jusqu’au %(end)s", end=moment(closes)) if closes else _("Sans date de clôture")
    return PhaseLine(name, (_("Ouvert"), "ok", "unlock"), fact)


def _plan(edition: Edition, found: Showcase) -> PhaseLine:
    name = _("Planning des rendez-vous")
    if found.published_at is not None:
        fact = _("Mis à jour le %(when)s", when=moment(found.published_at))
        return PhaseLine(name, (_("Publié"), "ok", "check-circle-fill"), fact)
    if edition.publication_at is not None:
        fact = _("Annoncé pour le %(when)s", when=moment(edition.publication_at))
        return PhaseLine(name, (_("À venir"), "info", "calendar-event"), fact)
    return PhaseLine(
        name, (_("À venir"), "info", "calendar-event"), _("Après la clôture du choix des rendez-vous")
    )


# Types ------------------------------------------------------------------------------------------------------


def type_notes(found: Showcase) -> tuple[TypeNote, ...]:
    """Each open type in the reader's language."""
    return tuple(
        TypeNote(one.code, one.hue, i18n.pick(dict(one.name)), _chip(one), _fact(one)) for one in found.types
    )


def _chip(one: OpenType) -> Chip:
    return {
        "coming": (_("À venir"), "info", "calendar-event"),
        "open": (_("Places libres"), "ok", "check-circle-fill"),
        "few": (_("Dernières places"), "warn", "hourglass-split"),
        "waiting": (_("Liste d’attente"), "warn", "hourglass-split"),
        "full": (_("Complet"), "neutral", "lock-fill"),
        "closed": (_("Clos"), "neutral", "lock-fill"),
    }[one.state]


def _fact(one: OpenType) -> str:
    if one.state == "waiting":
        return _("Complet : les inscriptions vont sur la liste d’attente.")
    parts = []
    if one.state == "few" and one.left is not None:
        parts.append(ngettext("Il reste %(num)s place.", "Il reste %(num)s places.", one.left))
    if one.closes_at is not None and one.takes_people:
        parts.append(_("Jusqu’au %(end)s.", end=moment(one.closes_at)))
    elif one.closes_at is not None and one.state == "closed":
        parts.append(_("Depuis le %(end)s.", end=moment(one.closes_at)))
    return " ".join(parts)
