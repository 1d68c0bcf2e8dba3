"""A draft as people read it: by slot, by participant, by table; and the drafts themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.enums import DraftOrigin
from salon.keys import fold
from salon.models import Account, Draft, Edition, Placement, Release, Seat, Slot, SolverRun, Table
from salon.queries import names
from salon.queries.names import Named


@dataclass(frozen=True, slots=True)
class SlotHead:
    id: int
    starts_at: datetime
    ends_at: datetime
    session: int


@dataclass(frozen=True, slots=True)
class TableHead:
    id: int
    label: str
    zone: str
    organisation_id: int | None
    step_free: bool


@dataclass(frozen=True, slots=True)
class Held:
    """One meeting of the draft."""

    placement: int
    meeting: int
    slot: int
    table: int
    table_label: str
    first: Named
    second: Named
    locked: bool
    by_hand: bool

    def other(self, delegate: int) -> Named:
        return self.second if self.first.id == delegate else self.first

    @property
    def key(self) -> str:
        """What a search looks in."""
        sides = (self.first.name, self.first.organisation, self.second.name, self.second.organisation)
        return fold(" ".join((*sides, self.table_label)))


@dataclass(frozen=True, slots=True)
class PlanView:
    """A draft with its heads; `meetings` are in order of time and table."""

    slots: tuple[SlotHead, ...]
    tables: tuple[TableHead, ...]
    meetings: tuple[Held, ...]
    people: Mapping[int, Named]

    def matching(self, query: str) -> tuple[Held, ...]:
        """Meetings in which every word of the query occurs, folded."""
        words = fold(query).split()
        return tuple(held for held in self.meetings if all(word in held.key for word in words))

    def at_slot(self, slot: int) -> tuple[Held, ...]:
        return tuple(held for held in self.meetings if held.slot == slot)


def plan(session: Session, edition: Edition, draft_id: int) -> PlanView:
    """The whole draft, in four statements."""
    people = names.delegates(session, edition)
    heads = tables(session, edition)
    return PlanView(
        slots=slots(session, edition),
        tables=heads,
        meetings=_meetings(session, draft_id, people, {table.id: table.label for table in heads}),
        people=people,
    )


@dataclass(frozen=True, slots=True)
class Heads:
    """What the ids of a plan stand for."""

    people: Mapping[int, Named]
    slots: Mapping[int, SlotHead]
    tables: Mapping[int, TableHead]


def heads(session: Session, edition: Edition) -> Heads:
    """Everybody, every slot and every table by id, in three statements."""
    return Heads(
        people=names.delegates(session, edition),
        slots={slot.id: slot for slot in slots(session, edition)},
        tables={table.id: table for table in tables(session, edition)},
    )


def slots(session: Session, edition: Edition) -> tuple[SlotHead, ...]:
    """The slots in order of time."""
    query = (
        select(Slot.id, Slot.starts_at, Slot.ends_at, Slot.session_id)
        .where(Slot.edition_id == edition.id)
        .order_by(Slot.starts_at, Slot.id)
    )
    return tuple(SlotHead(*row) for row in session.execute(query))


def tables(session: Session, edition: Edition) -> tuple[TableHead, ...]:
    query = (
        select(Table.id, Table.label, Table.zone, Table.organisation_id, Table.step_free)
        .where(Table.edition_id == edition.id)
        .order_by(Table.position, Table.id)
    )
    return tuple(TableHead(*row) for row in session.execute(query))


def _meetings(
    session: Session, draft_id: int, people: Mapping[int, Named], labels: Mapping[int, str]
) -> tuple[Held, ...]:
    query = (
        select(
            Placement.id, Placement.meeting_id, Placement.slot_id, Placement.table_id, Placement.locked,
            Placement.placed_by_id, Seat.delegate_id,
        )
        .join(Seat, Seat.placement_id == Placement.id)
        .join(Slot, Slot.id == Placement.slot_id)
        .join(Table, Table.id == Placement.table_id)
        .where(Placement.draft_id == draft_id)
        .order_by(Slot.starts_at, Table.position, Placement.id, Seat.delegate_id)
    )  # fmt: skip
    rows: dict[int, tuple[tuple[int, int, int, bool, int | None], list[int]]] = {}
    for placement, meeting, slot, table, locked, author, delegate in session.execute(query):
        rows.setdefault(placement, ((meeting, slot, table, locked, author), []))[1].append(delegate)
    return tuple(
        Held(
            placement, meeting, slot, table, labels[table], people[seats[0]], people[seats[1]],
            locked, author is not None,
        )
        for placement, ((meeting, slot, table, locked, author), seats) in rows.items()
        if len(seats) == 2
    )  # fmt: skip


def searched(people: Iterable[Named], query: str) -> list[Named]:
    """Those in whose name or organisation every word of the query occurs, folded."""
    words = fold(query).split()
    return [one for one in people if all(word in fold(f"{one.name} {one.organisation}") for word in words)]


def by_person(meetings: Iterable[Held]) -> dict[int, dict[int, Held]]:
    """Delegate -> slot -> meeting."""
    found: dict[int, dict[int, Held]] = {}
    for held in meetings:
        for one in (held.first.id, held.second.id):
            found.setdefault(one, {})[held.slot] = held
    return found


def by_table(meetings: Iterable[Held]) -> dict[int, dict[int, Held]]:
    """Table -> slot -> meeting."""
    found: dict[int, dict[int, Held]] = {}
    for held in meetings:
        found.setdefault(held.table, {})[held.slot] = held
    return found


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft in the list."""

    number: int
    is_current: bool
    origin: DraftOrigin
    run: int | None
    based_on: int | None
    author: str
    created_at: datetime
    changed_at: datetime
    meetings: int
    locked: int
    released_as: int | None


def draft_lines(session: Session, edition: Edition) -> tuple[DraftLine, ...]:
    """All drafts, the newest first, in one statement."""
    held = select(func.count()).select_from(Placement).where(Placement.draft_id == Draft.id)
    released = select(func.max(Release.number)).where(Release.draft_id == Draft.id).scalar_subquery()
    query = (
        select(
            Draft, SolverRun.number, Account.name, Account.email, held.scalar_subquery(),
            held.where(Placement.locked).scalar_subquery(), released,
        )
        .outerjoin(SolverRun, SolverRun.id == Draft.run_id)
        .outerjoin(Account, Account.id == Draft.created_by_id)
        .where(Draft.edition_id == edition.id)
        .order_by(Draft.number.desc())
    )  # fmt: skip
    return tuple(
        DraftLine(
            draft.number, draft.is_current, draft.origin, run, draft.based_on, name or email or "",
            draft.created_at, draft.changed_at, meetings, locked, number,
        )
        for draft, run, name, email, meetings, locked, number in session.execute(query)
    )  # fmt: skip
