"""Entries of the side bar and of the attendee's tabs; an entry without its page yet is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _

from salon.actor import Actor
from salon.models import Edition
from salon.policies.access import ACCESS


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    icon: str
    url: str
    active: bool
    count: int | None = None
    short: str = ""  # where the label has no room: the bar of a phone


@dataclass(frozen=True, slots=True)
class Entry:
    """Endpoint, label, icon, and which blueprint keeps it lit."""

    endpoint: str
    label: Callable[[], str]
    icon: str
    lit_by: tuple[str, ...] = ()
    short: Callable[[], str] | None = None


ORGANISER: tuple[tuple[Callable[[], str] | None, tuple[Entry, ...]], ...] = (
    (None, (Entry("organiser.home", lambda: _("Vue d’ensemble"), "house"),)),
    (
        lambda: _("Préparer"),
        (
            Entry("settings.identity", lambda: _("Réglages"), "sliders", ("settings.",)),
            Entry("registrations.index", lambda: _("Inscriptions"), "people", ("registrations.", "imports.")),
            Entry("room.index", lambda: _("Salle et tables"), "grid-3x3-gap", ("room.",)),
            Entry("messages.index", lambda: _("Messages"), "envelope", ("messages.",)),
            Entry("members.index", lambda: _("Équipe"), "person-gear", ("members.",)),
        ),
    ),
    (
        lambda: _("Vœux"),
        (
            Entry("wishes.index", lambda: _("Vœux"), "star", ("wishes.",)),
            Entry("exclusions.index", lambda: _("Exclusions"), "slash-circle", ("exclusions.",)),
            Entry("mandatory.index", lambda: _("Obligatoires"), "link-45deg", ("mandatory.",)),
        ),
    ),
    (
        lambda: _("Planning"),
        (
            Entry("runs.index", lambda: _("Calculs"), "cpu", ("runs.",)),
            Entry("plan.index", lambda: _("Planning"), "calendar3", ("plan.",)),
            Entry("releases.index", lambda: _("Versions"), "send-check", ("releases.",)),
        ),
    ),
    (lambda: _("Jour J"), (Entry("documents.index", lambda: _("Documents"), "printer", ("documents.",)),)),
    (
        lambda: _("Guide"),
        (
            Entry("guide.index", lambda: _("Mode d’emploi"), "book", ("guide.",)),
            Entry("journal.index", lambda: _("Journal"), "clock-history", ("journal.",)),
        ),
    ),
)

_FIRST_TAB = ("participant.home", "participant.agenda", "participant.calendar", "participant.badge")
HOME = Entry("participant.home", lambda: _("Accueil"), "house", _FIRST_TAB)
AGENDA = Entry("participant.agenda", lambda: _("Agenda"), "calendar-check", _FIRST_TAB)
ATTENDEE: tuple[Entry, ...] = (
    Entry(
        "participant.catalogue",
        lambda: _("Catalogue"),
        "building",
        ("participant.catalogue", "participant.card"),
    ),
    Entry("participant.wishes", lambda: _("Vœux"), "star", ("participant.wish",)),
    Entry(
        "participant.availability",
        lambda: _("Disponibilités"),
        "clock",
        ("participant.availability",),
        short=lambda: _("Présence"),
    ),
    Entry(
        "participant.profile",
        lambda: _("Ma fiche"),
        "person",
        ("participant.profile", "participant.privacy", "participant.withdraw", "participant.delete"),
    ),
)


def organiser_nav(
    edition: Edition, actor: Actor, counts: Mapping[str, int]
) -> list[tuple[str | None, list[NavItem]]]:
    """Groups of the side bar; what the role may not open is not there. `counts` is keyed by endpoint."""
    groups = []
    for title, entries in ORGANISER:
        items = [
            _item(entry, edition, counts.get(entry.endpoint)) for entry in _open(entries, edition, actor)
        ]
        if items:
            groups.append((title() if title else None, items))
    return groups


def attendee_nav(edition: Edition, actor: Actor, *, has_agenda: bool) -> list[NavItem]:
    """The five tabs; those that need an approved registration appear with it, the agenda once it is there."""
    tabs = (AGENDA if has_agenda else HOME, *ATTENDEE)
    return [_item(entry, edition, None) for entry in _open(tabs, edition, actor)]


def _open(entries: tuple[Entry, ...], edition: Edition, actor: Actor) -> list[Entry]:
    known = current_app.view_functions
    return [e for e in entries if e.endpoint in known and ACCESS[e.endpoint].admits(actor, edition.id)]


def _item(entry: Entry, edition: Edition, count: int | None) -> NavItem:
    here = request.endpoint or ""
    lit = here == entry.endpoint or any(here.startswith(prefix) for prefix in entry.lit_by)
    url, short = url_for(entry.endpoint, edition=edition.slug), entry.short() if entry.short else ""
    return NavItem(entry.label(), entry.icon, url, lit, count, short)
