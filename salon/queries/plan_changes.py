"""What happened to a draft since a page showed it, from the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.models import Account, AuditEntry, Delegate, Draft, Placement

MOST_SHOWN = 10
_ACTIONS = ("plan_changed", "plan_change_undone", "plan_person_freed")


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One change: by whom, when, and the meeting before and after it (None: not in the draft)."""

    at: datetime
    who: str  # empty for the system
    action: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def since(session: Session, draft: Draft, version: int) -> tuple[PlanChange, ...]:
    """The latest changes that a page of that version does not show, newest first, in three statements."""
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.edition_id == draft.edition_id,
            AuditEntry.object_type == "Draft",
            AuditEntry.object_id == draft.id,
            AuditEntry.action.in_(_ACTIONS),
        )
        .order_by(AuditEntry.id.desc())
        .limit(max(0, min(draft.version - version, MOST_SHOWN)) if version > 0 else 0)
    )
    entries = [entry for entry in session.scalars(query) if int(entry.details.get("version", 0)) > version]
    undone = _undone(session, entries)
    who = _names(session, draft.edition_id, {entry.account_id for entry in entries})
    return tuple(_change(entry, undone, who) for entry in entries)


@dataclass(frozen=True, slots=True)
class Removal:
    """A meeting that left a draft: how, from which, and where it is if it came back."""

    change: PlanChange
    draft: int  # its number
    is_current: bool
    back: int | None  # the placement that holds it now


def removal(session: Session, edition_id: int, placement: int) -> Removal | None:
    """What became of a placement that is no longer there, in five statements; None when it never was."""
    entry = _removed_by(session, edition_id, placement)
    draft = session.get(Draft, entry.object_id) if entry else None
    if entry is None or draft is None:
        return None
    who = _names(session, edition_id, {entry.account_id})
    change = _change(entry, _undone(session, [entry]), who)
    query = select(Placement.id).where(
        Placement.draft_id == draft.id, Placement.meeting_id == (change.before or {}).get("meeting")
    )
    back = session.scalar(query) if change.before else None
    return Removal(change, draft.number, draft.is_current, back)


def _removed_by(session: Session, edition_id: int, placement: int) -> AuditEntry | None:
    here = (AuditEntry.edition_id == edition_id, AuditEntry.object_type == "Draft")
    latest = select(AuditEntry).where(*here).order_by(AuditEntry.id.desc())
    one = (AuditEntry.action.in_(_ACTIONS[:2]), AuditEntry.details["gone"].as_integer() == placement)
    if (found := session.scalar(latest.where(*one).limit(1))) is not None:
        return found
    freed = session.scalars(latest.where(AuditEntry.action == _ACTIONS[2]))
    return next((entry for entry in freed if placement in entry.details.get("all_gone", ())), None)


def _change(entry: AuditEntry, undone: Mapping[int, AuditEntry], who: Mapping[int | None, str]) -> PlanChange:
    details = entry.details
    if (original := undone.get(details.get("of", 0))) is not None:  # taken back: its states trade places
        details = {"before": original.details.get("after"), "after": original.details.get("before")}
    return PlanChange(
        entry.at,
        who.get(entry.account_id, ""),
        entry.action,
        details.get("before"),
        details.get("after"),
    )


def _undone(session: Session, entries: list[AuditEntry]) -> dict[int, AuditEntry]:
    ids = [entry.details["of"] for entry in entries if "of" in entry.details]
    if not ids:
        return {}
    return {entry.id: entry for entry in session.scalars(select(AuditEntry).where(AuditEntry.id.in_(ids)))}


def _names(session: Session, edition_id: int, ids: set[int | None]) -> dict[int | None, str]:
    known = [id_ for id_ in ids if id_ is not None]
    query = (
        select(Account.id, Account.name, Account.email, Delegate.first_name, Delegate.last_name)
        .outerjoin(Delegate, (Delegate.account_id == Account.id) & (Delegate.edition_id == edition_id))
        .where(Account.id.in_(known), Account.erased_at.is_(None))
    )
    return {
        row.id: row.name or f"{row.first_name or ''} {row.last_name or ''}".strip() or row.email.split("@")[0]
        for row in session.execute(query)
    }
