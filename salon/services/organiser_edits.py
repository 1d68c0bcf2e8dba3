"""What an organiser corrects in a registration: the person, the structure, the slots, the address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from salon import vocabulary
from salon.actor import Actor
from salon.enums import TermKind
from salon.errors import DomainError, Invalid
from salon.keys import email_key, name_key
from salon.models import (
    Absence,
    Account,
    Delegate,
    Edition,
    Organisation,
    OrganisationTerm,
    ParticipantType,
    Participation,
    Slot,
)
from salon.services import audit, registrations
from salon.services.import_cells import READERS, BadCell

TERM_LISTS: Mapping[TermKind, str] = {
    TermKind.SECTOR: "sectors",
    TermKind.NETWORK: "networks",
    TermKind.LABEL: "labels",
    TermKind.PRESTA: "prestas",
}


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


@dataclass(frozen=True, slots=True)
class OrganisationEdit:
    """Every field that an organiser may set on a structure; `terms` replaces the lists it holds."""

    name: str
    kind: str
    legal_form: str
    siret: str
    department: str
    town: str
    size: str
    website: str
    pitch: str
    offers: str
    needs: str
    terms: Mapping[TermKind, tuple[str, ...]]


def update_person(
    session: Session, actor: Actor, now: datetime, *, delegate: Delegate, version: int, edit: PersonEdit
) -> None:
    """The person is as the organiser wrote, unless somebody else wrote first (`changed_meanwhile`).

    A place that a change of type frees goes to the waiting list.
    """
    _check_version(delegate, version)
    before = delegate.type_id
    known = select(ParticipantType.id).where(
        ParticipantType.id == edit.type_id, ParticipantType.edition_id == delegate.edition_id
    )
    if session.scalar(known) is None:
        raise Invalid("unknown_type", field="type")
    _check_limits(edit)
    _check_phone(edit.phone)
    changed = _set(delegate, {name: getattr(edit, name) for name in PersonEdit.__slots__})
    session.flush()
    if changed:
        audit.record(session, actor, now, "person_updated", edition_id=delegate.edition_id, obj=delegate,
                     fields=changed)  # fmt: skip
    if "type_id" in changed:
        freed = session.get_one(ParticipantType, before)
        registrations.promote_waiting(session, actor, now, type_=freed)


def _check_version(row: Delegate | Organisation, version: int) -> None:
    if row.version != version:
        raise DomainError("changed_meanwhile")


def _check_limits(edit: PersonEdit) -> None:
    least, most = edit.min_override, edit.max_override
    if least is not None and most is not None and least > most:
        raise Invalid("minimum_above_maximum", field="min_override")


def _check_phone(phone: str) -> None:
    if phone:
        _checked("phone", phone)


def _checked(key: str, value: str) -> str:
    """The value as an import would read it; raises `Invalid` on its field."""
    if not value:
        return ""
    try:
        return str(READERS[key](value, key))
    except BadCell as bad:
        raise Invalid(f"bad_{bad.code}", field=key) from bad


def _set(row: Any, values: Mapping[str, Any]) -> list[str]:
    """Set what differs; the names of the columns that changed."""
    changed = []
    for name, value in values.items():
        value = list(value) if isinstance(value, tuple) else value
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed.append(name)
    return changed


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
    session: Session, actor: Actor, now: datetime, *, edition: Edition, organisation_id: int, version: int,
    edit: OrganisationEdit,
) -> None:  # fmt: skip
    """The structure is as the organiser wrote; its name stays its own within the fair."""
    row = session.scalars(
        select(Organisation)
        .options(selectinload(Organisation.terms))
        .where(Organisation.id == organisation_id)
        .execution_options(populate_existing=True)
    ).one()
    _check_version(row, version)
    values = _organisation_values(session, row, edit)
    changed = _set(row, values) + _set_terms(row, edit.terms)
    changed += _set_offer(session, edition, row, edit)
    session.flush()
    if changed:
        audit.record(session, actor, now, "organisation_updated", edition_id=edition.id, obj=row,
                     fields=changed)  # fmt: skip


def _organisation_values(session: Session, row: Organisation, edit: OrganisationEdit) -> dict[str, Any]:
    key = name_key(edit.name)
    if not key:
        raise Invalid("bad_no_letter", field="name")
    taken = select(Organisation.id).where(
        Organisation.fair_id == row.fair_id, Organisation.name_key == key, Organisation.id != row.id
    )
    if session.scalar(taken) is not None:
        raise DomainError("organisation_exists", field="name")
    return {
        "name": edit.name,
        "name_key": key,
        "kind": edit.kind,
        "legal_form": edit.legal_form,
        "siret": _checked("siret", edit.siret) or None,
        "department": edit.department,
        "town": edit.town,
        "size": edit.size,
        "website": _checked("website", edit.website),
        "pitch": edit.pitch,
    }


def _set_terms(row: Organisation, terms: Mapping[TermKind, tuple[str, ...]]) -> list[str]:
    changed = []
    for kind, codes in terms.items():
        known = {code for code in codes if vocabulary.packaged().has(TERM_LISTS[kind], code)}
        had = {term.code for term in row.terms if term.kind is kind}
        if known != had:
            row.terms = [term for term in row.terms if term.kind is not kind or term.code in known]
            row.terms += [OrganisationTerm(kind=kind, code=code) for code in sorted(known - had)]
            changed.append(kind.value)
    return changed


def _set_offer(session: Session, edition: Edition, row: Organisation, edit: OrganisationEdit) -> list[str]:
    here = select(Participation).where(
        Participation.edition_id == edition.id, Participation.organisation_id == row.id
    )
    participation = session.scalars(here).one()
    return _set(participation, {"offers": edit.offers, "needs": edit.needs})


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
