"""The common part of every kind: slots, people, tables, ranked wishes, exclusions, refusals."""

from __future__ import annotations

from dataclasses import dataclass

from scheduling.generating.dice import Dice
from scheduling.problem import Level, Pair, Participant, Problem, Slot, Table, meeting_key

WISHES = 10
SAME_SIDE_KEPT = 0.15
MUTUAL_BONUS = 3
BEST_SINGLE = 3  # what a wish of one side is worth at most; two wishes are worth more
FIRST_MIN, LENGTH_MIN, CHANGEOVER_MIN, PAUSE_MIN = 9 * 60, 20, 5, 90  # 90 minutes between sessions


@dataclass(frozen=True, slots=True)
class Shape:
    """What differs between kinds; shares are probabilities."""

    num_slots: int
    slots_per_session: int
    tables_per_person: float
    stands_per_table: float = 0.0
    step_free_need: float = 0.0
    step_free_tables: float = 0.0
    exclusions_per_person: float = 0.0
    no_thanks: float = 0.0
    delegates: int = 1  # at most, per organisation
    musts: bool = False  # whether ranks 1 to 3 are musts besides being worth more
    min_meetings: int = 0
    max_meetings: int | None = None
    suppliers_meet: bool = False  # whether types are told apart: buyers meet suppliers, suppliers each other
    num_tables: int | None = None  # instead of `tables_per_person`
    wishes: int = WISHES  # of each person


def fair(shape: Shape, count: int, seed: int) -> Problem:
    """The fair of that shape with `count` participants."""
    dice = Dice(seed)
    slots = _slots(shape)
    people = _people(shape, count, slots, dice)
    wishes = _wishes(people, shape.wishes, dice)
    organisations = sorted({person.organisation for person in people})
    return Problem(
        slots=slots,
        tables=_tables(shape, people, dice),
        participants=people,
        pairs=_pairs(people, wishes, shape.musts),
        type_rules=frozenset({("buyer", "supplier"), ("supplier", "supplier")})
        if shape.suppliers_meet
        else None,
        exclusions=_exclusions(organisations, int(shape.exclusions_per_person * count), dice),
        no_thanks=_refusals(people, organisations, wishes, shape.no_thanks, dice),
    )


def _slots(shape: Shape) -> tuple[Slot, ...]:
    found = []
    for number in range(shape.num_slots):
        session = number // shape.slots_per_session
        start = FIRST_MIN + (LENGTH_MIN + CHANGEOVER_MIN) * number + PAUSE_MIN * session
        found.append(Slot(number + 1, session + 1, 1, start, start + LENGTH_MIN))
    return tuple(found)


def _people(shape: Shape, count: int, slots: tuple[Slot, ...], dice: Dice) -> tuple[Participant, ...]:
    found: list[Participant] = []
    organisation = 0
    while len(found) < count:
        organisation += 1
        side = "supplier" if organisation % 2 else "buyer"
        for _ in range(min(1 + dice.below(shape.delegates), count - len(found))):
            found.append(
                Participant(
                    len(found) + 1,
                    organisation,
                    side,
                    _available(slots, dice),
                    min=shape.min_meetings,
                    max=shape.max_meetings,
                    step_free=dice.chance(shape.step_free_need),
                )
            )
    return tuple(found)


def _available(slots: tuple[Slot, ...], dice: Dice) -> tuple[int, ...]:
    half = len(slots) // 2
    away = dice.below(2) if dice.chance(0.2) else None
    kept = [slot.id for rank, slot in enumerate(slots) if away is None or (rank >= half) != bool(away)]
    return tuple(slot for slot in kept if not dice.chance(0.05))


def _tables(shape: Shape, people: tuple[Participant, ...], dice: Dice) -> tuple[Table, ...]:
    count = shape.num_tables or max(1, round(shape.tables_per_person * len(people)))
    suppliers = sorted({person.organisation for person in people if person.type == "supplier"})
    stands = suppliers[: int(shape.stands_per_table * count)]
    step_free = [number % 4 == 0 or dice.chance(shape.step_free_tables) for number in range(count)]
    return tuple(
        Table(number + 1, step_free[number], stands[number] if number < len(stands) else None)
        for number in range(count)
    )


def _wishes(people: tuple[Participant, ...], most: int, dice: Dice) -> dict[tuple[int, int], int]:
    """Rank, from 1, of each wish (who, whom), 0-based people."""
    popularity = [dice.popularity() for _ in people]
    ranks = {}
    for who, person in enumerate(people):
        weights = [
            0.0 if other.organisation == person.organisation else popularity[whom]
            for whom, other in enumerate(people)
        ]
        rank = 0
        while rank < most and any(weights):
            whom = dice.weighted(weights)
            if people[whom].type == person.type and not dice.chance(SAME_SIDE_KEPT):
                continue
            if weights[whom] > 0:
                rank += 1
                ranks[who, whom] = rank
            weights[whom] = 0.0
    return ranks


def _worth(rank: int) -> int:
    return BEST_SINGLE if rank <= 3 else 2 if rank <= 7 else 1


def _pairs(
    people: tuple[Participant, ...], wishes: dict[tuple[int, int], int], musts: bool
) -> tuple[Pair, ...]:
    found = []
    for a, b in sorted({meeting_key(who, whom) for who, whom in wishes}):
        there, back = wishes.get((a, b)), wishes.get((b, a))
        value = sum(_worth(rank) for rank in (there, back) if rank)
        value += MUTUAL_BONUS if there and back else 0
        found.append(
            Pair(people[a].id, people[b].id, value, *((_level(there), _level(back)) if musts else ()))
        )
    return tuple(found)


def _level(rank: int | None) -> Level | None:
    if rank is None:
        return None
    return Level.MUST if rank <= 3 else Level.MEET


def _exclusions(organisations: list[int], count: int, dice: Dice) -> tuple[tuple[int, int], ...]:
    found: set[tuple[int, int]] = set()
    for _ in range(count if len(organisations) > 1 else 0):
        first, second = (organisations[dice.below(len(organisations))] for _ in range(2))
        if first != second:
            found.add(meeting_key(first, second))
    return tuple(sorted(found))


def _refusals(
    people: tuple[Participant, ...],
    organisations: list[int],
    wishes: dict[tuple[int, int], int],
    share: float,
    dice: Dice,
) -> tuple[tuple[int, int], ...]:
    """Some people refuse one organisation, never one they wish."""
    found = []
    for who, person in enumerate(people):
        if share and dice.chance(share):
            organisation = organisations[dice.below(len(organisations))]
            wished = {people[whom].organisation for a, whom in wishes if a == who}
            if organisation != person.organisation and organisation not in wished:
                found.append((person.id, organisation))
    return tuple(found)
