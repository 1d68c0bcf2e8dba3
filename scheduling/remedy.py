"""What an organiser could change so that one unserved wish is served: a closed list, with stated prices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from scheduling.possible import understand
from scheduling.problem import Id, Interpreter, Meeting, Pair, Problem, Slot, Table, meeting_key

if TYPE_CHECKING:
    from scheduling.diff import Diff
    from scheduling.problem import Participant
    from scheduling.solution import Solution


class Kind(StrEnum):
    """What is changed; `plan` changes other meetings only (moved, or one given up)."""

    PLAN = "plan"
    START = "start_allowed"
    MAXIMUM = "maximum"
    MAXIMUM_PER_DAY = "maximum_per_day"
    MAXIMUM_PER_TYPE = "maximum_per_type"
    ORGANISATIONS = "organisation_pair_limit"
    PRESENCE = "availability"
    TABLE = "table"
    INTERPRETER = "interpreter"
    TYPES = "types"
    FORBIDDEN = "forbidden_pairs"
    EXCLUSION = "exclusions"
    NO_THANKS = "no_thanks"
    SLOT = "slot"


# Points beside those of `repair.Prices`, where giving up a meeting costs 10.
PRICES: Mapping[Kind, int] = {
    Kind.PLAN: 0,
    Kind.START: 6,
    Kind.MAXIMUM: 8,
    Kind.MAXIMUM_PER_DAY: 8,
    Kind.MAXIMUM_PER_TYPE: 8,
    Kind.ORGANISATIONS: 8,
    Kind.PRESENCE: 15,
    Kind.TABLE: 20,
    Kind.INTERPRETER: 25,
    Kind.TYPES: 30,
    Kind.FORBIDDEN: 30,
    Kind.EXCLUSION: 40,
    Kind.NO_THANKS: 60,
    Kind.SLOT: 100,
}
SLOT_EVERY_MIN = 5  # between the last slot and one more


@dataclass(frozen=True, slots=True)
class Lever:
    """One change: its kind, the person it concerns, the slot it is at (of a new slot: None)."""

    kind: Kind
    person: Id | None = None
    slot: Id | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """The cheapest way found to serve a wish, verified in `problem`, that is the fair with the lever pulled.

    No single lever with changes of the plan costs less than `bound`.
    """

    wish: Meeting
    lever: Lever
    problem: Problem
    plan: Solution
    diff: Diff
    cost: int
    bound: int
    seconds: float

    @property
    def proven(self) -> bool:
        return self.cost == self.bound


def pull(problem: Problem, wish: Pair, lever: Lever) -> Problem:
    """The fair with one lever pulled."""
    return _PULLED[lever.kind](problem, wish, lever)


def forbidding(problem: Problem, wish: Pair) -> list[Lever]:
    """What keeps the two apart at any time, each by its lever."""
    one, other = (problem.participant(person) for person in wish.people)
    sides = meeting_key(one.organisation, other.organisation)
    kinds = (min(one.type, other.type), max(one.type, other.type))
    found = []
    if sides in {meeting_key(*couple) for couple in problem.exclusions}:
        found.append(Lever(Kind.EXCLUSION))
    if {(one.id, other.organisation), (other.id, one.organisation)} & set(problem.no_thanks):
        found.append(Lever(Kind.NO_THANKS))
    if problem.type_rules is not None and kinds not in problem.type_rules:
        found.append(Lever(Kind.TYPES))
    if wish.key in {tuple(sorted(people)) for people in problem.forbidden}:
        found.append(Lever(Kind.FORBIDDEN))
    return found


def needs_interpreter(problem: Problem, wish: Pair) -> bool:
    return not understand([problem.participant(one) for one in wish.people])


def new_id(ids: list[Id]) -> Id:
    """An id that is not there yet, of the same kind."""
    if all(isinstance(one, int) for one in ids):
        return max(ids, default=0) + 1
    return "new" + "_" * max(len(str(one)) for one in ids)  # type: ignore[return-value]  # ids may be text


def new_table(problem: Problem, wish: Pair) -> Table:
    """One more place like those the two may use."""
    people = [problem.participant(one) for one in wish.people]
    sides, need = {one.organisation for one in people}, any(one.step_free for one in people)
    usable = [one for one in problem.tables if one.available != () and (one.step_free or not need)]
    stands = [one for one in usable if one.organisation in sides]
    like = next(iter([*stands, *(one for one in problem.tables if one.organisation is None)]), Table(0))
    return Table(new_id([one.id for one in problem.tables]), need, like.organisation, None, like.zone)


def new_slot(problem: Problem) -> Slot:
    """One more slot at the end, as long as the last."""
    last = problem.slots[-1]
    start = last.end_min + SLOT_EVERY_MIN
    end = start + last.end_min - last.start_min
    return Slot(new_id([one.id for one in problem.slots]), last.session, last.day, start, end)


def new_interpreter(problem: Problem, wish: Pair) -> Interpreter:
    languages = dict.fromkeys(one for who in wish.people for one in problem.participant(who).languages)
    return Interpreter(new_id([one.id for one in problem.interpreters]), tuple(languages))


def _people(problem: Problem, change: Callable[[Participant], Participant], *ids: Id | None) -> Problem:
    people = tuple(change(one) if one.id in ids else one for one in problem.participants)
    return replace(problem, participants=people)


def _more(figure: int | None) -> int | None:
    return None if figure is None else figure + 1


def _raise_type(problem: Problem, wish: Pair, lever: Lever) -> Problem:
    other = next(one for one in wish.people if one != lever.person)
    kind = problem.participant(other).type

    def change(one: Participant) -> Participant:
        limits = (
            replace(limit, max=_more(limit.max)) if limit.type == kind else limit for limit in one.type_limits
        )
        return replace(one, type_limits=tuple(limits))

    return _people(problem, change, lever.person)


def _sides(problem: Problem, wish: Pair) -> tuple[Id, Id]:
    return meeting_key(*(problem.participant(one).organisation for one in wish.people))  # of two


def _organisations(problem: Problem, wish: Pair, lever: Lever) -> Problem:
    sides = _sides(problem, wish)
    limits = {**problem.organisation_limits, sides: problem.organisation_limit(*sides) + 1}
    return replace(problem, organisation_limits=limits)


def _presence(problem: Problem, wish: Pair, lever: Lever) -> Problem:
    def change(one: Participant) -> Participant:
        return replace(one, available=tuple(_in_order(problem, {*one.available, lever.slot})))

    return _people(problem, change, lever.person)


def _in_order(problem: Problem, slots: set[Any]) -> Iterator[Id]:
    return (slot.id for slot in problem.slots if slot.id in slots)


def _slot(problem: Problem, wish: Pair, lever: Lever) -> Problem:
    new = new_slot(problem)
    longer = replace(problem, slots=(*problem.slots, new))

    def change(one: Participant) -> Participant:
        return replace(one, available=(*one.available, new.id))

    return _people(longer, change, *wish.people)


def _exclusion(problem: Problem, wish: Pair, lever: Lever) -> Problem:
    sides = _sides(problem, wish)
    return replace(problem, exclusions=tuple(one for one in problem.exclusions if meeting_key(*one) != sides))


def _no_thanks(problem: Problem, wish: Pair, lever: Lever) -> Problem:
    one, other = (problem.participant(person) for person in wish.people)
    lifted = {(one.id, other.organisation), (other.id, one.organisation)}
    return replace(problem, no_thanks=tuple(two for two in problem.no_thanks if two not in lifted))


def _types(problem: Problem, wish: Pair, lever: Lever) -> Problem:
    one, other = (problem.participant(person).type for person in wish.people)
    return replace(problem, type_rules=(problem.type_rules or frozenset()) | {(one, other)})


def _table(problem: Problem, wish: Pair, lever: Lever) -> Problem:
    slots = None if lever.slot is None else (lever.slot,)
    return replace(problem, tables=(*problem.tables, replace(new_table(problem, wish), available=slots)))


_PULLED: Mapping[Kind, Callable[[Problem, Pair, Lever], Problem]] = {
    Kind.PLAN: lambda problem, wish, lever: problem,
    Kind.START: lambda problem, wish, lever: replace(
        problem,
        pairs=tuple(replace(one, available=None) if one.key == wish.key else one for one in problem.pairs),
    ),
    Kind.MAXIMUM: lambda problem, wish, lever: _people(
        problem, lambda one: replace(one, max=_more(one.max)), lever.person
    ),
    Kind.MAXIMUM_PER_DAY: lambda problem, wish, lever: _people(
        problem, lambda one: replace(one, max_per_day=_more(one.max_per_day)), lever.person
    ),
    Kind.MAXIMUM_PER_TYPE: _raise_type,
    Kind.ORGANISATIONS: _organisations,
    Kind.PRESENCE: _presence,
    Kind.TABLE: _table,
    Kind.INTERPRETER: lambda problem, wish, lever: replace(
        problem, interpreters=(*problem.interpreters, new_interpreter(problem, wish))
    ),
    Kind.TYPES: _types,
    Kind.FORBIDDEN: lambda problem, wish, lever: replace(
        problem, forbidden=tuple(one for one in problem.forbidden if tuple(sorted(one)) != wish.key)
    ),
    Kind.EXCLUSION: _exclusion,
    Kind.NO_THANKS: _no_thanks,
    Kind.SLOT: _slot,
}
