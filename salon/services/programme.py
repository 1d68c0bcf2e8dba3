"""Sessions and their slots, and the items of the programme."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.clockwork import Interval, Stretch, bounds, cut, exists, overlaps, shifted, to_utc
from salon.enums import ACTIVE_RUN_STATES
from salon.errors import DomainError, Invalid
from salon.models import (
    Absence,
    Draft,
    Edition,
    MeetingSession,
    Placement,
    ProgrammeItem,
    Seat,
    Slot,
    SolverRun,
)
from salon.services import audit, stamps

MAX_SLOTS = 200  # of an edition: a week of short meetings; the engine's grid grows with it
_FAR = timedelta(days=40_000)  # parks slots while their times are exchanged


@dataclass(frozen=True, slots=True)
class SlotUse:
    """What hangs on slots that would vanish."""

    slots: int
    placements: int
    absences: int

    @property
    def is_free(self) -> bool:
        return not (self.placements or self.absences)


def save_session(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    stretch: Stretch,
    existing: MeetingSession | None = None,
    confirmed: bool = False,
    seen: str | None = None,
) -> MeetingSession:
    """The session with its slots cut anew; slots whose start stays keep their id.

    `seen` is the stamp of the session that was shown.

    Raises
    ------
    Invalid
        A day outside the edition, an end before its start, no room for one slot, an overlap.
    DomainError
        `slots_in_use` when slots with placements or absences would vanish and it was not `confirmed`;
        `settings_run_active`; `changed_meanwhile`.
    """
    if existing is not None:
        stamps.check(session, existing, seen)
    _check(session, edition, stretch, existing)
    refuse_during_run(session, edition)
    row = existing or MeetingSession(edition_id=edition.id)
    for name, value in asdict(stretch).items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    removed = _recut(session, now, edition, row, cut(stretch, edition.timezone), confirmed)
    action = "session_changed" if existing else "session_added"
    audit.record(session, actor, now, action, edition_id=edition.id, obj=row, slots_removed=removed)
    return row


def delete_session(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    existing: MeetingSession,
    confirmed: bool = False,
) -> None:
    """The session and its slots are gone; raises as `save_session`."""
    refuse_during_run(session, edition)
    removed = _recut(session, now, edition, existing, (), confirmed)
    audit.record(
        session, actor, now, "session_deleted", edition_id=edition.id, obj=existing, slots_removed=removed
    )
    session.delete(existing)
    session.flush()


def refuse_during_run(session: Session, edition: Edition) -> None:
    """Raise `run_is_active` while the engine works on the edition: its answer would name what is gone."""
    active = select(SolverRun.number).where(
        SolverRun.edition_id == edition.id, SolverRun.state.in_(ACTIVE_RUN_STATES)
    )
    if (number := session.scalar(active)) is not None:
        raise DomainError("settings_run_active", number=number)


def _check(session: Session, edition: Edition, stretch: Stretch, existing: MeetingSession | None) -> None:
    if not edition.first_day <= stretch.day <= edition.last_day:
        raise Invalid("day_outside", field="day", first=edition.first_day, last=edition.last_day)
    if stretch.ends <= stretch.starts:
        raise Invalid("ends_before_start", field="ends")
    for name in ("starts", "ends"):
        if not exists(stretch.day, getattr(stretch, name), edition.timezone):
            raise Invalid("hour_missing", field=name)
    if not cut(stretch, edition.timezone):
        raise Invalid("no_room_for_a_slot", field="slot_min")
    _check_others(session, edition, stretch, existing)


def _check_others(
    session: Session, edition: Edition, stretch: Stretch, existing: MeetingSession | None
) -> None:
    others = [s for s in _sessions(session, edition) if s is not existing]
    mine = bounds(stretch, edition.timezone)
    for other in others:
        if overlaps(mine, bounds(stretch_of(other), edition.timezone)):
            raise Invalid("sessions_overlap", field="starts", starts=other.starts, ends=other.ends)
    total = sum(len(cut(stretch_of(s), edition.timezone)) for s in others)
    if total + len(cut(stretch, edition.timezone)) > MAX_SLOTS:
        raise Invalid("too_many_slots", field="slot_min", limit=MAX_SLOTS)


def stretch_of(row: MeetingSession) -> Stretch:
    """The values of a stored session."""
    return Stretch(row.day, row.starts, row.ends, row.slot_min, row.changeover_min, row.label)


def _sessions(session: Session, edition: Edition) -> list[MeetingSession]:
    mine = select(MeetingSession).where(MeetingSession.edition_id == edition.id)
    return list(session.scalars(mine.order_by(MeetingSession.day, MeetingSession.starts)))


def _recut(
    session: Session,
    now: datetime,
    edition: Edition,
    row: MeetingSession,
    wanted: Collection[Interval],
    confirmed: bool,
) -> int:
    """Make the session's slots those wanted; returns how many vanished."""
    have = {slot.starts_at: slot for slot in session.scalars(select(Slot).where(Slot.session_id == row.id))}
    ends = dict(wanted)
    gone = [slot.id for start, slot in have.items() if start not in ends]
    use = uses(session, gone)
    if not (use.is_free or confirmed):
        raise DomainError("slots_in_use", **asdict(use))
    _remove(session, now, gone)
    for start, end in wanted:
        if slot := have.get(start):
            slot.ends_at = end
        else:
            session.add(Slot(edition_id=edition.id, session_id=row.id, starts_at=start, ends_at=end))
    session.flush()
    return len(gone)


