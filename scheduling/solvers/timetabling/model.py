"""The CP-SAT model: who meets when, days without a break as windows, breaks as unit soft literals.

With the implied constraints of the JAIR paper: everybody's used slots number their meetings, the people met in
a slot are twice its meetings, the meetings of all slots number all meetings.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from ortools.sat.python import cp_model

from scheduling.solvers.timetabling import counting
from scheduling.solvers.timetabling.facts import Facts, Person
from scheduling.solvers.timetabling.fairness import post_fairness


class Tables(StrEnum):
    """How tables are counted: numbers propagate far at once, clauses let conflicts be learnt about sums.

    Each closes published cases the other does not in ten times the time.
    """

    NUMBERS = "numbers"
    CLAUSES = "clauses"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Model:
    """`held[i, t]`: meeting i is in slot t; `broken[p][k]`: participant p (0-based) has more than k breaks."""

    cp: cp_model.CpModel
    held: dict[tuple[int, int], cp_model.IntVar]
    broken: tuple[tuple[cp_model.IntVar, ...], ...]

    @property
    def breaks(self) -> list[cp_model.IntVar]:
        """One literal per break."""
        return [literal for own in self.broken for literal in own]


def build(facts: Facts, tables: Tables) -> Model:
    """The rules H1 to H8; no objective yet."""
    cp = cp_model.CpModel()
    held = _held(cp, facts)
    used = [_used(cp, held, facts, person) for person in facts.people]
    _post_tables(cp, facts, held, used, tables)
    _post_order(cp, facts, held)
    broken = tuple(_broken(cp, person, used[p]) for p, person in enumerate(facts.people))
    post_fairness(cp, broken, facts.problem.fairness)
    return Model(cp, held, broken)


def _held(cp: cp_model.CpModel, facts: Facts) -> dict[tuple[int, int], cp_model.IntVar]:
    """H1, H4, H5, H6: each meeting once, in one of its open slots."""
    held = {
        (number, slot): cp.new_bool_var("")
        for number, slots in facts.open_slots.items()
        for slot in sorted(slots)
    }
    for number, slots in facts.open_slots.items():
        cp.add_exactly_one(held[number, slot] for slot in sorted(slots))
    return held


def _used(
    cp: cp_model.CpModel, held: dict[tuple[int, int], cp_model.IntVar], facts: Facts, person: Person
) -> dict[int, cp_model.IntVar]:
    """H2: the slots in which someone meets, one meeting each; as many as they have meetings."""
    used = {slot: cp.new_bool_var("") for slot in sorted(person.open_slots)}
    for slot, literal in used.items():
        there = [held[number, slot] for number in person.meetings if slot in facts.open_slots[number]]
        cp.add_exactly_one(*there, ~literal)
    if used:
        cp.add(cp_model.LinearExpr.sum(list(used.values())) == len(person.meetings))
    return used


def _post_tables(
    cp: cp_model.CpModel,
    facts: Facts,
    held: dict[tuple[int, int], cp_model.IntVar],
    used: list[dict[int, cp_model.IntVar]],
    tables: Tables,
) -> None:
    """H3: no slot has more meetings than there are tables."""
    most, loads = facts.problem.num_tables, []
    for slot in range(1, facts.problem.num_slots + 1):
        there = [literal for (_, when), literal in held.items() if when == slot]
        busy = [own[slot] for own in used if slot in own]
        if tables is not Tables.CLAUSES:
            loads.append(_load(cp, there, busy, most))
        if tables is not Tables.NUMBERS:
            counting.at_most(cp, there, most)
            counting.at_most(cp, busy, 2 * most)
    if loads:
        cp.add(cp_model.LinearExpr.sum(loads) == len(facts.problem.meetings))


def _load(
    cp: cp_model.CpModel, there: list[cp_model.IntVar], busy: list[cp_model.IntVar], most: int
) -> cp_model.IntVar:
    """The number of meetings of a slot, also half the number of people who meet."""
    load = cp.new_int_var(0, min(most, len(there)), "")
    cp.add(cp_model.LinearExpr.sum(there) == load)
    cp.add(cp_model.LinearExpr.sum(busy) == 2 * load)
    return load


def _post_order(cp: cp_model.CpModel, facts: Facts, held: dict[tuple[int, int], cp_model.IntVar]) -> None:
    """H7: a meeting in a slot has those before it in earlier slots."""
    for number, meeting in enumerate(facts.problem.meetings, start=1):
        for earlier in sorted(meeting.after):
            before = sorted(facts.open_slots[earlier])
            for slot in sorted(facts.open_slots[number]):
                cp.add_bool_or(~held[number, slot], *(held[earlier, when] for when in before if when < slot))


def _broken(
    cp: cp_model.CpModel, person: Person, used: dict[int, cp_model.IntVar]
) -> tuple[cp_model.IntVar, ...]:
    """One literal per possible break, the earlier ones first; exact in both directions."""
    if not person.most:
        return ()
    broken = tuple(cp.new_bool_var("") for _ in range(person.most))
    for fewer, more in pairwise(broken):
        cp.add_implication(more, fewer)
    starts = [_start(cp, used, slot) for slot in used]
    cp.add(cp_model.LinearExpr.sum(starts) == 1 + cp_model.LinearExpr.sum(list(broken)))
    if person.fewest:
        cp.add_bool_and(*broken[: person.fewest])
    _post_windows(cp, person, used, broken[0])
    return broken


def _start(cp: cp_model.CpModel, used: dict[int, cp_model.IntVar], slot: int) -> cp_model.IntVar:
    """True when a run of used slots begins there."""
    if slot - 1 not in used:
        return used[slot]
    start = cp.new_bool_var("")
    cp.add_bool_or(~used[slot], used[slot - 1], start)
    cp.add_implication(start, used[slot])
    cp.add_implication(start, ~used[slot - 1])
    return start


def _post_windows(
    cp: cp_model.CpModel, person: Person, used: dict[int, cp_model.IntVar], relaxed: cp_model.IntVar
) -> None:
    """The meetings fill one window of consecutive slots, or there is a break."""
    windows = {first: cp.new_bool_var("") for first in person.windows}
    cp.add_exactly_one(*windows.values(), relaxed)
    for slot, literal in used.items():
        around = [w for first, w in windows.items() if first <= slot < first + len(person.meetings)]
        for window in around:
            cp.add_implication(window, literal)
        cp.add_bool_or(~literal, relaxed, *around)
