"""What makes a problem well formed; every fault is reported at once, each naming its thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduling.problem import Problem


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault: a stable `code`, the `subject` it is about (kind and id), an English sentence."""

    code: str
    subject: tuple[str, object]
    message: str


def check(problem: Problem) -> tuple[Issue, ...]:
    """All issues of a problem; meaning is checked once ids, times and references are sound."""
    shape = tuple(issue for part in SHAPE for issue in part(problem))
    return shape or tuple(issue for part in MEANING for issue in part(problem))


def _issue(code: str, kind: str, what: object, sentence: str) -> Issue:
    return Issue(code, (kind, what), f"{kind} {what}: {sentence}")


def _identifiers(problem: Problem) -> Iterator[Issue]:
    lists: tuple[tuple[str, Sequence[object]], ...] = (
        ("slot", [slot.id for slot in problem.slots]),
        ("table", [table.id for table in problem.tables]),
        ("participant", [person.id for person in problem.participants]),
        ("organisation", [person.organisation for person in problem.participants]),
    )
    for kind, ids in lists:
        if len({type(one) for one in ids}) > 1:
            yield _issue("mixed_ids", kind, "ids", "use numbers or text, not both")
        for one, times in Counter(ids).items():
            if times > 1 and kind != "organisation":
                yield _issue("duplicate", kind, one, f"is given {times} times")


def _unknown(
    kind: str, what: object, field: str, ids: Iterable[object], known: set[object]
) -> Iterator[Issue]:
    for one in ids:
        if one not in known:
            yield _issue("unknown", kind, what, f"{field} names {one!r}, which does not exist")


def _references(problem: Problem) -> Iterator[Issue]:
    slots: set[object] = {slot.id for slot in problem.slots}
    tables: set[object] = {table.id for table in problem.tables}
    people: set[object] = {person.id for person in problem.participants}
    for table in problem.tables:
        yield from _unknown("table", table.id, "available", table.available or (), slots)
    for person in problem.participants:
        yield from _unknown("participant", person.id, "available", person.available, slots)
    for pair in problem.pairs:
        yield from _unknown("pair", (pair.a, pair.b), "a or b", (pair.a, pair.b), people)
    for meeting in problem.mandatory:
        yield from _unknown("mandatory", meeting, "a or b", meeting, people)
    for who, organisation in problem.no_thanks:
        yield from _unknown("no_thanks", (who, organisation), "participant", (who,), people)
    for pin in problem.pins:
        what = (pin.a, pin.b)
        yield from _unknown("pin", what, "a or b", what, people)
        yield from _unknown("pin", what, "slot", (pin.slot,), slots)
        yield from _unknown("pin", what, "table", (pin.table,), tables)


def _slot_times(problem: Problem) -> Iterator[Issue]:
    for slot in problem.slots:
        if slot.start_min < 0 or slot.end_min <= slot.start_min:
            yield _issue("bad_time", "slot", slot.id, "must start at 0 or later and end after it starts")
    for before, after in pairwise(problem.slots):
        if after.start_min < before.end_min:
            yield _issue("slot_order", "slot", after.id, f"starts before slot {before.id} ends")
        if (after.day, after.session) < (before.day, before.session):
            yield _issue("slot_order", "slot", after.id, f"day and session go back after slot {before.id}")
        if after.session == before.session and after.day != before.day:
            yield _issue("session_days", "slot", after.id, f"session {after.session} runs over two days")


def _quotas(problem: Problem) -> Iterator[Issue]:
    for person in problem.participants:
        highs = [high for high in (person.max, person.max_per_day) if high is not None]
        if person.min < 0 or any(high < 0 for high in highs):
            yield _issue("negative", "participant", person.id, "min, max and max_per_day cannot be negative")
        if person.max is not None and person.min > person.max:
            sentence = f"min {person.min} exceeds max {person.max}"
            yield _issue("min_over_max", "participant", person.id, sentence)
    if problem.max_per_organisations < 0 or any(most < 0 for most in problem.organisation_limits.values()):
        yield _issue("negative", "problem", "organisation limits", "cannot be negative")


def _meetings(problem: Problem) -> Iterator[Issue]:
    lists: tuple[tuple[str, list[tuple[object, object]]], ...] = (
        ("pair", [pair.key for pair in problem.pairs]),
        ("mandatory", [(min(a, b), max(a, b)) for a, b in problem.mandatory]),
        ("pin", [pin.key for pin in problem.pins]),
    )
    for kind, keys in lists:
        for key, times in Counter(keys).items():
            if key[0] == key[1]:
                yield _issue("self_meeting", kind, key, "nobody meets himself")
            if times > 1:
                yield _issue("duplicate", kind, key, f"is given {times} times")
    for pair in problem.pairs:
        if pair.value < 0:
            yield _issue("negative", "pair", pair.key, f"value {pair.value} cannot be negative")


def _weights(problem: Problem) -> Iterator[Issue]:
    from scheduling.problem import Mode, TermName  # problem imports this module

    names = {str(name) for name in TermName}
    order = problem.weights.order
    for name in (*order, *problem.weights.weights):
        if name not in names:
            yield _issue("unknown", "weights", name, "is no term of the score")
    if len(set(order)) < len(order):
        yield _issue("duplicate", "weights", order, "names a term twice")
    if problem.weights.mode not in tuple(Mode):
        yield _issue("unknown", "weights", problem.weights.mode, "is no mode")
    for name, weight in problem.weights.weights.items():
        if weight < 0:
            yield _issue("negative", "weights", name, "cannot be negative")


def _pins_legal(problem: Problem) -> Iterator[Issue]:
    """Pins must be a legal plan by themselves, or no plan exists: the verifier judges them."""
    from scheduling import verify
    from scheduling.solution import Assignment, Solution

    if not problem.pins:
        return
    plan = Solution(tuple(Assignment(pin.a, pin.b, pin.slot, pin.table, True) for pin in problem.pins))
    for violation in verify.violations(problem, plan, skip=("mandatory", "hard_minimum")):
        people = tuple(meeting.key for meeting in violation.meetings)
        yield Issue("pin_breaks_rule", ("pin", people), f"pin {people} breaks the rule {violation.rule}")


SHAPE: tuple[Callable[[Problem], Iterator[Issue]], ...] = (_identifiers, _references, _slot_times, _weights)
MEANING: tuple[Callable[[Problem], Iterator[Issue]], ...] = (_quotas, _meetings, _pins_legal)
