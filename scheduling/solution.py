"""A plan: who meets whom, when and where; views by participant, slot and table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduling.parts import Id, Meeting


@dataclass(frozen=True, slots=True)
class Assignment:
    """One meeting held by `a`, `b` and `others`, from its first slot on, at a table.

    `pinned` repeats the problem's lock. `wish` names the pair served when colleagues went instead (None = the
    people themselves).
    """

    a: Id
    b: Id
    slot: Id
    table: Id
    pinned: bool = False
    others: tuple[Id, ...] = ()
    interpreter: Id | None = None
    wish: Meeting | None = None

    @property
    def key(self) -> Meeting:
        """The meeting asked for: the wish served, else the people, sorted."""
        if self.wish is not None or self.others:
            return tuple(sorted(self.people if self.wish is None else self.wish))
        return (self.a, self.b) if self.a <= self.b else (self.b, self.a)

    @property
    def people(self) -> tuple[Id, ...]:
        """Those who really go."""
        return (self.a, self.b, *self.others)


@dataclass(frozen=True, slots=True)
class Solution:
    """All meetings of a plan; nothing says it is right until `verify.violations` is empty."""

    assignments: tuple[Assignment, ...] = ()
    _views: dict[str, dict[Id, tuple[Assignment, ...]]] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "assignments", tuple(self.assignments))

    def _view(
        self, name: str, keys: Callable[[Assignment], Iterable[Id]]
    ) -> dict[Id, tuple[Assignment, ...]]:
        if name not in self._views:
            groups: dict[Id, list[Assignment]] = defaultdict(list)
            for assignment in self.assignments:
                for key in keys(assignment):
                    group = groups[key]
                    if not group or group[-1] is not assignment:  # once, even where somebody meets himself
                        group.append(assignment)
            self._views[name] = {key: tuple(group) for key, group in groups.items()}
        return self._views[name]

    @property
    def by_participant(self) -> dict[Id, tuple[Assignment, ...]]:
        return self._view("participant", lambda assignment: assignment.people)

    @property
    def by_slot(self) -> dict[Id, tuple[Assignment, ...]]:
        """By the slot a meeting starts at."""
        return self._view("slot", lambda assignment: (assignment.slot,))

    @property
    def by_table(self) -> dict[Id, tuple[Assignment, ...]]:
        return self._view("table", lambda assignment: (assignment.table,))

    @property
    def meetings(self) -> frozenset[Meeting]:
        """The keys of all meetings held."""
        return frozenset(assignment.key for assignment in self.assignments)
