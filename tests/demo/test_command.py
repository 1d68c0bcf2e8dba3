"""`salon demo`: built once, kept, verified again, and never where somebody works."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon import create_app, serving
from salon.cli.main import main
from salon.config import load_settings
from salon.demo import story
from salon.errors import DomainError
from salon.extensions import db
from salon.models import Edition, Release, ReleasedMeeting, ReleasedSeat, SolverRun
from tests.conftest import SECRET
from tests.exports.conftest import font_dir, fontset
from tests.factories import Factory
from tests.web.conftest import plain

__all__ = ["font_dir", "fontset"]


def demo(folder: Path, *words: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(main, ["--instance", str(folder), "demo", *words], input=answer)


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command sets for its children must not stay with the other tests."""
    monkeypatch.setenv("SALON_DEMO", "1")
    monkeypatch.setenv("SALON_BASE_URL", "http://127.0.0.1:8000")


@pytest.fixture
def taken() -> Iterator[socket.socket]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        probe.listen()
        yield probe


def test_a_busy_port_names_the_next_free_one(tmp_path: Path, taken: socket.socket) -> None:
    port = taken.getsockname()[1]
    ended = demo(tmp_path, "--port", str(port))
    assert ended.exit_code == 1 and f"Port {port}" in plain(ended.output)
    named = int(ended.output.rstrip(". \n").rpartition("=")[2])
    assert port < named < port + 100
    serving.check_port("127.0.0.1", named)  # negative control: the port that is named is free
    with pytest.raises(DomainError):
        serving.check_port("127.0.0.1", port)
    assert not (tmp_path / "salon.sqlite").exists()  # nothing was begun


def test_an_installation_in_use_is_left_alone(tmp_path: Path, make: Factory) -> None:
    edition = make.edition(slug="vraie-edition")
    make.session.commit()
    (tmp_path / "settings.env").write_text(f"SALON_SECRET_KEY={SECRET}\n")
    for words in (("--no-serve",), ("--no-serve", "--reset", "--yes")):
        ended = demo(tmp_path, *words)
        assert ended.exit_code == 1 and "vraie-edition" in ended.output
    db.session.rollback()
    assert db.session.scalars(select(Edition.slug)).all() == [edition.slug]


def test_nothing_is_built_among_others_editions(session: Session, make: Factory, now: datetime) -> None:
    make.edition(slug="vraie-edition")
    with pytest.raises(story.InUse, match="vraie-edition"):
        story.ensure_built(session, now)


@pytest.mark.slow
def test_built_once_then_kept(
    tmp_path: Path, font_dir: Path, fontset: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole story with a short run and two documents; `make demo` has the long one."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(story, "TIME_LIMIT_S", 4)
    monkeypatch.setattr(story, "ITEMS", ("planning_csv", "calendars"))
    shutil.copytree(font_dir, tmp_path / "fonts")
    first = demo(tmp_path, "--no-serve")
    assert first.exit_code == 0, first.output
    said = plain(first.output)
    assert "Demo editions built" in said and "Release 1 is published" in said and "meetings" in said
    assert "Certificat – Passerelles" in said and "Non prouvé" in said and "0 règle enfreinte" in said
    papers = sorted(path.name for path in (tmp_path / "demo").iterdir())
    assert len(papers) == 2 and all("-v1." in name for name in papers)

    second = demo(tmp_path, "--no-serve")
    assert second.exit_code == 0 and "Demo editions kept" in second.output
    assert plain(second.output).splitlines()[-1] == said.splitlines()[-1]  # the same verdict
    app = create_app(load_settings(tmp_path))
    with app.app_context():
        for table in (SolverRun, Release):
            assert db.session.scalar(select(func.count()).select_from(table)) == 1
        assert db.session.scalar(select(func.count()).select_from(Edition)) == 3  # past, this one, the next
        db.session.rollback()
        db.engine.dispose()

    assert demo(tmp_path, "--no-serve", "--reset", answer="n\n").exit_code == 1
    assert (tmp_path / "salon.sqlite").exists()
    break_the_promise(tmp_path)
    broken = demo(tmp_path, "--no-serve")  # negative control: a plan that is wrong is not called right
    assert broken.exit_code == 1 and "does not verify" in broken.output


def break_the_promise(folder: Path) -> None:
    """Two meetings of the release at one table at one time, behind the back of the trigger that refuses it."""
    import sqlite3

    assert (
        ReleasedMeeting.__tablename__ == "released_meeting" and ReleasedSeat.__tablename__ == "released_seat"
    )
    with sqlite3.connect(folder / "salon.sqlite") as base:
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute(
            "UPDATE released_meeting SET (starts_at, ends_at, table_label) = "
            "(SELECT starts_at, ends_at, table_label FROM released_meeting ORDER BY id LIMIT 1) "
            "WHERE id = (SELECT max(id) FROM released_meeting)"
        )
    base.close()
