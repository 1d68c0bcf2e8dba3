"""What an import is compared with: the people, organisations and types that the edition already has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, TermKind
from salon.models import (
    Account,
    Delegate,
    Edition,
    Organisation,
    OrganisationTerm,
    ParticipantType,
    Participation,
)

_CHUNK = 1000  # addresses asked for in one statement
PERSON_COLUMNS = (
    "first_name", "last_name", "job_title", "phone", "locale", "languages", "step_free", "interpreter",
    "max_meetings", "type_id",
)  # fmt: skip
ORGANISATION_COLUMNS = ("kind", "legal_form", "siret", "department", "town", "size", "website", "pitch")
PARTICIPATION_COLUMNS = ("offers", "needs")
TERM_KINDS: Mapping[str, TermKind] = {
    "sectors": TermKind.SECTOR,
    "networks": TermKind.NETWORK,
    "labels": TermKind.LABEL,
    "prestas": TermKind.PRESTA,
}


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody registered in this edition; `values` are keyed like `PERSON_COLUMNS`."""

    id: int
    version: int
    status: DelegateStatus
    organisation_key: str
    organisation_name: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class KnownOrganisation:
    """A structure of the fair; `participation` is its id and version in this edition, if it takes part."""

    id: int
    version: int
    name: str
    values: dict[str, Any]
    terms: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    participation: tuple[int, int] | None = None
    offer: dict[str, str] = field(default_factory=dict)
    type_ids: set[int] = field(default_factory=set)
    has_lead: bool = False


@dataclass(frozen=True, slots=True)
class KnownType:
    """A participant type by id, letter and names."""

    id: int
    code: str
    names: tuple[str, ...]
    capacity: int | None


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that a file is compared with."""

    types: tuple[KnownType, ...]
    people: Mapping[str, KnownPerson]  # by address key
    accounts: Mapping[str, int]  # by address key
    organisations: Mapping[str, KnownOrganisation]  # by name key


def load(session: Session, edition: Edition, email_keys: Sequence[str]) -> Context:
    """The context of a file whose lines hold these addresses."""
    organisations = _organisations(session, edition)
    people = _people(session, edition, organisations)
    return Context(_types(session, edition), people, _accounts(session, email_keys), organisations)


def types(session: Session, edition: Edition) -> tuple[KnownType, ...]:
    """The participant types of the edition in their order."""
    return _types(session, edition)


def _types(session: Session, edition: Edition) -> tuple[KnownType, ...]:
    query = (
        select(ParticipantType)
        .where(ParticipantType.edition_id == edition.id)
        .order_by(ParticipantType.position)
    )
    return tuple(
        KnownType(row.id, row.code, tuple(map(str, row.name.values())), row.capacity)
        for row in session.scalars(query)
    )


def _accounts(session: Session, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(keys), _CHUNK):
        query = select(Account.email_key, Account.id).where(
            Account.email_key.in_(keys[start : start + _CHUNK])
        )
        found.update((key, account_id) for key, account_id in session.execute(query))
    return found


def _organisations(session: Session, edition: Edition) -> dict[str, KnownOrganisation]:
    columns = [getattr(Organisation, name) for name in ORGANISATION_COLUMNS]
    head = (Organisation.name_key, Organisation.id, Organisation.version, Organisation.name)
    rows = session.execute(select(*head, *columns).where(Organisation.fair_id == edition.fair_id))
    found = {
        row[0]: KnownOrganisation(
            row[1], row[2], row[3], dict(zip(ORGANISATION_COLUMNS, row[4:], strict=True))
        )
        for row in rows
    }
    by_id = {row.id: row for row in found.values()}
    _add_terms(session, edition, by_id)
    _add_participations(session, edition, by_id)
    return found


def _add_terms(session: Session, edition: Edition, by_id: Mapping[int, KnownOrganisation]) -> None:
    names = {kind: name for name, kind in TERM_KINDS.items()}
    query = (
        select(OrganisationTerm.organisation_id, OrganisationTerm.kind, OrganisationTerm.code)
        .join(Organisation, Organisation.id == OrganisationTerm.organisation_id)
        .where(Organisation.fair_id == edition.fair_id, OrganisationTerm.kind.in_(names))
    )
    for organisation_id, kind, code in session.execute(query):
        by_id[organisation_id].terms[names[kind]].add(code)


def _add_participations(session: Session, edition: Edition, by_id: Mapping[int, KnownOrganisation]) -> None:
    query = select(Participation).where(Participation.edition_id == edition.id)
    for row in session.scalars(query):
        known = by_id[row.organisation_id]
        known.participation = (row.id, row.version)
        known.offer = {"offers": row.offers, "needs": row.needs}


def _people(
    session: Session, edition: Edition, organisations: Mapping[str, KnownOrganisation]
) -> dict[str, KnownPerson]:
    key_of = {row.id: key for key, row in organisations.items()}
    people = {}
    for email_key, row in _delegates(session, edition):
        host = organisations[key_of[row.organisation_id]]
        host.type_ids.add(row.type_id)
        host.has_lead |= row.is_lead
        values = {name: getattr(row, name) for name in PERSON_COLUMNS}
        people[email_key] = KnownPerson(
            row.id, row.version, row.status, key_of[row.organisation_id], host.name, values
        )
    return people


def _delegates(session: Session, edition: Edition) -> Iterator[tuple[str, Any]]:
    columns = [getattr(Delegate, name) for name in PERSON_COLUMNS]
    query = (
        select(
            Account.email_key, Delegate.id, Delegate.version, Delegate.status, Delegate.organisation_id,
            Delegate.is_lead, *columns,
        )
        .join(Account, Account.id == Delegate.account_id)
        .where(Delegate.edition_id == edition.id)
    )  # fmt: skip
    for row in session.execute(query):
        yield row.email_key, row
