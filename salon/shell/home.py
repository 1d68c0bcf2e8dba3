"""The edition's home in words: four figures and eight steps, each with its link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from salon import i18n, phases
from salon.enums import Phase, RunState
from salon.models import Edition
from salon.queries.checklist import Facts, Step
from salon.shell.context import local
from salon.shell.words import link, moment, number, percent


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    value: str
    fact: str
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class Action:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as the page shows it; the first action of the current one is the page's primary button."""

    state: str
    title: str
    fact: str
    url: str
    label: str
    actions: tuple[Action, ...] = ()


def countdown(edition: Edition, now: datetime) -> str:
    """`J-9`, `Jour J`, `J+3`; in days of the edition's zone."""
    days = (edition.first_day - now.astimezone(ZoneInfo(edition.timezone)).date()).days
    if days > 0:
        return _("J-%(days)s", days=days)
    if now.astimezone(ZoneInfo(edition.timezone)).date() <= edition.last_day:
        return _("Jour J")
    return _("J+%(days)s", days=-days)


# Figures ----------------------------------------------------------------------------------------------------


def figures(found: Facts, edition: Edition) -> tuple[Figure, ...]:
    """Registrations, wishes, meetings placed, tables used."""
    return (
        Figure(
            _("Inscriptions"),
            number(found.present),
            ngettext("%(num)s à valider", "%(num)s à valider", found.pending),
            link(edition, "registrations.index"),
            "people",
        ),
        Figure(
            _("Vœux exprimés"),
            number(found.wishes),
            ngettext("%(num)s paire réciproque", "%(num)s paires réciproques", found.mutual),
            link(edition, "wishes.index"),
            "star",
        ),
        Figure(
            _("Rendez-vous placés"),
            number(found.placed),
            _("brouillon n° %(number)s", number=found.draft) if found.draft else _("aucun brouillon"),
            link(edition, "plan.index"),
            "calendar-check",
        ),
        _tables(found, edition),
    )


def _tables(found: Facts, edition: Edition) -> Figure:
    share = percent(found.placed / found.places) if found.places else "–"
    fact = ngettext(
        "%(num)s place sur %(all)s", "%(num)s places sur %(all)s", found.placed, all=number(found.places)
    )
    return Figure(_("Tables occupées"), share, fact, link(edition, "room.index"), "grid-3x3-gap")


# Steps ------------------------------------------------------------------------------------------------------


def step_lines(
    found: Facts, edition: Edition, now: datetime, keys: tuple[Step, ...], *, can_edit: bool
) -> tuple[StepLine, ...]:
    """The eight steps in words; actions only on the current one, and only for those who may act."""
    return tuple(_step_line(found, edition, now, one, can_edit) for one in keys)


def _step_line(found: Facts, edition: Edition, now: datetime, one: Step, can_edit: bool) -> StepLine:
    title, fact, url = _STEPS[one.key](found, edition, now)
    label = _when(edition, one) if one.state == "coming" else ""
    actions = _actions(found, edition, now, one.key) if one.state == "current" and can_edit else ()
    return StepLine(one.state, title, fact, url, label, tuple(a for a in actions if a.url))


Parts = tuple[str, str, str]


def _settings(found: Facts, edition: Edition, now: datetime) -> Parts:
    sessions = ngettext("%(num)s plage", "%(num)s plages", found.sessions)
    if found.formats == 1:
        slots = ngettext(
            "%(num)s créneau de %(length)s + %(change)s min",
            "%(num)s créneaux de %(length)s + %(change)s min",
            found.slots,
            length=found.slot_min,
            change=found.changeover_min,
        )
    else:
        slots = ngettext("%(num)s créneau", "%(num)s créneaux", found.slots)
    tables = ngettext("%(num)s table", "%(num)s tables", found.tables)
    fact = _("%(sessions)s, %(slots)s, %(tables)s", sessions=sessions, slots=slots, tables=tables)
    return _("Édition réglée"), fact, link(edition, "settings.identity")


def _registrations(found: Facts, edition: Edition, now: datetime) -> Parts:
    if not found.present:
        fact = _("Personne n’est encore inscrit")
    else:
        fact = _(
            "%(people)s de %(firms)s · %(pending)s à valider",
            people=ngettext("%(num)s personne", "%(num)s personnes", found.present),
            firms=ngettext("%(num)s structure", "%(num)s structures", found.organisations),
            pending=number(found.pending),
        )
    return _("Inscriptions ouvertes"), fact, link(edition, "registrations.index")


def _wishes(found: Facts, edition: Edition, now: datetime) -> Parts:
    state, count = phases.wishes(edition, now), ngettext("%(num)s vœu", "%(num)s vœux", found.wishes)
    fact = {
        Phase.UNPLANNED: lambda: _("L’ouverture n’a pas encore de date"),
        Phase.COMING: lambda: _("Ouverture le %(when)s", when=moment(edition.wishes_open_at)),
        Phase.OPEN: lambda: (
            _("%(count)s, clôture le %(when)s", count=count, when=moment(edition.wishes_close_at))
            if edition.wishes_close_at
            else _("%(count)s, sans date de clôture", count=count)
        ),
        Phase.CLOSED: lambda: _(
            "%(count)s, clos le %(when)s", count=count, when=moment(edition.wishes_close_at)
        ),
    }[state]()
    return _("Vœux recueillis"), fact, link(edition, "wishes.index")


