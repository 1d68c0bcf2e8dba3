"""One chained line per event; ids only."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.models import AuditEntry

REQUEST_ID = "request_id"  # key in session.info, set by the web shell
_LOCK = 0x5A10


def record(
    session: Session,
    actor: Actor,
    now: datetime,
    action: str,
    *,
    edition_id: int | None = None,
    obj: object | None = None,
    **details: Any,
) -> AuditEntry:
    """Add an entry in the caller's transaction; `details` hold ids and states, never a personal value."""
    previous = _last_hash(session)
    entry = AuditEntry(
        at=now,
        edition_id=edition_id,
        account_id=actor.account_id,
        acting_for_id=actor.acting_for,
        role=_role(actor, edition_id),
        action=action,
        object_type=type(obj).__name__ if obj is not None else "",
        object_id=getattr(obj, "id", None),
        details=details,
        request_id=str(session.info.get(REQUEST_ID, "")),
        previous_hash=previous,
        hash="",
    )
    entry.hash = digest(entry)
    session.add(entry)
    session.flush()
    return entry


def broken_link(session: Session) -> int | None:
    """The id of the first entry whose chain does not hold, or None when the whole log is intact."""
    previous: str | None = None
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)).yield_per(500):
        if entry.hash != digest(entry) or (previous is not None and entry.previous_hash != previous):
            return entry.id
        previous = entry.hash
    return None


def digest(entry: AuditEntry) -> str:
    """SHA-256 over the previous hash and everything the entry says."""
    content = [
        entry.previous_hash, entry.at.isoformat(), entry.edition_id, entry.account_id, entry.acting_for_id,
        entry.role, entry.action, entry.object_type, entry.object_id, entry.details, entry.request_id,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _last_hash(session: Session) -> str:
    if session.get_bind().dialect.name == "postgresql":  # SQLite already holds its one write lock
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    session.flush()
    last = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1))
    return last or "0" * 64


def _role(actor: Actor, edition_id: int | None) -> str:
    if actor.system:
        return actor.system
    if edition_id is not None and (role := actor.role_in(edition_id)):
        return role.value
    if actor.is_admin:
        return "admin"
    return "attendee" if actor.is_signed_in else "anonymous"
