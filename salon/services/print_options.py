"""What can be printed, and how: the choices of a print order, as stored in its job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from exports.agendas import Order
from exports.badge_sheets import LAYOUTS
from exports.table_plans import PAPERS
from salon.errors import Invalid

MAX_OFFSET_MM = 10.0


@dataclass(frozen=True, slots=True)
class Item:
    """A document of the print set: its key, and what it cannot be made without."""

    key: str
    needs_plan: bool = True
    needs_people: bool = True
    needs_tables: bool = False
    by_person: bool = False  # can be limited to the people whom a release changed
    is_paper: bool = True


ITEMS: Mapping[str, Item] = {
    item.key: item
    for item in (
        Item("agendas", by_person=True),
        Item("badges", needs_plan=False, by_person=True),
        Item("slot_plan"),
        Item("table_plan"),
        Item("signs", needs_plan=False, needs_people=False, needs_tables=True),
        Item("door_list", needs_plan=False),
        Item("planning_xlsx", is_paper=False),
        Item("planning_csv", is_paper=False),
        Item("calendars", is_paper=False),
    )
}


@dataclass(frozen=True, slots=True)
class Options:
    """How documents are laid out; `start_at` is a place on the first sheet, from 1; offsets in mm."""

    layout: str = "a6x4"
    order: str = Order.SURNAME.value
    recto: bool = False
    paper: str = "A3"
    start_at: int = 1
    offset_x: float = 0.0
    offset_y: float = 0.0
    since: int | None = None  # only the people whom the releases after this one change
    locale: str = "fr"

    def check(self) -> None:
        """Raise `Invalid` naming the field that cannot be printed so."""
        known = {
            "layout": LAYOUTS,
            "order": [o.value for o in Order],
            "paper": PAPERS,
            "locale": ("fr", "en"),
        }
        for name, values in known.items():
            if getattr(self, name) not in values:
                raise Invalid("print_unknown", field=name)
        if not 1 <= self.start_at <= LAYOUTS[self.layout].capacity:
            raise Invalid("bad_position", field="start_at", count=LAYOUTS[self.layout].capacity)
        if max(abs(self.offset_x), abs(self.offset_y)) > MAX_OFFSET_MM:
            raise Invalid("bad_offset", field="offset_x", most=int(MAX_OFFSET_MM))

    @property
    def offset(self) -> tuple[float, float]:
        return self.offset_x, self.offset_y

    def as_json(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Options of an earlier version, too: what is missing has its default."""
        return cls(**{field.name: stored[field.name] for field in fields(cls) if field.name in stored})
