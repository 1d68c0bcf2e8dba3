"""What changed between two plans, by meeting and by participant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduling.problem import Id
    from scheduling.solution import Assignment, Solution


@dataclass(frozen=True, slots=True)
class Change:
    """The same meeting held otherwise: at another slot or table, by a colleague instead, with another
    interpreter."""

    old: Assignment
    new: Assignment

    @property
    def people(self) -> tuple[Id, ...]:
        """Everyone it concerns: those who went before and those who go now."""
        return tuple(dict.fromkeys((*self.new.people, *self.old.people)))

    @property
    def new_people(self) -> bool:
        return set(self.old.people) != set(self.new.people)

    @property
    def new_time(self) -> bool:
        return self.old.slot != self.new.slot


@dataclass(frozen=True, slots=True)
class Diff:
    """All changes; a pin put or taken away is none, for nobody has to hear of it."""

    added: tuple[Assignment, ...]
    cancelled: tuple[Assignment, ...]
    moved: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.cancelled or self.moved)

    @property
    def participants(self) -> tuple[Id, ...]:
        """Everyone whose agenda changed, sorted."""
        touched: tuple[Assignment | Change, ...] = (*self.added, *self.cancelled, *self.moved)
        return tuple(sorted({person for one in touched for person in one.people}))

    def of(self, participant: Id) -> Diff:
        """The part of the changes that concerns one person."""
        return Diff(
            tuple(one for one in self.added if participant in one.people),
            tuple(one for one in self.cancelled if participant in one.people),
            tuple(change for change in self.moved if participant in change.people),
        )


def compare(old: Solution, new: Solution) -> Diff:
    """The changes from old to new; both hold each meeting, by its key, at most once."""
    before = {held.key: held for held in old.assignments}
    after = {held.key: held for held in new.assignments}
    return Diff(
        tuple(held for key, held in after.items() if key not in before),
        tuple(held for key, held in before.items() if key not in after),
        tuple(
            Change(before[key], held)
            for key, held in after.items()
            if key in before and _moved(before[key], held)
        ),
    )


def _moved(old: Assignment, new: Assignment) -> bool:
    return (old.slot, old.table, set(old.people), old.interpreter) != (
        new.slot,
        new.table,
        set(new.people),
        new.interpreter,
    )
