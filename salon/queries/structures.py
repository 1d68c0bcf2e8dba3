"""The sheet of a structure in one edition, and its people there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, TermKind
from salon.models import Delegate, Organisation, OrganisationTerm, Participation, ParticipationTerm
from salon.structures import StructureSheet, Terms


def sheet(session: Session, edition_id: int, home: Organisation) -> StructureSheet:
    """The sheet as it is stored, in two statements."""
    here = (Participation.edition_id == edition_id, Participation.organisation_id == home.id)
    part = session.scalar(select(Participation).where(*here))
    return StructureSheet(
        name=home.name,
        kind=home.kind,
        legal_form=home.legal_form,
        siret=home.siret or "",
        department=home.department,
        town=home.town,
        size=home.size,
        website=home.website,
        pitch=home.pitch,
        terms=terms(session, home.id, part.id if part else 0),
        offers=part.offers if part else "",
        needs=part.needs if part else "",
        version=version(home, part),
    )


def version(home: Organisation, part: Participation | None) -> str:
    """What a page was made from: compared before it is saved."""
    return f"{home.version}.{part.version if part else 0}"


def terms(session: Session, organisation_id: int, participation_id: int) -> Terms:
    """The codes of each kind in order, the structure's own and those of its participation."""
    own = select(OrganisationTerm.kind, OrganisationTerm.code).where(
        OrganisationTerm.organisation_id == organisation_id
    )
    here = select(ParticipationTerm.kind, ParticipationTerm.code).where(
        ParticipationTerm.participation_id == participation_id
    )
    found: dict[TermKind, list[str]] = defaultdict(list)
    for kind, code in session.execute(own.union_all(here)):
        found[TermKind(kind)].append(code)
    return {kind: tuple(sorted(codes)) for kind, codes in found.items()}


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the same structure, in the same edition."""

    id: int
    name: str
    job_title: str
    status: DelegateStatus
    is_lead: bool


def colleagues(session: Session, delegate: Delegate) -> tuple[Colleague, ...]:
    """The other people of the same structure here."""
    query = (
        select(Delegate)
        .where(
            Delegate.edition_id == delegate.edition_id,
            Delegate.organisation_id == delegate.organisation_id,
            Delegate.id != delegate.id,
        )
        .order_by(Delegate.last_name, Delegate.id)
    )
    return tuple(
        Colleague(row.id, row.full_name, row.job_title, row.status, row.is_lead)
        for row in session.scalars(query)
    )
