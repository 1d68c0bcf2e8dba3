"""Tables of an edition: the list, its figures, and who may have a stand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, and_, func, select
from sqlalchemy.orm import Session

from salon.keys import fold
from salon.models import Draft, Edition, Organisation, Participation, Placement, Table

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class TableLine:
    """One table; `meetings` are those of the current draft."""

    id: int
    label: str
    zone: str
    places: int
    step_free: bool
    organisation_id: int | None
    organisation: str
    meetings: int


@dataclass(frozen=True, slots=True)
class RoomFilter:
    """What the organiser asked for; empty means everything."""

    q: str = ""
    zone: str = ""
    use: str = ""  # "stand", "free" or "step_free"

    @property
    def is_set(self) -> bool:
        return bool(self.q or self.zone or self.use)


@dataclass(frozen=True, slots=True)
class RoomPage:
    """Lines of one page and the figures of the whole room."""

    lines: tuple[TableLine, ...]
    total: int
    page: int
    tables: int
    stands: int
    step_free: int
    zones: tuple[str, ...]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def page(session: Session, edition: Edition, *, number: int, wanted: RoomFilter) -> RoomPage:
    """One page of tables in the room's order; a number beyond the end gives the last page."""
    conditions = _conditions(edition, wanted)
    counted = select(func.count()).select_from(Table).outerjoin(Organisation).where(*conditions)
    total = session.scalar(counted) or 0
    number = max(1, min(number, -(-total // PER_PAGE)))
    query = _lines().where(*conditions).order_by(Table.position, Table.id)
    rows = session.execute(query.limit(PER_PAGE).offset((number - 1) * PER_PAGE))
    lines = tuple(TableLine(*row) for row in rows)
    return RoomPage(lines, total, number, *_figures(session, edition), zones(session, edition))


def lines_of(session: Session, edition: Edition, ids: Collection[int]) -> tuple[TableLine, ...]:
    """The tables of this edition among those ids, in the room's order."""
    query = _lines().where(Table.edition_id == edition.id, Table.id.in_(ids))
    rows = session.execute(query.order_by(Table.position, Table.id))
    return tuple(TableLine(*row) for row in rows)


def _lines() -> Select[Any]:
    meetings = (
        select(func.count())
        .select_from(Placement)
        .join(Draft, Draft.id == Placement.draft_id)
        .where(Placement.table_id == Table.id, Draft.is_current)
        .scalar_subquery()
    )
    return select(
        Table.id,
        Table.label,
        Table.zone,
        Table.places,
        Table.step_free,
        Table.organisation_id,
        func.coalesce(Organisation.name, ""),
        meetings,
    ).outerjoin(Organisation, Organisation.id == Table.organisation_id)


def _conditions(edition: Edition, wanted: RoomFilter) -> list[SQLColumnExpression[bool]]:
    conditions: list[SQLColumnExpression[bool]] = [Table.edition_id == edition.id]
    if wanted.q:
        by_label = Table.label.icontains(wanted.q, autoescape=True)
        conditions.append(
            by_label | Organisation.name_key.contains(fold(wanted.q) or wanted.q, autoescape=True)
        )
    if wanted.zone:
        conditions.append(Table.zone == wanted.zone)
    uses = {
        "stand": Table.organisation_id.is_not(None),
        "free": Table.organisation_id.is_(None),
        "step_free": Table.step_free,
    }
    if wanted.use in uses:
        conditions.append(uses[wanted.use])
    return conditions


def _figures(session: Session, edition: Edition) -> tuple[int, int, int]:
    here = Table.edition_id == edition.id
    query = select(
        select(func.count()).select_from(Table).where(here).scalar_subquery(),
        select(func.count())
        .select_from(Table)
        .where(here, Table.organisation_id.is_not(None))
        .scalar_subquery(),
        select(func.count()).select_from(Table).where(and_(here, Table.step_free)).scalar_subquery(),
    )
    tables, stands, step_free = session.execute(query).one()
    return tables, stands, step_free


def zones(session: Session, edition: Edition) -> tuple[str, ...]:
    """Names of the zones in use."""
    query = select(Table.zone).where(Table.edition_id == edition.id, Table.zone != "").distinct()
    return tuple(sorted(session.scalars(query), key=str.casefold))


def stand_choices(session: Session, edition: Edition) -> tuple[tuple[int, str], ...]:
    """Organisations that take part, by name: who may have a stand."""
    query = (
        select(Organisation.id, Organisation.name)
        .join(Participation, Participation.organisation_id == Organisation.id)
        .where(Participation.edition_id == edition.id)
        .order_by(Organisation.name_key, Organisation.id)
    )
    return tuple((row.id, row.name) for row in session.execute(query))
