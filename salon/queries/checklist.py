"""Where an edition stands on the way from its settings to its review: facts, then eight steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select
from sqlalchemy.orm import Session, aliased

from salon import phases
from salon.enums import (
    DelegateStatus,
    JobKind,
    JobState,
    MailState,
    Phase,
    ReleaseStage,
    RunState,
    WishLevel,
)
from salon.models import (
    Delegate,
    Draft,
    Edition,
    Job,
    MeetingSession,
    OutboxMail,
    ParticipantType,
    Placement,
    Release,
    Seat,
    Slot,
    SolverRun,
    Table,
    TypeRule,
    Wish,
    WorkerBeat,
)
from salon.queries.capacity import types_that_meet
from salon.queries.retention import named

NAMED = 3  # people named under a thing to do; the linked page has them all


@dataclass(frozen=True, slots=True)
class RunFact:
    """The last run."""

    number: int
    state: RunState
    gap: float | None  # proven distance to the bound, a share; None: not proven


@dataclass(frozen=True, slots=True)
class ReleaseFact:
    """The last release."""

    number: int
    stage: ReleaseStage
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the edition's home says; counts but for the dates and the last rows."""

    sessions: int
    slots: int
    tables: int
    types: int
    rules: int
    present: int  # approved, to approve or waiting
    known: int  # registered at any time and not forgotten yet
    approved: int
    pending: int
    oldest_pending: datetime | None
    organisations: int
    wishes: int
    mutual: int
    wishless: int  # approved people who may meet somebody and wish for nobody
    placed: int
    draft: int | None
    failed_mails: int
    printed: int
    slot_min: int | None
    changeover_min: int | None
    formats: int  # different pairs of lengths
    run: RunFact | None
    release: ReleaseFact | None
    final_releases: int
    oldest_mail: datetime | None
    beat: datetime | None

    @property
    def places(self) -> int:
        return self.tables * self.slots


def facts(session: Session, edition: Edition) -> Facts:
    """The facts of one edition, in three statements."""
    parts = {
        **_programme(edition),
        **_people(edition),
        **_wishes(edition),
        **_plan(edition),
        **_machine(edition),
    }
    row = session.execute(select(*parts.values())).one()
    return Facts(
        **dict(zip(parts, row, strict=True)),
        run=_last_run(session, edition),
        release=_last_release(session, edition),
    )


Parts = dict[str, ScalarSelect[Any]]


