"""Where my registration stands, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from salon import i18n, phases
from salon.blueprints.participant import bp
from salon.enums import DelegateStatus, Phase
from salon.errors import NotAllowed
from salon.extensions import db
from salon.guard import me
from salon.models import Delegate, Edition
from salon.queries import attendee
from salon.queries.attendee import Standing
from salon.services import registering, registrations
from salon.shell.context import dates_label, local
from salon.shell.todo import Todo
from salon.wording.attendee import phase_sentence
from salon.wording.statuses import status_tone, status_word

AGENDA, WISHES = "participant.agenda", "participant.wishes"


@dataclass(frozen=True, slots=True)
class Step:
    """A phase of the fair: `done`, `current` or `coming`, with the date that matters."""

    state: str
    title: str
    fact: str
    label: str = ""  # of the state; the macro has words for each
    url: str = ""
    actions: str = ""


@bp.get("/e/<edition>/me/")
def home(edition: Edition) -> ResponseReturnValue:
    """My registration; once the planning is out, my agenda."""
    one, found = me(), attendee.standing(db.session(), edition, me())
    if one.status is DelegateStatus.APPROVED and found.release_number and _exists(AGENDA):
        return redirect(url_for(AGENDA, edition=edition.slug), 303)
    return render_template(
        "participant/home.html",
        person=one.first_name,
        organisation=one.organisation.name,
        type_name=i18n.pick(one.type.name),
        type_code=one.type.code,
        type_hue=one.type.hue,
        status=one.status,
        status_word=status_word(one.status),
        status_tone=status_tone(one.status),
        reason=one.reason,
        before=found.waiting_before,
        todo=_todo(edition, one, found, g.now),
        steps=_steps(edition, found, one.status is DelegateStatus.APPROVED),
        address=edition.address,
        may_return=phases.registration(edition, g.now) is Phase.OPEN,
        contact=edition.contact_email,
        contact_phone=edition.contact_phone,
    )


def _exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def _steps(edition: Edition, found: Standing, takes_part: bool) -> list[Step]:
    """The life of the fair, from the registrations to the day itself."""
    state = {Phase.OPEN: "current", Phase.CLOSED: "done"}
    signing_up, wishing = phases.registration(edition, g.now), phases.wishes(edition, g.now)
    planned = edition.publication_at
    out = bool(found.release_number)
    today = local(g.now).date()
    here = "done" if today > edition.last_day else "current" if today >= edition.first_day else "coming"
    return [
        Step(
            state.get(signing_up, "coming"),
            _("Inscriptions"),
            phase_sentence(edition.registration_opens_at, edition.registration_closes_at, g.now),
        ),
        Step(
            state.get(wishing, "coming"),
            _("Vœux"),
            phase_sentence(edition.wishes_open_at, edition.wishes_close_at, g.now),
        ),
        Step(
            "done" if out else "coming",
            _("Publication du planning"),
            (_("votre agenda est prêt") if takes_part else _("le planning est publié"))
            if out
            else i18n.long_date(local(planned).date())
            if planned
            else _("date à venir"),
        ),
        Step(here, _("Le salon"), dates_label(edition.first_day, edition.last_day)),
    ]


def _todo(edition: Edition, one: Delegate, found: Standing, now: datetime) -> list[Todo]:
    """What still brings better meetings, for somebody whose registration goes on."""
    if one.status not in (DelegateStatus.APPROVED, DelegateStatus.PENDING, DelegateStatus.WAITING):
        return []
    items = []
    if found.num_slots:
        items.append(_times(edition, found))
    if one.is_lead and not found.has_offer:
        items.append(_offer(edition))
    if one.status is DelegateStatus.APPROVED and _exists(WISHES):
        items += _wishes(edition, found, now)
    return items


def _times(edition: Edition, found: Standing) -> Todo:
    fact = ngettext(
        "Vous êtes disponible sur %(num)s créneau.",
        "Vous êtes disponible sur %(num)s créneaux.",
        found.num_free,
    )
    url = url_for("participant.availability", edition=edition.slug)
    tone = "warn" if found.num_free < 4 else "neutral"
    return Todo(tone, "clock", _("Vérifier mes disponibilités"), fact, _("Vérifier"), url)


def _offer(edition: Edition) -> Todo:
    return Todo(
        "warn",
        "briefcase",
        _("Dire ce que votre structure offre et cherche"),
        _("C’est ce que les autres lisent pour vous choisir."),
        _("Compléter"),
        url_for("participant.profile_structure", edition=edition.slug),
    )


def _wishes(edition: Edition, found: Standing, now: datetime) -> list[Todo]:
    if phases.wishes(edition, now) is not Phase.OPEN:
        return []
    fact = ngettext("%(num)s vœu enregistré.", "%(num)s vœux enregistrés.", found.num_wishes)
    tone = "neutral" if found.num_wishes else "warn"
    url = url_for(WISHES, edition=edition.slug)
    return [Todo(tone, "star", _("Faire mes vœux"), fact, _("Choisir"), url)]


@bp.post("/e/<edition>/me/confirm")
def confirm(edition: Edition) -> ResponseReturnValue:
    """Whoever is signed in has proven the address: the registration is confirmed."""
    _only_oneself()
    if me().status is DelegateStatus.UNCONFIRMED:  # pressed twice: done once
        registering.settle(db.session(), g.actor, g.now, delegate=me())
        flash(_("Votre inscription est confirmée."), "ok")
    return redirect(url_for(".home", edition=edition.slug), 303)


@bp.post("/e/<edition>/me/rejoin")
def rejoin(edition: Edition) -> ResponseReturnValue:
    """Come back after a withdrawal."""
    if me().status in registrations.GONE:  # pressed twice: done once
        registering.rejoin(db.session(), g.actor, g.now, edition=edition, delegate=me())
        flash(_("Votre inscription est reprise."), "ok")
    return redirect(url_for(".home", edition=edition.slug), 303)


def _only_oneself() -> None:
    if g.actor.acting_for is not None:
        raise NotAllowed("not_while_acting")
