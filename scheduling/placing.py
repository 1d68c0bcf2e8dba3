"""Where one meeting could go in a given plan: for manual corrections and for explanations."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduling import verify
from scheduling.problem import meeting_key
from scheduling.solution import Assignment, Solution

if TYPE_CHECKING:
    from scheduling.problem import Id, Problem, Table

# Rules about what must be held somewhere: adding one meeting cannot break them.
NOT_ASKED = ("hard_minimum", "mandatory", "pins")


@dataclass(frozen=True, slots=True)
class Option:
    """A slot and table for the meeting; `broken` rules it would break there, none when legal.

    `table` is None where no suitable table is free.
    """

    slot: Id
    table: Id | None
    broken: tuple[str, ...] = ()


def options(
    problem: Problem, solution: Solution, a: Id, b: Id, *, moving: Assignment | None = None
) -> tuple[Option, ...]:
    """Every legal (slot, table) in the order of time, then one illegal option per remaining slot.

    `moving` is the meeting being moved, left out of the plan first; a meeting the organiser places by hand
    counts as wished. Only the meeting's own violations are named, not those the plan had before.
    """
    board = Board(problem, _without(solution, moving))
    legal, illegal = [], []
    for slot in problem.slots:
        tables = board.free_tables(a, b, slot.id)
        # Free suitable tables differ in no rule, so the verifier judges the first for all.
        broken = board.broken(Assignment(a, b, slot.id, tables[0].id)) if tables else ()
        if tables and not broken:
            legal += [Option(slot.id, table.id) for table in tables]
        else:
            illegal.append(_illegal(board, a, b, slot.id, tables))
    return (*legal, *illegal)


def _without(solution: Solution, moving: Assignment | None) -> Solution:
    if moving is None:
        return solution
    return Solution(tuple(one for one in solution.assignments if one != moving))


def _illegal(board: Board, a: Id, b: Id, slot: Id, tables: list[Table]) -> Option:
    """The slot with a free table if there is one, else with the rules that every suitable table breaks."""
    if tables:
        return Option(slot, tables[0].id, board.broken(Assignment(a, b, slot, tables[0].id)))
    suitable = board.suitable(a, b)
    if not suitable:
        return Option(slot, None, (*board.always_broken(a, b), "stand"))
    best = next((table for table in suitable if table.is_open(slot)), suitable[0])
    return Option(slot, None, board.broken(Assignment(a, b, slot, best.id)))


class Board:
    """A plan with the views that questions about one meeting need."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem, self.solution = problem, solution
        self._at = {(one, held.slot) for held in solution.assignments for one in held.people}
        self._taken = {(held.slot, held.table) for held in solution.assignments}
        self._held = Counter(one for held in solution.assignments for one in held.people)
        self._days = Counter(
            (one, problem.slot(held.slot).day) for held in solution.assignments for one in held.people
        )
        self._sides = Counter(self.sides(*held.people) for held in solution.assignments)
        self._stands: dict[Id | None, list[Table]] = defaultdict(list)
        for table in problem.tables:
            self._stands[table.organisation].append(table)
        self._near: dict[tuple[object, ...], list[Assignment]] = defaultdict(list)
        for held in solution.assignments:
            place, sides = ("place", held.slot, held.table), ("sides", *self.sides(*held.people))
            for key in (place, *_people(held), sides):
                self._near[key].append(held)
        self._broken_alone: dict[tuple[Id, Id], tuple[str, ...]] = {}

    def sides(self, a: Id, b: Id) -> tuple[Id, Id]:
        people = self.problem.participant
        return meeting_key(people(a).organisation, people(b).organisation)

    def busy(self, person: Id, slot: Id) -> bool:
        return (person, slot) in self._at

    def common_slots(self, a: Id, b: Id) -> list[Id]:
        """Slots at which both are present."""
        there = set(self.problem.participant(b).available)
        return [slot for slot in self.problem.participant(a).available if slot in there]

    def sides_full(self, a: Id, b: Id) -> bool:
        """The two organisations meet as often as allowed already."""
        sides = self.sides(a, b)
        return self._sides[sides] >= self.problem.organisation_limit(*sides)

    def quota_full(self, a: Id, b: Id, slot: Id) -> bool:
        """One side has no meeting left, at all or on the slot's day."""
        day = self.problem.slot(slot).day
        for person in (self.problem.participant(a), self.problem.participant(b)):
            if person.max is not None and self._held[person.id] >= person.max:
                return True
            if person.max_per_day is not None and self._days[person.id, day] >= person.max_per_day:
                return True
        return False

    def suitable(self, a: Id, b: Id) -> list[Table]:
        """Tables where the stand and step-free rules let the two meet."""
        people = (self.problem.participant(a), self.problem.participant(b))
        need = any(person.step_free for person in people)
        sides = sorted({one.organisation for one in people})
        stands = [table for side in sides for table in self._stands[side]]
        usable = [table for table in stands if (table.step_free or not need) and table.available != ()]
        return usable or [table for table in self._stands[None] if table.step_free or not need]

    def free_tables(self, a: Id, b: Id, slot: Id) -> list[Table]:
        """Suitable tables open and unused at the slot."""
        return [
            table
            for table in self.suitable(a, b)
            if table.is_open(slot) and (slot, table.id) not in self._taken
        ]

    def always_broken(self, a: Id, b: Id) -> tuple[str, ...]:
        """Rules the meeting breaks whatever its slot and table."""
        key = meeting_key(a, b)
        if key not in self._broken_alone:
            lone = Solution((Assignment(a, b, slot=-1, table=-1),))  # which no rule of ALWAYS looks at
            broken = (name for name in ALWAYS if any(verify.RULES[name](self.problem, lone)))
            self._broken_alone[key] = tuple(broken)
        return self._broken_alone[key]

    def broken(self, new: Assignment) -> tuple[str, ...]:
        """Rules broken with the meeting added, that its neighbours in the plan and itself have a part in."""
        keys = (("place", new.slot, new.table), *_people(new), ("sides", *self.sides(*new.people)))
        near = dict.fromkeys(held for key in keys for held in self._near[key])
        return _rules(self.problem, Solution((*near, new)), (new,))


def _people(held: Assignment) -> tuple[tuple[str, Id], ...]:
    return tuple(("person", one) for one in held.people)


# What depends on neither slot nor table.
ALWAYS = ("organisations_distinct", "no_thanks", "exclusions", "types")


def _rules(problem: Problem, plan: Solution, guilty: tuple[Assignment, ...]) -> tuple[str, ...]:
    """Names of the rules that the plan breaks, with the guilty meetings if any are given."""
    found = verify.violations(problem, plan, skip=(*NOT_ASKED, "wished_or_mandatory"))
    names = [one.rule for one in found if not guilty or set(guilty) & set(one.meetings)]
    return tuple(dict.fromkeys(names))