def _count(table: Any, *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(func.count()).select_from(table).where(*conditions).scalar_subquery()


def _programme(edition: Edition) -> Parts:
    here = MeetingSession.edition_id == edition.id
    lengths = select(MeetingSession.slot_min, MeetingSession.changeover_min).where(here).distinct()
    return {
        "sessions": _count(MeetingSession, here),
        "slots": _count(Slot, Slot.edition_id == edition.id),
        "tables": _count(Table, Table.edition_id == edition.id),
        "types": _count(ParticipantType, ParticipantType.edition_id == edition.id),
        "rules": _count(TypeRule, TypeRule.edition_id == edition.id),
        "slot_min": select(func.min(MeetingSession.slot_min)).where(here).scalar_subquery(),
        "changeover_min": select(func.min(MeetingSession.changeover_min)).where(here).scalar_subquery(),
        "formats": select(func.count()).select_from(lengths.subquery()).scalar_subquery(),
    }


def _people(edition: Edition) -> Parts:
    here = Delegate.edition_id == edition.id
    pending, approved = (
        and_(here, Delegate.status == status) for status in (DelegateStatus.PENDING, DelegateStatus.APPROVED)
    )
    present = (DelegateStatus.PENDING, DelegateStatus.WAITING, DelegateStatus.APPROVED)
    return {
        "present": _count(Delegate, here, Delegate.status.in_(present)),
        "known": _count(Delegate, here, Delegate.id.in_(named())),
        "approved": _count(Delegate, approved),
        "pending": _count(Delegate, pending),
        "oldest_pending": select(func.min(Delegate.created_at)).where(pending).scalar_subquery(),
        "organisations": select(func.count(Delegate.organisation_id.distinct()))
        .where(here, Delegate.status.in_(present))
        .scalar_subquery(),
    }


def _wishes(edition: Edition) -> Parts:
    positive = and_(Wish.edition_id == edition.id, Wish.level != WishLevel.NO_THANKS)
    return {
        "wishes": _count(Wish, positive),
        "mutual": _mutual(edition),
        "wishless": _count(
            Delegate,
            Delegate.edition_id == edition.id,
            Delegate.status == DelegateStatus.APPROVED,
            Delegate.type_id.in_(types_that_meet(edition)),
            ~select(Wish.id).where(Wish.owner_id == Delegate.id, positive).exists(),
        ),
    }


def _mutual(edition: Edition) -> ScalarSelect[Any]:
    """Pairs of organisations that wish for each other."""
    mine, theirs, me, them = aliased(Wish), aliased(Wish), aliased(Delegate), aliased(Delegate)
    pairs = (
        select(me.organisation_id, them.organisation_id)
        .select_from(mine)
        .join(me, me.id == mine.owner_id)
        .join(them, and_(them.organisation_id == mine.organisation_id, them.edition_id == edition.id))
        .join(theirs, and_(theirs.owner_id == them.id, theirs.organisation_id == me.organisation_id))
        .where(
            mine.edition_id == edition.id,
            theirs.edition_id == edition.id,
            mine.level != WishLevel.NO_THANKS,
            theirs.level != WishLevel.NO_THANKS,
            me.organisation_id < them.organisation_id,
        )
        .distinct()
    )
    return select(func.count()).select_from(pairs.subquery()).scalar_subquery()


def _plan(edition: Edition) -> Parts:
    current = and_(Draft.edition_id == edition.id, Draft.is_current)
    placed = (
        select(func.count()).select_from(Placement).join(Draft, Draft.id == Placement.draft_id).where(current)
    )
    last = select(func.max(Release.created_at)).where(Release.edition_id == edition.id).scalar_subquery()
    final = and_(Release.edition_id == edition.id, Release.stage == ReleaseStage.FINAL)
    printed = and_(Job.edition_id == edition.id, Job.kind == JobKind.PRINT_SET, Job.state == JobState.DONE)
    return {
        "placed": placed.scalar_subquery(),
        "draft": select(Draft.number).where(current).scalar_subquery(),
        "final_releases": _count(Release, final),
        "printed": _count(Job, printed, Job.created_at >= last),
    }


def _machine(edition: Edition) -> Parts:
    failed = (MailState.FAILED, MailState.UNCERTAIN)
    waits = OutboxMail.state.in_((MailState.QUEUED, MailState.RETRY))
    return {
        "failed_mails": _count(OutboxMail, OutboxMail.edition_id == edition.id, OutboxMail.state.in_(failed)),
        "oldest_mail": select(func.min(OutboxMail.created_at)).where(waits).scalar_subquery(),
        "beat": select(func.max(WorkerBeat.at)).scalar_subquery(),
    }


def _last_run(session: Session, edition: Edition) -> RunFact | None:
    query = select(SolverRun.number, SolverRun.state, SolverRun.result).where(
        SolverRun.edition_id == edition.id
    )
    row = session.execute(query.order_by(SolverRun.number.desc()).limit(1)).first()
    if row is None:
        return None
    gap = (row.result or {}).get("gap")
    return RunFact(row.number, row.state, float(gap) if isinstance(gap, int | float) else None)


def _last_release(session: Session, edition: Edition) -> ReleaseFact | None:
    query = select(Release.number, Release.stage, Release.created_at).where(Release.edition_id == edition.id)
    row = session.execute(query.order_by(Release.number.desc()).limit(1)).first()
    return ReleaseFact(*row) if row else None


def below_minimum(session: Session, edition: Edition) -> tuple[int, tuple[str, ...]]:
    """How many approved people have fewer meetings in the current draft than their minimum; some by name."""
    seats = (
        select(Seat.delegate_id, func.count().label("meetings"))
        .join(Draft, Draft.id == Seat.draft_id)
        .where(Draft.edition_id == edition.id, Draft.is_current)
        .group_by(Seat.delegate_id)
        .subquery()
    )
    least = func.coalesce(Delegate.min_override, ParticipantType.min_meetings)
    query = (
        select(Delegate.first_name, Delegate.last_name, func.count().over().label("total"))
        .join(ParticipantType, ParticipantType.id == Delegate.type_id)
        .outerjoin(seats, seats.c.delegate_id == Delegate.id)
        .where(
            Delegate.edition_id == edition.id,
            Delegate.status == DelegateStatus.APPROVED,
            func.coalesce(seats.c.meetings, 0) < least,
        )
        .order_by(Delegate.last_name, Delegate.id)
        .limit(NAMED)
    )
    rows = session.execute(query).all()
    return (rows[0].total if rows else 0), tuple(f"{row.first_name} {row.last_name}" for row in rows)


# Eight steps ------------------------------------------------------------------------------------------------

STEPS = ("settings", "registrations", "wishes", "plan", "release", "documents", "day", "after")


@dataclass(frozen=True, slots=True)
class Step:
    """One step and its state: `done`, `current` or `coming`."""

    key: str
    state: str


def steps(found: Facts, edition: Edition, now: datetime) -> tuple[Step, ...]:
    """The eight steps; the current one is the first that is not done."""
    done = _done(found, edition, now)
    current = next((key for key in STEPS if not done[key]), None)
    return tuple(
        Step(key, "current" if key == current else "done" if done[key] else "coming") for key in STEPS
    )


def _done(found: Facts, edition: Edition, now: datetime) -> dict[str, bool]:
    today = now.astimezone(ZoneInfo(edition.timezone)).date()
    registration, wishes = phases.registration(edition, now), phases.wishes(edition, now)
    return {
        "settings": bool(found.slots and found.tables and found.rules and edition.is_public),
        "registrations": found.approved > 0
        and (registration is Phase.CLOSED or wishes in (Phase.OPEN, Phase.CLOSED)),
        "wishes": found.wishes > 0 and wishes is Phase.CLOSED,
        "plan": found.release is not None,
        "release": found.final_releases > 0 or today > edition.last_day,
        "documents": found.printed > 0 or today > edition.last_day,
        "day": today > edition.last_day,
        "after": False,
    }
