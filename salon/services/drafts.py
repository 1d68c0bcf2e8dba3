"""Drafts: made, chosen, and the identity of their meetings."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import DraftOrigin
from salon.errors import DomainError
from salon.models import (
    Draft,
    Edition,
    Meeting,
    Placement,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
    Seat,
)
from salon.services import audit

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """A meeting to put in a draft; `meeting` is its identity when it is known already."""

    people: Pair
    slot: int
    table: int
    locked: bool = False
    meeting: int | None = None
    placed_by: int | None = None

    @property
    def key(self) -> Pair:
        first, second = sorted(self.people)
        return first, second


def current(session: Session, edition_id: int) -> Draft | None:
    """The edition's current draft."""
    return session.scalar(select(Draft).where(Draft.edition_id == edition_id, Draft.is_current))


def create(
    session: Session,
    now: datetime,
    *,
    edition_id: int,
    origin: DraftOrigin,
    places: Sequence[Place],
    run_id: int | None = None,
    based_on: int | None = None,
    created_by_id: int | None = None,
) -> Draft:
    """A new current draft with these meetings; the draft before stays in the list."""
    known = identities(session, edition_id)
    _step_down(session, edition_id)
    last = session.scalar(select(func.max(Draft.number)).where(Draft.edition_id == edition_id))
    draft = Draft(
        edition_id=edition_id,
        number=(last or 0) + 1,
        is_current=True,
        origin=origin,
        run_id=run_id,
        based_on=based_on,
        created_by_id=created_by_id,
        created_at=now,
        changed_at=now,
    )
    session.add(draft)
    session.flush()
    _fill(session, now, draft, places, known)
    return draft


def _step_down(session: Session, edition_id: int) -> None:
    """No draft is current: the index allows one, so the old one steps down first; its version moves."""
    session.flush()
    session.execute(
        update(Draft)
        .where(Draft.edition_id == edition_id, Draft.is_current)
        .values(is_current=False, version=Draft.version + 1)
        .execution_options(synchronize_session="fetch")
    )


def identities(session: Session, edition_id: int) -> dict[Pair, int]:
    """The meeting of each pair of delegates: what was promised first, else that of the current draft."""
    placed = (
        select(Placement.meeting_id, Seat.delegate_id)
        .join(Seat, Seat.placement_id == Placement.id)
        .join(Draft, Draft.id == Placement.draft_id)
        .where(Draft.edition_id == edition_id, Draft.is_current)
    )
    promised = (
        select(ReleasedMeeting.meeting_id, ReleasedSeat.delegate_id)
        .join(ReleasedSeat, ReleasedSeat.released_meeting_id == ReleasedMeeting.id)
        .join(Release, Release.id == ReleasedMeeting.release_id)
        .where(Release.edition_id == edition_id, Release.number == _last_number(edition_id))
    )
    found = _by_pair(session.execute(placed))
    return {**found, **_by_pair(session.execute(promised))}


def _last_number(edition_id: int) -> object:
    return (
        select(func.max(Release.number))
        .where(Release.edition_id == edition_id)
        .correlate(None)
        .scalar_subquery()
    )


def _by_pair(rows: Iterable[tuple[int, int]]) -> dict[Pair, int]:
    seats: dict[int, list[int]] = {}
    for meeting, delegate in rows:
        seats.setdefault(meeting, []).append(delegate)
    pairs = {meeting: sorted(set(people)) for meeting, people in seats.items()}
    return {(people[0], people[1]): meeting for meeting, people in pairs.items() if len(people) == 2}


def _fill(
    session: Session, now: datetime, draft: Draft, places: Sequence[Place], known: dict[Pair, int]
) -> None:
    """Insert meetings, placements and seats, three statements whatever their number."""
    if not places:
        return
    chosen = [place.meeting or known.get(place.key) for place in places]
    fresh = iter(_new_meetings(session, now, draft.edition_id, chosen.count(None)))
    meetings = [one if one is not None else next(fresh) for one in chosen]
    rows = [
        {
            "draft_id": draft.id, "meeting_id": meeting, "slot_id": place.slot, "table_id": place.table,
            "locked": place.locked, "placed_by_id": place.placed_by,
        }
        for place, meeting in zip(places, meetings, strict=True)
    ]  # fmt: skip
    session.execute(insert(Placement), rows)
    ids = session.execute(select(Placement.meeting_id, Placement.id).where(Placement.draft_id == draft.id))
    placement = dict(ids.all())
    seats = [
        {"placement_id": placement[meeting], "delegate_id": one, "draft_id": draft.id, "slot_id": place.slot}
        for place, meeting in zip(places, meetings, strict=True)
        for one in place.people
    ]
    session.execute(insert(Seat), seats)


def _new_meetings(session: Session, now: datetime, edition_id: int, how_many: int) -> list[int]:
    rows = [Meeting(edition_id=edition_id, uid=str(uuid.uuid4()), created_at=now) for _ in range(how_many)]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def places_of(session: Session, draft_id: int) -> list[Place]:
    """Everything placed in a draft."""
    query = (
        select(
            Placement.id, Placement.slot_id, Placement.table_id, Placement.locked, Placement.meeting_id,
            Placement.placed_by_id, Seat.delegate_id,
        )
        .join(Seat, Seat.placement_id == Placement.id)
        .where(Placement.draft_id == draft_id)
        .order_by(Placement.id, Seat.delegate_id)
    )  # fmt: skip
    rows: dict[int, tuple[tuple[int, int, bool, int, int | None], list[int]]] = {}
    for placement, slot, table, locked, meeting, author, delegate in session.execute(query):
        rows.setdefault(placement, ((slot, table, locked, meeting, author), []))[1].append(delegate)
    return [
        Place((people[0], people[1]), slot, table, locked, meeting, author)
        for (slot, table, locked, meeting, author), people in rows.values()
        if len(people) == 2
    ]


def make_current(session: Session, actor: Actor, now: datetime, *, draft: Draft) -> None:
    """The draft is the current one again; nothing in it changes."""
    if draft.is_current:
        raise DomainError("already_current", number=draft.number)
    _step_down(session, draft.edition_id)
    draft.is_current = True
    session.flush()
    audit.record(
        session, actor, now, "draft_made_current", edition_id=draft.edition_id, obj=draft, number=draft.number
    )


def start_by_hand(session: Session, actor: Actor, now: datetime, *, edition: Edition) -> Draft:
    """An empty current draft, for a plan made without a run."""
    draft = create(
        session,
        now,
        edition_id=edition.id,
        origin=DraftOrigin.MANUAL,
        places=[],
        created_by_id=actor.account_id,
    )
    audit.record(session, actor, now, "draft_created", edition_id=edition.id, obj=draft, number=draft.number)
    return draft


def new_meeting(session: Session, now: datetime, edition_id: int) -> int:
    """A fresh identity."""
    return _new_meetings(session, now, edition_id, 1)[0]
