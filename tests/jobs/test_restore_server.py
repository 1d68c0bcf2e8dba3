"""A backup of a PostgreSQL server put back: whoever was erased since is erased again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from salon import ledger
from salon.backup import copy_live
from salon.errors import DomainError
from salon.extensions import db
from salon.jobs.queue import perform
from salon.models import Delegate
from salon.restore import restore
from salon.web import SalonFlask
from tests.conftest import POSTGRES
from tests.services.test_erasure import CANARY, erase, fair, person, words_in_tables

__all__ = ["fair", "person"]
pytestmark = pytest.mark.skipif(not POSTGRES, reason="the server's way; SQLite has its own tests")


@pytest.fixture
def copy(app: SalonFlask, session: Session, person: Delegate, tmp_path: Path) -> Path:
    """A backup in which the person still is, and the person erased after it."""
    target = tmp_path / "copy.dump"
    copy_live(app, target)
    erase(session, person)
    perform(app, "note_erasures", 0)
    session.remove()  # type: ignore[attr-defined]
    db.engine.dispose()
    return target


def test_somebody_erased_after_the_backup_stays_erased(app: SalonFlask, session: Session, copy: Path) -> None:
    assert restore(app, copy).erased == 1
    found = words_in_tables(session)
    assert CANARY not in found
    assert "autre@exemple.example" in found  # the others are back


def test_control_without_the_ledger_they_would_be_back(
    app: SalonFlask, session: Session, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "read", lambda *files: frozenset())
    assert restore(app, copy).erased == 0
    assert CANARY in words_in_tables(session)


def test_a_file_that_is_no_backup_changes_nothing(
    app: SalonFlask, session: Session, copy: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.dump"
    wrong.write_bytes(b"nothing")
    with pytest.raises(DomainError, match="backup_unusable"):
        restore(app, wrong)
    assert "autre@exemple.example" in words_in_tables(session)
