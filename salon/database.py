"""SQLite as it must be set for a crowded morning; PostgreSQL needs none of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, event
from sqlalchemy.orm import InstrumentedAttribute

WRITES = {"sqlite_txn": "IMMEDIATE"}  # execution option of a transaction that will write

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "busy_timeout=10000",
)


def filtered(column: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """The column as a condition that only filters, for a statement that has something rarer to look up.

    Without statistics SQLite takes the index that names the most columns: it would read a whole edition or
    release to find a person's ten rows.
    """
    return column + 0


def prepare(engine: Engine) -> None:
    """Set every connection of a SQLite engine; other engines are left alone.

    The driver must not open transactions by itself: a deferred read that turns into a write fails at once
    (SQLITE_BUSY_SNAPSHOT) whatever the timeout, so units of work that write begin IMMEDIATE.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)


def _on_connect(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_txn", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
