"""Can this installation serve people now?"""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, scoped_session

from salon.config import Settings
from salon.models import WorkerBeat

BEAT_MAX_AGE = timedelta(seconds=15)
MIN_FREE_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Report:
    """What works; `worker` and `disk` degrade the service, the others stop it."""

    database: bool
    schema: bool
    worker: bool
    disk: bool

    @property
    def is_ready(self) -> bool:
        return self.database and self.schema

    def as_dict(self) -> dict[str, Any]:
        return {"status": "ok" if all(asdict(self).values()) else "degraded", **asdict(self)}


@cache
def head_revision() -> str:
    """The revision that this code needs."""
    return _scripts().get_current_head() or ""


def known_revisions() -> frozenset[str]:
    """Every revision that this code can bring to its own."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent.parent / "migrations"))
    return ScriptDirectory.from_config(config)


def report(session: Session | scoped_session[Any], settings: Settings) -> Report:
    """Look at the database, its schema, the worker's last beat and the disk."""
    free = shutil.disk_usage(settings.instance).free > MIN_FREE_BYTES
    try:
        revision = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
        beat = session.scalar(select(func.max(WorkerBeat.at)))
    except SQLAlchemyError:
        session.rollback()
        return Report(database=False, schema=False, worker=False, disk=free)
    if isinstance(beat, datetime) and beat.tzinfo is None:
        beat = beat.replace(tzinfo=UTC)
    alive = beat is not None and datetime.now(UTC) - beat < BEAT_MAX_AGE
    return Report(database=True, schema=revision == head_revision(), worker=alive, disk=free)
