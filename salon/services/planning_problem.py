"""The bridge to the engine: an edition's rows become a `scheduling.Problem`, and what could not is said.

A wish names an organisation, perhaps one of its delegates. It becomes a pair of delegates as follows. A named
delegate is taken. Otherwise the organisation's eligible delegates are those approved whose type may meet the
owner's and who share a free slot with the owner; the first is taken, in this order: somebody who wishes the
owner back, then the lead contact, then the lowest id. When both organisations ask for several meetings, they
may meet twice and the next eligible delegate makes a second pair.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from salon.enums import WishLevel
from salon.queries.planning import DelegateFact, LockFact, Sources, WishFact
from salon.services.planning_value import pair_value, worth
from scheduling import io
from scheduling.problem import Level, Pair, Participant, Pin, Problem, Slot, Table, Weights

SEVERAL = 2  # meetings of two organisations that both ask for more than one
_LEVELS = {WishLevel.MUST: Level.MUST, WishLevel.MEET: Level.MEET}


class Unpaired(StrEnum):
    """Why a wish could not become a pair; the first of this list that holds."""

    SAME_ORGANISATION = "same_organisation"
    NOBODY_THERE = "nobody_there"  # no approved delegate of that organisation
    NAMED_ABSENT = "named_absent"  # the named delegate is not approved
    TYPES = "types"
    NO_COMMON_SLOT = "no_common_slot"


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish as the run saw it: the pairs it became, or why it became none."""

    owner: int
    organisation: int
    level: WishLevel
    rank: int | None
    named: bool  # a delegate was asked for by name
    partners: tuple[int, ...]  # delegates of the organisation, each a pair with the owner
    reason: Unpaired | None


@dataclass(frozen=True, slots=True)
class Bridge:
    """The problem, its wishes, and the organiser's orders that name somebody who is not there."""

    problem: Problem
    asked: tuple[Asked, ...]
    lost_mandatory: tuple[tuple[int, int], ...]
    lost_locks: tuple[int, ...]  # placements


def text(problem: Problem) -> str:
    """The problem as the engine's JSON: ids and numbers, no name."""
    return io.encode(io.problem_to(problem))


def digest(problem_text: str) -> str:
    """SHA-256 of a problem's JSON: equal when nothing that the engine sees has changed."""
    return hashlib.sha256(problem_text.encode()).hexdigest()


def build(sources: Sources, weights: Weights) -> Bridge:
    """The problem of an edition. Raises `scheduling.problem.InvalidProblem` with every fault at once."""
    people = {one.id: one for one in sources.delegates}
    asked = tuple(_Pairing(sources).resolve())
    pins, lost_locks = _pins(sources.locks, people)
    kept = tuple(pair for pair in sources.mandatory if all(one in people for one in pair))
    problem = Problem(
        slots=_slots(sources),
        tables=tuple(Table(t.id, step_free=t.step_free, organisation=t.organisation) for t in sources.tables),
        participants=tuple(_participant(one, sources) for one in sources.delegates),
        pairs=_pairs(asked, sources, people),
        type_rules=frozenset((str(first), str(second)) for first, second in sources.type_rules),
        exclusions=sources.exclusions,
        no_thanks=_no_thanks(sources),
        mandatory=kept,
        pins=pins,
        organisation_limits=dict.fromkeys(_both_several(sources, people), SEVERAL),
        weights=weights,
    )
    lost = tuple(pair for pair in sources.mandatory if pair not in kept)
    return Bridge(problem, asked, lost, lost_locks)


def _slots(sources: Sources) -> tuple[Slot, ...]:
    """Slots in order of time; sessions and days are numbered as they come, minutes count real time."""
    zone = ZoneInfo(sources.timezone)
    days = [slot.starts_at.astimezone(zone).date() for slot in sources.slots]
    first = min([sources.first_day, *days])
    midnight = datetime.combine(first, time(), zone)
    sessions = list(dict.fromkeys(slot.session for slot in sources.slots))
    return tuple(
        Slot(
            slot.id,
            session=sessions.index(slot.session),
            day=(day - first).days,
            start_min=_minutes(slot.starts_at, midnight),
            end_min=_minutes(slot.ends_at, midnight),
        )
        for slot, day in zip(sources.slots, days, strict=True)
    )


