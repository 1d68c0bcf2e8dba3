"""A backup put back in the database's place: checked, upgraded, and without whoever was erased since."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from salon import ledger
from salon.backup import check_copy, on_server
from salon.config import Settings
from salon.enums import MailState, TokenPurpose
from salon.errors import DomainError
from salon.extensions import db
from salon.models import AuthSession, LoginToken, OutboxMail, StoredFile, WorkerBeat
from salon.queries.readiness import known_revisions

BEAT_IS_RECENT = timedelta(seconds=10)
_SIDE_FILES = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: people erased again, and where the database that was replaced lies now."""

    erased: int
    replaced: Path | None


def restore(app: Flask, source: Path, *, ledgers: tuple[Path, ...] = ()) -> Restored:
    """The site's database is that of the backup, brought to this version, safe to serve.

    The work is done on a copy that takes the place in the end: whatever fails, nothing has changed. On
    PostgreSQL its own tool fills the database, in one transaction, before the erasures are done again.

    Raises
    ------
    DomainError
        `still_serving` while a worker is alive, `backup_unusable`.
    """
    with app.app_context():
        _check_stopped()
        _note_latest(app)
        if db.engine.dialect.name != "sqlite":
            _fill_server(app.config["SALON"].database, source)
            erased = _make_safe(app, source, ledgers)
            _forget_documents(app)
            return Restored(erased, None)
    return _restore_file(app, source, ledgers)


def _check_stopped() -> None:
    try:
        beat = db.session.scalar(select(func.max(WorkerBeat.at)))
    except SQLAlchemyError:  # no database yet, or one beyond reading: what a restore is for
        beat = None
    db.session.rollback()
    if beat is not None and datetime.now(UTC) - beat < BEAT_IS_RECENT:
        raise DomainError("still_serving")


def _note_latest(app: Flask) -> None:
    """What the replaced database knows of erasures is in the ledger, and done in the folder of messages."""
    from salon.jobs import erasures, mail
    from salon.jobs.unit import reading

    try:
        erasures.note_erasures(app, 0)
        with reading() as (session, now):
            mail.tidy_folder(session, now)
    except SQLAlchemyError:  # it cannot be read: the ledger has what the worker noted, within the hour
        db.session.rollback()


# SQLite -----------------------------------------------------------------------------------------------------


def _restore_file(app: Flask, source: Path, ledgers: tuple[Path, ...]) -> Restored:
    with app.app_context():
        target = Path(str(db.engine.url.database))
        db.engine.dispose()
    fresh = target.with_name(target.name + ".restoring")
    _clear(fresh)
    try:
        shutil.copyfile(source, fresh)
        fresh.chmod(0o600)
        _check_backup(fresh)
        erased = _made_safe_apart(app.config["SALON"], fresh, source, ledgers)
        replaced = _set_aside(target)
        fresh.replace(target)
        _forget_documents(app)
    except sqlite3.DatabaseError as error:
        raise DomainError("backup_unusable", reason=str(error)) from error
    finally:
        _clear(fresh)
    return Restored(erased, replaced)


def _check_backup(fresh: Path) -> None:
    """A sound database, of Salon, of no later version than this one."""
    try:
        check_copy(fresh)
    except DomainError as error:
        raise DomainError("backup_unusable", reason=str(error.details["verdict"])) from error
    connection = sqlite3.connect(fresh)
    try:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    finally:
        connection.close()
    if found is None or found[0] not in known_revisions():
        raise DomainError("backup_unusable", reason="another version of Salon made it")


def _made_safe_apart(settings: Settings, fresh: Path, source: Path, ledgers: tuple[Path, ...]) -> int:
    from salon import create_app

    beside = create_app(settings.model_copy(update={"database_url": f"sqlite:///{fresh.resolve()}"}))
    with beside.app_context():
        try:
            erased = _make_safe(beside, source, ledgers)
        finally:
            db.session.remove()
            db.engine.dispose()
    left = [side for side in _SIDE_FILES if Path(f"{fresh}{side}").exists()]
    if left:
        raise DomainError("backup_unusable", reason="its journal could not be folded")
    return erased


def _forget_documents(app: Flask) -> None:
    """What was printed since the backup names people too, and can be printed again."""
    from salon.jobs.documents import files_folder

    for path in files_folder(app).iterdir():
        if path.is_file():
            path.unlink()


def _set_aside(target: Path) -> Path | None:
    """The replaced database keeps a dated name, its journal with it."""
    if not target.exists():
        return None
    aside = target.with_name(f"replaced-{datetime.now(UTC):%Y%m%d-%H%M%S}.sqlite")
    for side in ("", *_SIDE_FILES):
        part = Path(f"{target}{side}")
        if part.exists():
            part.replace(f"{aside}{side}")
    return aside


def _clear(path: Path) -> None:
    for side in ("", *_SIDE_FILES):
        Path(f"{path}{side}").unlink(missing_ok=True)


# PostgreSQL -------------------------------------------------------------------------------------------------


def _fill_server(url: str, source: Path) -> None:
    address, environment = on_server(url)
    command = [
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={address}",
        str(source),
    ]  # fmt: skip
    db.session.remove()
    db.engine.dispose()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - fixed program
    if done.returncode:
        raise DomainError("backup_unusable", reason=done.stderr.strip()[:200])


# Safe to serve ----------------------------------------------------------------------------------------------


def _make_safe(app: Flask, source: Path, ledgers: tuple[Path, ...]) -> int:
    """This version's schema, doors shut, no message twice, nobody back who was erased; how many were."""
    from flask_migrate import upgrade

    from salon.jobs import erasures, mail
    from salon.jobs.scrub import scrub_store
    from salon.jobs.unit import reading, writing

    upgrade()
    with writing() as (session, now):
        session.execute(delete(AuthSession))  # whoever signed out since stays out
        once = (TokenPurpose.SIGN_IN, TokenPurpose.OPERATOR)
        session.execute(delete(LoginToken).where(LoginToken.purpose.in_(once)))  # used since, perhaps
        session.execute(update(StoredFile).where(StoredFile.expires_at > now).values(expires_at=now))
        session.execute(
            update(OutboxMail)
            .where(OutboxMail.state.in_((MailState.QUEUED, MailState.RETRY, MailState.SENDING)))
            .values(state=MailState.UNCERTAIN, last_error="restored from a backup: perhaps sent since")
        )
    erased = erasures.catch_up(app, source.parent / ledger.NAME, *ledgers)
    scrub_store(app, 0)
    with reading() as (session, now):
        mail.tidy_folder(session, now)
    return erased
