"""Imports of an edition, and what an undo kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.models import Account, Delegate, Edition, ImportBatch


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One file: when, by whom, and what it did."""

    id: int
    filename: str
    by: str
    created_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None
    has_rows: bool
    created: int
    updated: int
    removed: int
    restored: int


@dataclass(frozen=True, slots=True)
class KeptPerson:
    """Somebody that an undo left alone, and why."""

    id: int
    name: str
    reason: str


def imports(session: Session, edition: Edition) -> tuple[ImportLine, ...]:
    """The latest first."""
    query = (
        select(ImportBatch, Account.name, Account.email)
        .join(Account, Account.id == ImportBatch.account_id)
        .where(ImportBatch.edition_id == edition.id)
        .order_by(ImportBatch.id.desc())
    )
    return tuple(_line(batch, name or email) for batch, name, email in session.execute(query))


def one(session: Session, batch: ImportBatch) -> ImportLine:
    """A batch that is already loaded."""
    account = session.get_one(Account, batch.account_id)
    return _line(batch, account.name or account.email)


def _line(batch: ImportBatch, by: str) -> ImportLine:
    effects = batch.effects or {}
    return ImportLine(
        batch.id, batch.filename, by, batch.created_at, batch.applied_at, batch.undone_at, bool(batch.rows),
        len(effects.get("delegates", ())), effects.get("updated", 0), effects.get("removed", 0),
        effects.get("restored", 0),
    )  # fmt: skip


def kept(session: Session, batch: ImportBatch) -> tuple[KeptPerson, ...]:
    """Whom the undo of this import kept; those erased since are left out."""
    reasons = dict(batch.effects.get("kept", ()))
    return tuple(
        KeptPerson(key, f"{first} {last}", reasons[key])
        for key, first, last in _names(session, list(reasons))
    )


def _names(session: Session, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    if not ids:
        return []
    query = select(Delegate.id, Delegate.first_name, Delegate.last_name).where(Delegate.id.in_(ids))
    return [(row[0], row[1], row[2]) for row in session.execute(query.order_by(Delegate.last_name))]
