"""`salon serve` as an operator runs it, and SIGKILL: what was acknowledged stays, and what was running is said."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from salon import create_app
from salon.config import load_settings
from salon.enums import RunState
from salon.extensions import db
from salon.jobs.unit import writing
from salon.models import Draft, SolverRun, Table
from salon.queries.runs import shown_state
from salon.services import planning, sign_in
from salon.web import SalonFlask
from tests.conftest import SECRET, fresh_database
from tests.factories import Factory
from tests.planning_fair import MOST, SmallFair, small_fair
from tests.visitor import Visitor

pytestmark = pytest.mark.slow
STARTED_S = 150.0  # from nothing to a worker, its solver and a first plan: three Pythons that load everything
SETTLED_S = 60.0  # on a busy machine; the figures that matter are asserted apart
SHOWN_S = 10.0  # what the design promises from the death of a worker to the run shown as interrupted
AT_ONCE_S = 5.0  # from an order to its run, with a worker that waits for orders


def until(what: Callable[[], Any], *, seconds: float = SETTLED_S, every: float = 0.2) -> Any:
    """The first true answer of `what`; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(every)
    raise AssertionError(f"not within {seconds} s")


def children(pid: int) -> dict[int, str]:
    """Command lines of all processes below one, by id."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    below: dict[int, str] = {}
    heads = {pid}
    for _level in range(5):
        heads = {int(row[0]) for row in rows if int(row[1]) in heads}
        below |= {int(row[0]): row[2] for row in rows if int(row[0]) in heads}
    return below


@dataclass(slots=True)
class Service:
    """A running installation and the test's own look into its database."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    app: SalonFlask
    fair: SmallFair
    slug: str

    def pid(self, needle: str) -> int:
        """The process whose command line holds the words; waits for it."""
        return int(
            until(lambda: next((p for p, args in children(self.process.pid).items() if needle in args), None))
        )

    def kill(self, needle: str) -> int:
        pid = self.pid(needle)
        os.kill(pid, signal.SIGKILL)
        return pid

    def read(self, look: Callable[[Session], Any]) -> Any:
        db.session.rollback()
        db.session.expire_all()
        return look(db.session())

    def run(self) -> SolverRun:
        return self.read(lambda s: s.scalars(select(SolverRun).order_by(SolverRun.id.desc())).first())  # type: ignore[no-any-return]

    def shown(self) -> RunState:
        """The state that the page shows."""
        run = self.run()
        return shown_state(run.state, run.heartbeat_at, datetime.now(UTC))

    def count(self, *rows: Any) -> int:
        return len(self.read(lambda s: s.execute(select(*rows)).all()))

    def order_run(self, seconds: int) -> None:
        with writing() as (session, now):
            planning.request_run(
                session, self.fair.actor, now, edition=self.fair.edition, choice=MOST,
                time_limit_s=seconds, seed=1, workers=1,
            )  # fmt: skip

    def start_run(self) -> SolverRun:
        """A run that would go on for long, once it has a plan."""
        self.order_run(300)
        has_plan = lambda: self.run().partial and self.run()  # noqa: E731
        run: SolverRun = until(has_plan, seconds=STARTED_S)
        assert run.state is RunState.RUNNING
        return run

    def organiser(self) -> Visitor:
        with writing() as (session, now):
            from salon.actor import system

            secret = sign_in.operator_link(session, system("cli"), now, email=self.fair.owner.email)
        visitor = Visitor(self.port)
        until(lambda: self.answers(visitor))
        visitor.sign_in(f"/s/{secret}")
        return visitor

    def answers(self, visitor: Visitor) -> bool:
        try:
            return visitor.get("/health").status == 200
        except OSError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def database(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with fresh_database(migrated, tmp_path_factory.mktemp("database")) as url:
        yield url


@pytest.fixture(scope="module")
def service(database: str, tmp_path_factory: pytest.TempPathFactory, font_dir: Path) -> Iterator[Service]:
    """An installation with a fair of 60 people whose run takes its whole time, served; it outlives every test here."""
    folder, port = tmp_path_factory.mktemp("instance"), _free_port()
    (folder / "fonts").symlink_to(font_dir)
    (folder / "settings.env").write_text(
        f"SALON_SECRET_KEY={SECRET}\nSALON_SOLVER_WORKERS=1\nSALON_DATABASE_URL={database}\n"
        f"SALON_BASE_URL=http://127.0.0.1:{port}\n"
    )
    app = create_app(load_settings(folder))
    with app.app_context():
        make = Factory(db.session, datetime.now(UTC))  # type: ignore[arg-type]
        fair = small_fair(make, people=30, slots=10, tables=20)
        command = [sys.executable, "-m", "salon.cli", "--instance", str(folder), "serve", "--port", str(port)]
        process = subprocess.Popen([*command, "--web-workers", "1"], stdout=subprocess.DEVNULL)
        try:
            yield Service(folder, port, process, app, fair, fair.edition.slug)
        finally:
            process.terminate()
            process.wait(timeout=60)
            db.session.remove()
            db.engine.dispose()
    assert not children(process.pid)


OVER = (RunState.DONE, RunState.INTERRUPTED, RunState.FAILED, RunState.CANCELLED, RunState.INFEASIBLE)


def test_a_killed_worker_leaves_its_best_plan_and_says_so(service: Service) -> None:
    drafts = service.count(Draft.id)
    first = service.start_run()
    number, solver = first.number, service.pid("solver_child")
    service.kill("salon.cli worker")
    until(lambda: service.shown() is RunState.INTERRUPTED, seconds=SHOWN_S)
    ended = until(lambda: service.run().state in OVER and service.run())
    assert (ended.number, ended.state) == (number, RunState.INTERRUPTED)
    assert ended.error
    assert service.count(Draft.id) == drafts + 1
    until(lambda: solver not in children(1) and not Path(f"/proc/{solver}/stat").exists(), seconds=15)
    service.order_run(2)  # whoever noted the end is the new worker: it waits for orders
    until(lambda: service.run().state is not RunState.QUEUED, seconds=AT_ONCE_S)
    second = until(lambda: service.run().state in OVER and service.run())
    assert (second.number, second.state, second.error) == (number + 1, RunState.DONE, "")


def test_a_killed_solver_leaves_its_best_plan_and_says_so(service: Service) -> None:
    drafts = service.count(Draft.id)
    service.start_run()
    service.kill("solver_child")
    ended = until(lambda: service.run().state in OVER and service.run(), seconds=SHOWN_S)
    assert ended.state is RunState.INTERRUPTED
    assert service.count(Draft.id) == drafts + 1


def test_what_a_killed_web_server_acknowledged_stays(service: Service) -> None:
    visitor = service.organiser()
    path = f"/o/{service.slug}/room"
    tokens = visitor.tokens(path)
    acknowledged: list[str] = []
    stop = threading.Event()

    def add_tables(writer: int) -> None:
        mine = Visitor(service.port, visitor.cookies)
        number = 0
        while not stop.is_set():
            number += 1
            label = f"W{writer}N{number:04d}"
            try:
                values = {**tokens, "once": f"{label}-once", "labels": label, "zone": "", "places": "4"}
                if mine.post(f"{path}/tables", values).status == 303:
                    acknowledged.append(label)
            except OSError:
                time.sleep(0.1)

    writers = [threading.Thread(target=add_tables, args=(n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    for _kill in range(3):
        before = len(acknowledged)
        until(lambda before=before: len(acknowledged) > before + 5)
        service.kill("gunicorn")
        until(lambda: service.answers(Visitor(service.port)))
    stop.set()
    for writer in writers:
        writer.join()
    kept = service.read(lambda s: list(s.scalars(select(Table.label).where(Table.label.like("W%")))))
    assert len(acknowledged) > 15
    assert set(acknowledged) <= set(kept)  # nothing lost
    assert len(kept) == len(set(kept))  # nothing twice
    if db.engine.dialect.name == "sqlite":
        assert service.read(lambda s: s.scalar(text("PRAGMA integrity_check"))) == "ok"
        assert service.read(lambda s: s.execute(text("PRAGMA foreign_key_check")).all()) == []


def test_a_form_sent_twenty_times_at_once_counts_once(service: Service) -> None:
    visitor = service.organiser()
    path = f"/o/{service.slug}/room"
    values = {
        **visitor.tokens(path),
        "once": "sent-by-a-nervous-finger",
        "labels": "UNE",
        "zone": "",
        "places": "4",
    }
    statuses: list[int] = []
    barrier = threading.Barrier(20)

    def send() -> None:
        mine = Visitor(service.port, visitor.cookies)
        barrier.wait()
        statuses.append(mine.post(f"{path}/tables", values).status)

    senders = [threading.Thread(target=send) for _n in range(20)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert statuses == [303] * 20
    assert len(service.read(lambda s: s.scalars(select(Table.label).where(Table.label == "UNE")).all())) == 1


def test_control_without_its_key_the_form_counts_each_time(service: Service) -> None:
    visitor = service.organiser()
    path = f"/o/{service.slug}/room"
    token = visitor.tokens(path)["csrf_token"]
    values = {"csrf_token": token, "labels": "DEUX", "zone": "", "places": "4"}
    assert [visitor.post(f"{path}/tables", values).status for _n in range(2)] == [303, 422]
