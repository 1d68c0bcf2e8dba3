"""What anybody may read of an edition: its programme, its open types and their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from salon.models import Edition
from salon.queries import settings
from salon.queries.settings import TypeLine

FEW_LEFT = 10  # below this the number of places left is worth saying


@dataclass(frozen=True, slots=True)
class Moment:
    """A session of meetings or an item of the programme; `title` is empty for meetings."""

    starts_at: datetime
    ends_at: datetime
    title: Mapping[str, str]
    place: str
    is_meetings: bool


@dataclass(frozen=True, slots=True)
class OpenType:
    """A type that people may register as, and how full it is: open, few, waiting, full or closed."""

    code: str
    name: Mapping[str, str]
    hue: str
    state: str
    left: int | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Showcase:
    """The public page's rows; `days` pairs each day with its moments in order."""

    days: tuple[tuple[date, tuple[Moment, ...]], ...]
    types: tuple[OpenType, ...]


def showcase(session: Session, edition: Edition, now: datetime) -> Showcase:
    """The edition as the public sees it, in four statements."""
    sessions, items = settings.sessions(session, edition), settings.items(session, edition)
    by_day: dict[date, list[Moment]] = {}
    for one in sessions:
        label = {"fr": one.label} if one.label else {}
        by_day.setdefault(one.day, []).append(Moment(one.opens_at, one.closes_at, label, "", True))
    for item in items:
        day = settings.day_of(item.starts_at, edition)
        by_day.setdefault(day, []).append(Moment(item.starts_at, item.ends_at, item.title, item.place, False))
    days = tuple((day, tuple(sorted(by_day[day], key=_order))) for day in sorted(by_day))
    types = tuple(_open(line, now) for line in settings.types(session, edition) if line.is_open)
    return Showcase(days, types)


def _order(moment: Moment) -> tuple[datetime, datetime]:
    return moment.starts_at, moment.ends_at


def _open(line: TypeLine, now: datetime) -> OpenType:
    return OpenType(line.code, line.name, line.hue, _state(line, now), line.left, line.closes_at)


def _state(line: TypeLine, now: datetime) -> str:
    if line.closes_at is not None and now >= line.closes_at:
        return "closed"
    if line.left is None or line.left > FEW_LEFT:
        return "open"
    if line.left > 0:
        return "few"
    return "waiting" if line.has_waiting_list else "full"
