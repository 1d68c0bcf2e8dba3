"""The oracle: what a plan breaks, one plain function per rule H1 to H8 of the paper; shares no code with solvers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scheduling.timetabling.objective import breaks
from scheduling.timetabling.problem import Session, Slots, Timetabling


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule (`H1` to `H8`) and the sentence that says where."""

    rule: str
    text: str


Rule = Callable[[Timetabling, Slots], Iterator[str]]


def once(problem: Timetabling, slots: Slots) -> Iterator[str]:
    """H1: each meeting is held exactly once, in an existing slot; the plan holds no other meeting."""
    for number in range(1, len(problem.meetings) + 1):
        if number not in slots:
            yield f"meeting {number} has no slot"
        elif not 1 <= slots[number] <= problem.num_slots:
            yield f"meeting {number} is in slot {slots[number]} of 1 to {problem.num_slots}"
    for number in sorted(slots):
        if not 1 <= number <= len(problem.meetings):
            yield f"meeting {number} does not exist"


def one_at_a_time(problem: Timetabling, slots: Slots) -> Iterator[str]:
    """H2: a participant has at most one meeting per slot."""
    for person, numbers in enumerate(problem.meetings_of, start=1):
        held = Counter(slots[number] for number in numbers if number in slots)
        for slot in sorted(held):
            if held[slot] > 1:
                yield f"participant {person} has {held[slot]} meetings in slot {slot}"


def enough_tables(problem: Timetabling, slots: Slots) -> Iterator[str]:
    """H3: at most as many meetings per slot as there are tables."""
    held = Counter(slot for number, slot in slots.items() if 1 <= number <= len(problem.meetings))
    for slot in sorted(held):
        if held[slot] > problem.num_tables:
            yield f"slot {slot} has {held[slot]} meetings for {problem.num_tables} tables"


def in_session(problem: Timetabling, slots: Slots) -> Iterator[str]:
    """H4: a meeting tied to the morning or the afternoon is held then; the morning ends with its last slot."""
    for number, meeting in enumerate(problem.meetings, start=1):
        if number not in slots or meeting.session is Session.ANY:
            continue
        is_morning = slots[number] <= problem.num_morning_slots
        if is_morning != (meeting.session is Session.MORNING):
            yield f"meeting {number} is in slot {slots[number]}, outside the {meeting.session.name.lower()}"


def where_fixed(problem: Timetabling, slots: Slots) -> Iterator[str]:
    """H5: a fixed meeting is held in its slot."""
    for number, meeting in enumerate(problem.meetings, start=1):
        if meeting.fixed and slots.get(number, meeting.fixed) != meeting.fixed:
            yield f"meeting {number} is in slot {slots[number]}, fixed at {meeting.fixed}"


def never_when_away(problem: Timetabling, slots: Slots) -> Iterator[str]:
    """H6: nobody meets in a slot forbidden to them."""
    for number, meeting in enumerate(problem.meetings, start=1):
        for person in (meeting.a, meeting.b):
            if slots.get(number) in problem.forbidden[person - 1]:
                yield f"meeting {number} is in slot {slots[number]}, forbidden to participant {person}"


def in_order(problem: Timetabling, slots: Slots) -> Iterator[str]:
    """H7: a meeting comes strictly after those that precede it."""
    for number, meeting in enumerate(problem.meetings, start=1):
        for earlier in sorted(meeting.after):
            if number in slots and earlier in slots and slots[earlier] >= slots[number]:
                yield (
                    f"meeting {number} in slot {slots[number]} must come after "
                    f"meeting {earlier} in slot {slots[earlier]}"
                )


def fair(problem: Timetabling, slots: Slots) -> Iterator[str]:
    """H8: nobody has more than `fairness` breaks above the fewest anyone has, people without meetings included."""
    if problem.fairness < 0 or not problem.num_participants:
        return
    counts = [breaks(problem, slots, person) for person in range(1, problem.num_participants + 1)]
    for person, count in enumerate(counts, start=1):
        if count - min(counts) > problem.fairness:
            yield f"participant {person} has {count} breaks, someone has {min(counts)}"


RULES: dict[str, Rule] = {
    "H1": once,
    "H2": one_at_a_time,
    "H3": enough_tables,
    "H4": in_session,
    "H5": where_fixed,
    "H6": never_when_away,
    "H7": in_order,
    "H8": fair,
}


def violations(problem: Timetabling, slots: Slots) -> tuple[Violation, ...]:
    """Every broken rule, in the paper's order; empty means the plan is right."""
    return tuple(Violation(name, text) for name, rule in RULES.items() for text in rule(problem, slots))
