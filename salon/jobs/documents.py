"""The task that makes the documents of a print order, and the sweeps that look after orders and files."""

from __future__ import annotations

import errno
import secrets
import threading
import time
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import structlog
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from exports.document import PDF, Document
from exports.pool import Pool, RenderFailed, RenderTimeout
from salon import rendering
from salon.errors import DomainError
from salon.jobs import print_set
from salon.jobs.queue import handles
from salon.jobs.schema import check_schema
from salon.jobs.sweep import Nudges, sweeps
from salon.jobs.unit import reading, writing
from salon.models import Edition
from salon.queries import documents as reads
from salon.services import documents
from salon.services.documents import Lost, Made, Order

log = structlog.get_logger()
BEAT_S = 1.0
ORPHAN_AFTER_S = 3600  # a file without a row this old was left by a worker that died
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def files_folder(app: Flask) -> Path:
    """Where stored documents are; only the operator's own account can look into it."""
    folder = Path(app.config["SALON"].instance) / "files"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@handles(documents.PRINT_TASK)
def prepare(app: Flask, job_id: int) -> None:
    """Make what an order asks for; a second delivery finds it taken and does nothing."""
    check_schema()
    with writing() as (session, now):
        order = documents.take(session, now, job_id)
    if order is None:
        return
    with _Beats(app, order) as beats:
        error = _worked(app, order, beats)
    if error is None:
        log.warning("print_lost", job_id=order.job_id)
        return
    with writing() as (session, now):
        documents.finish(session, now, order, error)


def _worked(app: Flask, order: Order, beats: _Beats) -> str | None:
    """The code of what went wrong, empty when all is made, None when the order is no longer ours."""
    try:
        _make_all(app, order, beats)
    except Lost:
        return None
    except DomainError as refusal:
        return refusal.code
    except RenderTimeout:
        return "render_timeout"
    except RenderFailed as failure:
        log.error("print_failed", job_id=order.job_id, kind=failure.kind, detail=str(failure)[:300])
        return "render_failed"
    except OSError as failure:
        log.error("print_store", job_id=order.job_id, detail=str(failure)[:300])
        return "disk_full" if failure.errno in _NO_ROOM else "store_failed"
    except OperationalError as failure:
        log.error("print_database", job_id=order.job_id, detail=str(failure.orig)[:300])
        return "store_failed"
    except Exception:
        log.exception("print_crashed", job_id=order.job_id)
        return "crashed"
    return ""


def _make_all(app: Flask, order: Order, beats: _Beats) -> None:
    pool = rendering.pool(app, order.options.locale)
    facts = _facts(app, order, pool)
    for item in order.items:
        if item in order.made:
            continue
        beats.step(item)
        document = print_set.make(item, facts, order.options, pool, beats.part)
        beats.check()
        _store(app, order, item, document)


def _facts(app: Flask, order: Order, pool: Pool) -> print_set.Facts:
    with reading() as (session, _now):
        edition = session.get_one(Edition, order.edition_id)
        return print_set.load(
            app, session, edition, order.options, pool=pool, release=order.release, draft=order.draft
        )


def _store(app: Flask, order: Order, item: str, document: Document) -> None:
    """The document is on the disk and in the store, or in neither."""
    target = files_folder(app) / f"{secrets.token_hex(16)}.{document.filename.rpartition('.')[2]}"
    print_set.save(document.content, target)
    made = Made(
        item, document.filename, document.media_type, target.name, len(document.content), _pages(document)
    )
    try:
        with writing() as (session, now):
            documents.keep(session, now, order, made)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _pages(document: Document) -> int | None:
    if document.media_type != PDF:
        return None
    with pikepdf.open(BytesIO(document.content)) as pdf:
        return len(pdf.pages)


class _Beats:
    """Says every second, in a thread of its own, that the order is alive and how far it is."""

    def __init__(self, app: Flask, order: Order) -> None:
        self._app, self._order = app, order
        self._over, self._lost = threading.Event(), threading.Event()
        self._message = ""
        self._item = ""
        self._thread = threading.Thread(target=self._run, name="print-beat", daemon=True)

    def __enter__(self) -> _Beats:
        self._thread.start()
        return self

    def __exit__(self, *_rest: object) -> None:
        self._over.set()
        self._thread.join()

    def step(self, item: str) -> None:
        """The next document is begun."""
        self._item = item
        self.part(0, 0)

    def part(self, done: int, parts: int) -> None:
        """Some of it is made; raises `Lost` when nobody waits for it any more."""
        self._message = reads.message(self._item, done, parts)
        self.check()

    def check(self) -> None:
        if self._lost.is_set():
            raise Lost

    def _run(self) -> None:
        while not self._lost.is_set():
            with suppress(OperationalError):  # a store that is busy for a moment costs a beat, not the order
                self._beat()
            if self._over.wait(BEAT_S):
                return

    def _beat(self) -> None:
        with self._app.app_context(), writing() as (session, now):
            if not documents.beat(session, now, self._order, self._message):
                self._lost.set()


@sweeps("prints", every_s=1)
def lost_orders(session: Session, now: datetime) -> Nudges:
    """Orders whose worker died, and queued ones whose message was lost."""
    return [(documents.PRINT_TASK, job_id) for job_id in documents.sweep(session, now)]


@sweeps("files", every_s=600)
def old_files(session: Session, now: datetime) -> Nudges:
    """Files that are kept no longer go with their rows, and so does what a dead worker left on the disk.

    A file goes before its row is committed away: if that fails, the next sweep finds the row again.
    """
    folder = files_folder(current_app._get_current_object())  # type: ignore[attr-defined]
    for name in documents.forget_files(session, now):
        (folder / Path(name).name).unlink(missing_ok=True)
    known = documents.known_files(session)
    before = time.time() - ORPHAN_AFTER_S
    for path in folder.iterdir():
        if path.name not in known and path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
    return ()
