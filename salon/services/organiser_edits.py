"""What an organiser corrects in a registration: the person, the structure, the slots, the address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from salon.actor import Actor
from salon.errors import DomainError, Invalid
from salon.keys import email_key
from salon.models import (
    Absence,
    Account,
    Delegate,
    Edition,
    Organisation,
    ParticipantType,
    Participation,
    Slot,
)
from salon.queries import structures
from salon.services import audit, registrations
from salon.services.registration_inputs import checked, structure_values
from salon.services.sheet_edits import refuse_taken_name, set_terms, set_values
from salon.structures import StructureSheet


@dataclass(frozen=True, slots=True)
class PersonEdit:
    """Every field that an organiser may set on a person."""

    first_name: str
    last_name: str
    job_title: str
    phone: str
    type_id: int
    locale: str
    languages: tuple[str, ...]
    is_lead: bool
    step_free: bool
    interpreter: str
    stays_put: bool
    max_meetings: int | None
    min_override: int | None
    max_override: int | None


def update_person(
    session: Session, actor: Actor, now: datetime, *, delegate: Delegate, version: int, edit: PersonEdit
) -> None:
    """The person is as the organiser wrote, unless somebody else wrote first (`changed_meanwhile`).

    A place that a change of type frees goes to the waiting list.
    """
    if delegate.version != version:
        raise DomainError("changed_meanwhile")
    before = delegate.type_id
    known = select(ParticipantType.id).where(
        ParticipantType.id == edit.type_id, ParticipantType.edition_id == delegate.edition_id
    )
    if session.scalar(known) is None:
        raise Invalid("unknown_type", field="type")
    _check_limits(edit)
    checked("phone", edit.phone)
    changed = set_values(delegate, {name: getattr(edit, name) for name in PersonEdit.__slots__})
    session.flush()
    if changed:
        audit.record(session, actor, now, "person_updated", edition_id=delegate.edition_id, obj=delegate,
                     fields=changed)  # fmt: skip
    if "type_id" in changed:
        freed = session.get_one(ParticipantType, before)
        registrations.promote_waiting(session, actor, now, type_=freed)


def _check_limits(edit: PersonEdit) -> None:
    least, most = edit.min_override, edit.max_override
    if least is not None and most is not None and least > most:
        raise Invalid("minimum_above_maximum", field="min_override")


def change_address(session: Session, actor: Actor, now: datetime, *, delegate: Delegate, email: str) -> bool:
    """Correct the address of somebody who never confirmed it; True when it changed.

    A confirmed address is its owner's: they alone change it. One that another account has is refused.
    """
    account = session.get_one(Account, delegate.account_id)
    if account.email == email:
        return False
    if account.verified_at is not None:
        raise DomainError("address_is_theirs", field="email")
    key = email_key(email)
    taken = select(Account.id).where(Account.email_key == key, Account.id != account.id)
    if session.scalar(taken) is not None:
        raise DomainError("address_taken", field="email")
    account.email, account.email_key = email, key
    session.flush()
    audit.record(session, actor, now, "address_corrected", edition_id=delegate.edition_id, obj=delegate)
    return True


def update_organisation(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, organisation_id: int,
    edit: StructureSheet,
) -> None:  # fmt: skip
    """The structure is as the organiser wrote, unless somebody else wrote first (`changed_meanwhile`).

    Its name stays its own within the fair; `edit.terms` replaces the lists that it holds.
    """
    home = session.scalars(
        select(Organisation)
        .options(selectinload(Organisation.terms))
        .where(Organisation.id == organisation_id)
        .execution_options(populate_existing=True)
    ).one()
    here = (Participation.edition_id == edition.id, Participation.organisation_id == organisation_id)
    part = session.scalars(select(Participation).where(*here)).one()
    if structures.version(home, part) != edit.version:
        raise DomainError("changed_meanwhile")
    values = structure_values(edit, name_field="name")
    refuse_taken_name(session, home, str(values["name_key"]), field="name")
    changed = set_values(home, values) + set_terms(home, edit.terms)
    changed += set_values(part, {"offers": edit.offers, "needs": edit.needs})
    session.flush()
    if changed:
        audit.record(session, actor, now, "organisation_updated", edition_id=edition.id, obj=home,
                     fields=changed)  # fmt: skip


def set_presence(
    session: Session, actor: Actor, now: datetime, *, delegate: Delegate, free: Collection[int]
) -> int:
    """The person can be met at these slots of the edition and at no other; returns how many."""
    slots = set(session.scalars(select(Slot.id).where(Slot.edition_id == delegate.edition_id)))
    if not set(free) <= slots:
        raise Invalid("unknown_slot")
    had = set(session.scalars(select(Absence.slot_id).where(Absence.delegate_id == delegate.id)))
    away = slots - set(free)
    session.execute(
        delete(Absence).where(Absence.delegate_id == delegate.id, Absence.slot_id.in_(had - away))
    )
    session.add_all([Absence(delegate_id=delegate.id, slot_id=slot) for slot in sorted(away - had)])
    session.flush()
    if away != had:
        audit.record(session, actor, now, "availability_saved", edition_id=delegate.edition_id, obj=delegate,
                     absent=len(away))  # fmt: skip
    return len(slots) - len(away)
