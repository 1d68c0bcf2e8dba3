"""Where meetings are held and who helps there: stands, access, interpreters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduling.rules.register import Violation, rule, slots_of

if TYPE_CHECKING:
    from scheduling.problem import Id, Problem, Table
    from scheduling.solution import Assignment, Solution


@rule
def stand(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """At a usable stand of any of the people when there is one (open some time, step-free if needed), else at
    an ordinary table; never at a stranger's stand."""
    stands: dict[Id, list[Table]] = defaultdict(list)
    for table in problem.tables if solution.assignments else ():
        if table.organisation is not None and table.available != ():
            stands[table.organisation].append(table)
    for held in solution.assignments:
        people = [problem.participant(one) for one in held.people]
        needed = any(person.step_free for person in people)
        usable = [
            table.id
            for side in {person.organisation for person in people}
            for table in stands.get(side, ())
            if table.step_free or not needed
        ]
        right = held.table in usable if usable else problem.table(held.table).organisation is None
        if not right:
            yield Violation("stand", (("table", held.table),), (held,))


@rule
def step_free(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """A person who needs it sits at a step-free table."""
    for held in solution.assignments:
        for one in held.people:
            if problem.participant(one).step_free and not problem.table(held.table).step_free:
                yield Violation("step_free", (("participant", one), ("table", held.table)), (held,))


@rule
def interpreter(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """All understand each other: one language is spoken by all who speak any, or the meeting has an
    interpreter who is there throughout and shares a language with each of them."""
    for held in solution.assignments:
        spoken = [set(problem.participant(one).languages) for one in held.people]
        spoken = [languages for languages in spoken if languages]
        if not spoken or set.intersection(*spoken):
            continue
        if held.interpreter is None or not _serves(problem, held, held.interpreter, spoken):
            yield Violation("interpreter", (("interpreter", held.interpreter),), (held,))


def _serves(problem: Problem, held: Assignment, who: Id, spoken: list[set[str]]) -> bool:
    person = problem.interpreter(who)
    present = person.available is None or set(slots_of(problem, held)) <= set(person.available)
    return present and all(languages & set(person.languages) for languages in spoken)
