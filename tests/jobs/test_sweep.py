"""What runs again and again judges others only while it was awake itself, and never what is being finished."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import RunState
from salon.extensions import db
from salon.jobs import documents, runs, sweep, worker
from salon.models import SolverRun
from salon.nudges import AnySession
from salon.queries.runs import SILENT_AFTER
from salon.services import runs as services
from salon.services.runs import Ended
from salon.web import SalonFlask
from tests.conftest import NOW, POSTGRES
from tests.factories import Factory
from tests.planning_fair import order_run, small_fair

assert documents and runs  # registered


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_a_dead_worker_is_noticed_within_ten_seconds() -> None:
    """The figures that promise it: a beat a second, the silence, a sweep, the pause between two looks."""
    every = {one.name: one.every_s for one in sweep.SWEEPS}
    assert SILENT_AFTER + seconds(every["runs"] + worker.TICK_S) < seconds(10)
    assert services.RENUDGE_AFTER + seconds(every["runs"] + worker.TICK_S) < seconds(10)
    assert every["runs"] == every["prints"]


def test_silence_counts_only_while_we_listened() -> None:
    one = sweep.Sweep("x", 1, lambda _session, _now: ())
    assert one.moment(NOW) == NOW  # a worker that has just started
    one.done_at = NOW - seconds(2)
    assert one.moment(NOW) == NOW
    one.done_at = NOW - seconds(30)  # a store held for half a minute, a machine that slept
    assert one.moment(NOW) == NOW - seconds(30)


def test_a_pass_is_told_the_time_from_before_its_wait(
    app: SalonFlask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[datetime] = []

    def note(_session: AnySession, now: datetime) -> sweep.Nudges:
        told.append(now)
        return ()

    one = sweep.Sweep("x", 1, note)
    monkeypatch.setattr(sweep, "SWEEPS", [one])
    before = datetime.now(UTC)
    sweep.run_due(app)
    assert before <= told[0] <= one.done_at  # type: ignore[operator]


@pytest.mark.skipif(not POSTGRES, reason="in SQLite one writer at a time: the finisher is done or waits")
@pytest.mark.parametrize("first", ["finisher", "sweep"])
def test_a_run_that_ends_while_it_is_swept_ends_once(
    app: SalonFlask, session: Session, make: Factory, first: str
) -> None:
    run_id = order_run(session, small_fair(make)).id
    order = services.take(session, datetime.now(UTC), run_id)
    assert order is not None
    session.commit()
    later = datetime.now(UTC) + SILENT_AFTER + seconds(1)
    ended = Ended(error="crashed")
    if first == "finisher":
        services.finish(session, later, order, ended)
        thread = elsewhere(app, lambda: services.sweep(db.session(), later))
    else:
        services.sweep(session, later)  # without a plan it is queued once more
        thread = elsewhere(app, lambda: services.finish(db.session(), later, order, ended))
    session.commit()
    thread.join(10)
    state = session.scalar(select(SolverRun.state).where(SolverRun.id == run_id))
    assert state is (RunState.FAILED if first == "finisher" else RunState.QUEUED)


def elsewhere(app: SalonFlask, act: object) -> threading.Thread:
    """That, in another transaction, committed; it may have to wait for ours."""

    def work() -> None:
        with app.app_context():
            act()  # type: ignore[operator]
            db.session.commit()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(1)
    return thread
