"""Rules that belong to one wish, the groups, and the plan of an earlier evening."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from scheduling.generating.dice import Dice
from scheduling.parts import Group, Id, Pair, Slot
from scheduling.problem import Problem
from scheduling.solution import Assignment

LENGTHS_MIN = (None, 30, 45)  # 30 minutes take two slots of the morning and one of the afternoon
LENGTH_SHARES = (0.88, 0.06, 0.06)
TIED_SHARE, INSTEAD_SHARE = 0.06, 0.3
PEOPLE_PER_GROUP = 12
GROUP_SIZES, GROUP_SHARES = (3, 4, 5, 6, 7, 8), (0.7, 0.12, 0.08, 0.04, 0.03, 0.03)
GROUP_VALUE = 2  # of each member
KEPT_SHARE = 0.6  # of the earlier plan's meetings, the others were cancelled


def pair_with_rules(problem: Problem, pair: Pair, dice: Dice) -> Pair:
    """The pair with a length, perhaps tied to a session, perhaps with colleagues who may go instead."""
    return replace(
        pair,
        length_min=dice.one_of(LENGTHS_MIN, LENGTH_SHARES),
        available=_one_session(problem.slots, dice) if dice.chance(TIED_SHARE) else None,
        a_instead=_colleagues(problem, pair.a) if dice.chance(INSTEAD_SHARE) else (),
        b_instead=_colleagues(problem, pair.b) if dice.chance(INSTEAD_SHARE) else (),
    )


def _one_session(slots: tuple[Slot, ...], dice: Dice) -> tuple[Id, ...]:
    session = slots[dice.below(len(slots))].session
    return tuple(slot.id for slot in slots if slot.session == session)


def _colleagues(problem: Problem, who: Id) -> tuple[Id, ...]:
    """Ids rise by organisation, so colleagues are neighbours."""
    side = problem.participant(who).organisation
    near = (one for one in range(who - 1, who + 2) if one != who and problem.knows(participant=one))
    return tuple(one for one in near if problem.participant(one).organisation == side)


def groups(problem: Problem, dice: Dice) -> tuple[Group, ...]:
    """A buyer and suppliers of different organisations in the wishes around him, who could bid together."""
    around: dict[Id, set[Id]] = defaultdict(set)
    for pair in problem.pairs:
        around[pair.a].add(pair.b)
        around[pair.b].add(pair.a)
    buyers = [one.id for one in problem.participants if one.type == "buyer"]
    found: dict[tuple[Id, ...], Group] = {}
    for buyer in dice.some(buyers, len(problem.participants) // PEOPLE_PER_GROUP):
        size = dice.one_of(GROUP_SIZES, GROUP_SHARES)
        members = (buyer, *_suppliers(problem, sorted(around[buyer]), size - 1, dice))
        if len(members) >= GROUP_SIZES[0]:
            length = dice.one_of((None, 45), (0.7, 0.3))
            made = Group(members, GROUP_VALUE * len(members), must=dice.chance(0.2), length_min=length)
            found[made.key] = made
    return tuple(found.values())


def _suppliers(problem: Problem, people: list[Id], count: int, dice: Dice) -> list[Id]:
    sides: dict[Id, Id] = {}
    for one in dice.some(people, len(people)):
        person = problem.participant(one)
        if person.type == "supplier" and len(sides) < count:
            sides.setdefault(person.organisation, one)
    return list(sides.values())


def earlier_plan(problem: Problem, dice: Dice) -> tuple[Assignment, ...]:
    """Pairs of the wishes, the dearest first, each at its first common free slot while tables last; then some
    are lost. Made before the other rules were known: not every one of them still fits."""
    busy: set[tuple[Id, Id]] = set()
    tables: Counter[Id] = Counter()
    held: list[Assignment] = []
    free = {person.id: set(person.available) for person in problem.participants}
    for pair in sorted(problem.pairs, key=lambda one: (-one.value, one.key)):
        for slot in sorted(free[pair.a] & free[pair.b]):
            taken = (pair.a, slot) in busy or (pair.b, slot) in busy
            if not taken and tables[slot] < len(problem.tables):
                busy |= {(pair.a, slot), (pair.b, slot)}
                held.append(Assignment(pair.a, pair.b, slot, problem.tables[tables[slot]].id))
                tables[slot] += 1
                break
    return tuple(one for one in held if dice.chance(KEPT_SHARE))
