"""Rules that belong to one person, and the interpreters."""

from __future__ import annotations

from dataclasses import replace

from scheduling.generating.dice import Dice
from scheduling.parts import Interpreter, Participant, Slot, TypeLimit

# The languages of the people, LSF being French sign language, with their shares.
LANGUAGES = (("fr",), ("fr", "en"), ("en",), ("lsf",))
LANGUAGE_SHARES = (0.8, 0.12, 0.05, 0.03)
PEOPLE_PER_INTERPRETER = 40
# Families of agreements, as fairs of the social economy know them; a sixth of suppliers did not say.
SILOS = ("insertion", "disability", "cooperative", "association", "prison", None)


def person_with_rules(person: Participant, dice: Dice) -> Participant:
    """The person with own languages, rests, quotas and credit; every share is of all the people."""
    found = replace(
        person,
        languages=dice.one_of(LANGUAGES, LANGUAGE_SHARES),
        max_in_a_row=dice.one_of((None, 3, 2), (0.8, 0.15, 0.05)),
        max_per_day=dice.one_of((None, 6), (0.85, 0.15)),
        min_per_day=dice.one_of((0, 1), (0.85, 0.15)),
        credit=dice.one_of((100, 80, 150), (0.8, 0.1, 0.1)),
        stay_put=dice.chance(0.1),
        silo=dice.one_of(SILOS, (1,) * len(SILOS)) if person.type == "supplier" else None,
        type_limits=_type_limits(person, dice),
    )
    return _firm(found) if dice.chance(0.03) else found


def _type_limits(person: Participant, dice: Dice) -> tuple[TypeLimit, ...]:
    if not dice.chance(0.2):
        return ()
    if person.type == "supplier":
        return (TypeLimit("buyer", min=2), TypeLimit("supplier", max=2))
    return (TypeLimit("supplier", min=1, max=8),)


def _firm(person: Participant) -> Participant:
    """A guest who was promised a meeting."""
    return replace(person, hard_min=True, min=min(person.min, 1), min_per_day=0, type_limits=())


def interpreters(num_people: int, slots: tuple[Slot, ...], dice: Dice) -> tuple[Interpreter, ...]:
    """Interpreters of English and of LSF in turn, one in three there on one day only."""
    found = []
    for number in range(max(1, num_people // PEOPLE_PER_INTERPRETER)):
        day = 1 + dice.below(2)
        partly = tuple(slot.id for slot in slots if slot.day == day) if dice.chance(1 / 3) else None
        found.append(Interpreter(number + 1, ("fr", "lsf" if number % 2 else "en"), partly or None))
    return tuple(found)
