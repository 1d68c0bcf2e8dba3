"""The words of the engine: what a fair is, frozen and validated, before anything is scheduled."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from scheduling import validation
from scheduling.parts import (
    Group,
    Id,
    Interpreter,
    Level,
    Meeting,
    Pair,
    Participant,
    Pin,
    Slot,
    Table,
    TypeLimit,
    key_of,
    meeting_key,
)
from scheduling.validation import Issue

if TYPE_CHECKING:
    from scheduling.solution import Assignment

__all__ = [
    "DEFAULT_ORDER",
    "FrozenMap",
    "Group",
    "Id",
    "Interpreter",
    "InvalidProblem",
    "Level",
    "Meeting",
    "Mode",
    "Pair",
    "Participant",
    "Pin",
    "Problem",
    "Slot",
    "Table",
    "TermName",
    "TypeLimit",
    "Weights",
    "key_of",
    "meeting_key",
]

K = TypeVar("K", bound=Hashable)


class TermName(StrEnum):
    """The named integer terms of `scoring`: six of every fair, then those of fairs that use them."""

    MUST_MEETS = "must_meets"
    VALUE = "value"
    MIN_SHORTFALL = "min_shortfall"
    FAIRNESS = "fairness"
    BREAKS = "breaks"
    TABLE_MOVES = "table_moves"
    CROSS_SILO = "cross_silo"
    CHANGES = "changes"
    WALKING = "walking"


# The default order of importance; the other terms count only for an organiser who lists them.
DEFAULT_ORDER = (
    TermName.MUST_MEETS,
    TermName.VALUE,
    TermName.MIN_SHORTFALL,
    TermName.FAIRNESS,
    TermName.BREAKS,
    TermName.TABLE_MOVES,
)


class Mode(StrEnum):
    """How the terms combine: strictly one after the other, or as one weighted sum."""

    LEXICOGRAPHIC = "lexicographic"
    WEIGHTED = "weighted"


class FrozenMap(Mapping[K, int]):
    """A hashable, picklable mapping to integers, so that a frozen problem holds no mutable dict."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[K, int]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: K) -> int:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
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

    order: tuple[str, ...] = DEFAULT_ORDER
    mode: Mode = Mode.LEXICOGRAPHIC
    weights: Mapping[str, int] = field(default_factory=dict)
    breaks_across_sessions: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", tuple(self.order))
        object.__setattr__(self, "weights", FrozenMap(self.weights))

    def of(self, term: str) -> int:
        return self.weights.get(term, 1)


