"""The words of the engine: what a fair is, frozen and validated, before anything is scheduled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from scheduling.validation import Issue, check

# Identifiers come from the caller and are only compared; a JSON file may use strings, one kind per list.
Id: TypeAlias = int
Meeting: TypeAlias = tuple[Id, Id]


class Level(StrEnum):
    """How strongly one side wishes a meeting."""

    MUST = "must"
    MEET = "meet"


class TermName(StrEnum):
    """The named integer terms of `scoring`, in the default order of importance."""

    MUST_MEETS = "must_meets"
    VALUE = "value"
    MIN_SHORTFALL = "min_shortfall"
    FAIRNESS = "fairness"
    BREAKS = "breaks"
    TABLE_MOVES = "table_moves"


class Mode(StrEnum):
    """How the terms combine: strictly one after the other, or as one weighted sum."""

    LEXICOGRAPHIC = "lexicographic"
    WEIGHTED = "weighted"


def meeting_key(a: Id, b: Id) -> Meeting:
    """The same pair for (a, b) and (b, a)."""
    return (a, b) if a <= b else (b, a)


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
    """A place for one meeting at a time; with an `organisation` it is that exhibitor's fixed stand."""

    id: Id
    step_free: bool = False
    organisation: Id | None = None
    available: tuple[Id, ...] | None = None  # slot ids; None = all

    def is_open(self, slot: Id) -> bool:
        return self.available is None or slot in self.available


@dataclass(frozen=True, slots=True)
class Participant:
    """A delegate with an agenda of his own; `min` is a priced wish unless `hard_min`."""

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


@dataclass(frozen=True, slots=True)
class Pair:
    """A meeting somebody wishes: `level_a` is a's wish for b, `level_b` is b's wish for a; `value` >= 0."""

    a: Id
    b: Id
    value: int
    level_a: Level | None = None
    level_b: Level | None = None

    @property
    def key(self) -> Meeting:
        return meeting_key(self.a, self.b)

    @property
    def is_must(self) -> bool:
        return Level.MUST in (self.level_a, self.level_b)


@dataclass(frozen=True, slots=True)
class Pin:
    """A meeting the organiser locked: both its slot and its table are fixed."""

    a: Id
    b: Id
    slot: Id
    table: Id

    @property
    def key(self) -> Meeting:
        return meeting_key(self.a, self.b)


class FrozenMap(Mapping[object, int]):
    """A hashable, picklable mapping to integers, so that a frozen problem holds no mutable dict."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[object, int]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: object) -> int:
        return self._items[key]

    def __iter__(self) -> Iterator[object]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"


@dataclass(frozen=True, slots=True)
class Weights:
    """The organiser's idea of a better plan: an order of terms, and how they combine.

    `order` may leave terms out: they are reported but not optimised. `weights` (mode weighted) counts each
    unit of a term, gained for a maximised term and lost for a minimised one; a missing weight is 1.
    """

    order: tuple[str, ...] = tuple(TermName)
    mode: Mode = Mode.LEXICOGRAPHIC
    weights: Mapping[str, int] = field(default_factory=dict)
    breaks_across_sessions: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", tuple(self.order))
        object.__setattr__(self, "weights", FrozenMap(self.weights))  # type: ignore[arg-type]

    def of(self, term: str) -> int:
        return self.weights.get(term, 1)


class InvalidProblem(ValueError):
    """Raised by `Problem(...)`: `issues` holds every fault found, not only the first."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        super().__init__("; ".join(issue.message for issue in issues))
        self.issues = issues


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole fair to schedule; one that exists is valid.

    `type_rules` holds the unordered pairs of types that may meet (None = all); `exclusions` pairs of
    organisations; `no_thanks` (participant, organisation refused); `mandatory` meetings that must be held,
    wished or not. `organisation_limits` overrides `max_per_organisations` for a pair of organisations
    (both asked for more).

    Raises
    ------
    InvalidProblem
        With all issues at once, each naming its thing.
    """

    slots: tuple[Slot, ...]
    tables: tuple[Table, ...]
    participants: tuple[Participant, ...]
    pairs: tuple[Pair, ...] = ()
    type_rules: frozenset[tuple[str, str]] | None = None
    exclusions: tuple[tuple[Id, Id], ...] = ()
    no_thanks: tuple[tuple[Id, Id], ...] = ()
    mandatory: tuple[Meeting, ...] = ()
    pins: tuple[Pin, ...] = ()
    max_per_organisations: int = 1
    organisation_limits: Mapping[tuple[Id, Id], int] = field(default_factory=dict)
    weights: Weights = field(default_factory=Weights)
    _slots: dict[Id, int] = field(init=False, repr=False, compare=False, hash=False)
    _tables: dict[Id, Table] = field(init=False, repr=False, compare=False, hash=False)
    _people: dict[Id, Participant] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        self._freeze()
        if issues := check(self):
            raise InvalidProblem(issues)

    def _freeze(self) -> None:
        lists = ("slots", "tables", "participants", "pairs", "exclusions", "no_thanks", "mandatory", "pins")
        for name in lists:
            object.__setattr__(self, name, tuple(getattr(self, name)))
        limits = {meeting_key(*key): most for key, most in self.organisation_limits.items()}
        object.__setattr__(self, "organisation_limits", FrozenMap(limits))  # type: ignore[arg-type]
        if self.type_rules is not None:
            rules = frozenset((min(x, y), max(x, y)) for x, y in self.type_rules)
            object.__setattr__(self, "type_rules", rules)
        object.__setattr__(self, "_slots", {slot.id: rank for rank, slot in enumerate(self.slots)})
        object.__setattr__(self, "_tables", {table.id: table for table in self.tables})
        object.__setattr__(self, "_people", {person.id: person for person in self.participants})

    def slot(self, slot: Id) -> Slot:
        return self.slots[self._slots[slot]]

    def slot_rank(self, slot: Id) -> int:
        """The 0-based chronological rank of a slot."""
        return self._slots[slot]

    def table(self, table: Id) -> Table:
        return self._tables[table]

    def participant(self, participant: Id) -> Participant:
        return self._people[participant]

    def knows(
        self, *, participant: Id | None = None, slot: Id | None = None, table: Id | None = None
    ) -> bool:
        """True when each given id exists."""
        return (
            (participant is None or participant in self._people)
            and (slot is None or slot in self._slots)
            and (table is None or table in self._tables)
        )

    def organisation_limit(self, first: Id, second: Id) -> int:
        """The most meetings the people of two organisations may have with each other."""
        return self.organisation_limits.get(meeting_key(first, second), self.max_per_organisations)
