"""Two organisers at one draft: what the other did, beside what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from salon import i18n
from salon.errors import DomainError
from salon.models import Draft, Edition
from salon.queries import plan_changes, plan_views
from salon.queries.plan_changes import PlanChange
from salon.queries.plan_views import Heads
from salon.shell.context import local

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OtherChange:
    """One change of somebody else's in words; `kind` is one of the diff macros', or `locked` or `unlocked`."""

    when: str
    who: str
    kind: str
    pair: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """What happened meanwhile, and what was asked for, which is not stored."""

    others: tuple[OtherChange, ...]
    asked: str


def found(
    session: Session, edition: Edition, draft: Draft, version: int, error: DomainError, asked: str = ""
) -> Conflict | None:
    """Both sides after `draft_changed`; None for any other refusal."""
    if error.code != "draft_changed":
        return None
    heads = plan_views.heads(session, edition)
    return Conflict(
        tuple(_other(heads, one) for one in plan_changes.since(session, draft, version)),
        asked,
    )


@dataclass(frozen=True, slots=True)
class Gone:
    """A meeting that somebody took out of the draft, in words."""

    other: OtherChange
    by_withdrawal: bool
    draft: int
    is_current: bool
    back: int | None
    slot: int | None


def gone(session: Session, edition: Edition, placement: int) -> Gone | None:
    """What became of a meeting whose page is asked for; None when the edition never had it."""
    found = plan_changes.removal(session, edition.id, placement)
    if found is None:
        return None
    slot = found.change.before["slot"] if found.change.before else None
    return Gone(
        _other(plan_views.heads(session, edition), found.change),
        found.change.action == "plan_person_freed",
        found.draft,
        found.is_current,
        found.back,
        slot,
    )


def place_words(session: Session, edition: Edition, slot_id: int, table_id: int) -> str:
    """« 12 h 35, table T04 »."""
    return _place(plan_views.heads(session, edition), slot_id, table_id)


def _pair(heads: Heads, state: State) -> str:
    sides = [heads.people[one].organisation if one in heads.people else "–" for one in state["people"]]
    return _("%(first)s et %(second)s", first=sides[0], second=sides[1])


def _place(heads: Heads, slot_id: int, table_id: int) -> str:
    slot, table = heads.slots.get(slot_id), heads.tables.get(table_id)
    hour = i18n.clock(local(slot.starts_at)) if slot else "–"
    return _("%(hour)s, table %(table)s", hour=hour, table=table.label if table else "–")


def _other(heads: Heads, change: PlanChange) -> OtherChange:
    state = change.after or change.before
    moment = local(change.at)
    who = change.who or "Salon"
    if state is None:
        return OtherChange(i18n.clock(moment), who, "cancelled", _("les rendez-vous d’une personne"), "", "")
    old, new = _side(heads, change.before), _side(heads, change.after)
    return OtherChange(i18n.clock(moment), who, _kind(change), _pair(heads, state), old, new)


def _side(heads: Heads, state: State | None) -> str:
    if state is None:
        return ""
    words = _place(heads, state["slot"], state["table"])
    return _("%(place)s, verrouillé", place=words) if state["locked"] else words


def _kind(change: PlanChange) -> str:
    if change.before is None:
        return "new"
    if change.after is None:
        return "cancelled"
    if change.before["locked"] != change.after["locked"]:
        return "locked" if change.after["locked"] else "unlocked"
    return "moved"
