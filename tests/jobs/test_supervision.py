"""A child that dies, lies, hangs or eats memory; a worker that dies; a run told twice, or stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from salon import nudges
from salon.enums import Role, RunState
from salon.jobs import runs as job
from salon.jobs import supervision
from salon.jobs.queue import perform
from salon.jobs.supervision import Command, supervise
from salon.models import Draft, Membership, SolverRun
from salon.queries.runs import SILENT_AFTER
from salon.services import planning, runs
from salon.services.runs import Ended, Heard, Order
from salon.web import SalonFlask
from scheduling import Limits, io, solve
from tests.conftest import NOW
from tests.factories import Factory
from tests.jobs import stubs
from tests.planning_fair import SmallFair, order_run, small_fair


@pytest.fixture
def fair(make: Factory) -> SmallFair:
    return small_fair(make)


def taken(session: Session, fair: SmallFair, **options: int) -> Order:
    """A run of ours, taken."""
    order = runs.take(session, datetime.now(UTC), order_run(session, fair, **options).id)
    assert order is not None
    session.commit()
    return order


def computed(session: Session, order: Order, command: Command) -> SolverRun:
    """The run once the job has followed that child."""
    job.compute(order, command)
    session.rollback()
    return session.get_one(SolverRun, order.run_id, populate_existing=True)


def a_plan(order: Order) -> list[dict[str, object]]:
    found = solve(io.problem_from(io.decode(order.problem)), limits=Limits(1), workers=1)
    assert found.solution is not None
    return io.solution_to(found.solution)


def drafts_made(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Draft)) or 0


# What a child may do ----------------------------------------------------------------------------------------

BAD: dict[str, tuple[str, str]] = {
    "garbage": ("print('hello', flush=True); time.sleep(9)", "garbage"),
    "not text": (
        "sys.stdout.buffer.write(bytes([255, 254, 10])); sys.stdout.flush(); time.sleep(9)",
        "garbage",
    ),
    "unknown message": ("say({'event': 'dance'}); time.sleep(9)", "garbage"),
    "figures that are none": (stubs.progress(incumbent="many") + "time.sleep(9)", "garbage"),
    "a crash": ("raise RuntimeError('boom')", "crashed"),
    "silence": ("sys.exit(0)", "crashed"),
    "no memory": ("say({'event': 'error', 'code': 'memory'}); sys.exit(1)", "memory"),
    "an unknown status": (stubs.answer(status="splendid"), "garbage"),
    "wrong ids": (
        stubs.answer(meetings=[{"a": 1, "b": 99999, "slot": 1, "table": 1, "pinned": False}]),
        "unverified",
    ),
    "meetings that are none": (stubs.answer(meetings=[{"a": 1}]), "garbage"),
    "nothing in time": (stubs.answer(status="unknown", meetings=None), "nothing_found"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_child_that_misbehaves_fails_the_run_in_words(session: Session, fair: SmallFair, name: str) -> None:
    code, error = BAD[name]
    run = computed(session, taken(session, fair), stubs.program(code))
    assert (run.state, run.error) == (RunState.FAILED, error)
    assert run.finished_at is not None and drafts_made(session) == 0


def test_noise_behind_the_answer_spoils_nothing(
    session: Session, fair: SmallFair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine the answer and what a library leaves in its buffer are heard in one go."""

    def late(child: supervision.Child, _wait_s: float) -> list[str | None]:
        return [*iter(child._lines.get, None), None]

    monkeypatch.setattr(supervision.Child, "said", late)
    code = stubs.answer(status="infeasible", meetings=None) + "print('solver: done', flush=True)\n"
    run = computed(session, taken(session, fair), stubs.program(code))
    assert (run.state, run.error) == (RunState.INFEASIBLE, "")


