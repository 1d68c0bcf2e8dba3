"""One poster per hard rule, under the name its checker has in `scheduling.verify`.

Each takes the variables and a literal `on`: the rule holds where `on` is true, which lets a contradiction be
traced to the rules that make it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeAlias

from ortools.sat.python import cp_model

from scheduling.problem import Id, Meeting, meeting_key
from scheduling.solvers.cp_sat.variables import Choice, Variables

Poster: TypeAlias = Callable[[Variables, cp_model.IntVar], None]
POSTERS: dict[str, Poster] = {}


def _rule(poster: Poster) -> Poster:
    POSTERS[poster.__name__] = poster
    return poster


def _forbid(these: Variables, on: cp_model.IntVar, bad: Callable[[Choice], bool]) -> None:
    for choice in these.choices:
        if bad(choice):
            these.model.add_implication(on, ~choice.variable)


def _at_most(these: Variables, on: cp_model.IntVar, columns: list[cp_model.IntVar], limit: int) -> None:
    if len(columns) > limit:
        these.model.add(cp_model.LinearExpr.sum(columns) <= limit).only_enforce_if(on)


def _sides(these: Variables, meeting: Meeting) -> tuple[Id, Id]:
    first, second = (these.problem.participant(one).organisation for one in meeting)
    return meeting_key(first, second)


@_rule
def availability(these: Variables, on: cp_model.IntVar) -> None:
    people = these.problem.participant
    _forbid(these, on, lambda one: any(one.slot not in people(who).available for who in one.meeting))


@_rule
def person_once(these: Variables, on: cp_model.IntVar) -> None:
    for _, _, columns in these.by_person_slot():
        _at_most(these, on, columns, 1)


@_rule
def table_once(these: Variables, on: cp_model.IntVar) -> None:
    for place, _, columns in these.by_place_slot():
        _at_most(these, on, columns, len(place.tables))


@_rule
def table_available(these: Variables, on: cp_model.IntVar) -> None:
    _forbid(these, on, lambda one: not one.place.sample.is_open(one.slot))


@_rule
def stand(these: Variables, on: cp_model.IntVar) -> None:
    tables = these.problem.tables
    stands: dict[Meeting, set[Id]] = {}
    for meeting in these.meetings:
        people = [these.problem.participant(who) for who in meeting]
        need = any(person.step_free for person in people)
        sides = {person.organisation for person in people}
        stands[meeting] = {
            table.id
            for table in tables
            if table.organisation in sides and table.available != () and (table.step_free or not need)
        }

    def wrong(one: Choice) -> bool:
        usable, table = stands[one.meeting], one.place.sample
        return table.id not in usable if usable else table.organisation is not None

    _forbid(these, on, wrong)


@_rule
def step_free(these: Variables, on: cp_model.IntVar) -> None:
    people = these.problem.participant

    def wrong(one: Choice) -> bool:
        return not one.place.sample.step_free and any(people(who).step_free for who in one.meeting)

    _forbid(these, on, wrong)


@_rule
def organisations_distinct(these: Variables, on: cp_model.IntVar) -> None:
    _forbid(these, on, lambda one: len(set(_sides(these, one.meeting))) == 1)


@_rule
def exclusions(these: Variables, on: cp_model.IntVar) -> None:
    excluded = {meeting_key(*pair) for pair in these.problem.exclusions}
    _forbid(these, on, lambda one: _sides(these, one.meeting) in excluded)


@_rule
def no_thanks(these: Variables, on: cp_model.IntVar) -> None:
    refused, people = set(these.problem.no_thanks), these.problem.participant

    def wrong(one: Choice) -> bool:
        a, b = one.meeting
        return (a, people(b).organisation) in refused or (b, people(a).organisation) in refused

    _forbid(these, on, wrong)


@_rule
def types(these: Variables, on: cp_model.IntVar) -> None:
    rules, people = these.problem.type_rules, these.problem.participant
    if rules is not None:
        _forbid(these, on, lambda one: tuple(sorted(people(who).type for who in one.meeting)) not in rules)


@_rule
def pair_once(these: Variables, on: cp_model.IntVar) -> None:
    for meeting in these.meetings:
        _at_most(these, on, these.of_meeting(meeting), 1)


@_rule
def organisation_pair_limit(these: Variables, on: cp_model.IntVar) -> None:
    groups: dict[tuple[Id, Id], list[cp_model.IntVar]] = defaultdict(list)
    for meeting in these.meetings:
        groups[_sides(these, meeting)] += these.of_meeting(meeting)
    for sides, columns in groups.items():
        if sides[0] != sides[1]:
            _at_most(these, on, columns, these.problem.organisation_limit(*sides))


@_rule
def wished_or_mandatory(these: Variables, on: cp_model.IntVar) -> None:
    wanted = {pair.key for pair in these.problem.pairs} | {pin.key for pin in these.problem.pins}
    wanted |= {meeting_key(*meeting) for meeting in these.problem.mandatory}
    _forbid(these, on, lambda one: one.meeting not in wanted)


@_rule
def maximum(these: Variables, on: cp_model.IntVar) -> None:
    for person in these.problem.participants:
        if person.max is not None:
            _at_most(these, on, [one.variable for one in these.of_person(person.id)], person.max)


@_rule
def maximum_per_day(these: Variables, on: cp_model.IntVar) -> None:
    for person in these.problem.participants:
        if person.max_per_day is None:
            continue
        days: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for one in these.of_person(person.id):
            days[these.problem.slot(one.slot).day].append(one.variable)
        for columns in days.values():
            _at_most(these, on, columns, person.max_per_day)


@_rule
def hard_minimum(these: Variables, on: cp_model.IntVar) -> None:
    for person in these.problem.participants:
        if person.hard_min and person.min > 0:
            held = cp_model.LinearExpr.sum([one.variable for one in these.of_person(person.id)])
            these.model.add(held >= person.min).only_enforce_if(on)


@_rule
def pins(these: Variables, on: cp_model.IntVar) -> None:
    for pin in these.problem.pins:
        right = [
            one.variable
            for one in these.choices
            if (one.meeting, one.slot) == (pin.key, pin.slot)
            and any(table.id == pin.table for table in one.place.tables)
        ]
        these.model.add_bool_or([*right, ~on])


@_rule
def mandatory(these: Variables, on: cp_model.IntVar) -> None:
    for meeting in these.problem.mandatory:
        these.model.add_bool_or([*these.of_meeting(meeting_key(*meeting)), ~on])
