"""What attendees correct in their own sheet, and the contact of an organisation in its sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from salon.actor import Actor
from salon.enums import TermKind
from salon.errors import DomainError
from salon.models import (
    Answer,
    Delegate,
    Edition,
    Organisation,
    Participation,
    Question,
)
from salon.queries import structures
from salon.services import audit, registering, registrations
from salon.services.registration_inputs import (
    PersonInput,
    person_values,
    structure_values,
)
from salon.services.sheet_edits import refuse_taken_name, set_terms, set_values
from salon.structures import Structure

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
    changed = set_values(delegate, person_values(person))
    changed += ["answers"] if _set_answers(session, delegate, answers) else []
    session.flush()
    if changed:
        audit.record(session, actor, now, "person_updated", edition_id=delegate.edition_id, obj=delegate,
                     fields=changed)  # fmt: skip


def _refuse_gone(delegate: Delegate) -> None:
    if delegate.status in registrations.GONE:
        raise DomainError("registration_over")


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
    structure: Structure, offer: OfferInput,
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
    if structures.version(home, part) != version:
        raise DomainError("changed_meanwhile")
    values = structure_values(structure)
    refuse_taken_name(session, home, str(values["name_key"]), field="organisation")
    changed = set_values(home, values) + set_terms(home, structure.terms)
    changed += set_values(part, {"offers": offer.offers, "needs": offer.needs})
    sectors = dict(zip(_OF_EDITION, (offer.offered, offer.needed), strict=True))
    changed += set_terms(part, sectors)
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
