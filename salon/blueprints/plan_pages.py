"""What the plan pages show: the view asked for, its rows, places for a meeting, the change to undo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from salon.blueprints.paging import Paging
from salon.forms.base import clean_line
from salon.models import Draft, Placement
from salon.numbers import read_number
from salon.queries import plan_views
from salon.queries.names import Named
from salon.queries.plan_views import Heads, Held, PlanView, SlotHead
from salon.services import plan_edit
from salon.services.drafts import Place
from salon.services.plan_edit import Spot
from salon.wording import plan_words

VIEWS = ("slots", "people", "tables")
PAGE_SIZE = 40


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the grid: a participant or a table, and its meetings by slot."""

    id: int
    name: str
    detail: str
    letter: str
    hue: str
    held: dict[int, Held]


@dataclass(frozen=True, slots=True)
class Shown:
    """The view asked for. A search shows its meetings as one list, whatever the view."""

    view: str
    query: str
    slot: SlotHead | None
    meetings: Sequence[Held]
    lines: Sequence[Line]
    paging: Paging | None
    whole: bool  # everything on one page, to print


def shown(plan: PlanView, args: MultiDict[str, str]) -> Shown:
    """Rows for the address's `view`, `slot`, `q`, `p` and `all`; anything odd is the default."""
    view = args.get("view", "slots")
    view = view if view in VIEWS else "slots"
    query = clean_line(args.get("q", "")[:100])
    if view == "slots":
        return _by_slot(plan, args, query)
    lines = _people(plan, query) if view == "people" else _tables(plan, query)
    whole = args.get("all") == "1"
    paging = Paging.asked(args, max(1, len(lines)) if whole else PAGE_SIZE).of(len(lines))
    return Shown(view, query, None, (), paging.cut(lines), paging, whole)


def _by_slot(plan: PlanView, args: MultiDict[str, str], query: str) -> Shown:
    if query or args.get("all") == "1":
        return Shown("slots", query, None, plan.matching(query), (), None, not query)
    asked = next((slot for slot in plan.slots if str(slot.id) == args.get("slot")), None)
    busy = {held.slot for held in plan.meetings}
    first = next((slot for slot in plan.slots if slot.id in busy), None)
    chosen = asked or first or (plan.slots[0] if plan.slots else None)
    meetings = plan.at_slot(chosen.id) if chosen else ()
    return Shown("slots", "", chosen, meetings, (), None, False)


def _people(plan: PlanView, query: str) -> list[Line]:
    agendas = plan_views.by_person(plan.meetings)
    found = plan_views.searched(plan.people.values(), query)
    attending = sorted((one for one in found if one.approved or one.id in agendas), key=lambda one: one.name)
    return [
        Line(one.id, one.name, one.organisation, one.letter, one.hue, agendas.get(one.id, {}))
        for one in attending
    ]


def _tables(plan: PlanView, query: str) -> list[Line]:
    held = plan_views.by_table(plan.matching(query))
    return [
        Line(table.id, table.label, table.zone, "", "", held.get(table.id, {}))
        for table in plan.tables
        if not query or table.id in held
    ]


# Places -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SlotSpots:
    """A slot with its legal tables, `(value, label, zone)`, or why there is none."""

    slot: SlotHead
    tables: list[tuple[str, str, str]]
    why: str


def spots(heads: Heads, found: Sequence[Spot]) -> list[SlotSpots]:
    """Slots with a legal table first, then the others with their rules in words."""
    legal: dict[int, list[tuple[str, str, str]]] = {}
    why: dict[int, str] = {}
    for spot in found:
        if spot.table is not None and not spot.broken:
            table = heads.tables[spot.table]
            legal.setdefault(spot.slot, []).append((f"{spot.slot}:{spot.table}", table.label, table.zone))
        else:
            why[spot.slot] = _why(spot, heads)
    return [
        *(SlotSpots(heads.slots[slot], places, "") for slot, places in legal.items()),
        *(SlotSpots(heads.slots[slot], [], words) for slot, words in why.items()),
    ]


def _why(spot: Spot, heads: Heads) -> str:
    """The rules broken, with the people and tables they are about where that is known."""
    named = {"person_once": bool(spot.busy), "availability": bool(spot.absent)}
    full = {one: heads.people[one].full for one in (*spot.absent, *(one for one, _table in spot.busy))}
    found = [_("%(name)s n’est pas là", name=full[one]) for one in spot.absent]
    found += [
        _("%(name)s a déjà un rendez-vous (%(table)s)", name=full[one], table=heads.tables[table].label)
        for one, table in spot.busy
    ]
    found += [plan_words.BROKEN[rule]() for rule in spot.broken if not named.get(rule)]
    return " ; ".join(found) or _("aucune table libre")


def pair(heads: Heads, people: tuple[int, int]) -> tuple[Named, Named]:
    """The two people; a 404 when one is not of this edition."""
    if any(one not in heads.people for one in people):
        raise NotFound
    return heads.people[people[0]], heads.people[people[1]]


def two_ids(first: Any, second: Any) -> tuple[int, int]:
    """Two posted ids; what is no id is nobody's."""
    return read_number(first, 0), read_number(second, 0)


def held(heads: Heads, placement: Placement, places: Iterable[Place]) -> Held:
    """One placement of a draft with its names."""
    first, second = next(one.people for one in places if one.meeting == placement.meeting_id)
    return Held(
        placement.id, placement.meeting_id, placement.slot_id, placement.table_id,
        heads.tables[placement.table_id].label, heads.people[first], heads.people[second],
        placement.locked, placement.placed_by_id is not None,
    )  # fmt: skip


def undoable(session: Session, draft: Draft, plan: PlanView) -> str:
    """What « Annuler » would take back, in words; empty when there is nothing."""
    entry = plan_edit.last_change(session, draft)
    if entry is None:
        return ""
    before, after = entry.details.get("before"), entry.details.get("after")
    one, other = (plan.people.get(person) for person in (after or before or {"people": ()})["people"])
    sides = {"one": one.name if one else "–", "other": other.name if other else "–"}
    if before is None:
        return _("l’ajout de %(one)s et %(other)s", **sides)
    if after is None:
        return _("le retrait de %(one)s et %(other)s", **sides)
    if before["locked"] != after["locked"]:
        return _("le verrou de %(one)s et %(other)s", **sides)
    return _("le déplacement de %(one)s et %(other)s", **sides)
