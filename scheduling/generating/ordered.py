"""What the organiser of a generated fair ordered: pins, mandatory, forbidden and ordered meetings."""

from __future__ import annotations

from collections.abc import Iterator

from scheduling.generating.dice import Dice
from scheduling.parts import Id, Meeting, Pair, Pin
from scheduling.placing import options
from scheduling.possible import Possible
from scheduling.problem import Problem
from scheduling.solution import Assignment, Solution

PEOPLE_PER_PIN, PEOPLE_PER_MANDATORY = 40, 40
PEOPLE_PER_FORBIDDEN, PEOPLE_PER_PRECEDENCE = 20, 12
TRIO = 3


def pins(problem: Problem, dice: Dice) -> tuple[Pin, ...]:
    """Possible pairs of people of their own, each at a legal place beside the pins before it."""
    held: list[Assignment] = []
    for pair in _apart(problem, len(problem.participants) // PEOPLE_PER_PIN, (), dice):
        legal = [
            option for option in options(problem, Solution(tuple(held)), *pair.people) if not option.broken
        ]
        if legal:
            place = legal[dice.below(len(legal))]
            assert place.table is not None  # nothing is broken there
            held.append(
                Assignment(pair.a, pair.b, place.slot, place.table, True, interpreter=place.interpreter)
            )
    return tuple(Pin(one.a, one.b, one.slot, one.table, (), one.interpreter) for one in held)


def mandatory(problem: Problem, dice: Dice) -> tuple[Meeting, ...]:
    """Possible pairs of people without a pin and without another mandatory meeting."""
    taken = [one for pin in problem.pins for one in pin.people]
    count = len(problem.participants) // PEOPLE_PER_MANDATORY
    return tuple(pair.people for pair in _apart(problem, count, taken, dice))


def _apart(problem: Problem, count: int, taken: tuple[Id, ...] | list[Id], dice: Dice) -> Iterator[Pair]:
    """Pairs that could be held, no organisation in two of them, none of the people taken."""
    possible = Possible(problem)
    sides = {problem.participant(one).organisation for one in taken}
    for pair in dice.some(problem.pairs, len(problem.pairs) if count else 0):
        own = {problem.participant(one).organisation for one in pair.people}
        if count and own.isdisjoint(sides) and possible.wish(pair):
            sides |= own
            count -= 1
            yield pair


def forbidden(problem: Problem, dice: Dice) -> tuple[Meeting, ...]:
    """Wished pairs that nobody ordered, and three people of one of the groups."""
    asked = _asked(problem)
    free = [pair.people for pair in problem.pairs if pair.key not in asked]
    trios = [group.members[:TRIO] for group in dice.some(problem.groups, 1)]
    return (*dice.some(free, len(problem.participants) // PEOPLE_PER_FORBIDDEN), *trios)


def precedences(problem: Problem, dice: Dice) -> tuple[tuple[Meeting, Meeting], ...]:
    """Two wishes of one person, in an order; no pair is in two of them, none is ordered otherwise."""
    asked = _asked(problem)
    free = [pair for pair in problem.pairs if pair.key not in asked]
    found: list[tuple[Meeting, Meeting]] = []
    used: set[Meeting] = set()
    for first in dice.some(free, len(problem.participants) // PEOPLE_PER_PRECEDENCE):
        others = [one for one in free if first.a in one.people and one.key not in used | {first.key}]
        if others and first.key not in used:
            then = others[dice.below(len(others))]
            used |= {first.key, then.key}
            found.append((first.people, then.people))
    return tuple(found)


def _asked(problem: Problem) -> set[Meeting]:
    return {pin.key for pin in problem.pins} | {tuple(sorted(one)) for one in problem.mandatory}
