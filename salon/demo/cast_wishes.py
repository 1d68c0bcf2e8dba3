"""Who wishes to meet whom: affinity of needs and trades, distance, fame, and acquaintance."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from salon.demo.cast_data import deal, dice, lead_keys
from salon.demo.rows import (
    DelegateRow,
    NoThanksRow,
    OrganisationRow,
    RegistrationRow,
    Side,
    TypeRuleRow,
    WishLevel,
    WishRow,
)
from salon.vocabulary import packaged

MAX_WISHES = 10
FAME_TAIL = 1.3  # Pareto index; fame is capped at FAME_CAP so that no one drains the fair
FAME_CAP = 8.0
ACQUAINTANCE_TAIL = 0.57  # a heavy tail shared by both sides is what makes wishes mutual
SAME_SIDE = 0.12
PARTNER = 0.5  # people come for business first
COLLEAGUE_ALREADY_ASKED = 0.1
PERSON_NAMED_SHARE = 0.12
NO_THANKS_SHARE = 1 / 3


@dataclass(frozen=True, slots=True)
class Zeal:
    """Shares of people who fill their list, and who begin it, the others having no wish; a lead's length."""

    full: float
    begun: float
    leads: int


@dataclass(frozen=True, slots=True)
class Fair:
    """What wishes depend on, by key: organisations present with their approved people, permitted sides."""

    organisations: Mapping[str, OrganisationRow]
    delegates: Mapping[str, DelegateRow]
    registrations: tuple[RegistrationRow, ...]
    rules: tuple[TypeRuleRow, ...]
    trades: Mapping[str, frozenset[str]]  # organisation -> sectors it offers or needs
    senders: Mapping[str, tuple[str, ...]]  # organisation -> its approved delegates
    opened_at: datetime
    closed_at: datetime

    def permitted(self, one: Side, other: Side) -> bool:
        return any({one, other} == {rule.first, rule.second} for rule in self.rules)


def wishes(seed: int, topic: str, fair: Fair, zeal: Zeal) -> tuple[WishRow, ...]:
    """At most `MAX_WISHES` ranked wishes per approved person, by registration order then rank."""
    rng = dice(seed, f"wishes:{topic}")
    pull = attractions(seed, topic, fair)
    asked: set[tuple[str, str]] = set()  # (organisation, organisation) wished by a colleague
    rows: list[WishRow] = []
    for key, count in _how_many(rng, fair, zeal).items():
        person = fair.delegates[key]
        targets = _choose(rng, person.organisation, pull, asked, count)
        asked |= {(person.organisation, target) for target in targets}
        rows += _list_of(rng, fair, person, targets)
    return tuple(rows)


def attractions(seed: int, topic: str, fair: Fair) -> dict[str, dict[str, float]]:
    """Weight of each permitted target for each organisation: what draws a wish, before a colleague's."""
    rng = dice(seed, f"fame:{topic}")
    fame = {key: min(FAME_CAP, rng.paretovariate(FAME_TAIL)) for key in fair.organisations}
    acquaintance = _acquaintance(dice(seed, f"acquaintance:{topic}"), list(fair.organisations))
    return {
        one.key: {
            other.key: fame[other.key] * acquaintance[_pair(one.key, other.key)] * affinity(fair, one, other)
            for other in fair.organisations.values()
            if other.key != one.key and fair.permitted(one.side, other.side) and fair.senders.get(other.key)
        }
        for one in fair.organisations.values()
    }


def _acquaintance(rng: random.Random, keys: list[str]) -> dict[tuple[str, str], float]:
    ordered = sorted(keys)
    return {
        (one, other): rng.paretovariate(ACQUAINTANCE_TAIL)
        for i, one in enumerate(ordered)
        for other in ordered[i + 1 :]
    }


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def affinity(fair: Fair, one: OrganisationRow, other: OrganisationRow) -> float:
    """Higher when trades meet and the places are near; the same in both directions."""
    weight = SAME_SIDE if one.side == other.side else 1.0
    weight *= PARTNER if "partner" in (one.side, other.side) else 1.0
    mine, theirs = fair.trades[one.key], fair.trades[other.key]
    if mine & theirs:
        weight *= 6.0
    elif groups(mine) & groups(theirs):
        weight *= 2.5
    if one.departement == other.departement:
        weight *= 2.0
    elif packaged().region_of(one.departement) == packaged().region_of(other.departement):
        weight *= 1.4
    return weight


