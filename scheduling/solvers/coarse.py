"""A smaller model for the linear relaxation: the ways to hold a meeting that differ only in table and
interpreter become one.

What is counted is necessary, so every plan of the model is one of the coarse model and its bounds hold: a
merged column counts in the rows that all it stands for count in, and for each set of pools (interpreters) the
meetings that can use no others are at most as many as the places there (Hall's condition, for the sets that
occur). Ways between tables are forgotten.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import TypeAlias

import numpy as np

from scheduling.solvers.arrays import arrays_of
from scheduling.solvers.model import NO_POOL, Line, Model

Places: TypeAlias = frozenset[int]  # rows of places that a column could use in one slot
PLACED = ("table_once", "step_free", "interpreter_once")


def coarse(model: Model) -> Model:
    """The model itself where no wish has two lines for the same people."""
    teams = [(line.wish, line.team) for line in model.lines]
    return model if len(set(teams)) == len(teams) else _Coarse(model).build()


@dataclass(slots=True)
class _Merged:
    """A column of the coarse model: those it stands for."""

    column: int
    members: list[int]


class _Coarse:
    def __init__(self, model: Model) -> None:
        self.fine = model
        self.model = replace(
            model,
            lines=[], lines_of=[], wish=[], line=[], start=[], mask=[], team=[], rows=[], crossing=[], _choices={},
            capacity=model.capacity.copy(), low=model.low.copy(), hard=model.hard.copy(), rule=model.rule.copy(),
        )  # fmt: skip
        self.merged: list[_Merged] = []

    def build(self) -> Model:
        for lines in self.fine.lines_of:
            first = len(self.model.lines)
            teams: dict[tuple[int, ...], list[int]] = defaultdict(list)
            for line in lines:
                teams[self.fine.lines[line].team].append(line)
            for members in teams.values():
                self._line(members)
            self.model.lines_of.append(range(first, len(self.model.lines)))
        self._sets()
        self._finish()
        return self.model

    def _line(self, members: list[int]) -> None:
        fine, model = self.fine, self.model
        lines = [fine.lines[one] for one in members]
        starts = reduce(int.__or__, (one.starts for one in lines))
        pool = lines[0].pool if len(lines) == 1 else NO_POOL
        line = Line(lines[0].wish, lines[0].team, pool, len(model.wish), starts)
        model.lines.append(line)
        if fine.crossing:
            model.crossing.append(fine.crossing[members[0]])
        at: dict[int, list[int]] = defaultdict(list)
        for one in lines:
            for column in one.columns:
                at[fine.start[column]].append(column)
        for start in sorted(at):
            self._column(len(model.lines) - 1, at[start])

    def _column(self, line: int, members: list[int]) -> None:
        fine, model, first = self.fine, self.model, members[0]
        self.merged.append(_Merged(len(model.wish), members))
        model.wish.append(fine.wish[first])
        model.line.append(line)
        model.start.append(fine.start[first])
        model.mask.append(fine.mask[first])
        model.team.append(fine.team[first])
        shared = reduce(Counter.__and__, (Counter(fine.rows[one]) for one in members))
        model.rows.append(tuple(shared.elements()))

    def _sets(self) -> None:
        """A row for each set of places in one slot that some merged column is confined to."""
        confined: dict[tuple[str, Places], list[int]] = defaultdict(list)
        for one in self.merged:
            if len(one.members) > 1:
                for choice in self._choices(one.members):
                    confined[choice].append(one.column)
        users = self._users(confined)
        for rule, places in confined:
            if len(places) > 1:  # else all members share that row already
                row = self.model.row(rule, sum(self.fine.capacity[place] for place in places))
                near = {user for place in places for user in users[place]}
                self.model.add(row, sorted({column for others, column in near if others <= places}))

    def _users(self, confined: Mapping[tuple[str, Places], list[int]]) -> dict[int, set[tuple[Places, int]]]:
        """Per row of places the columns that may use it, each with all it may use in that slot."""
        found: dict[int, set[tuple[Places, int]]] = defaultdict(set)
        for (_, places), columns in confined.items():
            for place in places:
                found[place].update((places, column) for column in columns)
        for one in self.merged:
            if len(one.members) == 1:
                for row in self.fine.rows[one.members[0]]:
                    if self.fine.rule[row] in PLACED:
                        found[row].add((frozenset({row}), one.column))
        return found

    def _choices(self, members: list[int]) -> list[tuple[str, Places]]:
        """Per slot and kind of place, the rows of which one is used; kinds that some member lacks are left."""
        found: dict[tuple[str, int], list[int]] = defaultdict(list)
        for column in members:
            seen: Counter[str] = Counter()
            for row in self.fine.rows[column]:
                rule = self.fine.rule[row]
                if rule in PLACED:
                    found[rule, seen[rule]].append(row)  # places come slot by slot, in the order of time
                    seen[rule] += 1
        return [(rule, frozenset(rows)) for (rule, _), rows in found.items() if len(rows) == len(members)]

    def _finish(self) -> None:
        model, kept = self.model, self.fine.kept
        model.kept = frozenset(
            one.column for one in self.merged if kept and any(member in kept for member in one.members)
        )
        model.heavy = {
            column: Counter(rows) for column, rows in enumerate(model.rows) if len(set(rows)) < len(rows)
        }
        number = np.zeros(self.fine.num_columns, dtype=np.int64)
        for one in self.merged:
            number[one.members] = one.column
        model.stands_for = number
        model.arrays = arrays_of(model)
