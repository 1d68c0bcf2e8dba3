"""The life of a run: taken once, heard every second, finished or found dead; its row is the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from salon.actor import Actor, system
from salon.enums import Role, RunState
from salon.models import Account, Membership, RunPoint, SolverRun
from salon.nudges import after_commit
from salon.queries.runs import SILENT_AFTER
from salon.services import audit, certificate, planning
from scheduling import io
from scheduling.solution import Solution

RENUDGE_AFTER = timedelta(seconds=5)  # a queued run whose message may be lost
MAX_ATTEMPTS = 2  # one automatic retry, and only when nothing was kept
_ENGINE = system("engine")


@dataclass(frozen=True, slots=True)
class Order:
    """A taken run; `attempt` is the taker's proof that it is still theirs."""

    run_id: int
    attempt: int
    problem: str
    time_limit_s: int
    workers: int
    seed: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What the child said since the last beat."""

    progress: Mapping[str, Any] | None = None
    plan: object | None = None  # meetings of the best plan so far, as the engine's JSON


@dataclass(frozen=True, slots=True)
class Ended:
    """How the child ended: its answer, or the error that stands for one (a `run_error_…` of the wording)."""

    answer: Mapping[str, Any] | None = None
    error: str = ""
    died: bool = False  # killed from outside: nobody's fault, worth one more try
    plan: object | None = None
    detail: str = field(default="", compare=False)  # for the log of the operator


def take(session: Session, now: datetime, run_id: int) -> Order | None:
    """The queued run, now running and ours; None when it is not queued any more (a second delivery)."""
    taken = session.execute(
        update(SolverRun)
        .where(SolverRun.id == run_id, SolverRun.state == RunState.QUEUED)
        .values(
            state=RunState.RUNNING,
            attempts=SolverRun.attempts + 1,
            started_at=now,
            heartbeat_at=now,
            progress={},
        )
    )
    if not taken.rowcount:  # type: ignore[attr-defined]
        return None
    run = session.get_one(SolverRun, run_id, populate_existing=True)
    if not _may_still_run(session, run):
        _close(session, now, run, RunState.FAILED, "not_allowed")
        return None
    return Order(run.id, run.attempts, run.problem, run.time_limit_s, run.workers, run.seed)


def _may_still_run(session: Session, run: SolverRun) -> bool:
    """Whether whoever ordered it is still an organiser here; a command has no account and may."""
    if run.requested_by_id is None:
        return True
    account = session.get_one(Account, run.requested_by_id)
    if account.disabled_at or account.erased_at:
        return False
    editors = (Role.OWNER, Role.ORGANISER)
    role = select(Membership.id).where(
        Membership.edition_id == run.edition_id,
        Membership.account_id == account.id,
        Membership.role.in_(editors),
    )
    return account.is_admin or session.scalar(role) is not None


def beat(session: Session, now: datetime, order: Order, heard: Heard) -> bool | None:
    """Note that the run lives and what it said; True: go on, False: stop, None: it is no longer ours."""
    mine = (
        SolverRun.id == order.run_id,
        SolverRun.state == RunState.RUNNING,
        SolverRun.attempts == order.attempt,
    )
    values: dict[str, Any] = {"heartbeat_at": now}
    if heard.progress is not None:
        values["progress"] = dict(heard.progress)
    if heard.plan is not None:
        values["partial"] = io.encode(heard.plan)
    updated = session.execute(update(SolverRun).where(*mine).values(**values))
    if not updated.rowcount:  # type: ignore[attr-defined]
        return None
    if heard.progress is not None:
        _add_point(session, order.run_id, heard.progress)
    asked = session.scalar(select(SolverRun.cancel_requested_at).where(SolverRun.id == order.run_id))
    return asked is None


def _add_point(session: Session, run_id: int, progress: Mapping[str, Any]) -> None:
    """A point of the curve, unless it says what the last one said."""
    point = RunPoint(
        run_id=run_id,
        elapsed_ms=int(1000 * float(progress.get("elapsed") or 0)),
        incumbent=progress.get("incumbent"),
        bound=progress.get("bound"),
        meetings=int(progress.get("meetings") or 0),
        step=str(progress.get("step") or "")[:20],
    )
    last = session.scalar(
        select(RunPoint).where(RunPoint.run_id == run_id).order_by(RunPoint.id.desc()).limit(1)
    )
    if last is None or _said(last) != _said(point):
        session.add(point)


def _said(point: RunPoint) -> tuple[object, ...]:
    return point.incumbent, point.bound, point.meetings, point.step


def finish(session: Session, now: datetime, order: Order, ended: Ended) -> None:
    """The run is over, with a draft when there is a plan that verifies; nothing if it is no longer ours."""
    run = session.get_one(SolverRun, order.run_id, populate_existing=True, with_for_update=True)
    if run.state is not RunState.RUNNING or run.attempts != order.attempt:
        return
    if ended.plan is not None:
        run.partial = io.encode(ended.plan)
    if ended.answer is None:
        _broken_off(session, now, run, ended)
        return
    try:
        _accept(session, now, run, ended.answer)
    except planning.Unusable as fault:
        run.result = {**(run.result or {}), "broken_rules": list(fault.rules)}
        _close(session, now, run, RunState.FAILED, fault.code)


def _accept(session: Session, now: datetime, run: SolverRun, answer: Mapping[str, Any]) -> None:
    """Store the answer, and its plan as a draft; raises `planning.Unusable`."""
    status = answer.get("status")
    if status not in _END_STATES:
        raise planning.Unusable("garbage")
    meetings = answer.get("meetings")
    result = {key: value for key, value in answer.items() if key != "meetings"}
    if meetings is not None:
        solution = planning.read_plan(run, meetings, answer.get("terms"))
        draft, left_out = planning.store_solution(session, now, run, solution)
        run.partial = io.encode(meetings)
        result.update(draft=draft.number, left_out=left_out, **_summary(run, solution))
    run.result = {**(run.result or {}), **result}
    run.versions = dict(answer.get("versions") or {})
    state, error = _END_STATES[status]
    if state is RunState.CANCELLED and meetings is None:
        error = "cancelled_early"
    _close(session, now, run, state, error)


_END_STATES: dict[object, tuple[RunState, str]] = {
    "optimal": (RunState.DONE, ""),
    "feasible": (RunState.DONE, ""),
    "cancelled": (RunState.CANCELLED, ""),
    "infeasible": (RunState.INFEASIBLE, ""),
    "unknown": (RunState.FAILED, "nothing_found"),
}


def _broken_off(session: Session, now: datetime, run: SolverRun, ended: Ended) -> None:
    """No answer: keep the best plan so far, else try once more if the child was merely killed."""
    if _keep_partial(session, now, run):
        _close(session, now, run, RunState.INTERRUPTED, ended.error)
    elif run.cancel_requested_at is not None:
        _close(session, now, run, RunState.CANCELLED, "cancelled_early")
    elif ended.died and run.attempts < MAX_ATTEMPTS:
        _requeue(session, run)
    else:
        _close(session, now, run, RunState.INTERRUPTED if ended.died else RunState.FAILED, ended.error)


def _keep_partial(session: Session, now: datetime, run: SolverRun) -> bool:
    """Whether a partial plan was there and verified; it is the current draft now."""
    if run.partial is None:
        return False
    try:
        meetings = io.decode(run.partial)
        solution = planning.read_plan(run, meetings)
    except (io.BadInput, planning.Unusable):
        return False
    draft, left_out = planning.store_solution(session, now, run, solution)
    kept = {"draft": draft.number, "left_out": left_out, **_summary(run, solution)}
    run.result = {**(run.result or {}), **kept}
    return True


def _summary(run: SolverRun, solution: Solution) -> dict[str, Any]:
    """What the result page shows, counted once, here, from the run's own problem."""
    problem = io.problem_from(io.decode(run.problem))
    wishes = (run.result or {})["bridge"]["wishes"]
    return {"summary": certificate.summarise(problem, solution, wishes)}


