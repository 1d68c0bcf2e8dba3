"""Who meets whom: organisations, refusals, types, wishes, and who goes for whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from scheduling.parts import Pair
from scheduling.rules.register import Violation, rule

if TYPE_CHECKING:
    from scheduling.problem import Id, Meeting, Participant, Problem
    from scheduling.solution import Assignment, Solution


def _each_two(problem: Problem, held: Assignment) -> Iterator[tuple[Participant, Participant]]:
    """Every two people who meet each other there: in a group, colleagues only sit side by side."""
    for x, y in combinations(held.people, 2):
        one, other = problem.participant(x), problem.participant(y)
        if len(held.people) == 2 or one.organisation != other.organisation:
            yield one, other


@rule
def organisations_distinct(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Nobody meets his own organisation alone: a meeting has people of at least two."""
    for held in solution.assignments:
        sides = {problem.participant(one).organisation for one in held.people}
        if len(sides) < 2:
            yield Violation("organisations_distinct", (("organisation", sides.pop()),), (held,))


@rule
def exclusions(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """No meeting with two organisations the organiser keeps apart."""
    if not problem.exclusions:
        return
    apart = {frozenset(couple): couple for couple in problem.exclusions}
    for held in solution.assignments:
        for one, other in _each_two(problem, held):
            sides = frozenset((one.organisation, other.organisation))
            if sides in apart:
                yield Violation("exclusions", (("organisations", apart[sides]),), (held,))


@rule
def no_thanks(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Nobody meets an organisation he refused, from either side."""
    refused = set(problem.no_thanks)
    for held in solution.assignments if refused else ():
        for couple in _each_two(problem, held):
            for one, other in (couple, couple[::-1]):
                if (one.id, other.organisation) in refused:
                    args = (("participant", one.id), ("organisation", other.organisation))
                    yield Violation("no_thanks", args, (held,))


@rule
def types(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Every two types may meet: unordered pair in type_rules, or no type rules at all."""
    if problem.type_rules is None:
        return
    for held in solution.assignments:
        for one, other in _each_two(problem, held):
            kinds = (one.type, other.type)
            if kinds not in problem.type_rules and kinds[::-1] not in problem.type_rules:
                yield Violation("types", (("types", kinds),), (held,))


@rule
def forbidden_pairs(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """No meeting, of two or in a group, brings all the people of a forbidden one together."""
    apart: dict[Id, list[Meeting]] = defaultdict(list)
    for people in problem.forbidden:
        apart[people[0]].append(people)
    for held in solution.assignments if apart else ():
        for one in held.people:
            for people in apart.get(one, ()):
                if set(people) <= set(held.people):
                    yield Violation("forbidden_pairs", (("participants", people),), (held,))


@rule
def pair_once(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """A meeting is held at most once, and two people meet alone at most once, whichever wish they serve."""
    groups: dict[tuple[str, Meeting], list[Assignment]] = defaultdict(list)
    for held in solution.assignments:
        groups["wish", held.key].append(held)
        alone = tuple(sorted(held.people))
        if len(alone) == 2 and alone != held.key:  # a wish of theirs may be served by others
            groups["people", alone].append(held)
    for held in solution.assignments:
        alone = tuple(sorted(held.people))
        if alone == held.key and ("people", alone) in groups:
            groups["people", alone].append(held)
    for (_, key), group in groups.items():
        if len(group) > 1:
            yield Violation("pair_once", (("participants", key),), tuple(group))


@rule
def organisation_pair_limit(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Two organisations meet at most `organisation_limit` times, whoever goes; a group counts once for each
    two of its organisations."""
    groups: dict[tuple[Id, Id], list[Assignment]] = defaultdict(list)
    for held in solution.assignments:
        sides = sorted({problem.participant(one).organisation for one in held.people})
        for couple in combinations(sides, 2):
            groups[couple].append(held)
    for key, group in groups.items():
        most = problem.organisation_limit(*key)
        if len(group) > most:
            args = (("organisations", key), ("limit", most), ("held", len(group)))
            yield Violation("organisation_pair_limit", args, tuple(group))


@rule
def wished_or_mandatory(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """No meeting nobody wished, unless the organiser made it mandatory or pinned it."""
    asked: set[Meeting] = {pair.key for pair in problem.pairs}
    asked |= {group.key for group in problem.groups}
    asked |= {tuple(sorted(meeting)) for meeting in problem.mandatory}
    asked |= {pin.key for pin in problem.pins}
    for held in solution.assignments:
        if held.key not in asked:
            yield Violation("wished_or_mandatory", (("participants", held.key),), (held,))


@rule
def delegates(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Who goes in another's place was named for it: one of a or a_instead with one of b or b_instead."""
    for held in solution.assignments:
        if held.wish is None or Counter(held.people) == Counter(held.wish):
            continue
        wish = problem.wish(held.key)
        first = () if not isinstance(wish, Pair) else (wish.a, *wish.a_instead)
        second = () if not isinstance(wish, Pair) else (wish.b, *wish.b_instead)
        right = len(held.people) == 2 and any(
            one in first and other in second for one, other in (held.people, held.people[::-1])
        )
        if not right:
            yield Violation("delegates", (("participants", held.key),), (held,))
