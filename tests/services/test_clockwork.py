"""Slots are right to the minute, also on the days when the clocks change."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.clockwork import Stretch, cut, exists, overlaps, shifted, to_utc

SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
ZONES = ("Europe/Paris", "Europe/Lisbon", "Europe/Helsinki", "UTC", "America/Guadeloupe")


def test_a_morning_of_twenty_plus_five_has_eight_slots() -> None:
    slots = cut(Stretch(date(2027, 3, 11), time(9), time(12, 20)), "Europe/Paris")
    assert len(slots) == 8
    assert slots[0] == (datetime(2027, 3, 11, 8, tzinfo=UTC), datetime(2027, 3, 11, 8, 20, tzinfo=UTC))
    assert slots[-1][1] == datetime(2027, 3, 11, 11, 15, tzinfo=UTC)


def test_a_last_slot_may_end_with_the_session_but_not_after() -> None:
    assert len(cut(Stretch(date(2027, 3, 11), time(9), time(9, 45)), "UTC")) == 2
    assert len(cut(Stretch(date(2027, 3, 11), time(9), time(9, 44)), "UTC")) == 1


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 3), (AUTUMN, 5), (date(2027, 3, 27), 4)])
def test_elapsed_time_counts_when_the_clocks_change(day: date, hours: int) -> None:
    slots = cut(Stretch(day, time(1), time(5), 55, 5), "Europe/Paris")
    assert len(slots) == hours


def test_the_skipped_hour_does_not_exist() -> None:
    assert not exists(SPRING, time(2, 30), "Europe/Paris")
    assert exists(AUTUMN, time(2, 30), "Europe/Paris")
    assert exists(SPRING, time(3, 0), "Europe/Paris")


def test_shifting_keeps_the_wall_clock_across_a_change() -> None:
    start = to_utc(date(2027, 3, 25), time(9), "Europe/Paris")
    later = shifted(start, 7, "Europe/Paris", "Europe/Paris")
    assert later - start == timedelta(days=7) - timedelta(hours=1)
    assert shifted(start, 0, "Europe/Paris", "Europe/London") - start == timedelta(hours=1)


@given(
    day=st.sampled_from([d + timedelta(n) for d in (SPRING, AUTUMN) for n in (-1, 0, 1)]),
    zone=st.sampled_from(ZONES),
    starts=st.integers(3 * 60, 20 * 60),
    lasts=st.integers(5, 239),
    slot=st.integers(5, 90),
    change=st.integers(0, 30),
)
def test_slots_stand_apart_inside_their_session(
    day: date, zone: str, starts: int, lasts: int, slot: int, change: int
) -> None:
    ends = min(starts + lasts, 24 * 60 - 1)
    stretch = Stretch(day, time(*divmod(starts, 60)), time(*divmod(ends, 60)), slot, change)
    slots = cut(stretch, zone)
    first, last = to_utc(day, stretch.starts, zone), to_utc(day, stretch.ends, zone)
    assert all(end - start == timedelta(minutes=slot) for start, end in slots)
    assert all(first <= start and end <= last for start, end in slots)
    assert all(b[0] - a[0] == timedelta(minutes=slot + change) for a, b in itertools.pairwise(slots))
    assert not any(overlaps(a, b) for a, b in itertools.pairwise(slots))
    if last > first:
        left = (last - first) - timedelta(minutes=len(slots) * (slot + change))
        assert left < timedelta(minutes=slot)