def _requeue(session: Session, run: SolverRun) -> None:
    run.state, run.heartbeat_at, run.progress = RunState.QUEUED, None, {}
    session.flush()
    after_commit(session, planning.RUN_TASK, run.id)


def _close(session: Session, now: datetime, run: SolverRun, state: RunState, error: str) -> None:
    """The run is over; the plan it leaves stays with it for the replay file."""
    run.state, run.error, run.finished_at = state, error, now
    session.flush()
    actor = Actor(account_id=run.requested_by_id, system=_ENGINE.system)
    audit.record(
        session,
        actor,
        now,
        "run_ended",
        edition_id=run.edition_id,
        obj=run,
        number=run.number,
        state=state.value,
    )


def sweep(session: Session, now: datetime) -> list[int]:
    """Runs whose supervisor fell silent are over or queued again; gives the ids to nudge."""
    silent = (SolverRun.state == RunState.RUNNING, SolverRun.heartbeat_at < now - SILENT_AFTER)
    lost = Ended(error="worker_lost", died=True)
    free = select(SolverRun).where(*silent).with_for_update(skip_locked=True)  # others are being finished
    for run in session.scalars(free.execution_options(populate_existing=True)).all():
        _broken_off(session, now, run, lost)
    waiting = (SolverRun.state == RunState.QUEUED, SolverRun.requested_at < now - RENUDGE_AFTER)
    return list(session.scalars(select(SolverRun.id).where(*waiting)))
