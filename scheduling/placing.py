"""Where one meeting could go in a given plan: for manual corrections and for explanations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduling.board import Board
from scheduling.solution import Assignment, Solution

if TYPE_CHECKING:
    from scheduling.problem import Id, Meeting, Problem, Table

__all__ = ["Board", "Option", "options"]


@dataclass(frozen=True, slots=True)
class Option:
    """A first slot and table for the meeting; `broken` rules it would break there, none when legal.

    `table` is None where no suitable table is free; `interpreter` is one who is free, where one is needed.
    """

    slot: Id
    table: Id | None
    broken: tuple[str, ...] = ()
    interpreter: Id | None = None


def options(
    problem: Problem, solution: Solution, a: Id, b: Id, *, moving: Assignment | None = None
) -> tuple[Option, ...]:
    """Every legal (slot, table) in the order of time, then one illegal option per remaining slot.

    `moving` is the meeting being moved, left out of the plan first; if a and b are of it, those who come
    beside them and the wish it serves stay the same. A meeting the organiser places by hand counts as wished.
    Only the meeting's own violations are named, not those the plan had before.
    """
    question = _Question(problem, solution, (a, b), moving)
    legal: list[Option] = []
    illegal: list[Option] = []
    for slot in problem.slots:
        found = list(question.legal(slot.id))
        legal += found
        if not found:
            illegal.append(question.illegal(slot.id))
    return (*legal, *illegal)


class _Question:
    """Where these people could meet."""

    def __init__(
        self, problem: Problem, solution: Solution, named: tuple[Id, Id], moving: Assignment | None
    ) -> None:
        rest = tuple(one for one in solution.assignments if one != moving)
        self.board = Board(problem, Solution(rest))
        same = moving is not None and set(named) <= set(moving.people)
        self.people: Meeting = named
        self.wish: Meeting | None = None
        if moving is not None and same:
            self.people = (*named, *(one for one in moving.people if one not in named))
            self.wish = moving.wish

    def _meeting(self, slot: Id, table: Id) -> Assignment:
        a, b, *others = self.people
        new = Assignment(a, b, slot, table, others=tuple(others), wish=self.wish)
        return self.board.interpreted(new)

    def _free(self, slot: Id) -> list[Table]:
        return self.board.free_tables(self.people, self.board.span(self._meeting(slot, -1)))

    def legal(self, slot: Id) -> Iterator[Option]:
        """Free suitable tables of one zone differ in no rule, so the verifier judges the first for all."""
        judged: dict[Id | None, tuple[str, ...]] = {}
        for table in self._free(slot):
            new = self._meeting(slot, table.id)
            if table.zone not in judged:
                judged[table.zone] = self.board.broken(new)
            if not judged[table.zone]:
                yield Option(slot, table.id, (), new.interpreter)

    def illegal(self, slot: Id) -> Option:
        """The slot with a free table if there is one, else with the rules that every suitable table breaks."""
        board, free = self.board, self._free(slot)
        if free:
            new = self._meeting(slot, free[0].id)
            return Option(slot, free[0].id, board.broken(new), new.interpreter)
        suitable = board.suitable(self.people)
        if not suitable:
            return Option(slot, None, (*board.always_broken(self.people), "stand"))
        span = board.span(self._meeting(slot, -1))
        best = next((table for table in suitable if all(map(table.is_open, span))), suitable[0])
        return Option(slot, None, board.broken(self._meeting(slot, best.id)))
