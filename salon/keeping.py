"""Until when an edition knows its people; a leaf."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Protocol

from salon.clockwork import to_utc

NOTICE = timedelta(days=30)
SHOWN_FOR = NOTICE + timedelta(days=1)  # noted a day early, so that the sweep's hour makes nothing late
MIN_MONTHS, MAX_MONTHS = 1, 36  # three years: the longest that a contact who stays silent may be kept


class Kept(Protocol):
    """What an edition says of the period."""

    last_day: date
    timezone: str
    retention_months: int
    retention_notice_at: datetime | None


def over_at(edition: Kept) -> datetime:
    """The first instant after the period: the midnight that ends its last day, where the fair was held."""
    return to_utc(_day_after(edition.last_day, edition.retention_months), time(), edition.timezone)


def _day_after(day: date, months: int) -> date:
    """The day after the same day of that month, or after the month's last when it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    same = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return same + timedelta(days=1)


def due_at(edition: Kept, now: datetime) -> datetime:
    """When people are forgotten: at the end of the period, and never without thirty days of notice."""
    return max(over_at(edition), (edition.retention_notice_at or now) + NOTICE)


def is_announced(edition: Kept, now: datetime) -> bool:
    """Whether the organisers must be told by now."""
    return now >= over_at(edition) - SHOWN_FOR


def is_due(edition: Kept, now: datetime) -> bool:
    """Whether the period and the notice are over."""
    return (
        is_announced(edition, now) and edition.retention_notice_at is not None and now >= due_at(edition, now)
    )
