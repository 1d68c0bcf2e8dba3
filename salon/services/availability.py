"""When people can be met, how often, and what must be there for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.errors import DomainError, Invalid
from salon.models import Delegate, Edition
from salon.queries import attendee
from salon.services import audit, organiser_edits, registrations
from salon.services.registration_inputs import known

MAX_MEETINGS = 99


@dataclass(frozen=True, slots=True)
class Limits:
    """One's own maximum and needs."""

    max_meetings: int | None
    stays_put: bool
    step_free: bool
    interpreter: str


def save(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, me: Delegate,
    free: Mapping[int, frozenset[int]], fingerprint: str, limits: Limits,
) -> attendee.Presence:  # fmt: skip
    """Exactly these slots are free for each person whose availability I may set; the new state.

    `free` is keyed by delegate; a person who is missing there is free at no slot.

    Raises
    ------
    DomainError
        `availability_frozen` once the planning is out, `changed_meanwhile` when what the page showed is
        no longer so, `registration_over`.
    Invalid
        `unknown_slot`.
    """
    if attendee.is_published(session, edition.id):
        raise DomainError("availability_frozen")
    if me.status in registrations.GONE:
        raise DomainError("registration_over")
    people = attendee.whose_presence(session, me)
    if not set(free) <= {one.id for one in people}:
        raise Invalid("unknown_slot")
    if attendee.presence(session, edition, people).fingerprint != fingerprint:
        raise DomainError("changed_meanwhile")
    for one in people:
        organiser_edits.set_presence(session, actor, now, delegate=one, free=free.get(one.id, frozenset()))
    _set_limits(session, actor, now, me, limits)
    return attendee.presence(session, edition, people)


def _set_limits(session: Session, actor: Actor, now: datetime, me: Delegate, limits: Limits) -> None:
    values = {
        "max_meetings": limits.max_meetings,
        "stays_put": limits.stays_put,
        "step_free": limits.step_free,
        "interpreter": known("access_needs", limits.interpreter),
    }
    changed = [name for name, value in values.items() if getattr(me, name) != value]
    for name in changed:
        setattr(me, name, values[name])
    session.flush()
    if changed:
        audit.record(session, actor, now, "limits_saved", edition_id=me.edition_id, obj=me, fields=changed)