def _plan(found: Facts, edition: Edition, now: datetime) -> Parts:
    return _("Planning calculé"), _run_fact(found), link(edition, "runs.index")


def _run_fact(found: Facts) -> str:
    run = found.run
    if run is None:
        return _("Aucun calcul pour le moment")
    if run.state in (RunState.QUEUED, RunState.RUNNING):
        return _("Le calcul n° %(number)s est en cours", number=run.number)
    if run.state is RunState.INFEASIBLE:
        return _("Le calcul n° %(number)s n’a pas de solution", number=run.number)
    if not found.draft:
        return _("Le calcul n° %(number)s n’a pas abouti", number=run.number)
    meetings = ngettext("%(num)s rendez-vous", "%(num)s rendez-vous", found.placed)
    if run.gap is None:
        return _("Brouillon n° %(draft)s : %(meetings)s", draft=found.draft, meetings=meetings)
    return _(
        "Brouillon n° %(draft)s : %(meetings)s, écart prouvé %(gap)s",
        draft=found.draft,
        meetings=meetings,
        gap=percent(run.gap, 2),
    )


def _release(found: Facts, edition: Edition, now: datetime) -> Parts:
    if found.release:
        day = i18n.long_date(local(found.release.created_at).date())
        fact = _("Version %(number)s envoyée le %(day)s", number=found.release.number, day=day)
    elif edition.publication_at:
        fact = _("Prévue le %(when)s", when=moment(edition.publication_at))
    else:
        fact = _("Aucune date annoncée")
    return _("Version définitive publiée"), fact, link(edition, "releases.index")


def _documents(found: Facts, edition: Edition, now: datetime) -> Parts:
    return _("Documents imprimés"), _("Badges, agendas, plans de tables"), link(edition, "documents.index")


def _day(found: Facts, edition: Edition, now: datetime) -> Parts:
    return (
        _("Jour du salon"),
        _("Accueil, pointage, demandes de changement"),
        link(edition, "guide.chapter", chapter="day"),
    )


def _after(found: Facts, edition: Edition, now: datetime) -> Parts:
    return (
        _("Bilan et suivi"),
        _("Remercier, mesurer, préparer la suite"),
        link(edition, "guide.chapter", chapter="after"),
    )


_STEPS = {
    "settings": _settings,
    "registrations": _registrations,
    "wishes": _wishes,
    "plan": _plan,
    "release": _release,
    "documents": _documents,
    "day": _day,
    "after": _after,
}


def _when(edition: Edition, one: Step) -> str:
    """The date of a coming step, when it has one."""
    if one.key == "wishes" and edition.wishes_open_at:
        return i18n.short_date(local(edition.wishes_open_at).date())
    if one.key == "release" and edition.publication_at:
        return i18n.short_date(local(edition.publication_at).date())
    if one.key == "day":
        return i18n.short_date(edition.first_day)
    return ""


def _actions(found: Facts, edition: Edition, now: datetime, key: str) -> tuple[Action, ...]:
    """The buttons of the current step, the one that moves on first."""

    def to(label: str, endpoint: str, **values: Any) -> Action:
        return Action(label, link(edition, endpoint, **values))

    if key == "settings":
        verb = _("Commencer les réglages") if edition.set_up_step <= 1 else _("Continuer les réglages")
        return to(verb, _wizard_page(edition)), to(_("Relire et publier"), "settings.review")
    if key == "registrations":
        more = to(_("Ouvrir les inscriptions"), "settings.phases")
        add = to(_("Inscrire une personne"), "registrations.new"), to(_("Importer une liste"), "imports.new")
        opened = phases.registration(edition, now) is Phase.OPEN
        return (to(_("Voir les inscriptions"), "registrations.index"), *add) if opened else (more, *add)
    if key == "wishes":
        opened = phases.wishes(edition, now) is Phase.OPEN
        follow = to(_("Suivre les vœux"), "wishes.index")
        tell = to(_("Prévenir les participants"), "messages.index", kind="wishes_open")
        return (follow, tell) if opened else (to(_("Ouvrir les vœux"), "settings.phases"), follow)
    if key == "plan":
        run = to(_("Lancer un calcul"), "runs.new")
        ready = to(_("Relire le planning"), "plan.index"), to(_("Publier"), "releases.preview")
        return (*ready, run) if found.draft else (run,)
    if key == "release":
        return to(_("Publier la version définitive"), "releases.preview"), to(
            _("Relire le planning"), "plan.index"
        )
    if key == "documents":
        return (to(_("Préparer les documents"), "documents.index"),)
    return (to(_("Lire le mode d’emploi"), "guide.chapter", chapter=key),)


_WIZARD = ("settings.identity", "settings.days", "room.index", "settings.types", "settings.phases",
           "settings.texts", "settings.review")  # fmt: skip


def _wizard_page(edition: Edition) -> str:
    return _WIZARD[min(max(edition.set_up_step, 1), len(_WIZARD)) - 1]
