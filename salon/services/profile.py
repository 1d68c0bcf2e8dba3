"""What attendees correct in their own sheet, and the contact of an organisation in its sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from salon.actor import Actor
from salon.enums import TermKind
from salon.errors import DomainError
from salon.models import (
    Answer,
    Delegate,
    Edition,
    Organisation,
    OrganisationTerm,
    Participation,
    ParticipationTerm,
    Question,
)
from salon.queries.attendee import sheet_version
from salon.services import audit, registering, registrations
from salon.services.registration_inputs import (
    PersonInput,
    StructureInput,
    codes,
    person_values,
    structure_values,
)

_OF_EDITION = (TermKind.OFFERED_SECTOR, TermKind.NEEDED_SECTOR)


@dataclass(frozen=True, slots=True)
class OfferInput:
    """What an organisation offers and needs in one edition."""

    offers: str
    needs: str
    offered: tuple[str, ...]
    needed: tuple[str, ...]


def update_person(
    session: Session, actor: Actor, now: datetime, *, delegate: Delegate, version: int, person: PersonInput,
    answers: Mapping[int, dict[str, Any]],
) -> None:  # fmt: skip
    """The sheet is as its owner wrote, unless somebody else wrote first (`changed_meanwhile`)."""
    if delegate.version != version:
        raise DomainError("changed_meanwhile")
    _refuse_gone(delegate)
    changed = _set(delegate, person_values(person))
    changed += ["answers"] if _set_answers(session, delegate, answers) else []
    session.flush()
    if changed:
        audit.record(session, actor, now, "person_updated", edition_id=delegate.edition_id, obj=delegate,
                     fields=changed)  # fmt: skip


def _refuse_gone(delegate: Delegate) -> None:
    if delegate.status in registrations.GONE:
        raise DomainError("registration_over")


def _set(row: Any, values: Mapping[str, Any]) -> list[str]:
    """Set what differs; the names of the columns that changed."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _set_answers(session: Session, delegate: Delegate, answers: Mapping[int, dict[str, Any]]) -> bool:
    """Answers to the questions that are asked now; those to archived ones stay."""
    asked = select(Question.id).where(
        Question.edition_id == delegate.edition_id, Question.archived_at.is_(None)
    )
    current = (Answer.delegate_id == delegate.id, Answer.question_id.in_(asked))
    before = {row.question_id: row.value for row in session.scalars(select(Answer).where(*current))}
    wanted = {number: answers[number] for number in session.scalars(asked) if number in answers}
    if before == wanted:
        return False
    session.execute(delete(Answer).where(*current).execution_options(synchronize_session="fetch"))
    session.add_all(Answer(delegate_id=delegate.id, question_id=n, value=v) for n, v in wanted.items())
    return True


def update_organisation(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, lead: Delegate, version: str,
    structure: StructureInput, offer: OfferInput,
) -> None:  # fmt: skip
    """The organisation's sheet is as its contact wrote.

    Raises
    ------
    DomainError
        `lead_only`, `changed_meanwhile`, `organisation_exists`.
    """
    if not lead.is_lead:
        raise DomainError("lead_only")
    _refuse_gone(lead)
    home = session.scalars(
        select(Organisation)
        .options(selectinload(Organisation.terms))
        .where(Organisation.id == lead.organisation_id)
        .execution_options(populate_existing=True)
    ).one()
    part = _participation(session, now, edition, home)
    if sheet_version(home, part) != version:
        raise DomainError("changed_meanwhile")
    values = structure_values(structure)
    _refuse_taken(session, home, str(values["name_key"]))
    changed = _set(home, values) + _set_terms(home, structure.terms, OrganisationTerm)
    changed += _set(part, {"offers": offer.offers, "needs": offer.needs})
    sectors = dict(zip(_OF_EDITION, (offer.offered, offer.needed), strict=True))
    changed += _set_terms(part, sectors, ParticipationTerm)
    session.flush()
    if changed:
        audit.record(session, actor, now, "organisation_updated", edition_id=edition.id, obj=home,
                     fields=changed)  # fmt: skip


def _participation(session: Session, now: datetime, edition: Edition, home: Organisation) -> Participation:
    row = registering.ensure_participation(session, now, edition, home.id)
    return session.scalars(
        select(Participation)
        .options(selectinload(Participation.terms))
        .where(Participation.id == row.id)
        .execution_options(populate_existing=True)
    ).one()


def _refuse_taken(session: Session, home: Organisation, key: str) -> None:
    others = (Organisation.fair_id == home.fair_id, Organisation.name_key == key, Organisation.id != home.id)
    if session.scalar(select(Organisation.id).where(*others)) is not None:
        raise DomainError("organisation_exists", field="organisation")


def _set_terms(row: Any, terms: Mapping[TermKind, tuple[str, ...]], table: Any) -> list[str]:
    """Replace the terms of these kinds; the kinds that changed. The owner's version rises with them."""
    changed = []
    for kind, given in terms.items():
        wanted, had = set(codes(kind, given)), {term.code for term in row.terms if term.kind is kind}
        if wanted != had:
            row.terms = [term for term in row.terms if term.kind is not kind or term.code in wanted]
            row.terms += [table(kind=kind, code=code) for code in sorted(wanted - had)]
            changed.append(kind.value)
    if changed:
        flag_modified(row, "created_at")  # a list that changed raises the version of its row too
    return changed
