"""Whether a row is still what a form showed: a digest of its values, for tables without a version of their own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from salon.errors import DomainError
from salon.models import Base

_LENGTH = 32
_LEFT_OUT = frozenset({"id", "position", "archived_at"})  # moved or archived: the form's fields are the same


def of_row(row: Base) -> str:
    """Equal for equal values of every column that a form edits."""
    names = sorted(column.key for column in inspect(row).mapper.column_attrs if column.key not in _LEFT_OUT)
    return of_values([(name, getattr(row, name)) for name in names])


def of_values(values: Iterable[object]) -> str:
    """A digest of anything that prints the same whenever it is the same."""
    text = json.dumps(list(values), default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


def check(session: Session, row: Base, seen: str | None) -> None:
    """Raise `changed_meanwhile` unless the stored row has the stamp `seen`; None asks for no check.

    The row is locked until the transaction ends, so that two writers cannot both pass.
    """
    if seen is None:
        return
    session.refresh(row, with_for_update=True)
    if of_row(row) != seen:
        raise DomainError("changed_meanwhile")


def check_values(values: Iterable[object], seen: str | None) -> None:
    """The same for a set of rows that is saved as a whole; its caller holds a lock on what it belongs to."""
    if seen is not None and of_values(values) != seen:
        raise DomainError("changed_meanwhile")
