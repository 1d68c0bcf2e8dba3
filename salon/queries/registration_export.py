"""Registrations with everything that an organiser's spreadsheet holds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, TermKind
from salon.models import Account, Delegate, Edition, Organisation, OrganisationTerm, ParticipantType
from salon.queries.registrations import meeting_count, wish_count


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One person; vocabulary codes, which the shell puts into words."""

    id: int
    last_name: str
    first_name: str
    email: str
    phone: str
    job_title: str
    organisation_id: int
    organisation: str
    kind: str
    legal_form: str
    siret: str | None
    department: str
    town: str
    size: str
    website: str
    pitch: str
    type_name: dict[str, str]
    status: DelegateStatus
    locale: str
    languages: list[str]
    step_free: bool
    interpreter: str
    max_meetings: int | None
    wishes: int
    meetings: int | None
    created_at: datetime


Terms = dict[int, dict[TermKind, list[str]]]


def rows(session: Session, edition: Edition) -> dict[int, ExportRow]:
    """Everybody of the edition by id."""
    query = (
        select(
            Delegate.id, Delegate.last_name, Delegate.first_name, Account.email, Delegate.phone,
            Delegate.job_title, Organisation.id, Organisation.name, Organisation.kind,
            Organisation.legal_form, Organisation.siret, Organisation.department, Organisation.town,
            Organisation.size, Organisation.website, Organisation.pitch, ParticipantType.name,
            Delegate.status, Delegate.locale, Delegate.languages, Delegate.step_free, Delegate.interpreter,
            Delegate.max_meetings, wish_count(), meeting_count(edition), Delegate.created_at,
        )
        .join(Account, Account.id == Delegate.account_id)
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .join(ParticipantType, ParticipantType.id == Delegate.type_id)
        .where(Delegate.edition_id == edition.id)
    )  # fmt: skip
    return {row[0]: ExportRow(*tuple(row)) for row in session.execute(query)}


def terms(session: Session, edition: Edition) -> Terms:
    """Sectors, networks, labels and the like of the structures that have somebody here."""
    here = select(Delegate.organisation_id).where(Delegate.edition_id == edition.id)
    query = (
        select(OrganisationTerm.organisation_id, OrganisationTerm.kind, OrganisationTerm.code)
        .where(OrganisationTerm.organisation_id.in_(here))
        .order_by(OrganisationTerm.code)
    )
    found: Terms = defaultdict(lambda: defaultdict(list))
    for organisation_id, kind, code in session.execute(query):
        found[organisation_id][kind].append(code)
    return found
