"""Corrections by hand of the current draft: each checked against the rules, versioned, audited, undoable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from salon.actor import Actor
from salon.errors import DomainError, Invalid
from salon.models import AuditEntry, Delegate, Draft, Edition, Placement, Seat
from salon.services import audit, drafts
from salon.services.plan_check import problem_now
from scheduling import placing
from scheduling.problem import Problem
from scheduling.solution import Assignment, Solution

_CHANGED, _UNDONE = "plan_changed", "plan_change_undone"
UNDO_DEPTH = 50  # changes looked back at


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a meeting of two people may go, or the rules that forbid it there and whose doing that is."""

    slot: int
    table: int | None
    broken: tuple[str, ...] = ()
    busy: tuple[tuple[int, int], ...] = ()  # who meets somebody else then, and at which table
    absent: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """A meeting as an edit leaves or finds it; None stands for not in the draft."""

    meeting: int
    people: tuple[int, int]
    slot: int
    table: int
    locked: bool
    placed_by: int | None

    def as_json(self) -> dict[str, Any]:
        return {
            "meeting": self.meeting, "people": list(self.people), "slot": self.slot, "table": self.table,
            "locked": self.locked, "placed_by": self.placed_by,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> State:
        first, second = data["people"]
        return cls(
            data["meeting"], (first, second), data["slot"], data["table"], data["locked"], data["placed_by"]
        )


def spots(
    session: Session,
    edition: Edition,
    places: Sequence[drafts.Place],
    people: tuple[int, int],
    moving: int | None = None,
) -> tuple[Spot, ...]:
    """Legal places beside those of a draft, in the order of time, then a line for every other slot.

    `moving` is the id of the meeting that would go there.
    """
    problem, _sources = problem_now(session, edition)
    _require_present(problem, people)
    known = [place for place in places if all(problem.knows(participant=one) for one in place.people)]
    plan = {place.meeting: Assignment(*place.key, place.slot, place.table, place.locked) for place in known}
    solution = Solution(tuple(plan.values()))
    found = placing.options(problem, solution, *people, moving=plan.get(moving))
    taken = {
        (one, place.slot): place.table for place in known if place.meeting != moving for one in place.key
    }
    return tuple(_spot(problem, taken, people, one) for one in found)


def _spot(
    problem: Problem, taken: Mapping[tuple[int, int], int], people: tuple[int, int], option: placing.Option
) -> Spot:
    if not option.broken and option.table is not None:
        return Spot(option.slot, option.table)
    busy = tuple((one, taken[one, option.slot]) for one in people if (one, option.slot) in taken)
    absent = tuple(one for one in people if option.slot not in problem.participant(one).available)
    return Spot(option.slot, option.table, option.broken, busy, absent)


def _require_present(problem: Problem, people: Sequence[int]) -> None:
    if len(set(people)) != 2:
        raise Invalid("same_person", field="second")
    if not all(problem.knows(participant=one) for one in people):
        raise Invalid("person_not_approved", field="second")


def require_version(draft: Draft, version: int) -> None:
    """Raise 409 when the draft is no longer current or somebody changed it since the page was read."""
    if not draft.is_current:
        raise DomainError("draft_not_current", number=draft.number)
    if draft.version != version:
        raise DomainError("draft_changed", number=draft.number)


def add(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    draft: Draft,
    version: int,
    people: tuple[int, int],
    slot: int,
    table: int,
) -> int:
    """The two people meet there; the meeting keeps the identity it was ever promised under."""
    require_version(draft, version)
    key = (min(people), max(people))
    _require_legal(session, edition, draft, people, slot, table)
    meeting = drafts.identities(session, edition.id).get(key) or drafts.new_meeting(session, now, edition.id)
    after = State(meeting, key, slot, table, False, actor.account_id)
    _apply(session, actor, now, draft, None, after)
    return meeting


def move(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    draft: Draft,
    version: int,
    placement: Placement,
    slot: int,
    table: int,
) -> None:
    """The meeting is held there instead; a locked one is unlocked first by whoever moves it."""
    require_version(draft, version)
    before = _state(session, placement)
    if before.locked:
        raise DomainError("placement_locked")
    _require_legal(session, edition, draft, before.people, slot, table, moving=before.meeting)
    after = State(before.meeting, before.people, slot, table, False, actor.account_id)
    _apply(session, actor, now, draft, before, after)


def _require_legal(
    session: Session,
    edition: Edition,
    draft: Draft,
    people: tuple[int, int],
    slot: int,
    table: int,
    moving: int | None = None,
) -> None:
    found = spots(session, edition, drafts.places_of(session, draft.id), people, moving)
    if not any((spot.slot, spot.table, spot.broken) == (slot, table, ()) for spot in found):
        rules = next((spot.broken for spot in found if spot.slot == slot and spot.broken), ("table_once",))
        raise Invalid("illegal_spot", field="spot", rules=rules)


def remove(
    session: Session, actor: Actor, now: datetime, *, draft: Draft, version: int, placement: Placement
) -> None:
    """The meeting is no longer planned; its identity stays for when it comes back."""
    require_version(draft, version)
    before = _state(session, placement)
    if before.locked:
        raise DomainError("placement_locked")
    _apply(session, actor, now, draft, before, None)


def set_lock(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    draft: Draft,
    version: int,
    placement: Placement,
    locked: bool,
) -> None:
    """The meeting stays (or need not stay) where it is at the next run."""
    require_version(draft, version)
    before = _state(session, placement)
    if before.locked == locked:
        return
    after = State(before.meeting, before.people, before.slot, before.table, locked, before.placed_by)
    _apply(session, actor, now, draft, before, after)


def free_person(session: Session, actor: Actor, now: datetime, *, delegate: Delegate) -> int:
    """Everything of that person in the current draft is free, locked or not; gives how many meetings."""
    draft = drafts.current(session, delegate.edition_id)
    if draft is None:
        return 0
    query = select(Placement).join(Seat, Seat.placement_id == Placement.id)
    query = query.where(Placement.draft_id == draft.id, Seat.delegate_id == delegate.id)
    found = session.scalars(query.options(selectinload(Placement.seats))).all()
    for placement in found:
        session.delete(placement)
    if found:
        _touch(session, now, draft)
        audit.record(
            session,
            actor,
            now,
            "plan_person_freed",
            edition_id=draft.edition_id,
            obj=draft,
            meetings=len(found),
            version=draft.version,
            all_gone=[placement.id for placement in found],
        )
    return len(found)


# Undo -------------------------------------------------------------------------------------------------------


def last_change(session: Session, draft: Draft) -> AuditEntry | None:
    """The latest change of this draft that was not undone."""
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.edition_id == draft.edition_id,
            AuditEntry.object_type == "Draft",
            AuditEntry.object_id == draft.id,
            AuditEntry.action.in_((_CHANGED, _UNDONE, "plan_person_freed")),
        )
        .order_by(AuditEntry.id.desc())
        .limit(UNDO_DEPTH)
    )
    undone: set[int] = set()
    for entry in session.scalars(query):
        if entry.action == _UNDONE:
            undone.add(int(entry.details["of"]))
        elif entry.action != _CHANGED:
            return None  # a withdrawal is not undone by hand, nor what came before it
        elif entry.id not in undone:
            return entry
    return None


