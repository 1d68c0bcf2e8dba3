"""Cutting a stretch of a day into slots, right on the days when the clocks change; a leaf."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A session as the organiser types it: wall clock of the edition's zone, lengths in minutes."""

    day: date
    starts: time
    ends: time
    slot_min: int = 20
    changeover_min: int = 5
    label: str = ""

    @property
    def every_min(self) -> int:
        """A start every so many minutes."""
        return self.slot_min + self.changeover_min


def is_zone(name: str) -> bool:
    """Whether the zone is known to this machine."""
    return name in available_timezones()


def to_utc(day: date, clock: time, zone: str) -> datetime:
    """The instant of a wall clock; of an hour that comes twice, the first."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def exists(day: date, clock: time, zone: str) -> bool:
    """False for an hour that the change to summer time skips."""
    back = to_utc(day, clock, zone).astimezone(ZoneInfo(zone))
    return (back.date(), back.time()) == (day, clock)


def cut(stretch: Stretch, zone: str) -> tuple[Interval, ...]:
    """Slots `[start, end)` in UTC that fit whole between the stretch's bounds, in real elapsed minutes."""
    start, end = bounds(stretch, zone)
    length, step = timedelta(minutes=stretch.slot_min), timedelta(minutes=stretch.every_min)
    slots = []
    while start + length <= end:
        slots.append((start, start + length))
        start += step
    return tuple(slots)


def bounds(stretch: Stretch, zone: str) -> Interval:
    """The stretch itself in UTC."""
    return to_utc(stretch.day, stretch.starts, zone), to_utc(stretch.day, stretch.ends, zone)


def overlaps(left: Interval, right: Interval) -> bool:
    """Whether two intervals `[start, end)` share an instant."""
    return left[0] < right[1] and right[0] < left[1]


def shifted(moment: datetime, days: int, old_zone: str, new_zone: str) -> datetime:
    """The same wall clock, so many days later, in perhaps another zone."""
    here = moment.astimezone(ZoneInfo(old_zone))
    return to_utc(here.date() + timedelta(days=days), here.time(), new_zone)
