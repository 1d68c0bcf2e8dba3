"""`salon backup` and `salon restore`: what comes back is sound, and nobody comes back who was erased."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon import ledger
from salon.actor import Actor
from salon.enums import MailKind, MailState, Role
from salon.errors import DomainError
from salon.extensions import db
from salon.jobs.queue import perform
from salon.models import Account, AuthSession, Delegate, Edition, OutboxMail, WorkerBeat
from salon.services import erasure, erasure_replay, outbox, sessions, sign_in
from salon.web import SalonFlask
from tests.cli.conftest import Instance
from tests.conftest import NOW, POSTGRES
from tests.factories import Factory
from tests.services.test_erasure import CANARY, bytes_of, erase, fair, person, words_in_tables

__all__ = ["fair", "person"]
pytestmark = pytest.mark.skipif(bool(POSTGRES), reason="files of SQLite; the server's way has its own test")


@pytest.fixture
def copy(instance: Instance, session: Session, person: Delegate, tmp_path: Path) -> Path:
    """A backup in which the person still is, and the person erased after it."""
    folder = tmp_path / "backups"
    folder.mkdir()
    target = folder / "copy.sqlite"
    ended = instance.salon("backup", str(target))
    assert ended.exit_code == 0, ended.output
    assert CANARY.encode() in target.read_bytes()
    erase(session, person)
    return target


def worker_ran(app: SalonFlask, session: Session) -> None:
    """The nudges of an erasure are done; then every process has stopped."""
    perform(app, "note_erasures", 0)
    stopped(session)


def stopped(session: Session) -> None:
    session.remove()  # type: ignore[attr-defined]
    db.engine.dispose()


def restored(instance: Instance, copy: Path, *more: str) -> str:
    ended = instance.salon("restore", "--yes", str(copy), *more)
    assert ended.exit_code == 0, ended.output
    return ended.output


def bytes_everywhere(instance: Instance) -> bytes:
    """The database, its journal, printed files, the folder of messages, the ledger: not what was replaced."""
    parts = [bytes_of(instance.folder / "salon.sqlite")]
    for folder in ("files", "outbox"):
        parts += [part.read_bytes() for part in (instance.folder / folder).glob("*")]
    return b"".join([*parts, (instance.folder / ledger.NAME).read_bytes()])


# Nobody comes back ------------------------------------------------------------------------------------------


def test_somebody_erased_after_the_backup_stays_erased(
    app: SalonFlask, instance: Instance, session: Session, copy: Path
) -> None:
    worker_ran(app, session)
    printed = instance.folder / "files"
    printed.mkdir(exist_ok=True)
    (printed / "badges").write_bytes(CANARY.encode())
    assert "erased again: 1" in restored(instance, copy)
    found = bytes_everywhere(instance).lower()
    assert CANARY.encode() not in found
    assert b"autre@exemple.example" in found  # the others are back
    assert CANARY not in words_in_tables(session)


def test_control_without_the_ledger_they_would_be_back(
    app: SalonFlask, instance: Instance, session: Session, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker_ran(app, session)
    monkeypatch.setattr(ledger, "read", lambda *files: frozenset())
    assert "erased again: 0" in restored(instance, copy)
    assert CANARY.encode() in bytes_everywhere(instance)


def test_the_nudge_was_lost_but_the_replaced_database_still_knows(
    instance: Instance, session: Session, copy: Path
) -> None:
    stopped(session)
    assert not (instance.folder / ledger.NAME).exists()
    assert "erased again: 1" in restored(instance, copy)


def test_a_new_machine_reads_the_ledger_beside_the_backup(
    app: SalonFlask, instance: Instance, session: Session, copy: Path
) -> None:
    """`salon backup` brings it up to date at each copy."""
    assert instance.salon("backup", str(copy.with_name("later.sqlite"))).exit_code == 0
    stopped(session)
    (instance.folder / ledger.NAME).unlink()
    (instance.folder / "salon.sqlite").unlink()
    assert "erased again: 1" in restored(instance, copy)
    assert CANARY.encode() not in bytes_everywhere(instance)


def test_a_ledger_may_be_named(app: SalonFlask, instance: Instance, session: Session, copy: Path) -> None:
    worker_ran(app, session)
    elsewhere = instance.folder / "kept.txt"
    (instance.folder / ledger.NAME).rename(elsewhere)
    (instance.folder / "salon.sqlite").unlink()
    assert "erased again: 1" in restored(instance, copy, "--ledger", str(elsewhere))


def test_a_copy_put_back_by_hand_is_mended_before_anybody_is_served(
    app: SalonFlask, instance: Instance, session: Session, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker_ran(app, session)
    served: list[str] = []

    def look(*_args: object, **_options: object) -> None:
        served.append(words_in_tables(session))

    monkeypatch.setattr("salon.serving.supervise", look)
    for part in instance.folder.glob("salon.sqlite*"):
        part.unlink()
    shutil.copyfile(copy, instance.folder / "salon.sqlite")
    assert CANARY in words_in_tables(session)
    stopped(session)
    ended = instance.salon("serve", "--port", "8765")
    assert ended.exit_code == 0, ended.output
    assert len(served) == 1
    assert CANARY not in served[0]


def test_a_number_given_again_is_somebody_else(session: Session, make: Factory) -> None:
    """After a restore the next account may get the number of an erased one."""
    make.account(is_admin=True)
    account = make.account()
    erasure.delete_own(session, Actor(account_id=account.id), NOW)
    known = erasure_replay.lines(session)
    account.erased_at, account.created_at = None, NOW + timedelta(seconds=1)
    session.flush()
    assert erasure_replay.again(session, Actor(), NOW, known) == 0
    account.created_at = NOW  # the control: the very same one
    session.flush()
    assert erasure_replay.again(session, Actor(), NOW, known) == 1


# What else a restore must not do ----------------------------------------------------------------------------


def test_doors_that_were_shut_stay_shut_and_no_message_leaves_twice(
    app: SalonFlask, instance: Instance, session: Session, person: Delegate, tmp_path: Path
) -> None:
    account = session.get_one(Account, instance.fair.owner.id)
    sessions.open_session(session, NOW, account, strong=True)
    secret = sign_in.operator_link(session, instance.fair.actor, NOW, email=account.email)
    mail = outbox.queue_mail(session, NOW, MailKind.SIGN_IN, account=account, dedupe_key="once")
    assert mail is not None
    queued = mail.id
    session.commit()
    copy = tmp_path / "copy.sqlite"
    assert instance.salon("backup", str(copy)).exit_code == 0
    sign_in.consume_link(session, NOW, secret=secret, browser="b")  # spent after the backup
    session.commit()
    stopped(session)
    restored(instance, copy)
    assert session.scalars(select(AuthSession.id)).all() == []
    with pytest.raises(DomainError, match="link_dead"):
        sign_in.consume_link(session, NOW, secret=secret, browser="b")
    assert session.get_one(OutboxMail, queued).state is MailState.UNCERTAIN


def test_what_was_replaced_is_kept_under_another_name(
    app: SalonFlask, instance: Instance, session: Session, copy: Path
) -> None:
    session.get_one(Edition, instance.fair.edition.id).name = "Après la sauvegarde"
    session.commit()
    worker_ran(app, session)
    restored(instance, copy)
    assert session.scalars(select(Edition.name).where(Edition.name == "Après la sauvegarde")).all() == []
    [replaced] = instance.folder.glob("replaced-*.sqlite")
    with sqlite3.connect(replaced) as old:
        assert old.execute("SELECT count(*) FROM edition WHERE name = 'Après la sauvegarde'").fetchone() == (
            1,
        )


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 400])
def test_a_file_that_is_no_backup_changes_nothing(
    app: SalonFlask, instance: Instance, session: Session, person: Delegate, tmp_path: Path, content: bytes
) -> None:
    stopped(session)
    wrong = tmp_path / "wrong.sqlite"
    wrong.write_bytes(content)
    ended = instance.salon("restore", "--yes", str(wrong))
    assert (ended.exit_code, "Nothing was changed" in ended.output) == (1, True), ended.output
    assert CANARY in words_in_tables(session)
    assert not list(instance.folder.glob("*restoring*"))


def test_a_backup_of_a_later_version_is_refused(
    app: SalonFlask, instance: Instance, session: Session, copy: Path
) -> None:
    stopped(session)
    with sqlite3.connect(copy) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    ended = instance.salon("restore", "--yes", str(copy))
    assert (ended.exit_code, "another version" in ended.output) == (1, True), ended.output


def test_nothing_is_restored_under_a_running_service(
    instance: Instance, session: Session, copy: Path
) -> None:
    session.add(WorkerBeat(name="here", at=datetime.now(UTC) - timedelta(seconds=2), schema="x"))
    session.commit()
    ended = instance.salon("restore", "--yes", str(copy))
    assert (ended.exit_code, "still running" in ended.output) == (1, True), ended.output


def test_a_folder_that_is_not_there_is_said_in_one_line(instance: Instance, tmp_path: Path) -> None:
    ended = instance.salon("backup", str(tmp_path / "nowhere" / "copy.sqlite"))
    assert (ended.exit_code, "No such folder" in ended.output) == (2, True), ended.output


def test_it_asks_first(instance: Instance, session: Session, copy: Path) -> None:
    stopped(session)
    ended = instance.salon("restore", str(copy), answer="n\n")
    assert ended.exit_code == 1
    assert not list(instance.folder.glob("replaced-*"))


# The ledger itself ------------------------------------------------------------------------------------------


def test_lines_are_added_once_and_a_torn_one_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / ledger.NAME
    one, two = (ledger.Line(NOW, "account", letter * 64) for letter in "ab")
    assert (ledger.add(file, [one]), ledger.add(file, [one])) == (1, 0)
    with file.open("a") as out:
        out.write("2027-01-12T09:30")  # the disk was full
    assert ledger.add(file, [one, two]) == 1
    assert ledger.read(file) == {one, two}
    assert file.read_text().startswith(f"{one}\n")
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_ledger_names_nobody(app: SalonFlask, instance: Instance, session: Session, copy: Path) -> None:
    worker_ran(app, session)
    content = (instance.folder / ledger.NAME).read_text()
    assert CANARY not in content
    assert "@" not in content


def test_the_last_owner_of_an_old_copy_is_erased_all_the_same(
    app: SalonFlask, instance: Instance, session: Session, make: Factory, tmp_path: Path
) -> None:
    """They handed over after the backup: the copy does not know, and the erasure was granted."""
    fair = instance.fair
    copy = tmp_path / "copy.sqlite"
    session.commit()
    assert instance.salon("backup", str(copy)).exit_code == 0
    make.member(fair.edition, Role.OWNER)
    owner = fair.owner.id
    erasure.delete_own(session, fair.actor, NOW)
    session.commit()
    worker_ran(app, session)
    assert "erased again: 1" in restored(instance, copy)
    assert session.get_one(Account, owner).erased_at is not None
