"""A plan seen from one more meeting: what is taken, what is full, which rules would break."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from scheduling import verify
from scheduling.possible import Possible
from scheduling.problem import key_of
from scheduling.scoring import counterpart_types
from scheduling.solution import Assignment, Solution

if TYPE_CHECKING:
    from scheduling.problem import Id, Interpreter, Meeting, Problem, Table

# Rules about what must be held somewhere: adding one meeting cannot break them.
NOT_ASKED = ("hard_minimum", "mandatory", "pins")
# What depends on neither slot nor table.
ALWAYS = ("organisations_distinct", "no_thanks", "exclusions", "types", "forbidden_pairs")


class Board:
    """A plan with the views that questions about one meeting need; people are given as ids."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem, self.solution = problem, solution
        self.possible = Possible(problem)
        self._at: set[tuple[Id, Id]] = set()
        self._taken: set[tuple[Id, Id]] = set()
        self._helping: set[tuple[Id | None, Id]] = set()
        self._held: Counter[Id] = Counter()
        self._days: Counter[tuple[Id, int]] = Counter()
        self._types: Counter[tuple[Id, str]] = Counter()
        self._sides: Counter[tuple[Id, Id]] = Counter()
        self._near: dict[tuple[object, ...], list[Assignment]] = defaultdict(list)
        for held in solution.assignments:
            self._add(held)
        self._stands: dict[Id | None, list[Table]] = defaultdict(list)
        for table in problem.tables:
            self._stands[table.organisation].append(table)
        self._after: dict[Meeting, list[Meeting]] = defaultdict(list)
        for first, then in problem.precedences:
            self._after[key_of(first)].append(key_of(then))
            self._after[key_of(then)].append(key_of(first))
        self._broken_alone: dict[Meeting, tuple[str, ...]] = {}

    def _add(self, held: Assignment) -> None:
        day = self.problem.slot(held.slot).day
        for slot in self.span(held):
            self._at.update((one, slot) for one in held.people)
            self._taken.add((slot, held.table))
            self._helping.add((held.interpreter, slot))
        for one in held.people:
            self._held[one] += 1
            self._days[one, day] += 1
            if self.problem.participant(one).type_limits:
                self._types.update((one, kind) for kind in self._counterparts(one, held))
        self._sides.update(self.sides(held.people))
        for key in self._keys(held):
            self._near[key].append(held)

    def _counterparts(self, one: Id, held: Assignment) -> set[str]:
        return counterpart_types(self.problem, self.problem.participant(one), held)

    def _keys(self, held: Assignment) -> Iterator[tuple[object, ...]]:
        """What the meeting shares with those it may clash with."""
        for slot in self.span(held):
            yield "place", slot, held.table
            if held.interpreter is not None:
                yield "interpreter", slot, held.interpreter
        yield from (("person", one) for one in held.people)
        yield from (("sides", *sides) for sides in self.sides(held.people))
        yield "meeting", *held.key

    def span(self, held: Assignment) -> tuple[Id, ...]:
        """The slots a meeting takes; its first alone where it cannot start."""
        return self.problem.spans(held) or (held.slot,)

    def sides(self, people: Meeting) -> tuple[tuple[Id, Id], ...]:
        """Every two organisations that meet."""
        present = sorted({self.problem.participant(one).organisation for one in people})
        return tuple(combinations(present, 2))

    def busy(self, people: Meeting, span: Iterable[Id]) -> bool:
        """Somebody has a meeting during the slots."""
        return any((one, slot) in self._at for slot in span for one in people)

    def sides_full(self, people: Meeting) -> bool:
        """Two of the organisations meet as often as allowed already."""
        return any(
            self._sides[couple] >= self.problem.organisation_limit(*couple) for couple in self.sides(people)
        )

    def quota_full(self, people: Meeting, slot: Id) -> bool:
        """Somebody has no meeting left, at all, on the slot's day or with a type."""
        day = self.problem.slot(slot).day
        for person in map(self.problem.participant, people):
            if person.max is not None and self._held[person.id] >= person.max:
                return True
            if person.max_per_day is not None and self._days[person.id, day] >= person.max_per_day:
                return True
            if person.type_limits and self._type_full(person.id, people):
                return True
        return False

    def _type_full(self, one: Id, people: Meeting) -> bool:
        a, b, *others = people
        kinds = self._counterparts(one, Assignment(a, b, slot=-1, table=-1, others=tuple(others)))
        return any(
            limit.max is not None and limit.type in kinds and self._types[one, limit.type] >= limit.max
            for limit in self.problem.participant(one).type_limits
        )

    def suitable(self, people: Meeting) -> list[Table]:
        """Tables where the stand and step-free rules let the people meet."""
        persons = [self.problem.participant(one) for one in people]
        need = any(person.step_free for person in persons)
        sides = sorted({one.organisation for one in persons})
        stands = [table for side in sides for table in self._stands[side]]
        usable = [table for table in stands if (table.step_free or not need) and table.available != ()]
        return usable or [table for table in self._stands[None] if table.step_free or not need]

    def free_tables(self, people: Meeting, span: Sequence[Id]) -> list[Table]:
        """Suitable tables open and unused during the slots."""
        return [
            table
            for table in self.suitable(people)
            if all(table.is_open(slot) and (slot, table.id) not in self._taken for slot in span)
        ]

    def free_interpreters(self, people: Meeting, span: Sequence[Id]) -> list[Interpreter] | None:
        """Fitting interpreters present and unused during the slots; None when nobody has to interpret."""
        able = self.possible.interpreters(people)
        if able is None:
            return None
        return [
            one
            for one in able
            if all(one.is_present(slot) and (one.id, slot) not in self._helping for slot in span)
        ]

    def interpreted(self, new: Assignment) -> Assignment:
        """The meeting with a free fitting interpreter, where one is needed and there is one."""
        able = self.free_interpreters(new.people, self.span(new))
        return replace(new, interpreter=able[0].id) if able else new

    def always_broken(self, people: Meeting) -> tuple[str, ...]:
        """Rules the meeting breaks whatever its slot and table."""
        key = key_of(people)
        if key not in self._broken_alone:
            a, b, *others = people
            lone = Assignment(a, b, slot=-1, table=-1, others=tuple(others))  # no rule of ALWAYS looks there
            plan = Solution((lone,))
            broken = (name for name in ALWAYS if any(verify.RULES[name](self.problem, plan)))
            self._broken_alone[key] = tuple(broken)
        return self._broken_alone[key]

    def broken(self, new: Assignment) -> tuple[str, ...]:
        """Rules broken with the meeting added, that its neighbours in the plan and itself have a part in."""
        keys = [*self._keys(new), *(("meeting", *other) for other in self._after.get(new.key, ()))]
        near = dict.fromkeys(held for key in keys for held in self._near.get(key, ()))
        plan = Solution((*near, new))
        found = verify.violations(self.problem, plan, skip=(*NOT_ASKED, "wished_or_mandatory"))
        return tuple(dict.fromkeys(one.rule for one in found if new in one.meetings))
