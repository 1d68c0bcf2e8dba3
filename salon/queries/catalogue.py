"""Whom an attendee may meet: the structures of an edition, and one structure's sheet.

Exclusions are never read here: an excluded structure looks like any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, cast, func, select
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
    ParticipationTerm,
)
from salon.queries import structures
from salon.queries.wish_list import meetable, types_met
from salon.structures import Terms

_LISTED = (TermKind.SECTOR, TermKind.NETWORK, TermKind.LABEL)
_KINDS = {kind.value: kind for kind in TermKind}


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A participant type."""

    id: int
    letter: str
    name: Mapping[str, str]
    hue: str


@dataclass(frozen=True, slots=True)
class Firm:
    """A structure as the catalogue lists one; `types` are those of its delegates that the reader may meet."""

    id: int
    name: str
    name_key: str
    kind: str
    department: str
    town: str
    pitch: str
    offers: str
    needs: str
    types: tuple[int, ...]
    terms: Terms


@dataclass(frozen=True, slots=True)
class Directory:
    """Every structure that the reader may meet, and what the reader's own offers and seeks."""

    firms: tuple[Firm, ...]
    types: Mapping[int, TypeRow]  # of the edition, in the organiser's order
    met: frozenset[int]  # types that the reader may meet
    offered: frozenset[str]  # sectors
    needed: frozenset[str]


def directory(session: Session, edition: Edition, me: Delegate) -> Directory:
    """The whole catalogue of one reader, in five statements whatever its length."""
    met = types_met(session, edition.id, me.type_id)
    types = _types(session, edition.id)
    there = _there(session, edition, me, met, types)
    terms = _terms(session, edition.id)
    own = terms.get(me.organisation_id, {})
    return Directory(
        firms=_firms(session, edition.id, there, terms),
        types=types,
        met=met,
        offered=frozenset(own.get(TermKind.OFFERED_SECTOR) or own.get(TermKind.SECTOR, ())),
        needed=frozenset(own.get(TermKind.NEEDED_SECTOR, ())),
    )


def _types(session: Session, edition_id: int) -> dict[int, TypeRow]:
    query = select(ParticipantType.id, ParticipantType.code, ParticipantType.name, ParticipantType.hue)
    rows = session.execute(
        query.where(ParticipantType.edition_id == edition_id).order_by(
            ParticipantType.position, ParticipantType.id
        )
    )
    return {row[0]: TypeRow(*row) for row in rows}


def _there(
    session: Session, edition: Edition, me: Delegate, met: Collection[int], types: Mapping[int, TypeRow]
) -> dict[int, tuple[int, ...]]:
    """The types of the people to meet, by structure, in the organiser's order."""
    query = (
        select(Delegate.organisation_id, Delegate.type_id)
        .where(*meetable(edition.id, me.organisation_id, met))
        .distinct()
    )
    found: dict[int, set[int]] = defaultdict(set)
    for organisation, type_id in session.execute(query).all():
        found[organisation].add(type_id)
    return {key: tuple(one for one in types if one in here) for key, here in found.items()}


def _terms(session: Session, edition_id: int) -> dict[int, dict[TermKind, tuple[str, ...]]]:
    """Sectors, networks and labels of each structure, with the sectors it offers and needs here; a row for each."""
    own = (
        select(OrganisationTerm.organisation_id.label("home"), _word(OrganisationTerm).label("word"))
        .join(Participation, Participation.organisation_id == OrganisationTerm.organisation_id)
        .where(Participation.edition_id == edition_id, OrganisationTerm.kind.in_(_LISTED))
    )
    here = (
        select(Participation.organisation_id, _word(ParticipationTerm))
        .join(Participation, Participation.id == ParticipationTerm.participation_id)
        .where(Participation.edition_id == edition_id)
    )
    words = own.union_all(here).subquery()
    query = select(words.c.home, func.aggregate_strings(words.c.word, "\n")).group_by(words.c.home)
    return {home: _read_terms(text) for home, text in session.execute(query).all()}


