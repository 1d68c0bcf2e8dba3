"""A day drawn as a strip: its sessions between the first and the last hour, overlaps in plain sight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from salon import i18n
from salon.clockwork import Stretch, cut
from salon.forms.programme import SessionForm
from salon.models import Edition
from salon.queries.settings import SessionLine
from salon.shell.context import local

_FIRST_HOUR, _LAST_HOUR = 8, 19  # shown at least


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of the strip, in minutes from its left edge."""

    left: int
    width: int
    kind: str  # slot, new or clash


@dataclass(frozen=True, slots=True)
class Strip:
    """One day: `minutes` wide, with its blocks and the hours written below."""

    day: date
    minutes: int
    blocks: tuple[Block, ...]
    hours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DaySessions:
    """One day of the edition, its strip and its sessions."""

    day: date
    strip: Strip | None
    sessions: tuple[SessionLine, ...]


def by_day(edition: Edition, sessions: Iterable[SessionLine]) -> tuple[DaySessions, ...]:
    """Every day of the edition in order, also those without a session."""
    listed = tuple(sessions)
    count = (edition.last_day - edition.first_day).days + 1
    days = (edition.first_day + timedelta(days=n) for n in range(count))
    return tuple(_day(day, tuple(s for s in listed if s.day == day)) for day in days)


def _day(day: date, sessions: tuple[SessionLine, ...]) -> DaySessions:
    slots = [(start, end, "slot") for s in sessions for start, end in s.slots]
    return DaySessions(day, _strip(day, slots) if slots else None, sessions)


def with_candidate(edition: Edition, others: Iterable[SessionLine], form: SessionForm) -> Strip | None:
    """The day that a session form speaks of, with its slots as typed; None until it can be drawn."""
    if not _is_drawable(form):
        return None
    stretch: Stretch = form.value()
    taken = [(start, end) for s in others if s.day == stretch.day for start, end in s.slots]
    slots = [(start, end, "slot") for start, end in taken]
    for start, end in cut(stretch, edition.timezone):
        clash = any(start < other_end and other_start < end for other_start, other_end in taken)
        slots.append((start, end, "clash" if clash else "new"))
    return _strip(stretch.day, slots) if slots else None


def _is_drawable(form: SessionForm) -> bool:
    fields = (form.day, form.starts, form.ends, form.slot_min, form.changeover_min)
    if any(field.data is None or field.errors for field in fields if field is not form.starts):
        return False
    return form.starts.data is not None and form.ends.data > form.starts.data


def _strip(day: date, slots: list[tuple[datetime, datetime, str]]) -> Strip:
    clocked = [(_minute(start), _minute(end), kind) for start, end, kind in slots]
    first = min([_FIRST_HOUR, *(start // 60 for start, _end, _kind in clocked)])
    last = max([_LAST_HOUR, *(-(-end // 60) for _start, end, _kind in clocked)])
    blocks = tuple(Block(start - first * 60, max(1, end - start), kind) for start, end, kind in clocked)
    marks = [first, (first + last) // 2, last]
    return Strip(day, (last - first) * 60, blocks, tuple(_hour(mark) for mark in marks))


def _minute(moment: datetime) -> int:
    here = local(moment)
    return here.hour * 60 + here.minute


def _hour(hour: int) -> str:
    return i18n.clock(datetime.combine(date(2000, 1, 1), time(hour % 24), UTC))
