"""The decisions of the complete model: x[meeting, slot, place], asked for by query methods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduling.problem import Id, Meeting, Problem, Table, meeting_key
from scheduling.solution import Assignment, Solution


@dataclass(frozen=True, slots=True)
class Place:
    """Tables that no rule tells apart; one table each where moves between tables count."""

    tables: tuple[Table, ...]

    @property
    def sample(self) -> Table:
        return self.tables[0]


def single_places(problem: Problem) -> tuple[Place, ...]:
    """One place per table."""
    return tuple(Place((table,)) for table in problem.tables)


def pooled_places(problem: Problem) -> tuple[Place, ...]:
    """Tables with the same organisation, access and opening together: far fewer variables."""
    groups: dict[object, list[Table]] = defaultdict(list)
    for table in problem.tables:
        groups[table.organisation, table.step_free, table.available].append(table)
    return tuple(Place(tuple(tables)) for tables in groups.values())


def asked(problem: Problem) -> tuple[Meeting, ...]:
    """Every meeting anybody may want held: wished, mandatory or pinned."""
    keys = {pair.key for pair in problem.pairs} | {pin.key for pin in problem.pins}
    return tuple(sorted(keys | {meeting_key(*meeting) for meeting in problem.mandatory}))


@dataclass(frozen=True, slots=True)
class Choice:
    """One variable: this meeting at this slot and place."""

    meeting: Meeting
    slot: Id
    place: Place
    variable: cp_model.IntVar


class Variables:
    """All choices of some meetings over all slots and the given places; no rule is assumed."""

    def __init__(
        self, problem: Problem, *, meetings: Iterable[Meeting], places: Iterable[Place], near: bool = False
    ) -> None:
        self.problem, self.model = problem, cp_model.CpModel()
        self.places = tuple(places)
        self.meetings = tuple(meetings)
        self.choices = [
            Choice(meeting, slot.id, place, self.model.new_bool_var(""))
            for meeting in self.meetings
            for slot in problem.slots
            for place in self.places
            if not near or self._near(meeting, place)
        ]
        self._of_meeting: dict[Meeting, list[Choice]] = defaultdict(list)
        self._of_person: dict[Id, list[Choice]] = defaultdict(list)
        for choice in self.choices:
            self._of_meeting[choice.meeting].append(choice)
            for person in choice.meeting:
                self._of_person[person].append(choice)

    def _near(self, meeting: Meeting, place: Place) -> bool:
        """Drops strangers' stands, of which no rule lets a meeting make use, to keep big models small."""
        sides = {self.problem.participant(person).organisation for person in meeting}
        return place.sample.organisation is None or place.sample.organisation in sides

    def of_meeting(self, meeting: Meeting) -> list[cp_model.IntVar]:
        return [choice.variable for choice in self._of_meeting[meeting]]

    def of_person(self, person: Id) -> list[Choice]:
        return self._of_person[person]

    def by_person_slot(self) -> Iterator[tuple[Id, Id, list[cp_model.IntVar]]]:
        for person, choices in self._of_person.items():
            slots: dict[Id, list[cp_model.IntVar]] = defaultdict(list)
            for choice in choices:
                slots[choice.slot].append(choice.variable)
            for slot, variables in slots.items():
                yield person, slot, variables

    def by_place_slot(self) -> Iterator[tuple[Place, Id, list[cp_model.IntVar]]]:
        groups: dict[tuple[Place, Id], list[cp_model.IntVar]] = defaultdict(list)
        for choice in self.choices:
            groups[choice.place, choice.slot].append(choice.variable)
        for (place, slot), variables in groups.items():
            yield place, slot, variables

    def solution(self, value: cp_model.CpSolver) -> Solution:
        """The plan of a solved model; the tables of a pooled place are dealt out in turn, pins first."""
        pins = {(pin.key, pin.slot): pin.table for pin in self.problem.pins}
        taken = {(pin.slot, pin.table) for pin in self.problem.pins}
        found = []
        for choice in self.choices:
            if not value.boolean_value(choice.variable):
                continue
            table = pins.get((choice.meeting, choice.slot))
            pinned = table is not None
            if table is None:
                free = (one.id for one in choice.place.tables if (choice.slot, one.id) not in taken)
                table = next(free)
                taken.add((choice.slot, table))
            a, b = choice.meeting
            found.append(Assignment(a, b, choice.slot, table, pinned))
        return Solution(tuple(sorted(found, key=lambda one: (self.problem.slot_rank(one.slot), one.key))))
