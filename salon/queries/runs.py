"""Runs as rows: the list, the live page, what the next one will respect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from salon.enums import ACTIVE_RUN_STATES, RunPreset, RunState, WishLevel
from salon.models import (
    Account,
    Draft,
    Edition,
    Exclusion,
    MandatoryMeeting,
    Placement,
    RunPoint,
    SolverRun,
    Wish,
)

SILENT_AFTER = timedelta(seconds=7)  # it beats each second; with a sweep a second, said within ten


def shown_state(state: RunState, heartbeat_at: datetime | None, now: datetime) -> RunState:
    """The state to show: a run that fell silent is interrupted, whether or not a sweep has said so."""
    silent = heartbeat_at is not None and now - heartbeat_at > SILENT_AFTER
    return RunState.INTERRUPTED if state is RunState.RUNNING and silent else state


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in the list; figures are None when it left no plan."""

    number: int
    state: RunState
    preset: RunPreset
    author: str
    requested_at: datetime
    seconds: float | None
    meetings: int | None
    gap: float | None
    draft: int | None
    draft_is_current: bool


def lines(
    session: Session, edition: Edition, now: datetime, page: int, size: int
) -> tuple[list[RunLine], int]:
    """A page of runs, the newest first, and how many there are; two statements, no plan is read."""
    figures = SolverRun.result
    query = (
        select(
            SolverRun.number, SolverRun.state, SolverRun.heartbeat_at, SolverRun.preset,
            SolverRun.requested_at, Account.name, Account.email, Draft.number, Draft.is_current,
            figures["seconds"].as_float(), figures[("summary", "meetings")].as_integer(),
            figures["gap"].as_float(),
        )
        .outerjoin(Account, Account.id == SolverRun.requested_by_id)
        .outerjoin(Draft, Draft.run_id == SolverRun.id)
        .where(SolverRun.edition_id == edition.id)
        .order_by(SolverRun.number.desc())
        .limit(size)
        .offset((page - 1) * size)
    )  # fmt: skip
    total = session.scalar(
        select(func.count()).select_from(SolverRun).where(SolverRun.edition_id == edition.id)
    )
    return [_line(tuple(row), now) for row in session.execute(query)], total or 0


def _line(row: tuple[Any, ...], now: datetime) -> RunLine:
    number, state, beat, preset, asked, name, email, draft, current, seconds, meetings, gap = row
    return RunLine(
        number=number,
        state=shown_state(state, beat, now),
        preset=preset,
        author=name or email or "",
        requested_at=asked,
        seconds=seconds,
        meetings=meetings,
        gap=gap,
        draft=draft,
        draft_is_current=bool(current),
    )


def author(session: Session, run: SolverRun) -> str:
    """Who ordered the run; empty for a command."""
    if run.requested_by_id is None:
        return ""
    account = session.get_one(Account, run.requested_by_id)
    return account.name or account.email


# Live -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the curve."""

    seconds: float
    incumbent: int | None
    bound: int | None
    meetings: int
    step: str


@dataclass(frozen=True, slots=True)
class LiveRun:
    """A run as its live page shows it."""

    number: int
    state: RunState
    preset: RunPreset
    requested_at: datetime
    time_limit_s: int
    elapsed_s: float
    step: str
    meetings: int
    must_held: int
    must_asked: int
    gap: float | None
    incumbent: int | None
    bound: int | None
    last_gain_s: float | None  # seconds since the plan last got better
    cancelling: bool
    error: str
    points: tuple[Point, ...]

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_RUN_STATES

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number, "state": self.state.value, "active": self.is_active, "step": self.step,
            "elapsed": round(self.elapsed_s, 1), "time_limit": self.time_limit_s,
            "meetings": self.meetings, "must_held": self.must_held, "value": self.incumbent,
            "bound": self.bound, "gap": self.gap,
        }  # fmt: skip


def live(session: Session, run: SolverRun, now: datetime) -> LiveRun:
    """The run as of now, in one more statement."""
    points = _points(session, run.id)
    progress: Mapping[str, Any] = run.progress or {}
    wishes = (run.result or {}).get("bridge", {}).get("wishes", [])
    elapsed = float(progress.get("elapsed") or 0)
    gained = _last_gain(points)
    return LiveRun(
        number=run.number,
        state=shown_state(run.state, run.heartbeat_at, now),
        preset=run.preset,
        requested_at=run.requested_at,
        time_limit_s=run.time_limit_s,
        elapsed_s=elapsed,
        step=str(progress.get("step") or ""),
        meetings=int(progress.get("meetings") or 0),
        must_held=int(progress.get("must_held") or 0),
        must_asked=_must_pairs(wishes),
        gap=progress.get("gap"),
        incumbent=progress.get("incumbent"),
        bound=progress.get("bound"),
        last_gain_s=None if gained is None else max(0.0, elapsed - gained),
        cancelling=run.cancel_requested_at is not None,
        error=run.error,
        points=points,
    )


