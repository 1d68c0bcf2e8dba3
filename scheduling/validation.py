"""What makes a problem well formed; every fault is reported at once, each naming its thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduling.parts import Group, Meeting, Pair, Participant
    from scheduling.problem import Problem

GROUP_SIZES = range(3, 9)  # people of a group; a meeting named elsewhere may also be of two
MAX_CREDIT = 1000  # per cent


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault: a stable `code`, the `subject` it is about (kind and id), an English sentence."""

    code: str
    subject: tuple[str, object]
    message: str


def shape(problem: Problem) -> tuple[Issue, ...]:
    """Issues of ids, times and references; without any, the problem's keys can be compared."""
    return tuple(issue for part in SHAPE for issue in part(problem))


def meaning(problem: Problem) -> tuple[Issue, ...]:
    """Issues of figures, meetings and pins of a problem of sound shape."""
    return tuple(issue for part in MEANING for issue in part(problem))


def issue(code: str, kind: str, what: object, sentence: str) -> Issue:
    return Issue(code, (kind, what), f"{kind} {what}: {sentence}")


# Shape ------------------------------------------------------------------------------------------------------


def _identifiers(problem: Problem) -> Iterator[Issue]:
    lists: tuple[tuple[str, list[object]], ...] = (
        ("slot", [slot.id for slot in problem.slots]),
        ("table", [table.id for table in problem.tables]),
        ("participant", [person.id for person in problem.participants]),
        ("interpreter", [one.id for one in problem.interpreters]),
        ("organisation", list(_organisations(problem))),
        ("zone", list(_zones(problem))),
    )
    for kind, ids in lists:
        if len({type(one) for one in ids}) > 1:
            yield issue("mixed_ids", kind, "ids", "use numbers or text, not both")
        for one, times in Counter(ids).items():
            if times > 1 and kind not in ("organisation", "zone"):
                yield issue("duplicate", kind, one, f"is given {times} times")


def _organisations(problem: Problem) -> Iterator[object]:
    """Every organisation named, for they are compared with each other."""
    yield from (person.organisation for person in problem.participants)
    yield from (table.organisation for table in problem.tables if table.organisation is not None)
    yield from (one for couple in problem.exclusions for one in couple)
    yield from (organisation for _, organisation in problem.no_thanks)
    yield from (one for couple in problem.organisation_limits for one in couple)


def _zones(problem: Problem) -> Iterator[object]:
    yield from (table.zone for table in problem.tables if table.zone is not None)
    yield from (one for couple in problem.walks for one in couple)


def _unknown(
    kind: str, what: object, field: str, ids: Iterable[object], known: set[object]
) -> Iterator[Issue]:
    for one in ids:
        if one not in known:
            yield issue("unknown", kind, what, f"{field} names {one!r}, which does not exist")


def _references(problem: Problem) -> Iterator[Issue]:
    slots: set[object] = {slot.id for slot in problem.slots}
    for table in problem.tables:
        yield from _unknown("table", table.id, "available", table.available or (), slots)
    for person in problem.participants:
        yield from _unknown("participant", person.id, "available", person.available, slots)
    for one in problem.interpreters:
        yield from _unknown("interpreter", one.id, "available", one.available or (), slots)
    for pair in problem.pairs:
        if pair.available:
            yield from _unknown("pair", pair.people, "available", pair.available, slots)
    for group in problem.groups:
        yield from _unknown("group", group.members, "available", group.available or (), slots)
    for pin in problem.pins:
        yield from _unknown("pin", pin.people, "slot", (pin.slot,), slots)
    for held in problem.baseline:
        yield from _unknown("baseline", held.people, "slot", (held.slot,), slots)


def _people(problem: Problem) -> Iterator[Issue]:
    people: set[object] = {person.id for person in problem.participants}
    for kind, what, field, named in _named(problem):
        yield from _unknown(kind, what, field, named, people)


def _named(problem: Problem) -> Iterator[tuple[str, object, str, Iterable[object]]]:
    """Everywhere that people are named: kind, what, field, ids."""
    for pair in problem.pairs:
        yield "pair", pair.people, "a or b", pair.people
        if pair.a_instead or pair.b_instead:
            yield "pair", pair.people, "a_instead or b_instead", (*pair.a_instead, *pair.b_instead)
    for group in problem.groups:
        yield "group", group.members, "members", group.members
    for kind, meeting in _meetings_named(problem):
        yield kind, meeting, "a or b", meeting
    for who, organisation in problem.no_thanks:
        yield "no_thanks", (who, organisation), "participant", (who,)
    for kind, these in (("pin", problem.pins), ("baseline", problem.baseline)):
        for one in these:
            yield kind, one.people, "a or b", one.people
            yield kind, one.people, "wish", one.wish or ()


