"""A new edition that starts where a past one ended: its settings, and nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.clockwork import cut, shifted
from salon.models import (
    Asset,
    Base,
    Edition,
    MeetingSession,
    ParticipantType,
    ProgrammeItem,
    Question,
    Slot,
    Table,
    TypeRule,
)
from salon.services import audit, editions, programme

_SETTINGS = (
    "subtitle", "place", "address", "timezone", "languages", "contact_email", "contact_phone", "accent",
    "logo_version", "max_wishes", "retention_months",
)  # fmt: skip
_DATES = (
    "registration_opens_at", "registration_closes_at", "wishes_open_at", "wishes_close_at", "publication_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CopyInput:
    """What the new edition is called and when it begins; it lasts as long as its source."""

    name: str
    first_day: date


def duplicate(
    session: Session, actor: Actor, now: datetime, *, source: Edition, values: CopyInput
) -> Edition:
    """A new edition of the same fair with settings, sessions, tables, types, rules, questions and texts.

    Dates move by as many days as the first day does, on the same wall clock; no person, stand or plan
    comes along, and the page stays hidden. Raises `Invalid` for days out of reach.
    """
    days = (values.first_day - source.first_day).days
    last_day = source.last_day + timedelta(days=days)
    editions.check_days(values.first_day, last_day, now)
    copy = Edition(
        fair_id=source.fair_id,
        slug=editions.free_slug(session, values.name),
        name=values.name,
        first_day=values.first_day,
        last_day=last_day,
        texts=dict(source.texts),
        set_up_step=1,
        created_at=now,
        **{name: getattr(source, name) for name in _SETTINGS},
        **{name: _moved(getattr(source, name), days, source.timezone) for name in _DATES},
    )
    session.add(copy)
    session.flush()
    _copy_parts(session, now, source, copy, days)
    editions.own(session, actor, now, copy)
    audit.record(session, actor, now, "edition_duplicated", edition_id=copy.id, obj=copy, source=source.id)
    return copy


def _moved(moment: datetime | None, days: int, zone: str) -> datetime | None:
    return None if moment is None else shifted(moment, days, zone, zone)


def _copy_parts(session: Session, now: datetime, source: Edition, copy: Edition, days: int) -> None:
    _copy_sessions(session, source, copy, days)
    for item in _rows(session, ProgrammeItem, source):
        start, end = (
            shifted(moment, days, source.timezone, copy.timezone) for moment in (item.starts_at, item.ends_at)
        )
        _add(session, item, edition_id=copy.id, starts_at=start, ends_at=end)
    for table in _rows(session, Table, source):
        _add(session, table, edition_id=copy.id, organisation_id=None)
    for question in _rows(session, Question, source):
        if question.archived_at is None:
            _add(session, question, edition_id=copy.id)
    for asset in _rows(session, Asset, source):
        _add(session, asset, edition_id=copy.id, created_at=now)
    _copy_types(session, source, copy, days)
    session.flush()


def _copy_sessions(session: Session, source: Edition, copy: Edition, days: int) -> None:
    """Slots are cut anew: the new day may be one on which the clocks change."""
    for row in _rows(session, MeetingSession, source):
        twin = _add(session, row, edition_id=copy.id, day=row.day + timedelta(days=days))
        session.flush()
        for start, end in cut(programme.stretch_of(twin), copy.timezone):
            session.add(Slot(edition_id=copy.id, session_id=twin.id, starts_at=start, ends_at=end))


def _copy_types(session: Session, source: Edition, copy: Edition, days: int) -> None:
    twins = {}
    for row in _rows(session, ParticipantType, source):
        closes = _moved(row.closes_at, days, source.timezone)
        twins[row.id] = _add(session, row, edition_id=copy.id, closes_at=closes)
    session.flush()
    for rule in session.scalars(select(TypeRule).where(TypeRule.edition_id == source.id)):
        first, second = sorted((twins[rule.first_id].id, twins[rule.second_id].id))
        session.add(TypeRule(edition_id=copy.id, first_id=first, second_id=second))


def _rows(session: Session, table: Any, source: Edition) -> list[Any]:
    return list(session.scalars(select(table).where(table.edition_id == source.id).order_by(table.id)))


def _add(session: Session, row: Base, **changes: Any) -> Any:
    """A twin of the row with some columns changed; its id is its own."""
    columns = {c.key: getattr(row, c.key) for c in row.__table__.columns if c.key != "id"}
    twin = type(row)(**{**columns, **changes})
    session.add(twin)
    return twin
