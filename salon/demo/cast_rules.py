"""Availability, exclusions and promised meetings of an edition."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from itertools import combinations

from salon.demo.cast_data import deal, dice
from salon.demo.cast_wishes import Fair, groups
from salon.demo.rows import ExclusionReason, ExclusionRow, MandatoryRow, OrganisationRow, WishRow

SLOTS = 16
HALF_DAY_SHARE = 0.2
HOLES_SHARE = 0.05
NOTES: dict[ExclusionReason, tuple[str, ...]] = {
    "competitors": (
        "Candidats au même lot, consultation en cours.",
        "Même clientèle, même rue : à ne pas mettre à la même table.",
        "Ont demandé chacun à ne pas se croiser.",
    ),
    "litigation": (
        "Facture contestée depuis l’an dernier.",
        "Marché résilié, recours en cours.",
        "Médiation ouverte, attendre son issue.",
        "Pénalités de retard contestées au printemps.",
        "Malentendu sur un devis, les deux souhaitent laisser passer une édition.",
    ),
    "same_group": ("Même groupe depuis le rachat.", "Gouvernance commune : inutile de les réunir ici."),
}
PROMISES = (
    "Demandé par le financeur de la journée.",
    "Suite d’un premier échange resté sans rendez-vous.",
    "Marché publié ce mois-ci, réponse attendue.",
    "Promis à l’exposant à son inscription.",
)


@dataclass(frozen=True, slots=True)
class Quarrels:
    """How many exclusions, and how many of them fall on a wish so that it has to be explained."""

    total: int
    on_wishes: int


def unavailability(seed: int, topic: str, people: list[str]) -> dict[str, tuple[int, ...]]:
    """Slot indices each person cannot attend: a fifth come half a day, a few have holes."""
    rng = dice(seed, f"unavailability:{topic}")
    half_day = set(deal(rng, people, round(len(people) * HALF_DAY_SHARE)))
    holed = set(deal(rng, people, round(len(people) * HOLES_SHARE)))
    return {key: _absences(rng, key in half_day, key in holed) for key in people}


def _absences(rng: random.Random, half_day: bool, holed: bool) -> tuple[int, ...]:
    absent: set[int] = set()
    if half_day:
        first = rng.choice([0, SLOTS // 2])
        absent |= set(range(first, first + SLOTS // 2))
    if holed:
        absent |= set(rng.sample(range(SLOTS), rng.randrange(1, 4)))
    return tuple(sorted(absent))


def exclusions(
    seed: int, topic: str, fair: Fair, wished: tuple[WishRow, ...], quarrels: Quarrels
) -> tuple[ExclusionRow, ...]:
    """``quarrels.total`` distinct pairs of organisations present, ``on_wishes`` of which someone wished."""
    rng = dice(seed, f"exclusions:{topic}")
    pairs = wished_pairs(fair, wished)
    hit = deal(rng, sorted(pairs), quarrels.on_wishes)
    chosen = hit + deal(rng, _likely_quarrels(fair, pairs), quarrels.total - quarrels.on_wishes)
    return tuple(
        _exclusion(rng, fair.organisations[a], fair.organisations[b], n % 6 == 5)
        for n, (a, b) in enumerate(chosen)
    )


def _likely_quarrels(fair: Fair, wished: Container[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs that could meet, whose trades touch, and that nobody wished."""
    rows = sorted(fair.organisations.values(), key=lambda row: row.key)
    return [
        (one.key, other.key)
        for one, other in combinations(rows, 2)
        if fair.permitted(one.side, other.side)
        and groups(fair.trades[one.key]) & groups(fair.trades[other.key])
        and (one.key, other.key) not in wished
    ]


def _exclusion(
    rng: random.Random, one: OrganisationRow, other: OrganisationRow, related: bool
) -> ExclusionRow:
    reason: ExclusionReason = "litigation"
    if one.side == other.side:
        reason = "same_group" if related else "competitors"
    return ExclusionRow(one.key, other.key, reason, rng.choice(NOTES[reason]))


def wished_pairs(fair: Fair, wished: tuple[WishRow, ...]) -> dict[tuple[str, str], int]:
    """Unordered pairs of organisations with at least one wish; 2 when each side wished the other."""
    directed = {(fair.delegates[w.delegate].organisation, w.organisation) for w in wished}
    return dict(Counter((min(pair), max(pair)) for pair in sorted(directed)))


def mandatory(
    seed: int,
    topic: str,
    fair: Fair,
    wished: tuple[WishRow, ...],
    excluded: tuple[ExclusionRow, ...],
    count: int,
) -> tuple[MandatoryRow, ...]:
    """``count`` mutual pairs promised by the organiser: no organisation twice, none that is hard to seat."""
    rng = dice(seed, f"mandatory:{topic}")
    barred = {frozenset((e.first, e.second)) for e in excluded}
    mutual = [pair for pair, sides in wished_pairs(fair, wished).items() if sides == 2]
    rng.shuffle(mutual)
    rows: list[MandatoryRow] = []
    promised: set[str] = set()
    for one, other in mutual:
        if len(rows) == count:
            break
        if promised & {one, other} or frozenset((one, other)) in barred:
            continue
        if _always_there(fair, one) and _always_there(fair, other):
            promised |= {one, other}
            rows.append(MandatoryRow(one, other, rng.choice(PROMISES)))
    return tuple(rows)


def _always_there(fair: Fair, organisation: str) -> bool:
    """All its delegates are approved, present all day and free of access needs: a promise can be kept."""
    own = [r for r in fair.registrations if fair.delegates[r.delegate].organisation == organisation]
    return all(
        r.status == "approved" and not r.unavailable and not fair.delegates[r.delegate].access_needs
        for r in own
    )
