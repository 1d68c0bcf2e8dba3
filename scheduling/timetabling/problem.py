"""The frozen problem: people, meetings, slots and tables; every number is 1-based, as in the published files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TypeAlias

Slots: TypeAlias = Mapping[int, int]
"""A plan: the slot of each meeting, both 1-based."""

FAIRNESS = 2  # the paper's standard: no one has more than two breaks above the luckiest
NO_FAIRNESS = -1


class Session(IntEnum):
    """Which half of the day a meeting is tied to; the numbers are those of the files."""

    MORNING = 1
    AFTERNOON = 2
    ANY = 3


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two participants, their session, the slot it is fixed at (0: none), the meetings strictly before it."""

    a: int
    b: int
    session: Session = Session.ANY
    fixed: int = 0
    after: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Timetabling:
    """One instance; `meetings[i - 1]` is meeting i, `forbidden[p - 1]` the slots participant p is away.

    `fairness` is the most breaks anyone may have above the participant with fewest; negative: no such rule.
    """

    num_tables: int
    num_slots: int
    num_morning_slots: int
    meetings: tuple[Meeting, ...]
    forbidden: tuple[frozenset[int], ...]
    fairness: int = FAIRNESS

    @property
    def num_participants(self) -> int:
        """How many people there are, those without a meeting included."""
        return len(self.forbidden)

    @cached_property
    def meetings_of(self) -> tuple[tuple[int, ...], ...]:
        """The meeting ids of each participant, `meetings_of[p - 1]` for participant p."""
        found: list[list[int]] = [[] for _ in self.forbidden]
        for number, meeting in enumerate(self.meetings, start=1):
            found[meeting.a - 1].append(number)
            found[meeting.b - 1].append(number)
        return tuple(map(tuple, found))
