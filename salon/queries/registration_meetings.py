"""The meetings of one person, published or drafted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from salon.enums import MeetingStatus
from salon.models import (
    Delegate,
    Edition,
    Organisation,
    Placement,
    ReleasedMeeting,
    ReleasedSeat,
    Seat,
    Slot,
    Table,
)
from salon.queries.registrations import current_draft, latest_release


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting of the person: published if there is a release, else of the current draft."""

    starts_at: datetime
    table: str
    counterparts: str
    cancelled: bool
    published: bool


def meetings(session: Session, edition: Edition, delegate: Delegate) -> tuple[MeetingLine, ...]:
    """The published meetings of the person, else those of the current draft: two statements at most."""
    release, draft = session.execute(select(latest_release(edition), current_draft(edition))).one()
    if release is not None:
        return _published(session, release, delegate)
    return _planned(session, draft, delegate) if draft is not None else ()


def _published(session: Session, release: int, delegate: Delegate) -> tuple[MeetingLine, ...]:
    mine, other, person, home = aliased(ReleasedSeat), aliased(ReleasedSeat), aliased(Delegate), Organisation
    query = (
        select(
            ReleasedMeeting.id, ReleasedMeeting.starts_at, ReleasedMeeting.table_label,
            ReleasedMeeting.status, person.first_name, person.last_name, home.name,
        )
        .join(mine, and_(mine.released_meeting_id == ReleasedMeeting.id, mine.delegate_id == delegate.id))
        .join(other, and_(other.released_meeting_id == ReleasedMeeting.id, other.delegate_id != delegate.id))
        .join(person, person.id == other.delegate_id)
        .join(home, home.id == person.organisation_id)
        .where(ReleasedMeeting.release_id == release)
    )  # fmt: skip
    rows = session.execute(query).all()
    return _lines([(r[0], r[1], r[2], r[3] is MeetingStatus.CANCELLED, r[4:7]) for r in rows], published=True)


def _planned(session: Session, draft: int, delegate: Delegate) -> tuple[MeetingLine, ...]:
    mine, other, person, home = aliased(Seat), aliased(Seat), aliased(Delegate), Organisation
    query = (
        select(Placement.id, Slot.starts_at, Table.label, person.first_name, person.last_name, home.name)
        .join(mine, and_(mine.placement_id == Placement.id, mine.delegate_id == delegate.id))
        .join(other, and_(other.placement_id == Placement.id, other.delegate_id != delegate.id))
        .join(person, person.id == other.delegate_id)
        .join(home, home.id == person.organisation_id)
        .join(Slot, Slot.id == Placement.slot_id)
        .join(Table, Table.id == Placement.table_id)
        .where(Placement.draft_id == draft)
    )
    rows = session.execute(query).all()
    return _lines([(r[0], r[1], r[2], False, r[3:6]) for r in rows], published=False)


def _lines(rows: list[tuple[Any, ...]], *, published: bool) -> tuple[MeetingLine, ...]:
    people: dict[int, list[str]] = defaultdict(list)
    facts = {}
    for key, starts, table, cancelled, (first, last, home) in rows:
        people[key].append(f"{first} {last} ({home})")
        facts[key] = (starts, table, cancelled)
    found = [
        MeetingLine(starts, table, ", ".join(people[key]), cancelled, published)
        for key, (starts, table, cancelled) in facts.items()
    ]
    return tuple(sorted(found, key=lambda line: line.starts_at))


def scheduled_count(session: Session, edition: Edition, delegate_ids: set[int]) -> int:
    """How many published meetings these people have: what a cancellation frees."""
    query = (
        select(func.count(ReleasedMeeting.id.distinct()))
        .join(ReleasedSeat, ReleasedSeat.released_meeting_id == ReleasedMeeting.id)
        .where(
            ReleasedMeeting.release_id == latest_release(edition),
            ReleasedMeeting.status == MeetingStatus.SCHEDULED,
            ReleasedSeat.delegate_id.in_(delegate_ids),
        )
    )
    return session.scalar(query) or 0
