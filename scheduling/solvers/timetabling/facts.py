"""What is known before any search: open slots, possible days without a break, a bound for each participant."""

from __future__ import annotations

from dataclasses import dataclass

from scheduling.solvers.timetabling import personal
from scheduling.solvers.timetabling.domains import Closed, Domains, domains
from scheduling.timetabling.problem import Timetabling


@dataclass(frozen=True, slots=True)
class Person:
    """One participant: meeting ids, slots open to any of them, starts of days without a break, breaks' range."""

    meetings: tuple[int, ...]
    open_slots: frozenset[int]
    windows: tuple[int, ...]
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Facts:
    """A problem with its open slots and people; `bound` is below the total of breaks of every plan."""

    problem: Timetabling
    open_slots: Domains
    people: tuple[Person, ...]

    @property
    def bound(self) -> int:
        """What everybody must suffer whatever the others do."""
        return sum(person.fewest for person in self.people)

    @property
    def most(self) -> int:
        """No plan has more breaks."""
        return sum(person.most for person in self.people)


def learn(problem: Timetabling) -> Facts:
    """The facts. Raises Closed when they already rule out every plan."""
    if len(problem.meetings) > problem.num_slots * problem.num_tables:
        raise Closed("more meetings than places")
    open_slots = domains(problem)
    people = tuple(_person(problem, open_slots, meetings) for meetings in problem.meetings_of)
    return Facts(problem, open_slots, people)


def _person(problem: Timetabling, open_slots: Domains, meetings: tuple[int, ...]) -> Person:
    own = [sorted(open_slots[number]) for number in meetings]
    degree, last = len(meetings), problem.num_slots
    if degree > last or not personal.fits(own, ((1, last),)):
        raise Closed(f"meetings {', '.join(map(str, meetings))} of one participant do not fit into the day")
    most = max(0, min(degree - 1, last - degree))
    return Person(
        meetings=meetings,
        open_slots=frozenset().union(*own),
        windows=personal.windows(own, last),
        fewest=personal.fewest_breaks(own, last),
        most=most,
    )
