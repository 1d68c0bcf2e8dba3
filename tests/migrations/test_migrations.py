"""The migrations make the models, go back, and freeze what was promised."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from salon.enums import ReleaseReason, ReleaseStage
from salon.extensions import db
from salon.models import Base, Release
from salon.web import SalonFlask
from tests.factories import Factory


def _differences(app: SalonFlask) -> list[object]:
    with app.app_context(), db.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def test_the_migrations_make_exactly_the_models(app: SalonFlask) -> None:
    assert _differences(app) == []


def test_control_a_missing_column_is_noticed(app: SalonFlask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE fair ADD COLUMN planted INTEGER"))
    assert _differences(app) != []


def test_down_and_up_again(app: SalonFlask) -> None:
    with app.app_context():
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
    assert _differences(app) == []


@pytest.fixture
def release(session: Session, make: Factory) -> Release:
    edition = make.edition()
    row = Release(
        edition_id=edition.id, number=1, stage=ReleaseStage.FINAL, reason=ReleaseReason.PUBLICATION,
        fingerprint="0" * 64, diff={}, created_at=make.now,
    )  # fmt: skip
    session.add(row)
    session.commit()
    return row


@pytest.mark.parametrize("statement", ["UPDATE release SET note = 'x'", "DELETE FROM release"])
def test_a_release_never_changes(session: Session, release: Release, statement: str) -> None:
    with pytest.raises(DBAPIError, match="never change"):
        session.execute(text(statement))


def test_control_without_its_trigger_it_would(session: Session, release: Release) -> None:
    on = ' ON "release"' if session.get_bind().dialect.name == "postgresql" else ""
    session.execute(text(f"DROP TRIGGER frozen_release_update{on}"))
    session.execute(text("UPDATE release SET note = 'x'"))
    session.refresh(release)
    assert release.note == "x"


def test_half_a_failed_revision_is_not_left(app: SalonFlask, tmp_path: Path) -> None:
    """A revision that fails midway leaves the schema as it was."""
    with app.app_context():
        before = set(inspect(db.engine).get_table_names())
        with pytest.raises(DBAPIError), db.engine.connect() as connection, connection.begin():
            connection.execute(text("CREATE TABLE planted (id INTEGER)"))
            connection.execute(text("CREATE TABLE planted (id INTEGER)"))
        assert set(inspect(db.engine).get_table_names()) == before
