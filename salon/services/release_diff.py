"""What changes between two releases: one comparison, seen by meeting and by participant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What became of a meeting, the strongest word when several hold."""

    NEW = "new"
    MOVED = "moved"
    DELEGATE_CHANGED = "delegate_changed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Promise:
    """A meeting as a release states it; `people` are delegate ids in order."""

    meeting: int
    people: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime
    table: str
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """One meeting that changes; `before` is None for a new one, `after` for a cancelled one."""

    kind: Kind
    meeting: int
    before: Promise | None
    after: Promise | None

    @property
    def people(self) -> frozenset[int]:
        """Whoever has to hear of it, those replaced included."""
        sides = (side for side in (self.before, self.after) if side is not None)
        return frozenset(one for side in sides for one in side.people)

    @property
    def when(self) -> datetime:
        side = self.after or self.before
        assert side is not None
        return side.starts_at


@dataclass(frozen=True, slots=True)
class Diff:
    """All changes in the order of time."""

    changes: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)

    def count(self, kind: Kind) -> int:
        return sum(change.kind is kind for change in self.changes)

    @property
    def participants(self) -> tuple[int, ...]:
        return tuple(sorted({one for change in self.changes for one in change.people}))

    def of(self, delegate: int) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if delegate in change.people)

    def as_json(self) -> dict[str, Any]:
        """Ids only: what a release stores."""
        meetings = [{"meeting": change.meeting, "kind": change.kind.value} for change in self.changes]
        return {"meetings": meetings, "participants": list(self.participants)}


def compare(old: Iterable[Promise], new: Iterable[Promise]) -> Diff:
    """The changes from `old` to `new`; a meeting that is off counts as absent, on both sides."""
    before, after = _held(old), _held(new)
    found = [_change(meeting, before.get(meeting), after.get(meeting)) for meeting in {**before, **after}]
    changes = [change for change in found if change is not None]
    return Diff(tuple(sorted(changes, key=lambda change: (change.when, change.meeting))))


def _held(promises: Iterable[Promise]) -> Mapping[int, Promise]:
    return {promise.meeting: promise for promise in promises if promise.is_on}


def _change(meeting: int, before: Promise | None, after: Promise | None) -> Change | None:
    if before is None:
        return Change(Kind.NEW, meeting, None, after)
    if after is None:
        return Change(Kind.CANCELLED, meeting, before, None)
    if (before.starts_at, before.ends_at, before.table) != (after.starts_at, after.ends_at, after.table):
        return Change(Kind.MOVED, meeting, before, after)
    if before.people != after.people:
        return Change(Kind.DELEGATE_CHANGED, meeting, before, after)
    return None
