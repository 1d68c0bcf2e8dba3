"""The oracle: what a right plan is, in plain loops, sharing no code with any solver.

One function per hard rule, registered under the name that `solvers/cp_sat/rules.py` posts and `explain.py`
words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from scheduling.problem import Id, Problem, Table
    from scheduling.solution import Assignment, Solution


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: `args` name what it is about (ids and figures), `meetings` are the guilty ones."""

    rule: str
    args: tuple[tuple[str, object], ...] = ()
    meetings: tuple[Assignment, ...] = ()


Checker: TypeAlias = "Callable[[Problem, Solution], Iterator[Violation]]"
RULES: dict[str, Checker] = {}


def violations(problem: Problem, solution: Solution, *, skip: Collection[str] = ()) -> tuple[Violation, ...]:
    """Every violation of every rule; empty means the plan is right.

    A plan that names unknown people, slots or tables is reported as `known` alone: no other rule can be read.
    """
    if unknown := tuple(_known(problem, solution)):
        return unknown
    checkers = (check for name, check in RULES.items() if name not in skip)
    return tuple(found for check in checkers for found in check(problem, solution))


def _rule(checker: Checker) -> Checker:
    RULES[checker.__name__] = checker
    return checker


def _known(problem: Problem, solution: Solution) -> Iterator[Violation]:
    for held in solution.assignments:
        people = all(problem.knows(participant=one) for one in held.people)
        if not (people and problem.knows(slot=held.slot, table=held.table)):
            yield Violation("known", (), (held,))


