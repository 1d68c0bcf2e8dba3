"""The demo cast: three editions of a fictional fair of the French social economy.

`cast(seed, today)` is a pure function: the same two arguments give equal rows, and another `today` only moves
dates (and the year an edition is named after). Nobody in it exists; its addresses end in ``.example``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from salon.demo.cast_data import deal, dice
from salon.demo.cast_editions import EditionPlan, edition, plans
from salon.demo.cast_organisations import Structure, needs, offers, structures
from salon.demo.cast_people import Headcount, delegates, quotas, staff, with_access_needs
from salon.demo.rows import Cast, DelegateRow, NeedRow, OrganisationRow, Side

DEFAULT_SEED = 2027
PAST_STRUCTURES: dict[Side, int] = {"supplier": 26, "buyer": 13, "partner": 1}


def cast(seed: int = DEFAULT_SEED, *, today: date) -> Cast:
    """All the rows of the demo: the main edition (250 people), one open to wishes (90), one past (56)."""
    pool = structures(seed)
    needed = needs(seed, pool, today)
    main, second, past = plans(today)
    counts = {
        plan.key: quotas(seed, plan.key, _present(plan, pool), plan.headcount) for plan in (main, second)
    }
    people = _people(seed, pool, counts[main.key], counts[second.key])
    counts[past.key] = _returning(seed, pool, counts[main.key], past.headcount)
    organisations = _complete(pool, needed, people)
    return Cast(
        organisations=tuple(organisations.values()),
        offers=offers(seed, pool),
        needs=needed,
        delegates=people,
        staff=staff(),
        editions=tuple(
            edition(seed, plan, today, organisations, _teams(people, counts[plan.key]))
            for plan in (main, second, past)
        ),
    )


def _present(plan: EditionPlan, pool: tuple[Structure, ...]) -> list[OrganisationRow]:
    return [structure.row for structure in pool if plan.group in structure.editions]


def _people(
    seed: int, pool: tuple[Structure, ...], main: dict[str, int], second: dict[str, int]
) -> tuple[DelegateRow, ...]:
    everyone = delegates(
        seed, pool, {s.row.key: max(main.get(s.row.key, 0), second.get(s.row.key, 0)) for s in pool}
    )
    in_main = {person.key for team in _teams(everyone, main).values() for person in team}
    drawn = with_access_needs(seed, "main", tuple(p for p in everyone if p.key in in_main))
    drawn += with_access_needs(seed, "others", tuple(p for p in everyone if p.key not in in_main))
    by_key = {person.key: person for person in drawn}
    return tuple(by_key[person.key] for person in everyone)


def _returning(
    seed: int, pool: tuple[Structure, ...], main: dict[str, int], wanted: Headcount
) -> dict[str, int]:
    """Delegates per organisation at the past edition: some of the main edition's, never more than now."""
    rng = dice(seed, "past")
    counts: dict[str, int] = {}
    for side, people in wanted.sides:
        keys = [s.row.key for s in pool if s.row.side == side and s.row.key in main]
        pairs = deal(rng, [key for key in keys if main[key] > 1], people - PAST_STRUCTURES[side])
        others = [key for key in keys if key not in pairs]
        counts |= dict.fromkeys(pairs, 2)
        counts |= dict.fromkeys(deal(rng, others, PAST_STRUCTURES[side] - len(pairs)), 1)
    return counts


def _teams(people: tuple[DelegateRow, ...], counts: dict[str, int]) -> dict[str, list[DelegateRow]]:
    teams: dict[str, list[DelegateRow]] = {key: [] for key in counts}
    for person in people:
        team = teams.get(person.organisation)
        if team is not None and len(team) < counts[person.organisation]:
            team.append(person)
    return teams


def _complete(
    pool: tuple[Structure, ...], needed: tuple[NeedRow, ...], people: tuple[DelegateRow, ...]
) -> Mapping[str, OrganisationRow]:
    """Organisations with the languages of their people, and for buyers the sectors of their needs."""
    sectors: dict[str, dict[str, None]] = {}
    for need in needed:
        sectors.setdefault(need.organisation, {}).update(dict.fromkeys(need.sectors))
    languages: dict[str, dict[str, None]] = {}
    for person in people:
        languages.setdefault(person.organisation, {}).update(dict.fromkeys(person.languages))
    return {
        row.key: replace(
            row,
            sectors=row.sectors or tuple(sectors.get(row.key, ())),
            languages=tuple(sorted(languages[row.key])),
        )
        for row in (structure.row for structure in pool)
    }