def _must_pairs(wishes: list[list[Any]]) -> int:
    """Pairs of people that at least one side calls a must: what the engine counts as held."""
    pairs = {
        (min(wish[0], partner), max(wish[0], partner))
        for wish in wishes
        if wish[2] == WishLevel.MUST
        for partner in wish[5]
    }
    return len(pairs)


def _points(session: Session, run_id: int) -> tuple[Point, ...]:
    query = select(RunPoint).where(RunPoint.run_id == run_id).order_by(RunPoint.id)
    return tuple(
        Point(point.elapsed_ms / 1000, point.incumbent, point.bound, point.meetings, point.step)
        for point in session.scalars(query)
    )


def _last_gain(points: tuple[Point, ...]) -> float | None:
    best, since = None, None
    for point in points:
        if point.incumbent is not None and (best is None or point.incumbent > best):
            best, since = point.incumbent, point.seconds
    return since


# The form ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Respected:
    """What the next run will respect, and what has changed since the last that left a plan."""

    locks: int
    exclusions: int
    mandatory: int
    refusals: int
    last_number: int | None
    last_hash: str
    wishes_since: int
    active: int | None  # number of the run under way


def respected(session: Session, edition: Edition) -> Respected:
    """Counts for the form, in three statements."""
    last = session.execute(
        select(SolverRun.number, SolverRun.problem_hash, SolverRun.requested_at)
        .join(Draft, Draft.run_id == SolverRun.id)
        .where(SolverRun.edition_id == edition.id)
        .order_by(SolverRun.number.desc())
        .limit(1)
    ).first()
    locked = (
        select(func.count(Placement.id))
        .join(Draft, Draft.id == Placement.draft_id)
        .where(Draft.edition_id == edition.id, Draft.is_current, Placement.locked)
    )
    counts = session.execute(
        select(
            locked.scalar_subquery(),
            _count(Exclusion, edition),
            _count(MandatoryMeeting, edition),
            _count(Wish, edition, Wish.level == WishLevel.NO_THANKS),
            _active(edition).scalar_subquery(),
        )
    ).one()
    since = _wishes_since(session, edition, last[2]) if last else 0
    locks, exclusions, mandatory, refusals, active = counts
    return Respected(
        locks,
        exclusions,
        mandatory,
        refusals,
        last_number=last[0] if last else None,
        last_hash=last[1] if last else "",
        wishes_since=since,
        active=active,
    )


def _count(table: Any, edition: Edition, *conditions: Any) -> Any:
    query = select(func.count()).select_from(table).where(table.edition_id == edition.id, *conditions)
    return query.scalar_subquery()


def _wishes_since(session: Session, edition: Edition, moment: datetime) -> int:
    """Wishes made or changed since a moment."""
    query = (
        select(func.count()).select_from(Wish).where(Wish.edition_id == edition.id, Wish.updated_at > moment)
    )
    return session.scalar(query) or 0


def wishes_since_run(session: Session, run_id: int) -> int:
    """Wishes made or changed since that run was ordered."""
    query = (
        select(func.count(Wish.id))
        .join(SolverRun, SolverRun.edition_id == Wish.edition_id)
        .where(SolverRun.id == run_id, Wish.updated_at > SolverRun.requested_at)
    )
    return session.scalar(query) or 0


def active_number(session: Session, edition: Edition) -> int | None:
    """The number of the run under way."""
    return session.scalar(_active(edition))


def _active(edition: Edition) -> Select[int]:
    return select(SolverRun.number).where(
        SolverRun.edition_id == edition.id, SolverRun.state.in_(ACTIVE_RUN_STATES)
    )


def draft_of(session: Session, run_id: int) -> tuple[int, bool] | None:
    """Number of the draft that a run left, and whether it is the current one."""
    found = session.execute(select(Draft.number, Draft.is_current).where(Draft.run_id == run_id)).first()
    return (found[0], found[1]) if found else None
