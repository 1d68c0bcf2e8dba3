"""Pairs that never meet, and pairs that must: the organiser's orders to the engine."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.errors import DomainError, Invalid
from salon.models import Delegate, Edition, Exclusion, MandatoryMeeting, Participation
from salon.services import audit

REASON_LENGTH = 300
Pair = TypeVar("Pair", Exclusion, MandatoryMeeting)


def exclude(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, one: int, other: int, reason: str
) -> Exclusion:
    """Two structures of the edition never meet; their order does not matter."""
    if one == other:
        raise Invalid("same_organisation_twice", field="second")
    for organisation_id, field in ((one, "first"), (other, "second")):
        if not _takes_part(session, edition, organisation_id):
            raise Invalid("unknown_organisation", field=field)
    made = _add(session, now, Exclusion, edition, (one, other), reason, "exclusion_exists")
    audit.record(session, actor, now, "exclusion_added", edition_id=edition.id, obj=made,
                 first=made.first_id, second=made.second_id)  # fmt: skip
    return made


def _add(
    session: Session, now: datetime, table: type[Pair], edition: Edition, pair: tuple[int, int], reason: str,
    exists: str,
) -> Pair:  # fmt: skip
    """The row of a pair, in either order; the code `exists` when its table holds it already."""
    first, second = sorted(pair)
    found = select(table.id).where(
        table.edition_id == edition.id, table.first_id == first, table.second_id == second
    )
    if session.scalar(found) is not None:
        raise DomainError(exists, field="second")
    made = table(edition_id=edition.id, first_id=first, second_id=second, reason=reason[:REASON_LENGTH],
                 created_at=now)  # fmt: skip
    session.add(made)
    session.flush()
    return made


def allow(session: Session, actor: Actor, now: datetime, *, exclusion: Exclusion) -> None:
    """Two excluded structures may meet again."""
    audit.record(session, actor, now, "exclusion_removed", edition_id=exclusion.edition_id, obj=exclusion,
                 first=exclusion.first_id, second=exclusion.second_id)  # fmt: skip
    session.delete(exclusion)
    session.flush()


def order(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, one: int, other: int, reason: str
) -> MandatoryMeeting:
    """Two people of the edition must meet; hard rules against it are said by the page, not refused here."""
    if one == other:
        raise Invalid("same_person_twice", field="second")
    for delegate_id, field in ((one, "first"), (other, "second")):
        if not _is_registered(session, edition, delegate_id):
            raise Invalid("unknown_person", field=field)
    made = _add(session, now, MandatoryMeeting, edition, (one, other), reason, "mandatory_exists")
    audit.record(session, actor, now, "mandatory_added", edition_id=edition.id, obj=made,
                 first=made.first_id, second=made.second_id)  # fmt: skip
    return made


def release(session: Session, actor: Actor, now: datetime, *, mandatory: MandatoryMeeting) -> None:
    """A meeting is no longer ordered."""
    audit.record(session, actor, now, "mandatory_removed", edition_id=mandatory.edition_id, obj=mandatory,
                 first=mandatory.first_id, second=mandatory.second_id)  # fmt: skip
    session.delete(mandatory)
    session.flush()


def _takes_part(session: Session, edition: Edition, organisation_id: int) -> bool:
    query = select(Participation.id).where(
        Participation.edition_id == edition.id, Participation.organisation_id == organisation_id
    )
    return session.scalar(query) is not None


def _is_registered(session: Session, edition: Edition, delegate_id: int) -> bool:
    query = select(Delegate.id).where(Delegate.edition_id == edition.id, Delegate.id == delegate_id)
    return session.scalar(query) is not None