def _meetings_named(problem: Problem) -> Iterator[tuple[str, Meeting]]:
    """Meetings that an order names by their people."""
    yield from (("mandatory", meeting) for meeting in problem.mandatory)
    yield from (("forbidden", meeting) for meeting in problem.forbidden)
    yield from (("precedence", meeting) for couple in problem.precedences for meeting in couple)


def _places(problem: Problem) -> Iterator[Issue]:
    """The baseline's tables and interpreters are not looked at: they may be what was lost."""
    tables: set[object] = {table.id for table in problem.tables}
    interpreters: set[object] = {one.id for one in problem.interpreters}
    for pin in problem.pins:
        yield from _unknown("pin", pin.people, "table", (pin.table,), tables)
        named = () if pin.interpreter is None else (pin.interpreter,)
        yield from _unknown("pin", pin.people, "interpreter", named, interpreters)


def _slot_times(problem: Problem) -> Iterator[Issue]:
    for slot in problem.slots:
        if slot.start_min < 0 or slot.end_min <= slot.start_min:
            yield issue("bad_time", "slot", slot.id, "must start at 0 or later and end after it starts")
    for before, after in pairwise(problem.slots):
        if after.start_min < before.end_min:
            yield issue("slot_order", "slot", after.id, f"starts before slot {before.id} ends")
        if (after.day, after.session) < (before.day, before.session):
            yield issue("slot_order", "slot", after.id, f"day and session go back after slot {before.id}")
        if after.session == before.session and after.day != before.day:
            yield issue("session_days", "slot", after.id, f"session {after.session} runs over two days")


def _weights(problem: Problem) -> Iterator[Issue]:
    from scheduling.problem import Mode, TermName  # problem imports this module

    names = {str(name) for name in TermName}
    order = problem.weights.order
    for name in (*order, *problem.weights.weights):
        if name not in names:
            yield issue("unknown", "weights", name, "is no term of the score")
    if len(set(order)) < len(order):
        yield issue("duplicate", "weights", order, "names a term twice")
    if problem.weights.mode not in tuple(Mode):
        yield issue("unknown", "weights", problem.weights.mode, "is no mode")
    for name, weight in problem.weights.weights.items():
        if weight < 0:
            yield issue("negative", "weights", name, "cannot be negative")


# Meaning ----------------------------------------------------------------------------------------------------


def _quotas(problem: Problem) -> Iterator[Issue]:
    for person in problem.participants:
        yield from _own_limits(person)
        yield from _type_limits(person)
    if problem.max_per_organisations < 0 or any(most < 0 for most in problem.organisation_limits.values()):
        yield issue("negative", "problem", "organisation limits", "cannot be negative")


def _own_limits(person: Participant) -> Iterator[Issue]:
    figures = (person.min, person.max, person.max_per_day, person.min_per_day)
    if any(figure is not None and figure < 0 for figure in figures):
        sentence = "min, max, min_per_day and max_per_day cannot be negative"
        yield issue("negative", "participant", person.id, sentence)
    for least, most in ((person.min, person.max), (person.min_per_day, person.max_per_day)):
        if most is not None and least > most:
            yield issue("min_over_max", "participant", person.id, f"min {least} exceeds max {most}")
    if person.max_in_a_row is not None and person.max_in_a_row < 1:
        yield issue("too_small", "participant", person.id, "max_in_a_row must be at least 1")
    if not 0 <= person.credit <= MAX_CREDIT:
        sentence = f"credit must be between 0 and {MAX_CREDIT} per cent"
        yield issue("bad_credit", "participant", person.id, sentence)


def _type_limits(person: Participant) -> Iterator[Issue]:
    for kind, times in Counter(limit.type for limit in person.type_limits).items():
        if times > 1:
            yield issue("duplicate", "participant", person.id, f"type {kind!r} is limited {times} times")
    for limit in person.type_limits:
        if limit.min < 0 or (limit.max is not None and limit.max < 0):
            sentence = f"the limits of type {limit.type!r} cannot be negative"
            yield issue("negative", "participant", person.id, sentence)
        if limit.max is not None and limit.min > limit.max:
            sentence = f"min {limit.min} exceeds max {limit.max} for type {limit.type!r}"
            yield issue("min_over_max", "participant", person.id, sentence)


def _meetings(problem: Problem) -> Iterator[Issue]:
    lists: tuple[tuple[str, list[Meeting]], ...] = (
        ("pair", [pair.key for pair in problem.pairs]),
        ("group", [group.key for group in problem.groups]),
        ("mandatory", [tuple(sorted(meeting)) for meeting in problem.mandatory]),
        ("forbidden", [tuple(sorted(meeting)) for meeting in problem.forbidden]),
        ("pin", [pin.key for pin in problem.pins]),
        ("baseline", [held.key for held in problem.baseline]),
    )
    for kind, keys in lists:
        for key, times in Counter(keys).items():
            if times > 1:
                yield issue("duplicate", kind, key, f"is given {times} times")
    for kind, people in _all_named(problem):
        if len(people) != 2 or people[0] == people[1]:
            yield from _of_distinct_people(kind, tuple(sorted(people)))


