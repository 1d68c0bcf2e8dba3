"""A fair with one named rule lifted, or with only some of what must be held: for finding what clashes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from scheduling.problem import Id, Meeting, Pair, Participant, Problem, key_of, meeting_key
from scheduling.remedy import new_id

UNLIMITED = 1_000_000


@dataclass(frozen=True, slots=True)
class Order:
    """Something that must be held: a `mandatory` meeting, one of the `pins`, a person's `hard_minimum`."""

    rule: str
    people: Meeting


Lift: TypeAlias = Callable[[Problem], Problem]


def orders(problem: Problem) -> tuple[Order, ...]:
    """All that must be held."""
    return (
        *(Order("mandatory", key_of(meeting)) for meeting in problem.mandatory),
        *(Order("pins", pin.key) for pin in problem.pins),
        *(Order("hard_minimum", (one.id,)) for one in problem.participants if one.hard_min),
    )


def reduced(problem: Problem, kept: Collection[Order]) -> Problem:
    """The fair of those orders alone: other wishes, and people no order or wish left names, play no part."""
    firm = {one.people[0] for one in kept if one.rule == "hard_minimum"}
    forced = {one.people for one in kept if one.rule != "hard_minimum"}
    pairs = tuple(
        one
        for one in problem.pairs
        if one.key in forced or firm.intersection((*one.people, *one.a_instead, *one.b_instead))
    )
    groups = tuple(one for one in problem.groups if one.key in forced or firm.intersection(one.members))
    pins = tuple(pin for pin in problem.pins if Order("pins", pin.key) in kept)
    keys: set[Meeting] = {*forced, *(one.key for one in pairs), *(one.key for one in groups)}
    people = {person for key in keys for person in key} | firm
    people |= {one for pair in pairs for one in (*pair.a_instead, *pair.b_instead)}
    people |= {one for pin in pins for one in pin.people}
    return replace(
        problem,
        participants=tuple(
            replace(one, hard_min=one.id in firm) for one in problem.participants if one.id in people
        ),
        pairs=pairs,
        groups=groups,
        pins=pins,
        mandatory=tuple(one for one in problem.mandatory if Order("mandatory", key_of(one)) in kept),
        no_thanks=tuple(one for one in problem.no_thanks if one[0] in people),
        forbidden=tuple(one for one in problem.forbidden if people.issuperset(one)),
        precedences=tuple(one for one in problem.precedences if {key_of(one[0]), key_of(one[1])} <= keys),
        baseline=(),
    )


def _people(change: Callable[[Participant], Participant]) -> Lift:
    return lambda problem: replace(problem, participants=tuple(map(change, problem.participants)))


def _everywhen(problem: Problem) -> Problem:
    slots = tuple(slot.id for slot in problem.slots)
    return _people(lambda one: replace(one, available=slots))(problem)


def _more_tables(problem: Problem) -> Problem:
    """As many copies of each table as there are meetings."""
    tables = list(problem.tables)
    copies = len(problem.wishes) + len(problem.mandatory)
    for table in problem.tables:
        for _ in range(min(copies, len(problem.participants))):
            tables.append(replace(table, id=new_id([one.id for one in tables])))
    return replace(problem, tables=tuple(tables))


def _more_interpreters(problem: Problem) -> Problem:
    helpers = list(problem.interpreters)
    for one in problem.interpreters:
        for _ in range(len(problem.participants)):
            helpers.append(replace(one, id=new_id([other.id for other in helpers])))
    return replace(problem, interpreters=tuple(helpers))


def _apart(problem: Problem) -> Problem:
    """In meetings within one organisation everyone counts as of another; their deputies stay behind."""
    side = {one.id: one.organisation for one in problem.participants}
    meetings = [key_of(one) for one in problem.mandatory] + [one.key for one in problem.wishes]
    movers = {one for key in meetings if len({side[who] for who in key}) == 1 for one in key[1:]}
    for one in sorted(movers):
        side[one] = new_id([*side.values(), *(table.organisation or 0 for table in problem.tables)])
    pairs = tuple(
        replace(
            one,
            a_instead=tuple(who for who in one.a_instead if side[who] == side[one.a]),
            b_instead=tuple(who for who in one.b_instead if side[who] == side[one.b]),
        )
        for one in problem.pairs
    )
    people = tuple(replace(one, organisation=side[one.id]) for one in problem.participants)
    return replace(problem, participants=people, pairs=pairs)


def _all_wished(problem: Problem) -> Problem:
    """Whoever must have meetings may have them with anybody."""
    known = {one.key for one in problem.wishes}
    firm = [one.id for one in problem.participants if one.hard_min]
    keys = {meeting_key(one, other.id) for one in firm for other in problem.participants if one != other.id}
    return replace(problem, pairs=(*problem.pairs, *(Pair(a, b, 0) for a, b in sorted(keys - known))))


def _no_starts(problem: Problem) -> Problem:
    pairs = tuple(replace(one, available=None) for one in problem.pairs)
    return replace(problem, pairs=pairs, groups=tuple(replace(one, available=None) for one in problem.groups))


def _no_lengths(problem: Problem) -> Problem:
    pairs = tuple(replace(one, length_min=None) for one in problem.pairs)
    return replace(
        problem, pairs=pairs, groups=tuple(replace(one, length_min=None) for one in problem.groups)
    )


def _tables(**parts: Id | None) -> Lift:
    return lambda problem: replace(
        problem,
        tables=tuple(replace(one, **parts) for one in problem.tables),  # type: ignore[arg-type]
    )


# What is not here cannot clash alone (`delegates`, `pair_once`), or is lifted in the model (`person_once`).
LIFTS: Mapping[str, Lift] = {
    "availability": _everywhen,
    "start_allowed": _no_starts,
    "length": _no_lengths,
    "table_once": _more_tables,
    "interpreter_once": _more_interpreters,
    "table_available": _tables(available=None),
    "stand": _tables(organisation=None),
    "step_free": _people(lambda one: replace(one, step_free=False)),
    "interpreter": _people(lambda one: replace(one, languages=())),
    "precedences": lambda problem: replace(problem, precedences=()),
    "walking": lambda problem: replace(problem, walks={}),
    "rest": _people(lambda one: replace(one, max_in_a_row=None)),
    "organisations_distinct": _apart,
    "exclusions": lambda problem: replace(problem, exclusions=()),
    "no_thanks": lambda problem: replace(problem, no_thanks=()),
    "types": lambda problem: replace(problem, type_rules=None),
    "forbidden_pairs": lambda problem: replace(problem, forbidden=()),
    "organisation_pair_limit": lambda problem: replace(
        problem, organisation_limits={}, max_per_organisations=UNLIMITED
    ),
    "wished_or_mandatory": _all_wished,
    "maximum": _people(lambda one: replace(one, max=None)),
    "maximum_per_day": _people(lambda one: replace(one, max_per_day=None)),
    "maximum_per_type": _people(
        lambda one: replace(one, type_limits=tuple(replace(limit, max=None) for limit in one.type_limits))
    ),
    "hard_minimum": _people(lambda one: replace(one, hard_min=False)),
    "pins": lambda problem: replace(problem, pins=()),
    "mandatory": lambda problem: replace(problem, mandatory=()),
}
