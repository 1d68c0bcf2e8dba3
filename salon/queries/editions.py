"""Editions as lists and as facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.models import Edition


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition in a list."""

    id: int
    slug: str
    name: str
    subtitle: str
    place: str
    first_day: date
    last_day: date
    is_public: bool
    logo_version: int
    timezone: str


_LINE = (
    Edition.id,
    Edition.slug,
    Edition.name,
    Edition.subtitle,
    Edition.place,
    Edition.first_day,
    Edition.last_day,
    Edition.is_public,
    Edition.logo_version,
    Edition.timezone,
)


def public_list(session: Session) -> tuple[EditionLine, ...]:
    """Public editions, the latest first."""
    return _lines(session, select(*_LINE).where(Edition.is_public))


def managed(session: Session, actor: Actor) -> tuple[EditionLine, ...]:
    """Editions that the actor has a role in (an administrator: all), the latest first."""
    query = select(*_LINE)
    return _lines(session, query if actor.is_admin else query.where(Edition.id.in_(actor.roles)))


def _lines(session: Session, query: Select[*tuple[Any, ...]]) -> tuple[EditionLine, ...]:
    ordered = query.order_by(Edition.first_day.desc(), Edition.id)
    return tuple(EditionLine(*tuple(row)) for row in session.execute(ordered))