def undo(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, draft: Draft, version: int
) -> None:
    """The last change is taken back, if its place is still legal."""
    require_version(draft, version)
    entry = last_change(session, draft)
    if entry is None:
        raise DomainError("nothing_to_undo")
    before, after = _states(entry)
    if before is not None and (after is None or (before.slot, before.table) != (after.slot, after.table)):
        _require_legal(
            session, edition, draft, before.people, before.slot, before.table, moving=before.meeting
        )
    gone = _write(session, draft, after, before)
    _touch(session, now, draft)
    audit.record(
        session,
        actor,
        now,
        _UNDONE,
        edition_id=draft.edition_id,
        obj=draft,
        of=entry.id,
        version=draft.version,
        **gone,
    )


def _states(entry: AuditEntry) -> tuple[State | None, State | None]:
    sides = (entry.details.get("before"), entry.details.get("after"))
    before, after = (State.from_json(side) if side else None for side in sides)
    return before, after


# Writing ----------------------------------------------------------------------------------------------------


def _apply(
    session: Session, actor: Actor, now: datetime, draft: Draft, before: State | None, after: State | None
) -> None:
    gone = _write(session, draft, before, after)
    _touch(session, now, draft)
    audit.record(
        session,
        actor,
        now,
        _CHANGED,
        edition_id=draft.edition_id,
        obj=draft,
        before=before.as_json() if before else None,
        after=after.as_json() if after else None,
        version=draft.version,
        **gone,
    )


def _touch(session: Session, now: datetime, draft: Draft) -> None:
    """The draft's version moves, even twice in one instant: whoever looks at an older page is told."""
    draft.changed_at = now
    flag_modified(draft, "changed_at")
    session.flush()


def _write(session: Session, draft: Draft, before: State | None, after: State | None) -> dict[str, int]:
    """Replace one state by the other; the database has the last word on tables and people used twice.

    What the audit log adds: the placement that is `gone`, so that an older page can be told of it.
    """
    gone: dict[str, int] = {}
    try:
        with session.begin_nested():
            if before is not None and after is not None:
                _change(_placement(session, draft, before.meeting), after)
            elif before is not None:
                removed = _placement(session, draft, before.meeting)
                gone["gone"] = removed.id
                session.delete(removed)
            elif after is not None:
                session.add(_new(draft, after))
    except IntegrityError as error:
        raise DomainError("draft_changed", number=draft.number) from error
    return gone


def _change(placement: Placement, after: State) -> None:
    placement.slot_id, placement.table_id = after.slot, after.table
    placement.locked, placement.placed_by_id = after.locked, after.placed_by
    for seat in placement.seats:
        seat.slot_id = after.slot


def _new(draft: Draft, after: State) -> Placement:
    return Placement(
        draft_id=draft.id,
        meeting_id=after.meeting,
        slot_id=after.slot,
        table_id=after.table,
        locked=after.locked,
        placed_by_id=after.placed_by,
        seats=[Seat(delegate_id=one, draft_id=draft.id, slot_id=after.slot) for one in after.people],
    )


def _placement(session: Session, draft: Draft, meeting: int) -> Placement:
    query = select(Placement).where(Placement.draft_id == draft.id, Placement.meeting_id == meeting)
    found = session.scalar(query.options(selectinload(Placement.seats)))
    if found is None:
        raise DomainError("draft_changed", number=draft.number)
    return found


def _state(session: Session, placement: Placement) -> State:
    seats = select(Seat.delegate_id).where(Seat.placement_id == placement.id).order_by(Seat.delegate_id)
    first, second = session.scalars(seats).all()
    return State(
        placement.meeting_id,
        (first, second),
        placement.slot_id,
        placement.table_id,
        placement.locked,
        placement.placed_by_id,
    )
