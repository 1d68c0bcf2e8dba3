"""What an attendee sees of their own registration."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, aliased

from salon.enums import DelegateStatus, MeetingStatus
from salon.models import (
    Absence,
    Delegate,
    Edition,
    MeetingSession,
    Participation,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
    Slot,
    Wish,
)

ReleaseRow = aliased(Release)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one registration stands, in figures."""

    num_slots: int
    num_absences: int
    num_wishes: int  # without those one would rather not meet
    has_offer: bool
    release_number: int | None
    waiting_before: int  # people before this one on the waiting list

    @property
    def num_free(self) -> int:
        return self.num_slots - self.num_absences


def standing(session: Session, edition: Edition, me: Delegate) -> Standing:
    """One statement of counts."""
    slots = select(func.count()).select_from(Slot).where(Slot.edition_id == edition.id)
    absences = select(func.count()).select_from(Absence).where(Absence.delegate_id == me.id)
    wishes = select(func.count()).select_from(Wish).where(Wish.owner_id == me.id, Wish.rank.is_not(None))
    offer = select(func.count()).select_from(Participation).where(
        Participation.edition_id == edition.id,
        Participation.organisation_id == me.organisation_id,
        (Participation.offers != "") | (Participation.needs != ""),
    )  # fmt: skip
    release = select(func.max(Release.number)).where(Release.edition_id == edition.id)
    parts = [one.scalar_subquery() for one in (slots, absences, wishes, offer, release, _before(me))]
    row = session.execute(select(*parts)).one()
    return Standing(row[0], row[1], row[2], bool(row[3]), row[4], row[5])


def _before(me: Delegate) -> Select[int]:
    when = func.coalesce(Delegate.confirmed_at, Delegate.created_at)
    mine = me.confirmed_at or me.created_at
    return select(func.count()).select_from(Delegate).where(
        Delegate.type_id == me.type_id,
        Delegate.status == DelegateStatus.WAITING,
        (when < mine) | ((when == mine) & (Delegate.id < me.id)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Promised:
    """What leaving takes away: published meetings, and the people who expected them."""

    meetings: int
    people: int


def promised(session: Session, delegate_ids: Collection[int]) -> Promised:
    """In the latest release of each edition concerned."""
    of_edition = select(func.max(Release.number)).where(Release.edition_id == ReleaseRow.edition_id)
    latest = select(ReleaseRow.id).where(ReleaseRow.number == of_edition.scalar_subquery())
    mine = (
        select(ReleasedMeeting.id)
        .join(ReleasedSeat, ReleasedSeat.released_meeting_id == ReleasedMeeting.id)
        .where(
            ReleasedMeeting.release_id.in_(latest),
            ReleasedMeeting.status == MeetingStatus.SCHEDULED,
            ReleasedSeat.delegate_id.in_(delegate_ids),
        )
    )
    others = ReleasedSeat.delegate_id.not_in(delegate_ids)
    query = select(
        func.count(ReleasedSeat.released_meeting_id.distinct()),
        func.count(case((others, ReleasedSeat.delegate_id)).distinct()),
    ).where(ReleasedSeat.released_meeting_id.in_(mine))
    return Promised(*session.execute(query).one())


def is_published(session: Session, edition_id: int) -> bool:
    """Whether the planning was published at least once."""
    return session.scalar(select(Release.id).where(Release.edition_id == edition_id).limit(1)) is not None


# Availability -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A start time on the wall clock of the edition, and who can be met then."""

    id: int
    starts: datetime
    ends: datetime
    session_label: str
    free: frozenset[int]  # delegate ids


@dataclass(frozen=True, slots=True)
class HalfDay:
    """The slots of a morning or an afternoon."""

    day: date
    is_morning: bool
    slots: tuple[SlotRow, ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """Who can be met when; `fingerprint` says what was shown."""

    people: tuple[tuple[int, str], ...]
    halves: tuple[HalfDay, ...]
    fingerprint: str

    def num_free(self, delegate_id: int) -> int:
        return sum(delegate_id in slot.free for half in self.halves for slot in half.slots)

    @property
    def num_slots(self) -> int:
        return sum(len(half.slots) for half in self.halves)


def whose_presence(session: Session, me: Delegate) -> tuple[Delegate, ...]:
    """Whose availability I may set: mine, and my colleagues' when I am the contact of my organisation."""
    mine = Delegate.id == me.id
    if me.is_lead:
        gone = (DelegateStatus.REFUSED, DelegateStatus.WITHDRAWN, DelegateStatus.CANCELLED)
        mine = mine | (
            (Delegate.edition_id == me.edition_id)
            & (Delegate.organisation_id == me.organisation_id)
            & Delegate.status.not_in(gone)
        )
    return tuple(session.scalars(select(Delegate).where(mine).order_by(Delegate.id != me.id, Delegate.id)))


def presence(session: Session, edition: Edition, people: Iterable[Delegate]) -> Presence:
    """The edition's slots with who is free at each, in two statements."""
    named = tuple((one.id, one.full_name) for one in people)
    ids = [number for number, _name in named]
    away: dict[int, set[int]] = {}
    for slot_id, delegate_id in session.execute(
        select(Absence.slot_id, Absence.delegate_id).where(Absence.delegate_id.in_(ids))
    ):
        away.setdefault(slot_id, set()).add(delegate_id)
    slots = [
        SlotRow(row.id, *_wall(edition, row), label, frozenset(ids) - away.get(row.id, set()))
        for row, label in session.execute(
            select(Slot, MeetingSession.label)
            .join(MeetingSession, MeetingSession.id == Slot.session_id)
            .where(Slot.edition_id == edition.id)
            .order_by(Slot.starts_at)
        )
    ]
    return Presence(named, _halves(slots), _fingerprint(slots))


def _wall(edition: Edition, slot: Slot) -> tuple[datetime, datetime]:
    zone = ZoneInfo(edition.timezone)
    return slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)


def _halves(slots: Iterable[SlotRow]) -> tuple[HalfDay, ...]:
    groups: dict[tuple[date, bool], list[SlotRow]] = {}
    for slot in slots:
        groups.setdefault((slot.starts.date(), slot.starts.hour < 13), []).append(slot)
    return tuple(HalfDay(day, is_morning, tuple(rows)) for (day, is_morning), rows in groups.items())


def _fingerprint(slots: Iterable[SlotRow]) -> str:
    text = ";".join(f"{slot.id}:{','.join(map(str, sorted(slot.free)))}" for slot in slots)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
