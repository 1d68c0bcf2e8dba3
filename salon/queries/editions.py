"""Editions as lists and as facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.models import Edition


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition in a list."""

    slug: str
    name: str
    subtitle: str
    place: str
    first_day: date
    last_day: date
    is_public: bool


def public_list(session: Session) -> tuple[EditionLine, ...]:
    """Public editions, the latest first."""
    query = select(Edition).where(Edition.is_public).order_by(Edition.first_day.desc(), Edition.id)
    return tuple(_line(edition) for edition in session.scalars(query))


def _line(edition: Edition) -> EditionLine:
    return EditionLine(
        edition.slug,
        edition.name,
        edition.subtitle,
        edition.place,
        edition.first_day,
        edition.last_day,
        edition.is_public,
    )
