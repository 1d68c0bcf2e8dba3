"""What anybody may read of an edition: its programme, its open types and their places, where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon import phases
from salon.enums import Phase
from salon.models import Edition, Release
from salon.queries import settings
from salon.queries.settings import SessionLine, TypeLine

FEW_LEFT = 10  # from here down the number of places left is worth saying


@dataclass(frozen=True, slots=True)
class Moment:
    """A session of meetings or an item of the programme; a session's `title` may be empty."""

    starts_at: datetime
    ends_at: datetime
    title: Mapping[str, str]
    place: str
    slot_min: int | None = None  # minutes of each meeting, of a session only
    num_slots: int = 0

    @property
    def is_meetings(self) -> bool:
        return self.slot_min is not None


@dataclass(frozen=True, slots=True)
class OpenType:
    """A type that people may register as; `state` is coming, open, few, waiting, full or closed."""

    code: str
    name: Mapping[str, str]
    hue: str
    state: str
    left: int | None
    closes_at: datetime | None

    @property
    def takes_people(self) -> bool:
        return self.state in {"open", "few", "waiting"}


@dataclass(frozen=True, slots=True)
class Sibling:
    """The next public edition of the same fair."""

    slug: str
    name: str
    place: str
    first_day: date


@dataclass(frozen=True, slots=True)
class Showcase:
    """The public page's rows; `days` pairs each day with its moments in order."""

    days: tuple[tuple[date, tuple[Moment, ...]], ...]
    types: tuple[OpenType, ...]
    published_at: datetime | None  # of the latest plan
    next: Sibling | None

    @property
    def takes_people(self) -> bool:
        return any(one.takes_people for one in self.types)


def showcase(session: Session, edition: Edition, now: datetime) -> Showcase:
    """The edition as the public sees it, in six statements."""
    by_day: dict[date, list[Moment]] = {}
    for one in settings.sessions(session, edition):
        by_day.setdefault(one.day, []).append(_meetings(one))
    for item in settings.items(session, edition):
        day = settings.day_of(item.starts_at, edition)
        by_day.setdefault(day, []).append(Moment(item.starts_at, item.ends_at, item.title, item.place))
    days = tuple((day, tuple(sorted(by_day[day], key=_order))) for day in sorted(by_day))
    state = phases.registration(edition, now)
    types = (_open(line, state, now) for line in settings.types(session, edition) if line.is_open)
    return Showcase(days, tuple(types), _published(session, edition), _next(session, edition))


def is_over(edition: Edition, now: datetime) -> bool:
    """Whether the edition's last day has passed, on its own calendar."""
    return now.astimezone(ZoneInfo(edition.timezone)).date() > edition.last_day


def _meetings(line: SessionLine) -> Moment:
    title = {"fr": line.label} if line.label else {}
    return Moment(line.opens_at, line.closes_at, title, "", line.slot_min, len(line.slots))


def _order(moment: Moment) -> tuple[datetime, datetime]:
    return moment.starts_at, moment.ends_at


def _open(line: TypeLine, registration: Phase, now: datetime) -> OpenType:
    state = _state(line, registration, now)
    return OpenType(line.code, line.name, line.hue, state, line.left, line.closes_at)


def _state(line: TypeLine, registration: Phase, now: datetime) -> str:
    if registration in (Phase.UNPLANNED, Phase.COMING):
        return "coming"
    if registration is Phase.CLOSED or (line.closes_at is not None and now >= line.closes_at):
        return "closed"
    if line.left is None or line.left > FEW_LEFT:
        return "open"
    if line.left > 0:
        return "few"
    return "waiting" if line.has_waiting_list else "full"


def _published(session: Session, edition: Edition) -> datetime | None:
    return session.scalar(select(func.max(Release.created_at)).where(Release.edition_id == edition.id))


def _next(session: Session, edition: Edition) -> Sibling | None:
    query = (
        select(Edition.slug, Edition.name, Edition.place, Edition.first_day)
        .where(Edition.fair_id == edition.fair_id, Edition.is_public, Edition.first_day > edition.last_day)
        .order_by(Edition.first_day, Edition.id)
        .limit(1)
    )
    row = session.execute(query).first()
    return Sibling(*row) if row else None
