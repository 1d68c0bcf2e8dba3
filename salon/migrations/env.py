"""Runs the migrations on the application's own engine, each revision whole or not at all."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from salon.database import WRITES
from salon.models import Base
from salon.models.base import UtcDateTime


def _render(kind: str, obj: Any, autogen: Any) -> str | bool:
    if kind == "type" and isinstance(obj, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _compare_type(ctx: Any, column: Any, metadata_column: Any, seen: Any, wanted: Any) -> bool | None:
    return False if isinstance(wanted, UtcDateTime) else None


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**WRITES) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=_render,
            compare_type=_compare_type,
            transactional_ddl=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
