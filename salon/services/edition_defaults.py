"""What a new edition starts with, so that a fair can be run without touching every setting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from salon.clockwork import Stretch, cut, to_utc
from salon.models import Edition, MeetingSession, ParticipantType, Slot, Table, TypeRule

LANGUAGES = ("fr", "en")  # that pages and mails exist in; `i18n.LOCALES` is the same list
TABLES = 20
HALF_DAYS = ((time(9, 0), time(12, 20)), (time(14, 0), time(17, 20)))
_EVENING, _MORNING = time(18, 0), time(9, 0)


@dataclass(frozen=True, slots=True)
class DefaultType:
    """A type of the shipped set; `meets` are the letters it may meet."""

    code: str
    fr: str
    en: str
    is_open: bool = True
    min_meetings: int = 0
    meets: str = ""


TYPES = (
    DefaultType("A", "Acheteur", "Buyer", min_meetings=4, meets="E"),
    DefaultType("E", "Exposant", "Exhibitor", min_meetings=4),
    DefaultType("P", "Partenaire", "Partner"),
    DefaultType("V", "Visiteur", "Visitor"),
    DefaultType("O", "Organisation", "Staff", is_open=False),
)


def fill(session: Session, now: datetime, edition: Edition) -> None:
    """Types, the rule buyer × exhibitor, two sessions of 20 + 5 minutes on each day, tables, dates."""
    _types(session, edition)
    _sessions(session, edition)
    for number in range(1, TABLES + 1):
        session.add(Table(edition_id=edition.id, label=f"T{number:02d}", position=number))
    plan_phases(edition, now)
    session.flush()


def _types(session: Session, edition: Edition) -> None:
    rows = {}
    for position, one in enumerate(TYPES, 1):
        rows[one.code] = ParticipantType(
            edition_id=edition.id,
            code=one.code,
            name={"fr": one.fr, "en": one.en},
            hue=one.code,
            position=position,
            is_open=one.is_open,
            min_meetings=one.min_meetings,
        )
    session.add_all(rows.values())
    session.flush()
    for one in TYPES:
        for other in one.meets:
            first, second = sorted((rows[one.code].id, rows[other].id))
            session.add(TypeRule(edition_id=edition.id, first_id=first, second_id=second))


def _sessions(session: Session, edition: Edition) -> None:
    """At most three days are cut by default; a longer fair rarely meets every day."""
    for n in range(min(3, (edition.last_day - edition.first_day).days + 1)):
        for starts, ends in HALF_DAYS:
            stretch = Stretch(edition.first_day + timedelta(days=n), starts, ends)
            row = MeetingSession(edition_id=edition.id, day=stretch.day, starts=starts, ends=ends)
            session.add(row)
            session.flush()
            for start, end in cut(stretch, edition.timezone):
                session.add(Slot(edition_id=edition.id, session_id=row.id, starts_at=start, ends_at=end))


def plan_phases(edition: Edition, now: datetime) -> None:
    """Dates counted back from the first day (wishes D-30 to D-13, publication D-7); past ones stay empty.

    Registration has no opening: the organiser opens it when the page is ready.
    """
    planned = {
        "registration_closes_at": (14, _EVENING),
        "wishes_open_at": (30, _MORNING),
        "wishes_close_at": (13, _EVENING),
        "publication_at": (7, _MORNING),
    }
    for name, (days, clock) in planned.items():
        moment = to_utc(edition.first_day - timedelta(days=days), clock, edition.timezone)
        setattr(edition, name, moment if moment > now else None)
    if edition.wishes_open_at is None:
        edition.wishes_close_at = None
