"""A person's day in words: meetings, what lies between them, what the last version changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from exports.rows import Agenda, AgendaRow, BreakRow, FloorPlan, MeetingStatus
from salon import i18n
from salon.queries import attendee_agenda as reads
from salon.shell.context import local

Moment = datetime | None
SHORTEST_GAP = timedelta(minutes=15)  # beyond the change-over, what is worth a line


@dataclass(frozen=True, slots=True)
class Meet:
    """A meeting in words; `start` and `end` are on the edition's clock."""

    uid: str
    start: str
    end: str
    name: str
    person: str
    table: str
    table_word: str
    offers: str
    needs: str
    badges: tuple[str, ...]
    past: bool
    cancelled: bool
    chip: tuple[str, str, str] | None  # word, tone, icon
    known: bool  # its structure still has a sheet
    zone: str  # where the table is


@dataclass(frozen=True, slots=True)
class Pause:
    """A gap or a break."""

    start: str
    words: str
    icon: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the fair."""

    title: str
    entries: tuple[Meet | Pause, ...]


@dataclass(frozen=True, slots=True)
class MyDay:
    """All of it: the next meeting, the days, the news."""

    next: Meet | None
    soon: str
    when: str
    days: tuple[Day, ...]
    cancelled: tuple[Meet, ...]
    news: tuple[tuple[Meet, str], ...]  # what the newest version changed, with the old place
    meetings: int
    dates: str
    over: bool


@dataclass(frozen=True, slots=True)
class _Eyes:
    """What every meeting is worded with."""

    homes: Mapping[str, int]
    now: datetime
    places: FloorPlan | None

    def zone(self, table: str) -> str:
        zones = self.places.zones if self.places else ()
        return next((zone.name for zone in zones if table in zone.tables), "")

    def is_stand(self, table: str) -> bool:
        return self.places is not None and table in self.places.stands


def day(sheet: Agenda, homes: Mapping[str, int], now: datetime) -> MyDay:
    """The agenda in words, as of now."""
    eyes = _Eyes(homes, now, sheet.floor)
    on = [row for row in sheet.rows if row.is_on]
    upcoming = reads.next_meeting(on, now)
    today = local(now).date()
    is_today = upcoming is not None and local(upcoming.start).date() == today
    return MyDay(
        next=_meet(upcoming, eyes) if upcoming and is_today else None,
        soon=_soon(upcoming, now) if upcoming and is_today else "",
        when=_span(upcoming) if upcoming else "",
        days=tuple(_day(when, rows, sheet, eyes) for when, rows in _by_day(on).items()),
        cancelled=tuple(_meet(row, eyes) for row in sheet.rows if not row.is_on),
        news=tuple((_meet(row, eyes), row.was or "") for row in _news(sheet)),
        meetings=len(on),
        dates=_dates(on),
        over=bool(on) and upcoming is None,
    )


def _news(sheet: Agenda) -> Sequence[AgendaRow]:
    first = sheet.release_number == 1
    return () if first else reads.changed(sheet.rows, sheet.published_at)


def _by_day(rows: Iterable[AgendaRow]) -> dict[date, list[AgendaRow]]:
    found: dict[date, list[AgendaRow]] = {}
    for row in rows:
        found.setdefault(local(row.start).date(), []).append(row)
    return found


def _dates(rows: Sequence[AgendaRow]) -> str:
    return ", ".join(i18n.long_date(one) for one in _by_day(rows))


def _day(when: date, rows: list[AgendaRow], sheet: Agenda, eyes: _Eyes) -> Day:
    """Meetings in order, with the programme's breaks and the free times between them."""
    breaks = [one for one in sheet.breaks if local(one.start).date() == when]
    entries: list[Meet | Pause] = []
    free_from: datetime | None = None
    lines: list[AgendaRow | BreakRow] = [*rows, *breaks]
    for item in sorted(lines, key=lambda one: (one.start, one.end)):
        least = SHORTEST_GAP + timedelta(minutes=sheet.changeover_min)
        if free_from is not None and item.start - free_from >= least:
            entries.append(_free(free_from, item.start))
        entries.append(_break(item) if isinstance(item, BreakRow) else _meet(item, eyes))
        free_from = item.end if free_from is None else max(free_from, item.end)
    return Day(i18n.long_date(when), tuple(entries))


def _free(start: datetime, end: datetime) -> Pause:
    words = _("Libre jusqu’à %(time)s", time=i18n.clock(local(end)))
    return Pause(i18n.clock(local(start)), words, "dash")


def _break(row: BreakRow) -> Pause:
    words = _("%(what)s, jusqu’à %(time)s", what=row.label, time=i18n.clock(local(row.end)))
    return Pause(i18n.clock(local(row.start)), words, "cup-hot")


def _meet(row: AgendaRow, eyes: _Eyes) -> Meet:
    return Meet(
        uid=row.uid,
        start=i18n.clock(local(row.start)),
        end=i18n.clock(local(row.end)),
        name=row.counterpart or _("Structure retirée"),
        person=", ".join(filter(None, (row.delegate, row.job_title))),
        table=row.table,
        table_word=_("Stand") if eyes.is_stand(row.table) else _("Table"),
        offers=" ; ".join(row.offers),
        needs=" ; ".join(row.needs),
        badges=row.badges,
        past=row.end <= eyes.now,
        cancelled=not row.is_on,
        chip=_chip(row),
        known=row.uid in eyes.homes,
        zone=eyes.zone(row.table),
    )


def _chip(row: AgendaRow) -> tuple[str, str, str] | None:
    if row.status is MeetingStatus.MOVED:
        said = _("Déplacé, était %(was)s", was=row.was) if row.was else _("Déplacé")
        return said, "info", "arrow-left-right"
    if row.status is MeetingStatus.NEW:
        return _("Nouveau"), "ok", "plus-circle-fill"
    if row.status is MeetingStatus.CANCELLED:
        return _("Annulé"), "bad", "x-circle-fill"
    return (_("À ne pas manquer"), "brand", "star-fill") if row.must else None


def _span(row: AgendaRow) -> str:
    return _("%(start)s – %(end)s", start=i18n.clock(local(row.start)), end=i18n.clock(local(row.end)))


def _soon(row: AgendaRow, now: datetime) -> str:
    if row.start <= now:
        return _("En ce moment")
    minutes = -(-int((row.start - now).total_seconds()) // 60)
    if minutes >= 60:
        return ngettext("Dans %(num)s heure", "Dans %(num)s heures", minutes // 60)
    return ngettext("Dans %(num)s minute", "Dans %(num)s minutes", minutes)