def _minutes(moment: datetime, midnight: datetime) -> int:
    return int((moment.timestamp() - midnight.timestamp()) // 60)


def _participant(one: DelegateFact, sources: Sources) -> Participant:
    """Quotas: the organiser’s figure for a person replaces the type’s; the person’s own only lowers it."""
    base = one.type_max if one.max_override is None else one.max_override
    most = min((n for n in (base, one.own_max) if n is not None), default=None)
    least = one.type_min if one.min_override is None else one.min_override
    absent = sources.absences.get(one.id, frozenset())
    return Participant(
        id=one.id,
        organisation=one.organisation,
        type=str(one.type),
        available=tuple(slot.id for slot in sources.slots if slot.id not in absent),
        min=least if most is None else min(least, most),  # nobody is asked for more than they accept
        max=most,
        max_per_day=one.type_max_per_day,
        hard_min=one.minimum_is_hard,
        step_free=one.step_free,
        stay_put=one.stays_put,
    )


def _pins(
    locks: tuple[LockFact, ...], people: dict[int, DelegateFact]
) -> tuple[tuple[Pin, ...], tuple[int, ...]]:
    kept = [lock for lock in locks if len(lock.people) == 2 and all(one in people for one in lock.people)]
    lost = tuple(lock.placement for lock in locks if lock not in kept)
    return tuple(Pin(lock.people[0], lock.people[1], lock.slot, lock.table) for lock in kept), lost


def _no_thanks(sources: Sources) -> tuple[tuple[int, int], ...]:
    refusals = (wish for wish in sources.wishes if wish.level is WishLevel.NO_THANKS)
    return tuple((wish.owner, wish.organisation) for wish in refusals)


def _both_several(sources: Sources, people: dict[int, DelegateFact]) -> set[tuple[int, int]]:
    """Pairs of organisations of which each asks the other for more than one meeting."""
    asking = {
        (people[wish.owner].organisation, wish.organisation)
        for wish in sources.wishes
        if wish.several and wish.level is not WishLevel.NO_THANKS
    }
    return {(first, second) for first, second in asking if first < second and (second, first) in asking}


def _pairs(asked: tuple[Asked, ...], sources: Sources, people: dict[int, DelegateFact]) -> tuple[Pair, ...]:
    """One pair for each two delegates that some wish names or may be served by, with both sides' wishes."""
    wishes = {
        (wish.owner, wish.organisation): wish
        for wish in sources.wishes
        if wish.level is not WishLevel.NO_THANKS
    }
    keys = {(min(one.owner, other), max(one.owner, other)) for one in asked for other in one.partners}
    return tuple(
        _pair(a, b, _toward(wishes, people, a, b), _toward(wishes, people, b, a)) for a, b in sorted(keys)
    )


def _toward(
    wishes: dict[tuple[int, int], WishFact], people: dict[int, DelegateFact], one: int, other: int
) -> WishFact | None:
    """The wish of `one` that a meeting with `other` would serve."""
    wish = wishes.get((one, people[other].organisation))
    return wish if wish and wish.named in (None, other) else None


def _pair(a: int, b: int, first: WishFact | None, second: WishFact | None) -> Pair:
    sides = [worth(wish.level, wish.rank) if wish else None for wish in (first, second)]
    level_a, level_b = (_LEVELS[wish.level] if wish else None for wish in (first, second))
    return Pair(a, b, pair_value(*sides), level_a, level_b)


class _Pairing:
    """Chooses who goes for each wish."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.people = {one.id: one for one in sources.delegates}
        self.teams: dict[int, list[DelegateFact]] = defaultdict(list)
        for one in sources.delegates:
            self.teams[one.organisation].append(one)
        every = frozenset(slot.id for slot in sources.slots)
        self.free = {one.id: every - sources.absences.get(one.id, frozenset()) for one in sources.delegates}
        self.wishes = {
            (wish.owner, wish.organisation): wish
            for wish in sources.wishes
            if wish.level is not WishLevel.NO_THANKS
        }
        self.several = _both_several(sources, self.people)

    def resolve(self) -> Iterator[Asked]:
        for wish in self.wishes.values():
            found = self._partners(wish)
            reason = found if isinstance(found, Unpaired) else None
            partners = () if isinstance(found, Unpaired) else found
            named = wish.named is not None
            yield Asked(wish.owner, wish.organisation, wish.level, wish.rank, named, partners, reason)

    def _partners(self, wish: WishFact) -> tuple[int, ...] | Unpaired:
        owner = self.people[wish.owner]
        if owner.organisation == wish.organisation:
            return Unpaired.SAME_ORGANISATION
        team = self.teams.get(wish.organisation, [])
        if not team:
            return Unpaired.NOBODY_THERE
        if wish.named is not None and all(one.id != wish.named for one in team):
            return Unpaired.NAMED_ABSENT
        return self._eligible(wish, owner, team)

    def _eligible(
        self, wish: WishFact, owner: DelegateFact, team: list[DelegateFact]
    ) -> tuple[int, ...] | Unpaired:
        twice = (min(owner.organisation, wish.organisation), max(owner.organisation, wish.organisation))
        wanted = SEVERAL if wish.several and twice in self.several else 1
        asked = [one for one in team if wish.named in (None, one.id)] if wanted == 1 else team
        allowed = [one for one in asked if self._types_meet(owner, one)]
        if not allowed:
            return Unpaired.TYPES
        free = [one for one in allowed if self.free[owner.id] & self.free[one.id]]
        if not free:
            return Unpaired.NO_COMMON_SLOT
        free.sort(
            key=lambda one: (one.id != wish.named, not self._wishes_back(one, owner), not one.is_lead, one.id)
        )
        return tuple(one.id for one in free[:wanted])

    def _types_meet(self, first: DelegateFact, second: DelegateFact) -> bool:
        return (min(first.type, second.type), max(first.type, second.type)) in self.sources.type_rules

    def _wishes_back(self, one: DelegateFact, owner: DelegateFact) -> bool:
        back = self.wishes.get((one.id, owner.organisation))
        return back is not None and back.named in (None, owner.id)