def uses(session: Session, slot_ids: Collection[int]) -> SlotUse:
    """How many placements and absences hang on those slots, in every draft."""
    placements = select(func.count()).select_from(Placement).where(Placement.slot_id.in_(slot_ids))
    absences = select(func.count()).select_from(Absence).where(Absence.slot_id.in_(slot_ids))
    row = session.execute(select(placements.scalar_subquery(), absences.scalar_subquery())).one()
    return SlotUse(len(slot_ids), row[0], row[1])


def session_use(session: Session, row: MeetingSession) -> SlotUse:
    """What would go with the session."""
    return uses(session, list(session.scalars(select(Slot.id).where(Slot.session_id == row.id))))


def _remove(session: Session, now: datetime, slot_ids: Collection[int]) -> None:
    """Slots with all that hangs on them; drafts that lose a meeting get a new version."""
    if not slot_ids:
        return
    drop_placements(session, now, Placement.slot_id.in_(slot_ids))
    session.execute(delete(Absence).where(Absence.slot_id.in_(slot_ids)))
    session.execute(delete(Slot).where(Slot.id.in_(slot_ids)))


def drop_placements(session: Session, now: datetime, which: ColumnElement[bool]) -> None:
    """Unplace the meetings that a condition on `Placement` names, in every draft; the meetings stay."""
    ids = select(Placement.id).where(which)
    drafts = list(session.scalars(select(Placement.draft_id).where(which).distinct()))
    session.execute(delete(Seat).where(Seat.placement_id.in_(ids)))
    session.execute(delete(Placement).where(which))
    touched = update(Draft).where(Draft.id.in_(drafts))
    session.execute(touched.values(version=Draft.version + 1, changed_at=now))


# Moving the whole edition -----------------------------------------------------------------------------------


def outside(session: Session, edition: Edition, first: date, last: date) -> tuple[date, ...]:
    """Days of sessions that would fall outside the edition's new dates."""
    days = {row.day for row in _sessions(session, edition)}
    return tuple(sorted(day for day in days if not first <= day <= last))


def move_all(session: Session, edition: Edition, *, days: int, new_zone: str) -> None:
    """Sessions, slots and items keep their wall clock, so many days later, perhaps in another zone."""
    old_zone = edition.timezone
    for row in _sessions(session, edition):
        row.day += timedelta(days=days)
    session.flush()
    items = session.scalars(select(ProgrammeItem).where(ProgrammeItem.edition_id == edition.id))
    for item in items:
        item.starts_at = shifted(item.starts_at, days, old_zone, new_zone)
        item.ends_at = shifted(item.ends_at, days, old_zone, new_zone)
    session.flush()
    _move_slots(session, edition, days, new_zone)


def _move_slots(session: Session, edition: Edition, days: int, new_zone: str) -> None:
    """Twice, by way of far dates: two slots never share a start, not even while they trade places."""
    query = select(Slot.id, Slot.starts_at, Slot.ends_at).where(Slot.edition_id == edition.id)
    slots = session.execute(query).all()
    for slot_id, start, end in slots:
        _set_times(session, slot_id, start + _FAR, end + _FAR)
    for slot_id, *times in slots:
        start, end = (shifted(moment, days, edition.timezone, new_zone) for moment in times)
        _set_times(session, slot_id, start, end)
    session.expire_all()


def _set_times(session: Session, slot_id: int, start: datetime, end: datetime) -> None:
    statement = update(Slot).where(Slot.id == slot_id).values(starts_at=start, ends_at=end)
    session.execute(statement.execution_options(synchronize_session=False))


# The programme ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ItemInput:
    """An item as typed: `title` by language, wall clock of the edition."""

    title: dict[str, str]
    day: date
    starts: time
    ends: time
    place: str = ""
    on_agendas: bool = True


def save_item(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    values: ItemInput,
    existing: ProgrammeItem | None = None,
    seen: str | None = None,
) -> ProgrammeItem:
    """The item stands in the programme; raises `Invalid` for days and hours that cannot be.

    `seen` is the stamp of the item that was shown; raises `changed_meanwhile` for another one.
    """
    if existing is not None:
        stamps.check(session, existing, seen)
    if not edition.first_day <= values.day <= edition.last_day:
        raise Invalid("day_outside", field="day", first=edition.first_day, last=edition.last_day)
    if values.ends <= values.starts:
        raise Invalid("ends_before_start", field="ends")
    row = existing or ProgrammeItem(edition_id=edition.id)
    row.starts_at = to_utc(values.day, values.starts, edition.timezone)
    row.ends_at = to_utc(values.day, values.ends, edition.timezone)
    row.title, row.place, row.on_agendas = dict(values.title), values.place, values.on_agendas
    session.add(row)
    session.flush()
    audit.record(session, actor, now, "programme_changed", edition_id=edition.id, obj=row)
    return row


def delete_item(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, existing: ProgrammeItem
) -> None:
    """The item is gone from the programme."""
    audit.record(session, actor, now, "programme_deleted", edition_id=edition.id, obj=existing)
    session.delete(existing)
    session.flush()
