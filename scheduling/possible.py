"""What could be held at all: the rules that look at one meeting alone, whatever the rest of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import TYPE_CHECKING

from scheduling.problem import Group, meeting_key

if TYPE_CHECKING:
    from scheduling.problem import Id, Interpreter, Meeting, Pair, Participant, Problem


def teams(wish: Pair | Group) -> tuple[Meeting, ...]:
    """Everyone who could go together, the named people first, then with colleagues in their place."""
    if isinstance(wish, Group):
        return (wish.members,)
    if not wish.a_instead and not wish.b_instead:
        return (wish.people,)
    sides = product((wish.a, *wish.a_instead), (wish.b, *wish.b_instead))
    return tuple((one, other) for one, other in sides if one != other)


def counterparts(people: Sequence[Participant]) -> Iterator[tuple[Participant, Participant]]:
    """Every two people of a meeting who meet each other: colleagues in a group only sit side by side."""
    for one, other in combinations(people, 2):
        if len(people) == 2 or one.organisation != other.organisation:
            yield one, other


def understand(people: Sequence[Participant]) -> bool:
    """True when one language serves them all; without languages a person understands everybody."""
    spoken = [set(person.languages) for person in people if person.languages]
    return not spoken or bool(set.intersection(*spoken))


def fits(interpreter: Interpreter, people: Sequence[Participant]) -> bool:
    """True when the interpreter shares a language with each of them."""
    known = set(interpreter.languages)
    return all(not person.languages or not known.isdisjoint(person.languages) for person in people)


class Possible:
    """A problem asked about single meetings; people are given as ids."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.free = {person.id: frozenset(person.available) for person in problem.participants}
        self.excluded = {meeting_key(*couple) for couple in problem.exclusions}
        self.refused = set(problem.no_thanks)
        self.apart = {frozenset(people) for people in problem.forbidden}
        self.one_tongue = not any(person.languages for person in problem.participants)

    def wish(self, wish: Pair | Group) -> bool:
        """Somebody could go, at some time."""
        return any(
            self.may_meet(people) and self._ever(wish.key, people, wish.available) for people in teams(wish)
        )

    def _ever(self, key: Meeting, people: Meeting, starts: tuple[Id, ...] | None) -> bool:
        plain = starts is None and self.one_tongue and self.problem.length_of(key) is None
        return self.together(people) if plain else any(True for _ in self.spans(key, people))

    def may_meet(self, people: Meeting) -> bool:
        """No rule about who meets whom keeps these people apart."""
        persons = [self.problem.participant(one) for one in people]
        if all(person.organisation == persons[0].organisation for person in persons):
            return False
        if self.apart and self._apart(frozenset(people)):
            return False
        return not any(self._kept_apart(one, other) for one, other in counterparts(persons))

    def _apart(self, people: frozenset[Id]) -> bool:
        return people in self.apart or (len(people) > 2 and any(some <= people for some in self.apart))

    def _kept_apart(self, one: Participant, other: Participant) -> bool:
        sides = meeting_key(one.organisation, other.organisation)
        kinds = (min(one.type, other.type), max(one.type, other.type))
        rules = self.problem.type_rules
        return (
            sides in self.excluded
            or self.problem.organisation_limit(*sides) == 0
            or (one.id, other.organisation) in self.refused
            or (other.id, one.organisation) in self.refused
            or (rules is not None and kinds not in rules)
        )

    def present(self, key: Meeting, people: Meeting) -> Iterator[tuple[Id, ...]]:
        """The slots taken from each start on at which all are there throughout, in the order of time."""
        length = self.problem.length_of(key)
        common = frozenset.intersection(*(self.free[one] for one in people))
        for slot in self.problem.slots if common else ():
            span = self.problem.covered(slot.id, length) if slot.id in common else None
            if span is not None and common.issuperset(span):
                yield span

    def together(self, people: Meeting) -> bool:
        """All are there at some slot."""
        if len(people) == 2:
            return not self.free[people[0]].isdisjoint(self.free[people[1]])
        return bool(frozenset.intersection(*(self.free[one] for one in people)))

    def spans(self, key: Meeting, people: Meeting) -> Iterator[tuple[Id, ...]]:
        """Those of `present` where the meeting may start and an interpreter is there if one is needed."""
        wish = self.problem.wish(key)
        allowed = None if wish is None else wish.available
        for span in self.present(key, people):
            if (allowed is None or span[0] in allowed) and self.understood(people, span):
                yield span

    def understood(self, people: Meeting, span: Iterable[Id]) -> bool:
        """Nobody has to interpret, or somebody who could is there throughout."""
        able = self.interpreters(people)
        return able is None or any(all(map(one.is_present, span)) for one in able)

    def interpreters(self, people: Meeting) -> tuple[Interpreter, ...] | None:
        """Those who could interpret between the people; None when nobody has to."""
        persons = [] if self.one_tongue else [self.problem.participant(one) for one in people]
        if understand(persons):
            return None
        return tuple(one for one in self.problem.interpreters if fits(one, persons))
