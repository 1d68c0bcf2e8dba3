"""What the pages of the set-up wizard show: sessions, programme, types, matrix, questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.clockwork import to_utc
from salon.enums import DelegateStatus, QuestionKind
from salon.models import (
    Answer,
    Delegate,
    Edition,
    MeetingSession,
    ParticipantType,
    ProgrammeItem,
    Question,
    Slot,
    TypeRule,
)

_TAKES_A_PLACE = (DelegateStatus.PENDING, DelegateStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session; `opens_at`, `closes_at` and its slots are in UTC."""

    id: int
    day: date
    starts: time
    ends: time
    slot_min: int
    changeover_min: int
    label: str
    opens_at: datetime
    closes_at: datetime
    slots: tuple[tuple[datetime, datetime], ...]

    @property
    def every_min(self) -> int:
        return self.slot_min + self.changeover_min


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of the programme."""

    id: int
    starts_at: datetime
    ends_at: datetime
    title: Mapping[str, str]
    place: str
    on_agendas: bool


@dataclass(frozen=True, slots=True)
class TypeLine:
    """One type, the people who take a place of it, and those who wait."""

    id: int
    code: str
    name: Mapping[str, str]
    hue: str
    capacity: int | None
    has_waiting_list: bool
    closes_at: datetime | None
    approves_itself: bool
    is_open: bool
    min_meetings: int
    max_meetings: int | None
    max_per_day: int | None
    minimum_is_hard: bool
    taken: int
    waiting: int

    @property
    def left(self) -> int | None:
        """Places left; None without a limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question and how many answered it."""

    id: int
    kind: QuestionKind
    label: Mapping[str, str]
    required: bool
    archived: bool
    answers: int


def sessions(session: Session, edition: Edition) -> tuple[SessionLine, ...]:
    """Sessions by day and hour, with their slots, in two statements."""
    slots: dict[int, list[tuple[datetime, datetime]]] = {}
    times = select(Slot.session_id, Slot.starts_at, Slot.ends_at).where(Slot.edition_id == edition.id)
    for session_id, start, end in session.execute(times.order_by(Slot.starts_at)):
        slots.setdefault(session_id, []).append((start, end))
    m = MeetingSession
    query = select(m.id, m.day, m.starts, m.ends, m.slot_min, m.changeover_min, m.label)
    rows = session.execute(query.where(m.edition_id == edition.id).order_by(m.day, m.starts))
    return tuple(
        SessionLine(*row, *_bounds(edition, row.day, row.starts, row.ends), tuple(slots.get(row.id, ())))
        for row in rows
    )


def _bounds(edition: Edition, day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    return to_utc(day, starts, edition.timezone), to_utc(day, ends, edition.timezone)


def day_of(moment: datetime, edition: Edition) -> date:
    """The day of an instant on the edition's calendar."""
    return moment.astimezone(ZoneInfo(edition.timezone)).date()


def items(session: Session, edition: Edition) -> tuple[ItemLine, ...]:
    """The programme in the order of the day."""
    p = ProgrammeItem
    query = select(p.id, p.starts_at, p.ends_at, p.title, p.place, p.on_agendas)
    rows = session.execute(query.where(p.edition_id == edition.id).order_by(p.starts_at, p.id))
    return tuple(ItemLine(*row) for row in rows)


def types(session: Session, edition: Edition) -> tuple[TypeLine, ...]:
    """Types in their order with their people, in one statement."""
    t = ParticipantType
    people = select(func.count()).select_from(Delegate).where(Delegate.type_id == t.id)
    query = select(
        t.id,
        t.code,
        t.name,
        t.hue,
        t.capacity,
        t.has_waiting_list,
        t.closes_at,
        t.approves_itself,
        t.is_open,
        t.min_meetings,
        t.max_meetings,
        t.max_per_day,
        t.minimum_is_hard,
        people.where(Delegate.status.in_(_TAKES_A_PLACE)).scalar_subquery(),
        people.where(Delegate.status == DelegateStatus.WAITING).scalar_subquery(),
    )
    rows = session.execute(query.where(t.edition_id == edition.id).order_by(t.position, t.id))
    return tuple(TypeLine(*row) for row in rows)


def pairs(session: Session, edition: Edition) -> frozenset[tuple[int, int]]:
    """Pairs of types that may meet, the lower id first."""
    query = select(TypeRule.first_id, TypeRule.second_id).where(TypeRule.edition_id == edition.id)
    return frozenset((first, second) for first, second in session.execute(query))


def pair_values(session: Session, edition: Edition) -> list[tuple[int, int]]:
    """The same pairs in one order, for a stamp."""
    return sorted(pairs(session, edition))


def questions(session: Session, edition: Edition) -> tuple[QuestionLine, ...]:
    """Questions in their order, archived ones last."""
    q = Question
    answers = select(func.count()).select_from(Answer).where(Answer.question_id == q.id).scalar_subquery()
    query = select(q.id, q.kind, q.label, q.required, q.archived_at, answers)
    rows = session.execute(
        query.where(q.edition_id == edition.id).order_by(q.archived_at.is_not(None), q.position, q.id)
    )
    return tuple(
        QuestionLine(id_, kind, label, required, archived is not None, count)
        for id_, kind, label, required, archived, count in rows
    )
