"""When meetings are held: presence, one at a time, lengths, order, ways and rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from scheduling.rules.register import Violation, rule, slots_of

if TYPE_CHECKING:
    from scheduling.problem import Id, Problem
    from scheduling.solution import Assignment, Solution


@rule
def availability(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """All are present throughout: every slot taken is in available(p)."""
    for held in solution.assignments:
        for slot in slots_of(problem, held):
            for one in held.people:
                if slot not in problem.participant(one).available:
                    yield Violation("availability", (("participant", one), ("slot", slot)), (held,))


@rule
def person_once(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """At most one meeting per person and slot."""
    yield from _at_most_once(problem, solution, "person_once", "participant", lambda held: held.people)


@rule
def table_once(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """At most one meeting per table and slot."""
    yield from _at_most_once(problem, solution, "table_once", "table", lambda held: (held.table,))


@rule
def interpreter_once(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """At most one meeting per interpreter and slot, needed there or not."""
    yield from _at_most_once(problem, solution, "interpreter_once", "interpreter", _interpreters)


def _interpreters(held: Assignment) -> tuple[Id, ...]:
    return () if held.interpreter is None else (held.interpreter,)


def _at_most_once(
    problem: Problem,
    solution: Solution,
    rule: str,
    kind: str,
    users: Callable[[Assignment], tuple[Id, ...]],
) -> Iterator[Violation]:
    groups: dict[tuple[Id, Id], list[Assignment]] = defaultdict(list)
    for held in solution.assignments:
        for user in users(held):
            for slot in slots_of(problem, held):
                groups[user, slot].append(held)
    for (user, slot), group in groups.items():
        if len(group) > 1:
            yield Violation(rule, ((kind, user), ("slot", slot)), tuple(group))


@rule
def table_available(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """The table is open throughout: available(t) is None or holds every slot taken."""
    for held in solution.assignments:
        opening = problem.table(held.table).available
        if opening is None:
            continue
        for slot in slots_of(problem, held):
            if slot not in opening:
                yield Violation("table_available", (("table", held.table), ("slot", slot)), (held,))


@rule
def start_allowed(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """A wished meeting starts where its wish allows: available(m) is None or holds the first slot."""
    for held in solution.assignments:
        wish = problem.wish(held.key)
        if wish is not None and wish.available is not None and held.slot not in wish.available:
            args = (("participants", held.key), ("slot", held.slot))
            yield Violation("start_allowed", args, (held,))


@rule
def length(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """A meeting fits into its session: some slot of it ends at least length(m) minutes after the start."""
    for held in solution.assignments:
        minutes = problem.length_of(held.key)
        if minutes is not None and not problem.spans(held):
            args = (("participants", held.key), ("slot", held.slot), ("minutes", minutes))
            yield Violation("length", args, (held,))


@rule
def precedences(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Of two meetings in order that are both held, the first ends before the second starts:
    last slot(first) < first slot(second)."""
    if not problem.precedences:
        return
    by_key: dict[tuple[Id, ...], list[Assignment]] = defaultdict(list)
    for held in solution.assignments:
        by_key[held.key].append(held)
    for first, then in problem.precedences:
        for before in by_key[tuple(sorted(first))]:
            for after in by_key[tuple(sorted(then))]:
                last = slots_of(problem, before)[-1]
                if problem.slot_rank(last) >= problem.slot_rank(after.slot):
                    yield Violation("precedences", (("first", first), ("then", then)), (before, after))


@rule
def walking(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """There is time to walk: for every two meetings of a person on one day,
    start(later) - end(earlier) >= walk(zone, zone)."""
    if not problem.walks:
        return
    for person, agenda in solution.by_participant.items():
        for one, other in combinations(sorted(agenda, key=lambda held: problem.slot_rank(held.slot)), 2):
            minutes = problem.walk(one.table, other.table)
            if minutes and _pause(problem, one, other) < minutes:
                args = (("participant", person), ("minutes", minutes))
                yield Violation("walking", args, (one, other))


def _pause(problem: Problem, earlier: Assignment, later: Assignment) -> float:
    """Minutes between two meetings; endless over night."""
    end, start = problem.slot(slots_of(problem, earlier)[-1]), problem.slot(later.slot)
    return start.start_min - end.end_min if start.day == end.day else float("inf")


@rule
def rest(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Within a session at most max_in_a_row(p) slots in a row with a meeting of p."""
    for who, agenda in solution.by_participant.items():
        person = problem.participant(who)
        if person.max_in_a_row is None:
            continue
        busy: dict[int, Assignment] = {}
        for held in agenda:
            for slot in slots_of(problem, held):
                busy[problem.slot_rank(slot)] = held
        for run in _runs(problem, sorted(busy)):
            if len(run) > person.max_in_a_row:
                args = (("participant", person.id), ("limit", person.max_in_a_row), ("held", len(run)))
                meetings = tuple(dict.fromkeys(busy[rank] for rank in run))
                yield Violation("rest", args, meetings)


def _runs(problem: Problem, ranks: list[int]) -> list[list[int]]:
    """The ranks cut where one is missing or the session ends."""
    runs: list[list[int]] = []
    for rank in ranks:
        slot = problem.slots[rank]
        before = problem.slots[rank - 1]
        if runs and runs[-1][-1] == rank - 1 and (before.day, before.session) == (slot.day, slot.session):
            runs[-1].append(rank)
        else:
            runs.append([rank])
    return runs
