"""Every rule of the engine on top of a fair, in the measure of a real one: the kind `ess-full`.

Days, sessions and slots of two lengths; zones and walks; quotas by day and type; languages and interpreters;
colleagues who may go instead; groups of 3 to 8; long meetings and meetings tied to a session; rest, credit,
silos; forbidden, mandatory, ordered and pinned meetings; an earlier plan, and an order that uses every term.
"""

from __future__ import annotations

from dataclasses import replace

from scheduling.generating.dice import Dice
from scheduling.generating.ordered import forbidden, mandatory, pins, precedences
from scheduling.generating.people import interpreters, person_with_rules
from scheduling.generating.wished import earlier_plan, groups, pair_with_rules
from scheduling.problem import Problem, Slot, Table, TermName, Weights

NUM_DAYS, SESSIONS_PER_DAY = 2, 2
STARTS_MIN = (9 * 60, 14 * 60)  # of the morning and the afternoon
LENGTHS_MIN = (20, 30)
CHANGEOVER_MIN = 5
DAY_MIN = 24 * 60
NUM_ZONES = 4
NEAR_MIN, FAR_MIN = 4, 8  # a walk to the next zone fits the change-over, one further does not
TWICE_SHARE = 0.04  # of the pairs of organisations that wish each other more than once may meet twice
ORDER = (
    TermName.MUST_MEETS,
    TermName.VALUE,
    TermName.MIN_SHORTFALL,
    TermName.FAIRNESS,
    TermName.CROSS_SILO,
    TermName.CHANGES,
    TermName.BREAKS,
    TermName.TABLE_MOVES,
    TermName.WALKING,
)


def with_every_rule(base: Problem, seed: int) -> Problem:
    """The fair with every rule there is, except where it is too small for one."""
    dice = Dice(f"every rule {seed}")
    slots = _slots(len(base.slots))
    problem = replace(
        base,
        slots=slots,
        tables=tuple(_table(table, len(base.tables), slots, dice) for table in base.tables),
        walks=_walks(),
        participants=tuple(person_with_rules(person, dice) for person in base.participants),
        interpreters=interpreters(len(base.participants), slots, dice),
        weights=Weights(order=ORDER),
    )
    problem = replace(problem, pairs=tuple(pair_with_rules(problem, pair, dice) for pair in problem.pairs))
    problem = replace(problem, organisation_limits=_twice(problem, dice), groups=groups(problem, dice))
    problem = replace(problem, baseline=earlier_plan(problem, dice))
    return _ordered(problem, dice)


def _ordered(problem: Problem, dice: Dice) -> Problem:
    """The fair with what its organiser ordered, each order legal beside the others."""
    problem = replace(problem, pins=pins(problem, dice))
    problem = replace(problem, mandatory=mandatory(problem, dice))
    problem = replace(problem, forbidden=forbidden(problem, dice))
    return replace(problem, precedences=precedences(problem, dice))


def _slots(count: int) -> tuple[Slot, ...]:
    """The slots cut into two days of a morning of short and an afternoon of long meetings."""
    num_sessions = NUM_DAYS * SESSIONS_PER_DAY
    size = max(1, -(-count // num_sessions))
    found = []
    for number in range(count):
        session, rank = divmod(number, size)
        day, half = divmod(session, SESSIONS_PER_DAY)
        length = LENGTHS_MIN[half]
        start = day * DAY_MIN + STARTS_MIN[half] + rank * (length + CHANGEOVER_MIN)
        found.append(Slot(number + 1, session + 1, day + 1, start, start + length))
    return tuple(found)


def _table(table: Table, count: int, slots: tuple[Slot, ...], dice: Dice) -> Table:
    """The table in its zone; one in ten is open on the first day only."""
    zone = 1 + (table.id - 1) * NUM_ZONES // count
    first_day = tuple(slot.id for slot in slots if slot.day == 1)
    return replace(table, zone=zone, available=first_day if dice.chance(0.1) else None)


def _walks() -> dict[tuple[int, int], int]:
    zones = range(1, NUM_ZONES + 1)
    return {(a, b): NEAR_MIN if b - a == 1 else FAR_MIN for a in zones for b in zones if a < b}


def _twice(problem: Problem, dice: Dice) -> dict[tuple[int, int], int]:
    """Some organisations both asked for two meetings."""
    couples = {
        tuple(sorted(problem.participant(one).organisation for one in pair.people)) for pair in problem.pairs
    }
    return {(a, b): 2 for a, b in sorted(couples) if dice.chance(TWICE_SHARE)}
