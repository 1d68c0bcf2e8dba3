"""The parts a problem is made of: times, places, people, wishes and orders, each frozen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

# Identifiers come from the caller and are only compared; a JSON file may use strings, one kind per list.
Id: TypeAlias = int
Meeting: TypeAlias = tuple[Id, ...]  # who meets: two people or a group, sorted where it serves as a key


class Level(StrEnum):
    """How strongly one side wishes a meeting."""

    MUST = "must"
    MEET = "meet"


def meeting_key(a: Id, b: Id) -> tuple[Id, Id]:
    """The same pair for (a, b) and (b, a)."""
    return (a, b) if a <= b else (b, a)


def key_of(people: Iterable[Id]) -> Meeting:
    """The same meeting for the same people in any order."""
    return tuple(sorted(people))


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which meetings are held; minutes count from the edition's first midnight, `[start, end)`."""

    id: Id
    session: int
    day: int
    start_min: int
    end_min: int


@dataclass(frozen=True, slots=True)
class Table:
    """A place for one meeting at a time; with an `organisation` it is that exhibitor's fixed stand.

    `zone` is the part of the hall it stands in, between which `Problem.walks` count minutes.
    """

    id: Id
    step_free: bool = False
    organisation: Id | None = None
    available: tuple[Id, ...] | None = None  # slot ids; None = all
    zone: Id | None = None

    def is_open(self, slot: Id) -> bool:
        return self.available is None or slot in self.available


@dataclass(frozen=True, slots=True)
class TypeLimit:
    """Fewest and most meetings with at least one counterpart of a type; counterparts are of other
    organisations."""

    type: str
    min: int = 0
    max: int | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """A delegate with an agenda of his own; minima are priced wishes unless `hard_min`.

    `min_per_day` counts on days with an available slot only. `languages` empty: understands everybody (a sign
    language is a language). `max_in_a_row` slots with a meeting, then at least one without, within a session.
    `credit` (per cent) raises or lowers what the person's wishes are worth. `silo` is the network or family
    that cross-silo meetings bring together, None = unknown.
    """

    id: Id
    organisation: Id
    type: str
    available: tuple[Id, ...]  # slot ids
    min: int = 0
    max: int | None = None
    max_per_day: int | None = None
    hard_min: bool = False
    step_free: bool = False
    stay_put: bool = False
    languages: tuple[str, ...] = ()
    max_in_a_row: int | None = None
    min_per_day: int = 0
    type_limits: tuple[TypeLimit, ...] = ()
    credit: int = 100
    silo: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A meeting somebody wishes: `level_a` is a's wish for b, `level_b` is b's wish for a; `value` >= 0.

    It may start at the slots `available` (None = any) and lasts `length_min` minutes (None = one slot).
    `a_instead` and `b_instead` are colleagues who may go in a's or b's place: who goes is a decision.
    """

    a: Id
    b: Id
    value: int
    level_a: Level | None = None
    level_b: Level | None = None
    available: tuple[Id, ...] | None = None
    length_min: int | None = None
    a_instead: tuple[Id, ...] = ()
    b_instead: tuple[Id, ...] = ()

    @property
    def key(self) -> tuple[Id, Id]:
        return meeting_key(self.a, self.b)

    @property
    def people(self) -> Meeting:
        """Those the wish names, whoever goes."""
        return (self.a, self.b)

    @property
    def is_must(self) -> bool:
        return Level.MUST in (self.level_a, self.level_b)


@dataclass(frozen=True, slots=True)
class Group:
    """A meeting of 3 to 8 people, of `value` when all of them meet together; times are as for a `Pair`."""

    members: tuple[Id, ...]
    value: int
    must: bool = False
    available: tuple[Id, ...] | None = None
    length_min: int | None = None

    @property
    def key(self) -> Meeting:
        return key_of(self.members)

    @property
    def people(self) -> Meeting:
        return self.members

    @property
    def is_must(self) -> bool:
        return self.must


@dataclass(frozen=True, slots=True)
class Pin:
    """A meeting the organiser locked: slot (the first), table and people are fixed.

    `others` come beside a and b; an `interpreter` named here is fixed too; `wish` names the pair served when
    colleagues go instead.
    """

    a: Id
    b: Id
    slot: Id
    table: Id
    others: tuple[Id, ...] = ()
    interpreter: Id | None = None
    wish: Meeting | None = None

    @property
    def people(self) -> Meeting:
        return (self.a, self.b, *self.others)

    @property
    def key(self) -> Meeting:
        return key_of(self.people if self.wish is None else self.wish)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Somebody who makes people without a common language understand each other, one meeting at a time."""

    id: Id
    languages: tuple[str, ...]
    available: tuple[Id, ...] | None = None  # slot ids; None = all

    def is_present(self, slot: Id) -> bool:
        return self.available is None or slot in self.available
