"""One person's wish list: what is stored, and the facts that a page shows beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from salon.database import filtered
from salon.enums import DelegateStatus, WishLevel
from salon.models import Delegate, Draft, Edition, Organisation, Release, SolverRun, TypeRule, Wish

FEW_IDS = 900  # SQLite takes about a thousand values in one statement


@dataclass(frozen=True, slots=True)
class Stored:
    """A wish as its row holds it."""

    organisation: int
    level: WishLevel
    rank: int | None
    delegate: int | None
    several: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A delegate that a wish may name."""

    id: int
    name: str
    job_title: str
    is_lead: bool


@dataclass(frozen=True, slots=True)
class Target:
    """An organisation of a list; `people` are those that the reader may meet, none once all have left."""

    organisation: int
    name: str
    kind: str
    department: str
    town: str
    people: tuple[Person, ...]


def stored(session: Session, owner_id: int) -> tuple[Stored, ...]:
    """The list in its order, the refusals last."""
    query = select(Wish.organisation_id, Wish.level, Wish.rank, Wish.delegate_id, Wish.several).where(
        Wish.owner_id == owner_id
    )
    rows = [Stored(*row) for row in session.execute(query.order_by(Wish.id))]
    return tuple(sorted(rows, key=lambda row: (row.rank is None, row.rank or 0)))


def version(session: Session, owner_id: int) -> tuple[int, datetime | None]:
    """The version of the list and when it was last saved, read anew."""
    query = select(Delegate.wishes_version, Delegate.wishes_saved_at).where(Delegate.id == owner_id)
    number, saved = session.execute(query).one()
    return number, saved


def types_met(session: Session, edition_id: int, type_id: int) -> frozenset[int]:
    """The participant types that people of this type may meet."""
    query = select(TypeRule.first_id, TypeRule.second_id).where(
        TypeRule.edition_id == edition_id,
        or_(TypeRule.first_id == type_id, TypeRule.second_id == type_id),
    )
    return frozenset(second if first == type_id else first for first, second in session.execute(query))


def meetable(edition_id: int, own_organisation: int, types: Collection[int]) -> tuple[Any, ...]:
    """Conditions under which a delegate may be met by somebody of that organisation, whose types meet `types`."""
    return (
        Delegate.edition_id == edition_id,
        Delegate.status == DelegateStatus.APPROVED,
        Delegate.type_id.in_(types),
        Delegate.organisation_id != own_organisation,
    )


def _meets(type_id: int) -> Any:
    """The condition that a delegate's type may be met by that type, without a statement of its own."""
    return (
        select(TypeRule.first_id)
        .where(
            or_(
                (TypeRule.first_id == type_id) & (TypeRule.second_id == Delegate.type_id),
                (TypeRule.second_id == type_id) & (TypeRule.first_id == Delegate.type_id),
            )
        )
        .correlate(Delegate)
        .exists()
    )


def _parts(values: Collection[int]) -> list[list[int]]:
    every = sorted(values)
    return [every[start : start + FEW_IDS] for start in range(0, len(every), FEW_IDS)] or [[]]


def targets(session: Session, owner: Delegate, organisations: Collection[int]) -> Mapping[int, Target]:
    """Facts of the organisations of a list, with whom the owner may meet there; one statement for 900."""
    found: dict[int, Target] = {}
    for part in _parts(organisations):
        for row in session.execute(_targets(owner, part)):
            key, name, kind, department, town = row[:5]
            before = found[key].people if key in found else ()
            met = () if row[5] is None else (_person(row[5:]),)
            found[key] = Target(key, name, kind, department, town, (*before, *met))
    return found


def _person(row: Sequence[Any]) -> Person:
    number, first, last, job, is_lead = row
    return Person(number, f"{first} {last}".strip(), job, is_lead)


def _targets(owner: Delegate, organisations: Collection[int]) -> Select[*tuple[Any, ...]]:
    here = and_(
        Delegate.organisation_id == Organisation.id,
        filtered(Delegate.edition_id) == owner.edition_id,
        Delegate.status == DelegateStatus.APPROVED,
        Delegate.organisation_id != owner.organisation_id,
        _meets(owner.type_id),
    )
    return (
        select(
            Organisation.id, Organisation.name, Organisation.kind, Organisation.department,
            Organisation.town, Delegate.id, Delegate.first_name, Delegate.last_name, Delegate.job_title,
            Delegate.is_lead,
        )
        .outerjoin(Delegate, here)
        .where(Organisation.id.in_(organisations))
        .order_by(
            Organisation.id, Delegate.is_lead.desc(), Delegate.last_name, Delegate.first_name, Delegate.id
        )
    )  # fmt: skip


def people_of(
    session: Session, owner: Delegate, organisations: Collection[int]
) -> Mapping[int, tuple[Person, ...]]:
    """Whom the owner may meet in each of these organisations; those with nobody are left out."""
    found = targets(session, owner, organisations)
    return {key: target.people for key, target in found.items() if target.people}


# After publication ------------------------------------------------------------------------------------------


def unserved(session: Session, edition: Edition, owner_id: int) -> Mapping[int, str]:
    """Why a wish of this person has no meeting, by organisation: the run's own word, where a run said one.

    Only a release that comes from a run knows; a plan made by hand, or changed since, leaves a wish out.
    """
    latest = (
        select(Release.draft_id)
        .where(Release.edition_id == edition.id, Release.draft_id.is_not(None))
        .order_by(Release.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(SolverRun.result).join(Draft, Draft.run_id == SolverRun.id).where(Draft.id == latest)
    groups = ((session.scalar(query) or {}).get("summary") or {}).get("unserved") or {}
    return {wish[1]: reason for reason, wishes in groups.items() for wish in wishes if wish[0] == owner_id}
