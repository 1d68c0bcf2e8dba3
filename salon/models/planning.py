"""Runs, drafts and releases: what is computed, shaped, then promised."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.enums import (
    DraftOrigin,
    MeetingStatus,
    ReleaseReason,
    ReleaseStage,
    RunPreset,
    RunState,
)
from salon.models.base import PUBLIC, TECHNICAL, Base

_ACTIVE = text("state IN ('queued', 'running')")
_CURRENT = text("is_current")


class SolverRun(Base):
    """One order to the engine, with all that is needed to replay it."""

    __tablename__ = "solver_run"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        Index(
            "uq_solver_run_active", "edition_id", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    number: Mapped[int]
    state: Mapped[RunState]
    preset: Mapped[RunPreset]
    problem: Mapped[str] = mapped_column(Text, info=TECHNICAL)  # scheduling.io JSON: ids, no names
    problem_hash: Mapped[str] = mapped_column(String(64), info=TECHNICAL)
    weights: Mapped[dict[str, Any]] = mapped_column(info=TECHNICAL)
    seed: Mapped[int]
    time_limit_s: Mapped[int]
    workers: Mapped[int]
    versions: Mapped[dict[str, Any]] = mapped_column(default=dict, info=TECHNICAL)
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    requested_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    cancel_requested_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict, info=TECHNICAL)  # the child's last line
    partial: Mapped[str | None] = mapped_column(Text, info=TECHNICAL)  # incumbent plan, kept if it dies
    result: Mapped[dict[str, Any] | None] = mapped_column(
        info=TECHNICAL
    )  # the engine's answer, less the meetings
    error: Mapped[str] = mapped_column(Text, default="", info=TECHNICAL)


class RunPoint(Base):
    """One point of the curve of incumbent and bound."""

    __tablename__ = "run_point"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("solver_run.id"), index=True)
    elapsed_ms: Mapped[int]
    incumbent: Mapped[int | None]
    bound: Mapped[int | None]
    meetings: Mapped[int]
    step: Mapped[str] = mapped_column(String(20), info=TECHNICAL)


class Draft(Base):
    """A plan that can still change; one of an edition is current."""

    __tablename__ = "draft"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        Index(
            "uq_draft_current", "edition_id", unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    number: Mapped[int]
    is_current: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[DraftOrigin]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("solver_run.id"), index=True)
    based_on: Mapped[int | None]  # number of the release it was reopened from
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Meeting(Base):
    """A meeting's identity through all its moves; never deleted."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    uid: Mapped[str] = mapped_column(String(36), unique=True, info=TECHNICAL)  # iCalendar UID, for life
    created_at: Mapped[datetime]


class Placement(Base):
    """A meeting in a draft: when, where, and whether it is locked there."""

    __tablename__ = "placement"
    __table_args__ = (
        UniqueConstraint("draft_id", "meeting_id"),
        UniqueConstraint("draft_id", "slot_id", "table_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"), index=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("meeting_table.id"), index=True)
    locked: Mapped[bool] = mapped_column(default=False)
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: the engine

    seats: Mapped[list[Seat]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Seat.delegate_id"
    )


class Seat(Base):
    """A delegate at a placement; `draft_id` and `slot_id` repeat it so that nobody sits twice."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("draft_id", "slot_id", "delegate_id"),)

    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), primary_key=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), primary_key=True, index=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))


class Release(Base):
    """A numbered promise to the participants; its rows never change (a trigger refuses)."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    number: Mapped[int]
    stage: Mapped[ReleaseStage]
    reason: Mapped[ReleaseReason]
    note: Mapped[str] = mapped_column(String(400), default="", info=PUBLIC)
    fingerprint: Mapped[str] = mapped_column(String(64), info=TECHNICAL)
    diff: Mapped[dict[str, Any]] = mapped_column(info=TECHNICAL)  # against the release before, ids only
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]


class ReleasedMeeting(Base):
    """A copy of a placement as it was promised; ids, never names."""

    __tablename__ = "released_meeting"
    __table_args__ = (UniqueConstraint("release_id", "meeting_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    table_label: Mapped[str] = mapped_column(String(12), info=PUBLIC)
    status: Mapped[MeetingStatus]
    sequence: Mapped[int]  # iCalendar SEQUENCE
    changed_at: Mapped[datetime]

    seats: Mapped[list[ReleasedSeat]] = relationship(lazy="raise")


class ReleasedSeat(Base):
    """A delegate at a released meeting."""

    __tablename__ = "released_seat"

    released_meeting_id: Mapped[int] = mapped_column(ForeignKey("released_meeting.id"), primary_key=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), primary_key=True, index=True)