class InvalidProblem(ValueError):
    """Raised by `Problem(...)`: `issues` holds every fault found, not only the first."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        super().__init__("; ".join(issue.message for issue in issues))
        self.issues = issues


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole fair to schedule; one that exists is valid. Every rule after the participants is optional.

    `type_rules` holds the unordered pairs of types that may meet (None = all); `exclusions` pairs of
    organisations; `no_thanks` (participant, organisation refused); `mandatory` meetings that must be held,
    wished or not; `forbidden` people who must not all be in one meeting. `organisation_limits` overrides
    `max_per_organisations` for a pair of organisations (both asked for more).

    `precedences` (first, second): when both are held, the first ends before the second starts. `walks` are
    minutes between two zones of tables, both ways; missing = 0. `baseline` is the plan that changes are counted
    against; its tables may be gone. Meetings are named by their people: the two of a pair, the members of a
    group.

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
    groups: tuple[Group, ...] = ()
    forbidden: tuple[Meeting, ...] = ()
    precedences: tuple[tuple[Meeting, Meeting], ...] = ()
    walks: Mapping[tuple[Id, Id], int] = field(default_factory=dict)
    interpreters: tuple[Interpreter, ...] = ()
    baseline: tuple[Assignment, ...] = ()
    _slots: dict[Id, int] = field(init=False, repr=False, compare=False, hash=False)
    _tables: dict[Id, Table] = field(init=False, repr=False, compare=False, hash=False)
    _people: dict[Id, Participant] = field(init=False, repr=False, compare=False, hash=False)
    _interpreters: dict[Id, Interpreter] = field(init=False, repr=False, compare=False, hash=False)
    _wishes: dict[Meeting, Pair | Group] = field(init=False, repr=False, compare=False, hash=False)
    _lengths: dict[Meeting, int] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        self._freeze()
        issues = validation.shape(self)
        if not issues:
            self._index_wishes()  # keys can be compared now
            issues = validation.meaning(self)
        if issues:
            raise InvalidProblem(issues)

    def _freeze(self) -> None:
        for name in _LISTS:
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "organisation_limits", _unordered(self.organisation_limits))
        object.__setattr__(self, "walks", _unordered(self.walks))
        if self.type_rules is not None:
            rules = frozenset((min(x, y), max(x, y)) for x, y in self.type_rules)
            object.__setattr__(self, "type_rules", rules)
        object.__setattr__(self, "_slots", {slot.id: rank for rank, slot in enumerate(self.slots)})
        object.__setattr__(self, "_tables", {table.id: table for table in self.tables})
        object.__setattr__(self, "_people", {person.id: person for person in self.participants})
        object.__setattr__(self, "_interpreters", {one.id: one for one in self.interpreters})

    def _index_wishes(self) -> None:
        wishes = {wish.key: wish for wish in self.wishes}
        lengths = {key: wish.length_min for key, wish in wishes.items() if wish.length_min is not None}
        object.__setattr__(self, "_wishes", wishes)
        object.__setattr__(self, "_lengths", lengths)

    def slot(self, slot: Id) -> Slot:
        return self.slots[self._slots[slot]]

    def slot_rank(self, slot: Id) -> int:
        """The 0-based chronological rank of a slot."""
        return self._slots[slot]

    def table(self, table: Id) -> Table:
        return self._tables[table]

    def participant(self, participant: Id) -> Participant:
        return self._people[participant]

    def interpreter(self, interpreter: Id) -> Interpreter:
        return self._interpreters[interpreter]

    def knows(
        self,
        *,
        participant: Id | None = None,
        slot: Id | None = None,
        table: Id | None = None,
        interpreter: Id | None = None,
    ) -> bool:
        """True when each given id exists."""
        return (
            (participant is None or participant in self._people)
            and (slot is None or slot in self._slots)
            and (table is None or table in self._tables)
            and (interpreter is None or interpreter in self._interpreters)
        )

    def organisation_limit(self, first: Id, second: Id) -> int:
        """The most meetings the people of two organisations may have with each other."""
        return self.organisation_limits.get(meeting_key(first, second), self.max_per_organisations)

    def walk(self, first: Id, second: Id) -> int:
        """Minutes from one table to another."""
        here, there = self._tables[first].zone, self._tables[second].zone
        if here is None or there is None or not self.walks:
            return 0
        return self.walks.get(meeting_key(here, there), 0)

    @property
    def wishes(self) -> tuple[Pair | Group, ...]:
        """Everything somebody wishes: the pairs, then the groups."""
        return (*self.pairs, *self.groups)

    def wish(self, key: Meeting) -> Pair | Group | None:
        """The wished pair or group of that key (sorted); None for a meeting nobody wished."""
        return self._wishes.get(key)

    def length_of(self, key: Meeting) -> int | None:
        """The minutes a meeting lasts by its key (sorted); None = one slot."""
        return self._lengths.get(key)

    def covered(self, slot: Id, length_min: int | None) -> tuple[Id, ...] | None:
        """The slots a meeting of that length takes from `slot` on; None when its session ends before.

        The slots of one session count up to the first that ends at least `length_min` after the start, the
        time between two slots included.
        """
        if length_min is None:
            return (slot,) if slot in self._slots else None
        if slot not in self._slots:
            return None
        rank = self._slots[slot]
        first = self.slots[rank]
        for last in range(rank, len(self.slots)):
            if (self.slots[last].day, self.slots[last].session) != (first.day, first.session):
                return None
            if self.slots[last].end_min - first.start_min >= length_min:
                return tuple(one.id for one in self.slots[rank : last + 1])
        return None

    def spans(self, assignment: Assignment) -> tuple[Id, ...]:
        """The slots a meeting takes; empty where it cannot start."""
        if not self._lengths:
            return (assignment.slot,) if assignment.slot in self._slots else ()
        return self.covered(assignment.slot, self.length_of(assignment.key)) or ()

    def has_rules_around(self) -> bool:
        """True when what is held before and after a meeting matters, beyond one meeting at a time."""
        rests = any(person.max_in_a_row is not None for person in self.participants)
        return bool(self.walks or self.precedences or rests)

    def terms(self) -> tuple[TermName, ...]:
        """The terms this fair uses: the usual six, and those for which it gives silos, a baseline, walks."""
        used = {
            TermName.CROSS_SILO: any(person.silo is not None for person in self.participants),
            TermName.CHANGES: bool(self.baseline),
            TermName.WALKING: bool(self.walks),
        }
        return (*DEFAULT_ORDER, *(name for name, given in used.items() if given))


_LISTS = (
    "slots",
    "tables",
    "participants",
    "pairs",
    "exclusions",
    "no_thanks",
    "mandatory",
    "pins",
    "groups",
    "forbidden",
    "precedences",
    "interpreters",
    "baseline",
)


def _unordered(figures: Mapping[tuple[Id, Id], int]) -> FrozenMap[tuple[Id, Id]]:
    """The figures by sorted couple; left as given where that fails or two disagree, for validation to say."""
    try:
        found = {meeting_key(*couple): figure for couple, figure in figures.items()}
        clash = any(found[meeting_key(*couple)] != figure for couple, figure in figures.items())
    except TypeError:
        return FrozenMap(figures)
    return FrozenMap(figures if clash else found)