def test_a_plan_with_false_figures_is_thrown_away(session: Session, fair: SmallFair) -> None:
    order = taken(session, fair)
    terms = [{"name": "value", "value": 10**6}]
    run = computed(session, order, stubs.program(stubs.answer(meetings=a_plan(order), terms=terms)))
    assert (run.state, run.error, drafts_made(session)) == (RunState.FAILED, "wrong_score", 0)


def test_an_infeasible_problem_names_its_rules(session: Session, fair: SmallFair) -> None:
    code = stubs.answer(status="infeasible", meetings=None, conflict=["mandatory", "exclusions"])
    run = computed(session, taken(session, fair), stubs.program(code))
    assert run.state is RunState.INFEASIBLE and run.result is not None
    assert run.result["conflict"] == ["mandatory", "exclusions"]


def test_a_killed_child_leaves_its_best_plan(session: Session, fair: SmallFair) -> None:
    order = taken(session, fair)
    code = stubs.plan(a_plan(order)) + "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    run = computed(session, order, stubs.program(code))
    assert (run.state, run.error) == (RunState.INTERRUPTED, "killed")
    assert drafts_made(session) == 1 and run.result is not None and run.result["summary"]["broken"] == []


def test_a_killed_child_without_a_plan_is_tried_once_more(session: Session, fair: SmallFair) -> None:
    die = stubs.program("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    run = computed(session, taken(session, fair), die)
    assert run.state is RunState.QUEUED
    again = runs.take(session, datetime.now(UTC), run.id)
    assert again is not None and again.attempt == 2
    session.commit()
    run = computed(session, again, die)
    assert (run.state, run.error) == (RunState.INTERRUPTED, "killed")


def test_an_unverifiable_partial_plan_is_not_kept(session: Session, fair: SmallFair) -> None:
    code = stubs.plan([{"a": 1, "b": 2, "slot": 1, "table": 99999}]) + "raise RuntimeError"
    run = computed(session, taken(session, fair), stubs.program(code))
    assert (run.state, run.error, drafts_made(session)) == (RunState.FAILED, "crashed", 0)


def test_a_child_past_its_time_is_killed(
    session: Session, fair: SmallFair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "OVERTIME_S", 0.5)
    began = time.monotonic()
    run = computed(session, taken(session, fair, seconds=1), stubs.program("time.sleep(60)"))
    assert (run.state, run.error) == (RunState.FAILED, "timeout") and time.monotonic() - began < 15


def test_a_child_deaf_to_the_stop_is_killed(session: Session, fair: SmallFair) -> None:
    order = taken(session, fair)
    ended = supervise(stubs.program("time.sleep(60)"), order, lambda heard: False, grace_s=0.5)
    assert ended is not None and ended.error == "deaf"


def test_a_child_that_never_reads_holds_nobody_up(session: Session, fair: SmallFair) -> None:
    order = Order(1, 1, "x" * 5_000_000, 1, 1, 1)  # more than any pipe holds
    silent = Command((sys.executable, "-c", "import time; time.sleep(60)"))
    began = time.monotonic()
    ended = supervise(silent, order, lambda heard: None)
    assert ended is None and time.monotonic() - began < 10


def test_the_real_child_minds_its_memory(session: Session, fair: SmallFair) -> None:
    order = taken(session, fair)
    run = computed(session, order, Command.of(order, memory_mb=60))
    assert run.state is RunState.FAILED and run.error in ("memory", "crashed") and drafts_made(session) == 0


def test_no_secret_reaches_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALON_SECRET_KEY", "x" * 50)
    code = (
        "import os, json; print(json.dumps({'event': 'progress', 'step': ' '.join(os.environ)}), flush=True)"
    )
    heard: list[Heard] = []

    def beat(news: Heard) -> bool:
        heard.append(news)
        return True

    supervise(Command((sys.executable, "-c", code)), Order(1, 1, "{}", 1, 1, 1), beat)
    said = " ".join(str(news.progress["step"]) for news in heard if news.progress)
    assert "PATH" in said and "SALON" not in said


# Stopping ---------------------------------------------------------------------------------------------------


def in_thread(app: SalonFlask, run_id: int) -> threading.Thread:
    thread = threading.Thread(target=perform, args=(app, planning.RUN_TASK, run_id))
    thread.start()
    return thread


def wait_for(
    session: Session, run_id: int, ready: Callable[[SolverRun], bool], seconds: float = 20
) -> SolverRun:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        session.rollback()
        run = session.get_one(SolverRun, run_id, populate_existing=True)
        if ready(run):
            return run
        time.sleep(0.1)
    raise AssertionError(f"not in time: {run.state} {run.progress}")


def cancel(session: Session, fair: SmallFair, run_id: int) -> None:
    session.rollback()
    planning.request_cancel(session, fair.actor, NOW, run=session.get_one(SolverRun, run_id))
    session.commit()


def test_a_stopped_run_keeps_its_best_plan(app: SalonFlask, session: Session, make: Factory) -> None:
    fair = small_fair(make, people=8, slots=6, tables=3)
    run_id = order_run(session, fair, seconds=60).id
    thread = in_thread(app, run_id)
    wait_for(session, run_id, lambda run: bool(run.progress.get("meetings")))
    cancel(session, fair, run_id)
    thread.join(timeout=30)
    assert not thread.is_alive()
    run = wait_for(session, run_id, lambda run: run.finished_at is not None)
    assert run.state in (RunState.CANCELLED, RunState.DONE) and drafts_made(session) == 1


def test_a_run_stopped_before_any_plan_leaves_nothing(session: Session, fair: SmallFair) -> None:
    order = taken(session, fair)
    session.execute(update(SolverRun).values(cancel_requested_at=NOW))
    session.commit()
    code = "sys.stdin.read()\n" + stubs.answer(status="cancelled", meetings=None)
    run = computed(session, order, stubs.program(code))
    assert (run.state, run.error, drafts_made(session)) == (RunState.CANCELLED, "cancelled_early", 0)


def test_a_second_delivery_does_nothing(app: SalonFlask, session: Session, fair: SmallFair) -> None:
    order = taken(session, fair)
    perform(app, planning.RUN_TASK, order.run_id)
    session.rollback()
    run = session.get_one(SolverRun, order.run_id, populate_existing=True)
    assert (run.state, run.attempts) == (RunState.RUNNING, 1)


def test_a_requester_who_organises_no_more_computes_nothing(session: Session, fair: SmallFair) -> None:
    run_id = order_run(session, fair).id
    session.execute(update(Membership).values(role=Role.READ_ONLY))
    assert runs.take(session, NOW, run_id) is None
    run = session.get_one(SolverRun, run_id)
    assert (run.state, run.error) == (RunState.FAILED, "not_allowed")


# A worker that dies -----------------------------------------------------------------------------------------


def test_a_silent_run_is_interrupted_with_its_plan(session: Session, fair: SmallFair) -> None:
    order = taken(session, fair)
    now = datetime.now(UTC)
    assert runs.beat(session, now, order, Heard({"step": "improve", "meetings": 9}, a_plan(order)))
    assert runs.sweep(session, now + SILENT_AFTER - timedelta(seconds=1)) == []
    assert session.get_one(SolverRun, order.run_id).state is RunState.RUNNING
    runs.sweep(session, now + SILENT_AFTER + timedelta(seconds=1))
    run = session.get_one(SolverRun, order.run_id, populate_existing=True)
    assert (run.state, run.error) == (RunState.INTERRUPTED, "worker_lost") and drafts_made(session) == 1


def test_a_silent_run_without_a_plan_is_queued_once(session: Session, fair: SmallFair) -> None:
    order = taken(session, fair)
    later = datetime.now(UTC) + timedelta(seconds=11)
    runs.sweep(session, later)
    assert session.get_one(SolverRun, order.run_id, populate_existing=True).state is RunState.QUEUED
    assert (planning.RUN_TASK, order.run_id) in nudges.collect(session)
    assert runs.take(session, later, order.run_id) is not None
    runs.sweep(session, later + timedelta(seconds=11))
    assert session.get_one(SolverRun, order.run_id, populate_existing=True).state is RunState.INTERRUPTED


def test_a_supervisor_that_comes_back_finds_its_run_gone(session: Session, fair: SmallFair) -> None:
    order = taken(session, fair)
    runs.sweep(session, datetime.now(UTC) + timedelta(seconds=11))
    session.commit()
    assert runs.beat(session, datetime.now(UTC), order, Heard()) is None
    runs.finish(session, datetime.now(UTC), order, Ended(error="killed", died=True, plan=a_plan(order)))
    assert session.get_one(SolverRun, order.run_id).state is RunState.QUEUED and drafts_made(session) == 0


def test_a_lost_message_is_sent_again(session: Session, fair: SmallFair) -> None:
    run = order_run(session, fair)
    assert runs.sweep(session, NOW + runs.RENUDGE_AFTER) == []
    assert runs.sweep(session, NOW + runs.RENUDGE_AFTER + timedelta(seconds=1)) == [run.id]


_WORKER = """
import sys
from pathlib import Path
from salon import create_app
from salon.config import load_settings
from salon.jobs import runs
from salon.jobs.queue import perform
app = create_app(load_settings(Path(sys.argv[1]), secret_key=sys.argv[2], database_url=sys.argv[3],
                               queue_url="memory:", testing=True))
perform(app, "run", int(sys.argv[4]))
"""


@pytest.fixture
def worker(tmp_path: Path, database_url: str) -> Iterator[Callable[[int], subprocess.Popen[bytes]]]:
    """A worker process of its own, to be killed."""
    from tests.conftest import SECRET

    started: list[subprocess.Popen[bytes]] = []

    def start(run_id: int) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-c", _WORKER, str(tmp_path), SECRET, database_url, str(run_id)]
        started.append(subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()


def children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    threads = Path(f"/proc/{pid}/task").iterdir() if found.parent.parent.exists() else ()
    return [int(one) for thread in threads for one in (thread / "children").read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_solver_of_a_killed_worker_does_not_live_on(
    session: Session, make: Factory, worker: Callable[[int], subprocess.Popen[bytes]]
) -> None:
    fair = small_fair(make, people=8, slots=6, tables=3)
    run_id = order_run(session, fair, seconds=120).id
    process = worker(run_id)
    wait_for(session, run_id, lambda run: bool(run.progress.get("meetings")), 40)
    (child,) = children_of(process.pid)
    process.kill()
    process.wait()
    until = time.monotonic() + 20
    while is_alive(child) and time.monotonic() < until:
        time.sleep(0.1)
    assert not is_alive(child)
    session.rollback()
    runs.sweep(session, datetime.now(UTC) + timedelta(seconds=11))
    run = session.get_one(SolverRun, run_id, populate_existing=True)
    assert run.state in (RunState.INTERRUPTED, RunState.QUEUED)
    assert drafts_made(session) == (1 if run.state is RunState.INTERRUPTED else 0)


def test_the_real_child_killed_in_the_middle(app: SalonFlask, session: Session, make: Factory) -> None:
    fair = small_fair(make, people=15, slots=6, tables=4)  # too large for the exact model: it searches
    run_id = order_run(session, fair, seconds=60).id
    thread = in_thread(app, run_id)
    wait_for(session, run_id, lambda run: run.partial is not None, 40)
    for child in children_of(os.getpid()):
        if b"solver_child" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(child, signal.SIGKILL)
    thread.join(timeout=20)
    run = wait_for(session, run_id, lambda run: run.finished_at is not None)
    assert (run.state, run.error, drafts_made(session)) == (RunState.INTERRUPTED, "killed", 1)
    assert json.loads(run.partial or "[]")
