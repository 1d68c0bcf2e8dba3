"""The room: tables by range, one by one or many at once, and the stands of organisations."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.errors import DomainError, Invalid
from salon.models import Draft, Edition, Participation, Placement, Table
from salon.services import audit, programme, stamps

MAX_AT_ONCE = 500
MAX_TABLES = 2000
LABEL_LENGTH = 12
_RANGE = re.compile(r"(?P<prefix>.*?)(?P<first>\d+)\s*(?:à|a|to|-|–|—|\.\.+|…)\s*(?P<again>.*?)(?P<last>\d+)")


@dataclass(frozen=True, slots=True)
class TableInput:
    """What can be said of one table; `organisation_id` makes it that one's stand."""

    label: str
    zone: str = ""
    places: int = 4
    step_free: bool = True
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """What became of a deletion: how many went, and the labels kept with the reason's figure."""

    removed: int
    kept: tuple[tuple[str, int], ...]  # label, meetings of the current draft


def read_labels(text: str) -> tuple[str, ...]:
    """`T01 à T55` as its 55 labels, `A1, A2` as two, `Accueil` as one; raises `Invalid` with the reason."""
    labels: list[str] = []
    for part in (piece.strip() for piece in text.split(",")):
        if part:
            labels.extend(_read_part(part))
    if not labels:
        raise Invalid("range_unreadable", field="labels", text=text)
    if len(labels) > MAX_AT_ONCE:
        raise Invalid("too_many_tables", field="labels", limit=MAX_AT_ONCE)
    if long := [label for label in labels if len(label) > LABEL_LENGTH]:
        raise Invalid("label_too_long", field="labels", label=long[0], limit=LABEL_LENGTH)
    if len(set(labels)) < len(labels):
        raise Invalid("labels_repeated", field="labels")
    return tuple(labels)


def _read_part(part: str) -> list[str]:
    found = _RANGE.fullmatch(part)
    if found is None:
        return [part]
    prefix, again = found["prefix"], found["again"].strip()
    first, last = int(found["first"]), int(found["last"])
    if (again and again != prefix.strip()) or last < first:
        raise Invalid("range_unreadable", field="labels", text=part)
    if last - first >= MAX_AT_ONCE:
        raise Invalid("too_many_tables", field="labels", limit=MAX_AT_ONCE)
    width = len(found["first"])
    return [f"{prefix}{number:0{width}d}" for number in range(first, last + 1)]


def add_tables(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, labels: str, values: TableInput
) -> int:
    """One table for each label of the range; returns how many. Raises `Invalid` naming what clashes."""
    wanted = read_labels(labels)
    _check_values(values)
    have = set(session.scalars(select(Table.label).where(Table.edition_id == edition.id)))
    if clash := [label for label in wanted if label in have]:
        raise Invalid("tables_exist", field="labels", labels=clash)
    if len(have) + len(wanted) > MAX_TABLES:
        raise Invalid("too_many_tables", field="labels", limit=MAX_TABLES)
    position = session.scalar(select(func.max(Table.position)).where(Table.edition_id == edition.id)) or 0
    for number, label in enumerate(wanted, position + 1):
        session.add(
            Table(
                edition_id=edition.id,
                label=label,
                position=number,
                zone=values.zone,
                places=values.places,
                step_free=values.step_free,
            )
        )
    session.flush()
    audit.record(session, actor, now, "tables_added", edition_id=edition.id, count=len(wanted))
    return len(wanted)


def save_table(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    table: Table,
    values: TableInput,
    seen: str | None = None,
) -> None:
    """One table as typed; raises `Invalid` for a label in use or a stranger's stand.

    `seen` is the stamp of the table that was shown; raises `changed_meanwhile` for another one.
    """
    stamps.check(session, table, seen)
    _check_values(values)
    if not values.label or len(values.label) > LABEL_LENGTH:
        raise Invalid("label_too_long", field="label", label=values.label, limit=LABEL_LENGTH)
    same = select(Table.id).where(
        Table.edition_id == edition.id, Table.label == values.label, Table.id != table.id
    )
    if session.scalar(same) is not None:
        raise Invalid("tables_exist", field="label", labels=[values.label])
    _check_stand(session, edition, values.organisation_id)
    table.label, table.zone, table.places = values.label, values.zone, values.places
    table.step_free, table.organisation_id = values.step_free, values.organisation_id
    session.flush()
    audit.record(session, actor, now, "table_changed", edition_id=edition.id, obj=table)


def _check_values(values: TableInput) -> None:
    if not 2 <= values.places <= 20:
        raise Invalid("places_between", field="places")


def _check_stand(session: Session, edition: Edition, organisation_id: int | None) -> None:
    if organisation_id is None:
        return
    takes_part = select(Participation.id).where(
        Participation.edition_id == edition.id, Participation.organisation_id == organisation_id
    )
    if session.scalar(takes_part) is None:
        raise Invalid("organisation_not_here", field="organisation")


def change_tables(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    ids: Collection[int],
    zone: str | None = None,
    places: int | None = None,
    step_free: bool | None = None,
) -> int:
    """The chosen tables take the values that are not None; returns how many."""
    tables = chosen(session, edition, ids)
    if places is not None:
        _check_values(TableInput("", places=places))
    for table in tables:
        table.zone = table.zone if zone is None else zone
        table.places = table.places if places is None else places
        table.step_free = table.step_free if step_free is None else step_free
    session.flush()
    audit.record(session, actor, now, "tables_changed", edition_id=edition.id, count=len(tables))
    return len(tables)


def chosen(session: Session, edition: Edition, ids: Collection[int]) -> Sequence[Table]:
    """The tables of this edition among those ids, in the room's order; raises when there is none."""
    query = select(Table).where(Table.edition_id == edition.id, Table.id.in_(ids))
    tables = session.scalars(query.order_by(Table.position)).all()
    if not tables:
        raise DomainError("nothing_chosen")
    return tables


def meetings_at(session: Session, edition: Edition, ids: Collection[int]) -> dict[int, int]:
    """Meetings of the current draft by table, only for tables that hold some."""
    query = (
        select(Placement.table_id, func.count())
        .join(Draft, Draft.id == Placement.draft_id)
        .where(Draft.edition_id == edition.id, Draft.is_current, Placement.table_id.in_(ids))
        .group_by(Placement.table_id)
    )
    return dict(session.execute(query).all())


def delete_tables(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, ids: Collection[int]
) -> Removal:
    """The chosen tables are gone but for those that the current draft uses; older drafts lose theirs."""
    programme.refuse_during_run(session, edition)
    tables = chosen(session, edition, ids)
    used = meetings_at(session, edition, [table.id for table in tables])
    free = [table for table in tables if table.id not in used]
    programme.drop_placements(session, now, Placement.table_id.in_([table.id for table in free]))
    for table in free:
        session.delete(table)
    session.flush()
    kept = tuple((table.label, used[table.id]) for table in tables if table.id in used)
    if free:
        audit.record(session, actor, now, "tables_deleted", edition_id=edition.id, count=len(free))
    return Removal(len(free), kept)