def _all_named(problem: Problem) -> Iterator[tuple[str, Meeting]]:
    yield from (("pair", pair.people) for pair in problem.pairs)
    yield from _meetings_named(problem)
    for kind, these in (("pin", problem.pins), ("baseline", problem.baseline)):
        for one in these:
            yield kind, one.people
            if one.wish is not None:
                yield kind, one.wish


def _of_distinct_people(kind: str, key: Meeting) -> Iterator[Issue]:
    if len(set(key)) < len(key):
        yield issue("self_meeting", kind, key, "nobody meets himself")
    elif len(key) != 2 and len(key) not in GROUP_SIZES:
        yield issue("group_size", kind, key, f"a meeting has 2 to {GROUP_SIZES[-1]} people, not {len(key)}")


def _wishes(problem: Problem) -> Iterator[Issue]:
    for group in problem.groups:
        yield from _wish("group", group)
        if len(set(group.members)) < len(group.members):
            yield issue("self_meeting", "group", group.key, "nobody meets himself")
        elif len(group.members) not in GROUP_SIZES:
            sentence = f"a group has 3 to {GROUP_SIZES[-1]} members, not {len(group.members)}"
            yield issue("group_size", "group", group.key, sentence)
    for pair in problem.pairs:
        yield from _wish("pair", pair)
        if pair.a_instead or pair.b_instead:
            yield from _instead(problem, pair)


def _wish(kind: str, wish: Pair | Group) -> Iterator[Issue]:
    if wish.value < 0:
        yield issue("negative", kind, wish.key, f"value {wish.value} cannot be negative")
    if wish.length_min is not None and wish.length_min < 1:
        yield issue("too_small", kind, wish.key, f"length_min {wish.length_min} must be at least 1 minute")


def _instead(problem: Problem, pair: Pair) -> Iterator[Issue]:
    """Those who may go instead are colleagues, each named once and not already of the meeting."""
    for who, colleagues in ((pair.a, pair.a_instead), (pair.b, pair.b_instead)):
        for one in colleagues:
            if one in pair.people:
                yield issue(
                    "instead", "pair", pair.key, f"{one} cannot go instead of the meeting's own people"
                )
            elif problem.participant(one).organisation != problem.participant(who).organisation:
                yield issue("instead", "pair", pair.key, f"{one} is of another organisation than {who}")
        if len(set(colleagues)) < len(colleagues):
            yield issue("duplicate", "pair", pair.key, f"names a colleague of {who} twice")


def _orders(problem: Problem) -> Iterator[Issue]:
    for couple, times in Counter(
        tuple(tuple(sorted(one)) for one in both) for both in problem.precedences
    ).items():
        if times > 1:
            yield issue("duplicate", "precedence", couple, f"is given {times} times")
        if couple[0] == couple[1]:
            yield issue("self_precedence", "precedence", couple, "a meeting does not come before itself")


def _walks(problem: Problem) -> Iterator[Issue]:
    for (here, there), minutes in problem.walks.items():
        if minutes < 0:
            yield issue("negative", "walk", (here, there), f"{minutes} minutes cannot be negative")
        if here == there:
            yield issue("self_walk", "walk", (here, there), "leads from a zone to itself")
        elif here > there and (there, here) in problem.walks:
            yield issue("duplicate", "walk", (there, here), "has two lengths")


def _interpreters(problem: Problem) -> Iterator[Issue]:
    for one in problem.interpreters:
        if not one.languages:
            yield issue("no_language", "interpreter", one.id, "speaks no language")


def _pins_legal(problem: Problem) -> Iterator[Issue]:
    """Pins must be a legal plan by themselves, or no plan exists: the verifier judges them."""
    from scheduling import verify
    from scheduling.solution import Assignment, Solution

    if not problem.pins:
        return
    plan = Solution(
        tuple(
            Assignment(pin.a, pin.b, pin.slot, pin.table, True, pin.others, pin.interpreter, pin.wish)
            for pin in problem.pins
        )
    )
    for violation in verify.violations(problem, plan, skip=("mandatory", "hard_minimum")):
        people = tuple(meeting.key for meeting in violation.meetings)
        yield Issue("pin_breaks_rule", ("pin", people), f"pin {people} breaks the rule {violation.rule}")


Part = Callable[["Problem"], Iterator[Issue]]
SHAPE: tuple[Part, ...] = (_identifiers, _people, _references, _places, _slot_times, _weights)
MEANING: tuple[Part, ...] = (_quotas, _meetings, _wishes, _orders, _walks, _interpreters, _pins_legal)