@_rule
def availability(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Both people are present: slot in available(p)."""
    for held in solution.assignments:
        for one in held.people:
            if held.slot not in problem.participant(one).available:
                yield Violation("availability", (("participant", one), ("slot", held.slot)), (held,))


@_rule
def person_once(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """At most one meeting per person and slot."""
    yield from _at_most_once(solution, "person_once", "participant", lambda held: held.people)


@_rule
def table_once(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """At most one meeting per table and slot."""
    yield from _at_most_once(solution, "table_once", "table", lambda held: (held.table,))


def _at_most_once(
    solution: Solution, rule: str, kind: str, users: Callable[[Assignment], tuple[Id, ...]]
) -> Iterator[Violation]:
    groups: dict[tuple[Id, Id], list[Assignment]] = defaultdict(list)
    for held in solution.assignments:
        for user in users(held):
            groups[user, held.slot].append(held)
    for (user, slot), group in groups.items():
        if len(group) > 1:
            yield Violation(rule, ((kind, user), ("slot", slot)), tuple(group))


@_rule
def table_available(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """The table is open: available(t) is None or holds the slot."""
    for held in solution.assignments:
        opening = problem.table(held.table).available
        if opening is not None and held.slot not in opening:
            yield Violation("table_available", (("table", held.table), ("slot", held.slot)), (held,))


def _usable_stands(problem: Problem, held: Assignment) -> list[Table]:
    people = [problem.participant(one) for one in held.people]
    step_free = any(person.step_free for person in people)
    sides = {person.organisation for person in people}
    return [
        table
        for table in problem.tables
        if table.organisation in sides and (table.step_free or not step_free) and table.available != ()
    ]


@_rule
def stand(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """At a usable stand of either side when there is one (open some time, step-free if needed), else at an
    ordinary table; never at a stranger's stand."""
    for held in solution.assignments:
        stands = _usable_stands(problem, held)
        table = problem.table(held.table)
        right = table in stands if stands else table.organisation is None
        if not right:
            yield Violation("stand", (("table", held.table),), (held,))


@_rule
def step_free(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """A person who needs it sits at a step-free table."""
    for held in solution.assignments:
        for one in held.people:
            if problem.participant(one).step_free and not problem.table(held.table).step_free:
                yield Violation("step_free", (("participant", one), ("table", held.table)), (held,))


@_rule
def organisations_distinct(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Nobody meets his own organisation."""
    for held in solution.assignments:
        first, second = (problem.participant(one).organisation for one in held.people)
        if first == second:
            yield Violation("organisations_distinct", (("organisation", first),), (held,))


@_rule
def exclusions(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """No meeting between two organisations the organiser keeps apart."""
    for held in solution.assignments:
        first, second = (problem.participant(one).organisation for one in held.people)
        for x, y in problem.exclusions:
            if (first, second) in ((x, y), (y, x)):
                yield Violation("exclusions", (("organisations", (x, y)),), (held,))


@_rule
def no_thanks(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Nobody meets an organisation he refused, from either side."""
    refused = set(problem.no_thanks)
    for held in solution.assignments:
        for one, other in (held.people, held.people[::-1]):
            organisation = problem.participant(other).organisation
            if (one, organisation) in refused:
                yield Violation("no_thanks", (("participant", one), ("organisation", organisation)), (held,))


@_rule
def types(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """The two types may meet: unordered pair in type_rules, or no type rules at all."""
    if problem.type_rules is None:
        return
    for held in solution.assignments:
        first, second = (problem.participant(one).type for one in held.people)
        if (first, second) not in problem.type_rules and (second, first) not in problem.type_rules:
            yield Violation("types", (("types", (first, second)),), (held,))


@_rule
def pair_once(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Two people meet at most once."""
    groups: dict[tuple[Id, Id], list[Assignment]] = defaultdict(list)
    for held in solution.assignments:
        groups[held.key].append(held)
    for key, group in groups.items():
        if len(group) > 1:
            yield Violation("pair_once", (("participants", key),), tuple(group))


@_rule
def organisation_pair_limit(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Two organisations meet at most `organisation_limit` times, whoever goes."""
    groups: dict[tuple[Id, Id], list[Assignment]] = defaultdict(list)
    for held in solution.assignments:
        first, second = sorted(problem.participant(one).organisation for one in held.people)
        if first != second:
            groups[first, second].append(held)
    for key, group in groups.items():
        most = problem.organisation_limit(*key)
        if len(group) > most:
            args = (("organisations", key), ("limit", most), ("held", len(group)))
            yield Violation("organisation_pair_limit", args, tuple(group))


@_rule
def wished_or_mandatory(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """No meeting nobody wished, unless the organiser made it mandatory or pinned it."""
    asked = {frozenset((pair.a, pair.b)) for pair in problem.pairs}
    asked |= {frozenset(meeting) for meeting in problem.mandatory}
    asked |= {frozenset((pin.a, pin.b)) for pin in problem.pins}
    for held in solution.assignments:
        if frozenset(held.people) not in asked:
            yield Violation("wished_or_mandatory", (("participants", held.key),), (held,))


@_rule
def maximum(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """held(p) <= max(p)."""
    for person in problem.participants:
        if person.max is None:
            continue
        held = [one for one in solution.assignments if person.id in one.people]
        if len(held) > person.max:
            args = (("participant", person.id), ("limit", person.max), ("held", len(held)))
            yield Violation("maximum", args, tuple(held))


@_rule
def maximum_per_day(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Meetings of p on one day <= max_per_day(p)."""
    for person in problem.participants:
        if person.max_per_day is None:
            continue
        days = defaultdict(list)
        for held in solution.assignments:
            if person.id in held.people:
                days[problem.slot(held.slot).day].append(held)
        for day, group in days.items():
            if len(group) > person.max_per_day:
                who = (("participant", person.id), ("day", day))
                limit = (("limit", person.max_per_day), ("held", len(group)))
                yield Violation("maximum_per_day", (*who, *limit), tuple(group))


@_rule
def hard_minimum(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """held(p) >= min(p) where the organiser made the minimum hard."""
    held = Counter(one for assignment in solution.assignments for one in assignment.people)
    for person in problem.participants:
        if person.hard_min and held[person.id] < person.min:
            args = (("participant", person.id), ("limit", person.min), ("held", held[person.id]))
            yield Violation("hard_minimum", args)


@_rule
def pins(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Each pin is held exactly at its slot and table."""
    plan = {(frozenset(held.people), held.slot, held.table) for held in solution.assignments}
    for pin in problem.pins:
        if (frozenset((pin.a, pin.b)), pin.slot, pin.table) not in plan:
            args = (("participants", (pin.a, pin.b)), ("slot", pin.slot), ("table", pin.table))
            yield Violation("pins", args)


@_rule
def mandatory(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Each mandatory meeting is held."""
    plan = {frozenset(held.people) for held in solution.assignments}
    for a, b in problem.mandatory:
        if frozenset((a, b)) not in plan:
            yield Violation("mandatory", (("participants", (a, b)),))
