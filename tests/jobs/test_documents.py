"""Print orders: every file whole or absent, nothing made twice, every end said."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.document import Document
from salon import create_app
from salon.actor import system
from salon.config import load_settings
from salon.enums import DraftOrigin, JobState, ReleaseStage, Role
from salon.errors import DomainError
from salon.extensions import db
from salon.jobs import documents as jobs
from salon.jobs import print_set
from salon.jobs.documents import files_folder
from salon.jobs.queue import perform
from salon.jobs.unit import writing
from salon.models import AuditEntry, Job, Membership, Placement, Seat, StoredFile
from salon.queries import documents as reads
from salon.services import documents, drafts, plan_edit, releases
from salon.services.print_options import ITEMS, Options
from salon.web import SalonFlask
from tests.conftest import NOW, SECRET
from tests.exports.conftest import font_dir, fontset
from tests.factories import Factory
from tests.planning_fair import SmallFair, small_fair

__all__ = ["font_dir", "fontset"]
PAPER = ["agendas", "badges", "door_list"]


@pytest.fixture
def fair(make: Factory, tmp_path: Path, font_dir: Path, fontset: object) -> SmallFair:
    shutil.copytree(font_dir, tmp_path / "fonts")
    return small_fair(make)


def draft_of(session: Session, fair: SmallFair, meetings: int = 3) -> None:
    places = [
        drafts.Place((fair.buyers[i].id, fair.suppliers[i].id), fair.slots[i].id, fair.tables[i].id)
        for i in range(meetings)
    ]
    drafts.create(session, NOW, edition_id=fair.edition.id, origin=DraftOrigin.MANUAL, places=places)
    session.commit()


def publish(session: Session, fair: SmallFair, at: datetime = NOW) -> None:
    draft = drafts.current(session, fair.edition.id)
    assert draft is not None
    seen = releases.preview(session, fair.edition, draft)
    releases.release(
        session, fair.actor, at, edition=fair.edition, draft=draft, fingerprint=seen.fingerprint,
        acknowledged={one.code for one in seen.cautions}, stage=ReleaseStage.FINAL,
    )  # fmt: skip
    session.commit()


def ordered(session: Session, fair: SmallFair, items: list[str], **options: object) -> int:
    job = documents.order(
        session, fair.actor, NOW, edition=fair.edition, items=items, options=Options(**options)  # type: ignore[arg-type]
    )  # fmt: skip
    session.commit()
    return job.id


def done(app: SalonFlask, session: Session, job_id: int) -> Job:
    perform(app, documents.PRINT_TASK, job_id)
    session.rollback()
    return session.get_one(Job, job_id, populate_existing=True)


def files(session: Session) -> dict[str, StoredFile]:
    found = {}
    for file, params in session.execute(
        select(StoredFile, Job.params).join(Job, Job.id == StoredFile.job_id).order_by(StoredFile.id)
    ):
        found[reads.item_of(params, file.stored_name)] = file
    return found


def text_of(app: SalonFlask, file: StoredFile) -> str:
    content = (files_folder(app) / file.stored_name).read_bytes()
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())


def test_the_whole_set_is_made_once(app: SalonFlask, session: Session, fair: SmallFair) -> None:
    draft_of(session, fair)
    publish(session, fair)
    job = done(app, session, ordered(session, fair, list(ITEMS)))
    assert (job.state, job.error, job.done, job.total) == (JobState.DONE, "", 9, 9)
    made = files(session)
    assert list(made) == list(ITEMS)
    for file in made.values():
        path = files_folder(app) / file.stored_name
        assert path.stat().st_size == file.size > 500
        assert file.filename.rpartition(".")[0].endswith("-v1")
    assert job.params["made"]["badges"]["pages"] == 2  # six people, four a sheet
    assert "Version 1 définitive" in text_of(app, made["agendas"])
    table = (files_folder(app) / made["planning_csv"].stored_name).read_text("utf-8-sig")
    assert table.count("\n") == 1 + 3
    done(app, session, job.id)  # a second delivery
    assert session.get_one(Job, job.id, populate_existing=True).attempts == 1
    assert len(files(session)) == 9 == len(list(files_folder(app).iterdir()))
    assert "print_ordered" in session.scalars(select(AuditEntry.action)).all()


def test_what_is_made_is_not_made_again(
    app: SalonFlask, session: Session, fair: SmallFair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies after the first of two documents; the next one makes the second only."""
    draft_of(session, fair)
    job_id = ordered(session, fair, ["planning_xlsx", "planning_csv"])
    real, asked = print_set.make, []

    def dies(item: str, *rest: object) -> Document:
        asked.append(item)
        if len(asked) == 2:
            raise SystemExit  # as a kill would: no handler of ours sees the end
        return real(item, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(print_set, "make", dies)
    with pytest.raises(SystemExit):
        perform(app, documents.PRINT_TASK, job_id)
    session.rollback()
    first = files(session)
    assert list(first) == ["planning_xlsx"]
    assert documents.sweep(session, datetime.now(UTC)) == []  # it was heard a moment ago
    assert documents.sweep(session, NOW + timedelta(minutes=1)) == [job_id]
    session.commit()
    job = done(app, session, job_id)
    assert (job.state, job.attempts, asked) == (
        JobState.DONE,
        2,
        ["planning_xlsx", "planning_csv", "planning_csv"],
    )
    assert files(session)["planning_xlsx"].id == first["planning_xlsx"].id


def test_after_three_lost_workers_the_order_fails(session: Session, fair: SmallFair) -> None:
    draft_of(session, fair)
    job_id = ordered(session, fair, ["planning_csv"])
    for attempt in (1, 2, 3):
        taken = documents.take(session, NOW, job_id)
        assert taken is not None and taken.attempt == attempt
        assert documents.take(session, NOW, job_id) is None
        documents.sweep(session, NOW + timedelta(minutes=1))
    job = session.get_one(Job, job_id, populate_existing=True)
    assert (job.state, job.error) == (JobState.FAILED, "worker_lost")


def test_stopping_leaves_no_half_file(
    app: SalonFlask, session: Session, fair: SmallFair, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_of(session, fair)
    job_id = ordered(session, fair, ["planning_xlsx", "planning_csv"])
    monkeypatch.setattr(jobs, "BEAT_S", 0.05)
    real = print_set.make

    def slow(
        item: str, facts: object, options: object, pool: object, tell: Callable[[int, int], None]
    ) -> Document:
        if item == "planning_xlsx":
            return real(item, facts, options, pool, tell)  # type: ignore[arg-type]
        with writing() as (own, _now):  # as a request would: the heart beats in the same file meanwhile
            documents.cancel(own, fair.actor, NOW, job=own.get_one(Job, job_id, populate_existing=True))
        for part in range(200):
            tell(part, 200)  # raises within a beat
            time.sleep(0.05)
        raise AssertionError("nobody said that the order is over")

    monkeypatch.setattr(print_set, "make", slow)
    job = done(app, session, job_id)
    assert (job.state, job.error) == (JobState.FAILED, "cancelled")
    assert list(files(session)) == ["planning_xlsx"]
    assert len(list(files_folder(app).iterdir())) == 1
    monkeypatch.setattr(print_set, "make", real)
    documents.retry(session, fair.actor, NOW, job=job)
    session.commit()
    assert done(app, session, job_id).state is JobState.DONE
    assert list(files(session)) == ["planning_xlsx", "planning_csv"]


def test_a_full_disk_is_said_and_leaves_nothing(
    app: SalonFlask, session: Session, fair: SmallFair, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_of(session, fair)
    job_id = ordered(session, fair, ["planning_csv"])

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        job = done(app, session, job_id)
    assert (job.state, job.error) == (JobState.FAILED, "disk_full")
    assert not files(session) and not list(files_folder(app).iterdir())
    documents.retry(session, fair.actor, NOW, job=job)
    session.commit()
    assert done(app, session, job_id).state is JobState.DONE


def test_a_file_cut_by_the_system_is_not_there(tmp_path: Path) -> None:
    """The kernel's own refusal, in a process of its own: the limit would hit the tests too."""
    target = tmp_path / "badges.pdf"
    target.write_bytes(b"before")
    script = (
        "import os, resource, sys; from pathlib import Path; from salon.jobs import print_set\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "target = Path(sys.argv[1])\n"
        "for size in 100_000, 4000:\n"
        "    try: print_set.save(b'x' * size, target); said = 0\n"
        "    except OSError as error: said = error.errno\n"
        "    print(said, len(target.read_bytes()), *os.listdir(target.parent))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script, str(target)], capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines() == [f"{errno.EFBIG} 6 badges.pdf", "0 4000 badges.pdf"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 4096


def test_a_document_that_cannot_be_set_fails_the_order_only(
    app: SalonFlask, session: Session, fair: SmallFair, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_of(session, fair)
    job_id = ordered(session, fair, ["planning_csv"])
    monkeypatch.setitem(print_set._MAKERS, "planning_csv", lambda *_: 1 / 0)
    assert (job := done(app, session, job_id)).error == "crashed" and job.state is JobState.FAILED


def test_whoever_lost_the_right_prints_nothing(app: SalonFlask, session: Session, fair: SmallFair) -> None:
    draft_of(session, fair)
    job_id = ordered(session, fair, ["planning_csv"])
    member = session.scalars(select(Membership).where(Membership.account_id == fair.owner.id)).one()
    member.role = Role.READ_ONLY
    session.commit()
    job = done(app, session, job_id)
    assert (job.state, job.error) == (JobState.FAILED, "not_allowed")
    assert not files(session)


def test_a_draft_is_printed_with_its_mark(app: SalonFlask, session: Session, fair: SmallFair) -> None:
    draft_of(session, fair)
    job = done(app, session, ordered(session, fair, ["agendas", "slot_plan"]))
    assert job.state is JobState.DONE, job.error
    made = files(session)
    assert made["agendas"].filename.endswith("-brouillon.pdf")
    for file in made.values():
        assert "Brouillon, non publié" in text_of(app, file)
    assert fair.suppliers[0].last_name in text_of(app, made["agendas"])


def test_before_any_plan_badges_can_be_printed(app: SalonFlask, session: Session, fair: SmallFair) -> None:
    with pytest.raises(DomainError, match="print_no_plan"):
        ordered(session, fair, ["badges", "agendas"])
    job = done(app, session, ordered(session, fair, ["badges", "signs", "door_list"]))
    assert job.state is JobState.DONE, job.error
    words = text_of(app, files(session)["badges"])
    assert all(one.last_name in words for one in (*fair.buyers, *fair.suppliers))


def test_only_those_whom_a_release_changes(app: SalonFlask, session: Session, fair: SmallFair) -> None:
    draft_of(session, fair)
    publish(session, fair)
    draft = drafts.current(session, fair.edition.id)
    assert draft is not None
    here = select(Placement).join(Seat, Seat.placement_id == Placement.id)
    placement = session.scalars(
        here.where(Placement.draft_id == draft.id, Seat.delegate_id == fair.buyers[0].id)
    ).one()
    plan_edit.move(
        session, fair.actor, NOW, edition=fair.edition, draft=draft, version=draft.version,
        placement=placement, slot=fair.slots[3].id, table=fair.tables[0].id,
    )  # fmt: skip
    with pytest.raises(DomainError, match="print_no_changes"):
        ordered(session, fair, ["badges"], since=1)
    session.commit()
    publish(session, fair, NOW + timedelta(hours=1))
    job = done(app, session, ordered(session, fair, ["badges", "agendas"], since=1))
    assert job.state is JobState.DONE, job.error
    for file in files(session).values():
        words = text_of(app, file)
        assert fair.buyers[0].last_name in words and fair.suppliers[0].last_name in words
        assert fair.buyers[1].first_name not in words
    assert "était à" in text_of(app, files(session)["agendas"])


def test_old_files_go_with_their_rows(app: SalonFlask, session: Session, fair: SmallFair) -> None:
    draft_of(session, fair)
    for _again in range(4):
        assert done(app, session, ordered(session, fair, ["planning_csv"])).state is JobState.DONE
    folder = files_folder(app)
    (folder / "orphan.pdf").write_bytes(b"left by a dead worker")
    os.utime(folder / "orphan.pdf", (0, 0))
    (folder / "fresh.part").write_bytes(b"being written")
    newest = files(session)["planning_csv"].stored_name
    jobs.old_files(session, datetime.now(UTC))
    session.commit()
    left = {path.name for path in folder.iterdir()}
    assert "orphan.pdf" not in left and {"fresh.part", newest} <= left
    assert len(left) == 1 + documents.SETS_KEPT
    jobs.old_files(session, datetime.now(UTC) + documents.KEPT)
    session.commit()
    assert not session.scalars(select(StoredFile)).all()
    assert {path.name for path in folder.iterdir()} == {"fresh.part"}


@pytest.mark.slow
def test_kill_nine_of_the_worker_while_it_prints(
    tmp_path: Path, database_url: str, font_dir: Path, fontset: object
) -> None:
    """A real worker is killed in the middle; the next one finishes the order, and no half file is left."""
    shutil.copytree(font_dir, tmp_path / "fonts")
    (tmp_path / "settings.env").write_text(f"SALON_SECRET_KEY={SECRET}\nSALON_DATABASE_URL={database_url}\n")
    app = create_app(load_settings(tmp_path))
    with app.app_context():
        fair = small_fair(Factory(db.session(), NOW), people=20, slots=4, tables=20)
        draft_of(db.session(), fair, 4)
        job = documents.order(
            db.session(),
            system("test"),
            datetime.now(UTC),
            edition=fair.edition,
            items=PAPER,
            options=Options(),
        )
        job_id = job.id
        db.session.info.clear()
        db.session.commit()
    worker = start_worker(tmp_path)
    try:
        begun = wait_until(app, job_id, lambda job: job.done >= 1 or job.state is JobState.FAILED)
        assert begun.state is JobState.RUNNING  # one is made, the others are not
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert state_of(app, job_id).state is JobState.RUNNING  # nobody could say otherwise
    worker = start_worker(tmp_path)
    try:
        ended = wait_until(app, job_id, lambda job: job.state in (JobState.DONE, JobState.FAILED))
    finally:
        worker.terminate()
        worker.wait(timeout=30)
    assert (ended.state, ended.error, ended.attempts) == (JobState.DONE, "", 2)
    with app.app_context():
        stored = files(db.session())
        assert list(stored) == PAPER
        on_disk = {path.name: path.stat().st_size for path in files_folder(app).iterdir()}
        assert on_disk == {file.stored_name: file.size for file in stored.values()}
        db.engine.dispose()


def start_worker(instance: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "salon.cli", "--instance", str(instance), "worker"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def state_of(app: SalonFlask, job_id: int) -> Job:
    with app.app_context():
        job = db.session.get_one(Job, job_id)
        db.session.expunge(job)
        db.session.rollback()
        return job


def wait_until(app: SalonFlask, job_id: int, holds: Callable[[Job], bool], seconds: float = 150) -> Job:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        job = state_of(app, job_id)
        if holds(job):
            return job
        time.sleep(0.02)  # badges take half a second
    raise AssertionError(f"after {seconds} s: {job.state}, {job.message!r}, {job.error!r}")
