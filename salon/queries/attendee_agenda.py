"""One person's day as the newest release promises it: the rows that page, PDF, calendar file and feed share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from exports.rows import Agenda, AgendaRow
from salon.enums import MeetingStatus
from salon.models import Delegate, Edition, Meeting, Release, ReleasedMeeting, ReleasedSeat
from salon.queries import agendas
from salon.queries import releases as promises
from salon.queries.agendas import Was


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Whom one meets at one meeting, by its calendar identity."""

    uid: str
    organisation: int
    starts_at: datetime
    table: str
    is_on: bool


def newest(session: Session, edition: Edition) -> Release | None:
    """The release that people see."""
    return promises.latest(session, edition.id)


def sheet(session: Session, edition: Edition, me: Delegate, *, locale: str, was: Was | None = None) -> Agenda:
    """The person's agenda of the newest release; without rows before the first."""
    return agendas.one_agenda(session, edition, me.id, locale=locale, was=was)


def sheet_and_homes(
    session: Session, edition: Edition, me: Delegate, release: Release, *, locale: str, was: Was | None = None
) -> tuple[Agenda, dict[str, int]]:
    """The same of a given release, for a screen: the floor of one's own tables, the structure behind each meeting."""
    book = agendas.Book(session, edition, release=release, locale=locale, was=was, only=me.id)
    mine = {row.table for row in book.rows}
    return agendas.sheet_of(session, book, me.id, tables=mine), book.homes(me.id)


def counterparts(session: Session, release: Release, me: Delegate) -> tuple[Counterpart, ...]:
    """The organisations one meets, cancelled meetings included, in one statement."""
    mine, other = aliased(ReleasedSeat), aliased(ReleasedSeat)
    query = (
        select(
            Meeting.uid, Delegate.organisation_id, ReleasedMeeting.starts_at, ReleasedMeeting.table_label,
            ReleasedMeeting.status,
        )
        .join(mine, mine.released_meeting_id == ReleasedMeeting.id)
        .join(other, other.released_meeting_id == ReleasedMeeting.id)
        .join(Delegate, Delegate.id == other.delegate_id)
        .join(Meeting, Meeting.id == ReleasedMeeting.meeting_id)
        .where(
            ReleasedMeeting.release_id == release.id,
            mine.delegate_id == me.id,
            other.delegate_id != me.id,
        )
        .order_by(ReleasedMeeting.starts_at)
    )  # fmt: skip
    return tuple(
        Counterpart(uid, organisation, starts, table, status is MeetingStatus.SCHEDULED)
        for uid, organisation, starts, table, status in session.execute(query)
    )


def next_meeting(rows: Iterable[AgendaRow], now: datetime) -> AgendaRow | None:
    """The meeting under way or the next one to come; None once the last is over."""
    return next((row for row in sorted(rows, key=lambda r: r.start) if row.is_on and row.end > now), None)


def changed(rows: Iterable[AgendaRow], published_at: datetime | None) -> tuple[AgendaRow, ...]:
    """What the newest release itself changed; of the first release nothing is a change."""
    if published_at is None:
        return ()
    return tuple(row for row in rows if row.changed_at == published_at and row.status.value != "scheduled")