def groups(sectors: frozenset[str]) -> set[str]:
    """The sector groups of these sectors."""
    return {packaged().group_of(code) for code in sectors}


def _how_many(rng: random.Random, fair: Fair, zeal: Zeal) -> dict[str, int]:
    """Length of the list of each approved person, by registration order; the pictures' leads all have one."""
    people = [r.delegate for r in fair.registrations if r.status == "approved"]
    others = [key for key in people if key not in lead_keys()]
    shuffled = rng.sample(others, len(others))
    full, begun = round(len(others) * zeal.full), round(len(others) * zeal.begun)
    counts = dict.fromkeys(shuffled[:full], MAX_WISHES)
    counts |= {key: rng.randrange(2, MAX_WISHES) for key in shuffled[full : full + begun]}
    counts |= dict.fromkeys(lead_keys(), zeal.leads)
    return {key: counts[key] for key in people if key in counts}


def _choose(
    rng: random.Random,
    organisation: str,
    pull: dict[str, dict[str, float]],
    asked: set[tuple[str, str]],
    count: int,
) -> list[str]:
    """``count`` targets, drawn without replacement by weight, the strongest first (Efraimidis-Spirakis)."""
    drawn = []
    for target, weight in pull[organisation].items():
        weight *= COLLEAGUE_ALREADY_ASKED if (organisation, target) in asked else 1.0
        drawn.append((rng.random() ** (1.0 / weight), target))
    return [target for _, target in sorted(drawn, reverse=True)[:count]]


def _list_of(rng: random.Random, fair: Fair, person: DelegateRow, targets: list[str]) -> list[WishRow]:
    musts = rng.choice([1, 2, 2, 3, 3]) if len(targets) > 3 else 1
    made_at = _sitting(rng, fair)
    rows = []
    for rank, target in enumerate(targets, start=1):
        named = rng.choice(fair.senders[target]) if rng.random() < PERSON_NAMED_SHARE else None
        level: WishLevel = "must" if rank <= musts else "meet"
        rows.append(WishRow(person.key, target, named, level, rank, made_at + timedelta(minutes=rank)))
    return rows


def _sitting(rng: random.Random, fair: Fair) -> datetime:
    """When someone sits down to a list: on a day of the wishing, between 8 and 22 h, before its end."""
    days = (fair.closed_at.date() - fair.opened_at.date()).days
    day = fair.opened_at + timedelta(days=1 + int((days - 1) * rng.betavariate(0.8, 0.6)))  # early or late
    made_at = day.replace(hour=rng.randrange(8, 22), minute=rng.randrange(60))
    last = (fair.closed_at - timedelta(minutes=MAX_WISHES + 1)).replace(second=0, microsecond=0)
    return min(made_at, last)


def no_thanks(seed: int, topic: str, fair: Fair, wished: tuple[WishRow, ...]) -> tuple[NoThanksRow, ...]:
    """For a third of the people who wish, one organisation to avoid; half of the time it wished them."""
    rng = dice(seed, f"no-thanks:{topic}")
    own: dict[str, set[str]] = {}  # organisation -> all that its people wish
    for wish in wished:
        own.setdefault(fair.delegates[wish.delegate].organisation, set()).add(wish.organisation)
    people = list(dict.fromkeys(wish.delegate for wish in wished))
    rows = []
    for key in deal(rng, people, round(len(people) * NO_THANKS_SHARE)):
        home = fair.delegates[key].organisation
        side = fair.organisations[home].side
        others = [
            o.key
            for o in fair.organisations.values()
            if o.key != home and o.key not in own[home] and fair.permitted(side, o.side)
        ]
        suitors = [other for other in others if home in own.get(other, ())]
        rows.append(NoThanksRow(key, rng.choice(suitors if suitors and rng.random() < 0.5 else others)))
    return tuple(rows)
