"""What waits for the organiser on the edition's home, worst first; and machines that stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from salon import i18n, phases
from salon.enums import Phase, RunState
from salon.models import Edition
from salon.queries.checklist import Facts
from salon.shell.context import local
from salon.shell.words import link, moment

WORKER_SILENT_AFTER = timedelta(seconds=15)
MAIL_LATE_AFTER = timedelta(minutes=5)
RECENT = timedelta(days=3)  # a deadline this near is worth a reminder


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do, on somebody's home page."""

    tone: str
    icon: str
    title: str
    fact: str
    verb: str
    url: str


def todos(
    found: Facts, edition: Edition, now: datetime, below: tuple[int, tuple[str, ...]]
) -> tuple[Todo, ...]:
    """What waits for the organiser, worst first; things without a page to act on are left out."""
    tones = {"bad": 0, "warn": 1, "info": 2}
    found_ones = [
        _below_minimum(edition, below),
        _run_failed(found, edition),
        _pending(found, edition),
        _wishless(found, edition, now),
        _failed_mails(found, edition),
    ]
    kept = [one for one in found_ones if one is not None and one.url]
    return tuple(sorted(kept, key=lambda one: tones[one.tone]))


def _below_minimum(edition: Edition, below: tuple[int, tuple[str, ...]]) -> Todo | None:
    count, names = below
    if not count:
        return None
    more = count - len(names)
    fact = ", ".join(names)
    if more:
        fact = ngettext("%(names)s et %(num)s autre", "%(names)s et %(num)s autres", more, names=fact)
    return Todo(
        "bad",
        "exclamation-octagon",
        ngettext(
            "%(num)s personne a moins de rendez-vous que son minimum",
            "%(num)s personnes ont moins de rendez-vous que leur minimum",
            count,
        ),
        fact,
        _("Voir pourquoi"),
        link(edition, "runs.index") or link(edition, "plan.index"),
    )


def _run_failed(found: Facts, edition: Edition) -> Todo | None:
    run = found.run
    if run is None or run.state not in (RunState.FAILED, RunState.INFEASIBLE, RunState.INTERRUPTED):
        return None
    return Todo(
        "bad",
        "cpu",
        _("Le calcul n° %(number)s n’a pas abouti", number=run.number),
        _("la page du calcul dit pourquoi et quoi faire"),
        _("Voir pourquoi"),
        link(edition, "runs.show", run=run.number) or link(edition, "runs.index"),
    )


def _pending(found: Facts, edition: Edition) -> Todo | None:
    if not found.pending or found.oldest_pending is None:
        return None
    return Todo(
        "warn",
        "person-check",
        ngettext(
            "%(num)s inscription attend votre avis",
            "%(num)s inscriptions attendent votre avis",
            found.pending,
        ),
        _("la plus ancienne : %(day)s", day=i18n.long_date(local(found.oldest_pending).date())),
        _("Examiner"),
        link(edition, "registrations.index", status="pending"),
    )


def _wishless(found: Facts, edition: Edition, now: datetime) -> Todo | None:
    closes = edition.wishes_close_at
    if not found.wishless or phases.wishes(edition, now) is not Phase.OPEN:
        return None
    fact = _("clôture le %(when)s", when=moment(closes)) if closes else _("sans date de clôture")
    return Todo(
        "warn" if closes is not None and closes - now < RECENT else "info",
        "star",
        ngettext(
            "%(num)s personne n’a encore fait aucun vœu",
            "%(num)s personnes n’ont encore fait aucun vœu",
            found.wishless,
        ),
        fact,
        _("Relancer"),
        link(edition, "messages.index", kind="wishes_reminder") or link(edition, "wishes.index"),
    )


def _failed_mails(found: Facts, edition: Edition) -> Todo | None:
    if not found.failed_mails:
        return None
    return Todo(
        "info",
        "envelope-exclamation",
        ngettext(
            "%(num)s message n’est pas arrivé", "%(num)s messages ne sont pas arrivés", found.failed_mails
        ),
        _("refusés par la messagerie du destinataire, ou remise incertaine"),
        _("Corriger"),
        link(edition, "messages.index", state=["failed", "uncertain"]),
    )


def stopped_since(found: Facts, now: datetime) -> str:
    """« depuis 14 h 02 » when no worker was alive for 15 s, « depuis toujours » in words; else nothing."""
    if found.beat is None:
        return _("Le service qui calcule et qui envoie les messages n’a pas encore démarré.")
    if now - found.beat <= WORKER_SILENT_AFTER:
        return ""
    return _(
        "Le service qui calcule et qui envoie les messages est arrêté depuis le %(when)s.",
        when=moment(found.beat),
    )


def waiting_mail(found: Facts, now: datetime) -> str:
    """Since when the oldest message waits, once that is too long to be normal."""
    if found.oldest_mail is None or now - found.oldest_mail < MAIL_LATE_AFTER:
        return ""
    return _("Le plus ancien message en attente date du %(when)s.", when=moment(found.oldest_mail))