def _word(table: type[OrganisationTerm] | type[ParticipationTerm]) -> Any:
    """`sector:linge`; a code holds no line end."""
    return cast(table.kind, String) + ":" + table.code


def _read_terms(text: str) -> dict[TermKind, tuple[str, ...]]:
    found: dict[TermKind, list[str]] = {}
    for word in sorted(text.split("\n")):
        kind, code = word.split(":", 1)
        found.setdefault(_KINDS[kind], []).append(code)
    return {kind: tuple(codes) for kind, codes in found.items()}


def _firms(
    session: Session,
    edition_id: int,
    there: Mapping[int, tuple[int, ...]],
    terms: Mapping[int, Terms],
) -> tuple[Firm, ...]:
    query = (
        select(
            Organisation.id, Organisation.name, Organisation.name_key, Organisation.kind,
            Organisation.department, Organisation.town, Organisation.pitch, Participation.offers,
            Participation.needs,
        )
        .join(Participation, Participation.organisation_id == Organisation.id)
        .where(Participation.edition_id == edition_id)
        .order_by(Organisation.name_key, Organisation.id)
    )  # fmt: skip
    return tuple(
        Firm(*row, types=there[row[0]], terms=terms.get(row[0], {}))
        for row in session.execute(query).all()
        if row[0] in there
    )


# One structure ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Face:
    """A delegate on a sheet; address and phone only of those who agreed to show them."""

    id: int
    name: str
    job_title: str
    type_id: int
    languages: tuple[str, ...]
    email: str
    phone: str
    meetable: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A structure's page; `people` are its approved delegates."""

    id: int
    name: str
    kind: str
    legal_form: str
    department: str
    town: str
    size: str
    website: str
    pitch: str
    offers: str
    needs: str
    terms: Terms
    types: Mapping[int, TypeRow]
    people: tuple[Face, ...]

    @property
    def can_meet(self) -> bool:
        return any(person.meetable for person in self.people)


def sheet(session: Session, edition: Edition, me: Delegate, organisation: Organisation) -> Sheet | None:
    """A structure's page in five statements; None when nobody of it is registered here."""
    met = types_met(session, edition.id, me.type_id)
    if organisation.id == me.organisation_id:
        met = frozenset()
    people = tuple(_face(row, met) for row in session.execute(_faces(edition.id, organisation.id)))
    if not people:
        return None
    here = (Participation.edition_id == edition.id, Participation.organisation_id == organisation.id)
    part = session.execute(
        select(Participation.id, Participation.offers, Participation.needs).where(*here)
    ).one()
    return Sheet(
        id=organisation.id,
        name=organisation.name,
        kind=organisation.kind,
        legal_form=organisation.legal_form,
        department=organisation.department,
        town=organisation.town,
        size=organisation.size,
        website=organisation.website,
        pitch=organisation.pitch,
        offers=part[1],
        needs=part[2],
        terms=structures.terms(session, organisation.id, part[0]),
        types=_types(session, edition.id),
        people=people,
    )


def _faces(edition_id: int, organisation_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Delegate.id, Delegate.first_name, Delegate.last_name, Delegate.job_title, Delegate.type_id,
            Delegate.languages, Delegate.shows_contact, Account.email, Delegate.phone,
        )
        .join(Account, Account.id == Delegate.account_id)
        .where(
            Delegate.edition_id == edition_id,
            Delegate.organisation_id == organisation_id,
            Delegate.status == DelegateStatus.APPROVED,
        )
        .order_by(Delegate.is_lead.desc(), Delegate.last_name, Delegate.first_name, Delegate.id)
    )  # fmt: skip


def _face(row: Any, met: Collection[int]) -> Face:
    number, first, last, job, type_id, languages, shows, email, phone = row
    return Face(
        id=number,
        name=f"{first} {last}".strip(),
        job_title=job,
        type_id=type_id,
        languages=tuple(languages or ()),
        email=email if shows else "",
        phone=phone if shows else "",
        meetable=type_id in met,
    )
