"""When I can be met: a box for each slot and each of my people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from salon import i18n
from salon.blueprints.participant import bp
from salon.errors import DomainError
from salon.extensions import db
from salon.forms.participant import AvailabilityForm
from salon.guard import me
from salon.models import Edition
from salon.numbers import is_number
from salon.queries import attendee
from salon.queries.attendee import HalfDay, Presence
from salon.services import availability as service
from salon.services import registrations
from salon.shell.context import local

FEW = 4  # slots under which meetings become unlikely


@dataclass(frozen=True, slots=True)
class ShownSlot:
    """A row of the grid, in words."""

    id: int
    start: str
    end: str
    open: frozenset[int]


@dataclass(frozen=True, slots=True)
class ShownHalf:
    """A half day of the grid."""

    title: str
    key: str
    slots: tuple[ShownSlot, ...]


def _halves(halves: Iterable[HalfDay], chosen: dict[int, frozenset[int]] | None) -> list[ShownHalf]:
    """The grid in words; `chosen` replaces what is stored when a form comes back."""
    return [ShownHalf(_title(half), f"half-{i}", _slots(half, chosen)) for i, half in enumerate(halves)]


def _title(half: HalfDay) -> str:
    day = i18n.long_date(half.day)
    return _("%(day)s, matin", day=day) if half.is_morning else _("%(day)s, après-midi", day=day)


def _slots(half: HalfDay, chosen: dict[int, frozenset[int]] | None) -> tuple[ShownSlot, ...]:
    return tuple(
        ShownSlot(
            slot.id,
            i18n.clock(slot.starts),
            i18n.clock(slot.ends),
            slot.free if chosen is None else frozenset(who for who, ids in chosen.items() if slot.id in ids),
        )
        for slot in half.slots
    )


def _form(presence: Presence) -> AvailabilityForm:
    return AvailabilityForm(obj=me(), data={"fingerprint": presence.fingerprint}).offer()


def _page(
    edition: Edition, form: AvailabilityForm, presence: Presence, status: int = 200,
    chosen: dict[int, frozenset[int]] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    free = presence.num_free(me().id) if chosen is None else len(chosen.get(me().id, ()))
    page = render_template(
        "participant/availability.html",
        form=form,
        people=presence.people,
        halves=_halves(presence.halves, chosen),
        num_free=free,
        num_slots=presence.num_slots,
        few=_few(free) if presence.num_slots and free < FEW else "",
        frozen=attendee.is_published(db.session(), edition.id),
        over=me().status in registrations.GONE,
        contact=edition.contact_email,
        form_errors=form.is_refused,
    )
    return page, status


def _few(free: int) -> str:
    if free == 0:
        return _("Sans créneau, aucun rendez-vous n’est possible.")
    return ngettext(
        "Avec %(num)s créneau, comptez sur %(num)s rendez-vous au plus.",
        "Avec %(num)s créneaux, comptez sur %(num)s rendez-vous au plus.",
        free,
    )


@bp.get("/e/<edition>/me/availability")
def availability(edition: Edition) -> ResponseReturnValue:
    """The grid of the real slots."""
    presence = attendee.presence(db.session(), edition, attendee.whose_presence(db.session(), me()))
    return _page(edition, _form(presence), presence)


@bp.post("/e/<edition>/me/availability")
def availability_save(edition: Edition) -> ResponseReturnValue:
    """Save the grid and my limits."""
    people = attendee.whose_presence(db.session(), me())
    presence = attendee.presence(db.session(), edition, people)
    form, chosen = AvailabilityForm().offer(), _chosen()
    try:
        if form.validate():
            after = service.save(
                db.session(), g.actor, g.now, edition=edition, me=me(), free=chosen,
                fingerprint=form.fingerprint.data or "", limits=form.limits(),
            )  # fmt: skip
            _say(after)
            return redirect(url_for(".availability", edition=edition.slug), 303)
    except DomainError as error:
        form.refuse(error)
        form.fingerprint.data = presence.fingerprint  # the page now shows the stored state beside
        return _page(edition, form, presence, error.status, chosen)
    return _page(edition, form, presence, 422, chosen)


def _chosen() -> dict[int, frozenset[int]]:
    """The ticked boxes, `person:slot`, by person; nonsense is left out."""
    found: dict[int, set[int]] = {}
    for text in request.form.getlist("open")[:5000]:
        person, _colon, slot = text.partition(":")
        if is_number(person) and is_number(slot):
            found.setdefault(int(person), set()).add(int(slot))
    return {person: frozenset(slots) for person, slots in found.items()}


def _say(after: Presence) -> None:
    here = i18n.clock(local(g.now))
    flash(_("Enregistré à %(clock)s", clock=here), "ok")
    if after.num_slots and after.num_free(me().id) < FEW:
        flash(_few(after.num_free(me().id)), "warn")
