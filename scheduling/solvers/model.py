"""The problem as columns and rows, the one view that every solver reads.

A *wish* may be held at most once; a *line* is one way to hold it (these people, that pool of tables); a
*column* is a line at one start. People are kept apart by bit masks of slots, everything else by *rows*: a
row counts some columns and says how many of them may be held (`rows/` has a poster per rule). A rule nobody
uses posts nothing and costs nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from scheduling.problem import Id, Meeting, Problem
from scheduling.scoring import attainable
from scheduling.solvers.arrays import Arrays, arrays_of
from scheduling.solvers.pools import Helpers, Pool, helpers, pools
from scheduling.solvers.programme import Ints

Choice: TypeAlias = tuple[int, tuple[int, ...], tuple[int, ...]]  # slots taken, team, columns

NO_POOL = -1  # of a pinned meeting, whose table is already off its pool's capacity


@dataclass(frozen=True, slots=True)
class Wish:
    """A meeting that may be held once; `named` are the 0-based people whose satisfaction it counts for."""

    key: Meeting
    named: tuple[int, ...]
    value: int
    must: bool
    mandatory: bool
    pinned_table: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A way to hold a wish; columns `first` and following start at the set bits of `starts`, in order."""

    wish: int
    team: tuple[int, ...]
    pool: int
    first: int
    starts: int
    helpers: int | None = None  # interpreters one of whom is there
    zone: Id | None = None

    @property
    def columns(self) -> range:
        return range(self.first, self.first + self.starts.bit_count())


@dataclass(slots=True)
class Model:
    """Columns and rows of a problem; lists are parallel, `wish[c]` is the wish of column c, and so on.

    `free` is each person's mask of slots; `rows[c]` are the rows column c counts in (once for each time it is
    listed); a row holds at most `capacity`, and wants at least `low` (`hard`: must have).
    """

    problem: Problem
    num_slots: int
    pools: tuple[Pool, ...]
    helpers: tuple[Helpers, ...]
    free: list[int]
    ceiling: list[int]  # the most value each person could get alone
    wishes: list[Wish] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    lines_of: list[range] = field(default_factory=list)
    wish: list[int] = field(default_factory=list)
    line: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    mask: list[int] = field(default_factory=list)
    team: list[tuple[int, ...]] = field(default_factory=list)
    rows: list[tuple[int, ...]] = field(default_factory=list)
    capacity: list[int] = field(default_factory=list)
    low: list[int] = field(default_factory=list)
    hard: list[bool] = field(default_factory=list)
    rule: list[str] = field(default_factory=list)
    hopeless: list[Meeting] = field(default_factory=list)
    shared: list[tuple[int, ...]] = field(default_factory=list)  # rows that all columns of a wish count in
    heavy: dict[int, Counter[int]] = field(default_factory=dict)  # columns that count several times in a row
    table_rank: dict[Id, int] = field(default_factory=dict)
    crossing: list[bool] = field(default_factory=list)  # lines between silos; empty where nobody has one
    kept: frozenset[int] = frozenset()  # columns that hold a meeting of the baseline as it was
    arrays: Arrays = field(init=False)
    stands_for: Ints | None = None  # in a coarse model: of each column of the fine one, its number here
    _choices: dict[int, tuple[Choice, ...]] = field(default_factory=dict)

    @property
    def num_columns(self) -> int:
        return len(self.wish)

    def columns(self, wish: int) -> range:
        """The columns of a wish."""
        lines = self.lines_of[wish]
        if not lines:
            return range(0)
        return range(self.lines[lines[0]].first, self.lines[lines[-1]].columns.stop)

    def choices(self, wish: int) -> tuple[Choice, ...]:
        """The columns of a wish by team and slots taken, in the order of time; remembered."""
        found = self._choices.get(wish)
        if found is None:
            groups: dict[tuple[int, int, tuple[int, ...]], list[int]] = {}
            for column in self.columns(wish):
                key = (self.start[column], self.mask[column], self.team[column])
                groups.setdefault(key, []).append(column)
            ordered = sorted(groups.items(), key=lambda one: one[0][0])
            found = tuple((mask, team, tuple(columns)) for (_, mask, team), columns in ordered)
            self._choices[wish] = found
        return found

    def twin(self, column: int, start: int) -> int:
        """The column of the same line at another start, or -1."""
        line = self.lines[self.line[column]]
        if not line.starts >> start & 1:
            return -1
        return line.first + (line.starts & ((1 << start) - 1)).bit_count()

    def row(self, rule: str, capacity: int, *, low: int = 0, hard: bool = False) -> int:
        """A new row without columns."""
        self.capacity.append(capacity)
        self.low.append(low)
        self.hard.append(hard)
        self.rule.append(rule)
        return len(self.capacity) - 1

    def add(self, row: int, columns: Iterable[int]) -> None:
        """The columns count in the row."""
        tail = (row,)
        for column in columns:
            self.rows[column] += tail


def compile_model(problem: Problem, *, without: str | None = None) -> Model:
    """The model of a problem; wishes are sorted by key, so that runs repeat.

    `without` names a rule of `rows` not to post.
    """
    from scheduling.solvers.columns import fill
    from scheduling.solvers.rows import POSTERS

    rank = {person.id: number for number, person in enumerate(problem.participants)}
    ceiling = [0] * len(rank)
    for person, most in attainable(problem).items():
        ceiling[rank[person]] = most
    free = [sum(1 << problem.slot_rank(slot) for slot in set(one.available)) for one in problem.participants]
    model = Model(problem, len(problem.slots), pools(problem), helpers(problem), free, ceiling)
    model.table_rank = {table.id: number for number, table in enumerate(problem.tables)}
    fill(model, rank)
    for rule, poster in POSTERS.items():
        if rule != without:
            poster(model)
    model.crossing = _crossing(model)
    model.kept = _kept(model)
    model.heavy = {
        column: Counter(rows) for column, rows in enumerate(model.rows) if len(set(rows)) < len(rows)
    }
    model.shared = [_shared(model, wish) for wish in range(len(model.wishes))]
    model.arrays = arrays_of(model)
    return model


def _crossing(model: Model) -> list[bool]:
    silos = [person.silo for person in model.problem.participants]
    if not any(silos):
        return []
    return [len({silos[person] for person in line.team} - {None}) > 1 for line in model.lines]


def _kept(model: Model) -> frozenset[int]:
    before = {(held.key, model.problem.slot_rank(held.slot)) for held in model.problem.baseline}
    return frozenset(
        column
        for number, wish in enumerate(model.wishes if before else ())
        for column in model.columns(number)
        if (wish.key, model.start[column]) in before
    )


def _shared(model: Model, wish: int) -> tuple[int, ...]:
    columns = model.columns(wish)
    rows = set(model.rows[columns[0]])
    for column in columns[1:]:
        rows.intersection_update(model.rows[column])
        if not rows:
            break
    return tuple(sorted(rows))
