"""Days, sessions, programme and room of an edition, all placed relative to a given today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from salon.demo.rows import ProgrammeRow, SessionRow, SlotRow, TableRow

ZONE = "Europe/Paris"
SLOT_MIN = 20
CHANGEOVER_MIN = 5
THURSDAY = 3  # date.weekday()
HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11)})  # (month, day)
BLOCKS = (("09:20", "11:20"), ("14:15", "16:15"))  # two blocks of four slots a session, a pause between
SLOTS_A_BLOCK = 4
STEP_M = 3.0  # from one table to the next
ROW_LENGTH = 10


@dataclass(frozen=True, slots=True)
class ZonePlan:
    """A zone of ``tables`` tables, the first ``step_free`` of them level with the entrance."""

    name: str
    prefix: str
    tables: int
    step_free: int
    stands: bool


def moment(day: date, clock: str) -> datetime:
    """That wall-clock time of the day, aware, in the fair's zone."""
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(ZONE))


def thursday_from(day: date) -> date:
    """The first Thursday on or after a day on which a fair can be held in France."""
    thursday = day + timedelta(days=(THURSDAY - day.weekday()) % 7)
    while _closed(thursday):
        thursday += timedelta(days=7)
    return thursday


def _closed(day: date) -> bool:
    """Public holidays that can be a Thursday, and the days from Christmas Eve to New Year's Eve."""
    if (day.month, day.day) in HOLIDAYS or (day.month == 12 and day.day >= 24):
        return True
    return day == easter(day.year) + timedelta(days=39)  # Ascension


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, rest = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, rest + 1)


def sessions(day: date) -> tuple[SessionRow, ...]:
    """Morning and afternoon, eight slots each, indices 0 to 15."""
    names = (("morning", "Matin"), ("afternoon", "Après-midi"))
    return tuple(
        SessionRow(key, name, tuple(_slots(day, half, half * 2 * SLOTS_A_BLOCK)))
        for half, (key, name) in enumerate(names)
    )


def _slots(day: date, half: int, first_index: int) -> Iterator[SlotRow]:
    index = first_index
    for clock in BLOCKS[half]:
        start = moment(day, clock)
        for _ in range(SLOTS_A_BLOCK):
            yield SlotRow(index, start, start + timedelta(minutes=SLOT_MIN))
            start += timedelta(minutes=SLOT_MIN + CHANGEOVER_MIN)
            index += 1


def programme(day: date) -> tuple[ProgrammeRow, ...]:
    """What everyone shares between and around the sessions."""
    return (
        ProgrammeRow("welcome", "Accueil café", "Hall A", moment(day, "08:30"), moment(day, "09:00")),
        ProgrammeRow("plenary", "Plénière d’ouverture", "Hall A", moment(day, "09:00"), moment(day, "09:15")),
        ProgrammeRow("break", "Pause café", "Hall A", moment(day, "11:00"), moment(day, "11:20")),
        ProgrammeRow("meal", "Déjeuner", "Halle B", moment(day, "12:55"), moment(day, "14:15")),
        ProgrammeRow("break", "Pause", "Hall A", moment(day, "15:55"), moment(day, "16:15")),
        ProgrammeRow("closing", "Verre de clôture", "Halle B", moment(day, "18:00"), moment(day, "19:00")),
    )


def tables(zones: tuple[ZonePlan, ...], exhibitors: list[str]) -> tuple[TableRow, ...]:
    """All tables zone after zone, the stands given to ``exhibitors`` in order; labels run on per prefix."""
    hosts = iter(exhibitors)
    numbers: dict[str, int] = {}
    placed: list[TableRow] = []
    depth = 0.0
    for zone in zones:
        for place in range(zone.tables):
            numbers[zone.prefix] = number = numbers.get(zone.prefix, 0) + 1
            placed.append(_table(zone, place, number, depth, next(hosts) if zone.stands else None))
        depth += (2 + (zone.tables - 1) // ROW_LENGTH) * STEP_M
    return tuple(placed)


def _table(zone: ZonePlan, place: int, number: int, depth: float, host: str | None) -> TableRow:
    row, column = divmod(place, ROW_LENGTH)
    return TableRow(
        label=f"{zone.prefix}{number}" if zone.stands else f"{zone.prefix}{number:02d}",
        zone=zone.name,
        step_free=place < zone.step_free,
        seats=4,
        x_m=column * STEP_M,
        y_m=depth + row * STEP_M,
        organisation=host,
    )
