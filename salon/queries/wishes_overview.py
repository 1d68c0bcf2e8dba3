"""Will the plan be balanced? Who asks whom, how much, and how many places there are to answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, WishLevel
from salon.keys import fold
from salon.models import (
    Absence,
    Delegate,
    Edition,
    Exclusion,
    MandatoryMeeting,
    Organisation,
    ParticipantType,
    Slot,
    TypeRule,
    Wish,
)


@dataclass(frozen=True, slots=True)
class Person:
    """An approved delegate and what the overview says of them."""

    id: int
    name: str
    organisation: str
    organisation_id: int
    type_id: int
    places: int  # meetings that this person can have: slots they are free at, within every limit
    wishes: int = 0
    returned: int = 0  # of those, wished back by the organisation


@dataclass(frozen=True, slots=True)
class Asked:
    """An organisation, how many people ask to meet it, and how many it can meet."""

    organisation_id: int
    organisation: str
    asked: int
    places: int


@dataclass(frozen=True, slots=True)
class SideGauge:
    """A participant type: places its people offer against wishes that ask for them."""

    type_id: int
    letter: str
    name: dict[str, str]
    hue: str
    people: int
    places: int
    asked: int
    asking: int  # wishes that its own people made


@dataclass(frozen=True, slots=True)
class Day:
    """Wishes of the lists as they are now, by the day they were added."""

    day: date
    added: int
    total: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the page; lists are sorted, the worst first."""

    people: int  # approved people who may meet somebody
    wishing: int  # of them, those with a wish
    must: int
    meet: int
    no_thanks: int
    mutual: int  # pairs of organisations that wish each other
    distribution: tuple[int, ...]  # how many people made 0, 1, 2… wishes
    days: tuple[Day, ...]
    sides: tuple[SideGauge, ...]
    without: tuple[Person, ...]
    over_asked: tuple[Asked, ...]
    one_sided: tuple[Person, ...]
    exclusions: int
    mandatory: int

    @property
    def wishes(self) -> int:
        return self.must + self.meet


@dataclass(frozen=True, slots=True)
class _Wish:
    owner: int
    organisation: int
    level: WishLevel
    created_at: datetime


@dataclass(frozen=True, slots=True)
class _Type:
    id: int
    letter: str
    name: dict[str, str]
    hue: str
    meets: bool  # some rule lets it meet somebody


def overview(session: Session, edition: Edition) -> Overview:
    """The balance of the wishes, in six statements."""
    slots, exclusions, mandatory = _figures(session, edition)
    types = _types(session, edition)
    meeting_types = {key for key, one in types.items() if one.meets}
    everybody = _people(session, edition, slots)
    wishes = [wish for wish in _wishes(session, edition) if wish.owner in everybody]
    asked = [wish for wish in wishes if wish.level is not WishLevel.NO_THANKS]
    counted = _counted(everybody, asked)
    people = [one for one in counted.values() if one.type_id in meeting_types]
    levels = Counter(wish.level for wish in wishes)
    return Overview(
        people=len(people),
        wishing=sum(one.wishes > 0 for one in people),
        must=levels[WishLevel.MUST],
        meet=levels[WishLevel.MEET],
        no_thanks=levels[WishLevel.NO_THANKS],
        mutual=len(_mutual(everybody, asked)),
        distribution=_distribution(people, edition.max_wishes),
        days=_days(asked, ZoneInfo(edition.timezone)),
        sides=_sides(types.values(), counted.values(), asked),
        without=_by_name(one for one in people if one.wishes == 0),
        over_asked=_over_asked(counted.values(), asked) if slots else (),
        one_sided=_by_name(one for one in people if one.wishes and not one.returned),
        exclusions=exclusions,
        mandatory=mandatory,
    )


def _figures(session: Session, edition: Edition) -> tuple[int, int, int]:
    counts = [
        select(func.count()).select_from(table).where(table.edition_id == edition.id).scalar_subquery()
        for table in (Slot, Exclusion, MandatoryMeeting)
    ]
    slots, exclusions, mandatory = session.execute(select(*counts)).one()
    return slots, exclusions, mandatory


def _types(session: Session, edition: Edition) -> dict[int, _Type]:
    rules = select(TypeRule.first_id, TypeRule.second_id).where(TypeRule.edition_id == edition.id)
    meeting = {key for pair in session.execute(rules) for key in pair}
    query = (
        select(ParticipantType.id, ParticipantType.code, ParticipantType.name, ParticipantType.hue)
        .where(ParticipantType.edition_id == edition.id)
        .order_by(ParticipantType.position)
    )
    return {
        key: _Type(key, letter, name, hue, key in meeting)
        for key, letter, name, hue in session.execute(query)
    }


def _people(session: Session, edition: Edition, slots: int) -> dict[int, Person]:
    absent = (
        select(func.count())
        .select_from(Absence)
        .where(Absence.delegate_id == Delegate.id)
        .correlate(Delegate)
        .scalar_subquery()
    )
    query = (
        select(
            Delegate.id, Delegate.first_name, Delegate.last_name, Organisation.name, Delegate.organisation_id,
            Delegate.type_id, Delegate.max_meetings, Delegate.max_override, ParticipantType.max_meetings,
            absent,
        )
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .join(ParticipantType, ParticipantType.id == Delegate.type_id)
        .where(Delegate.edition_id == edition.id, Delegate.status == DelegateStatus.APPROVED)
    )  # fmt: skip
    return {row[0]: _person(row, slots) for row in session.execute(query)}


def _person(row: tuple[object, ...], slots: int) -> Person:
    key, first, last, name, organisation_id, type_id, own, override, most, absent = row
    limits = [n for n in (own, most if override is None else override) if isinstance(n, int)]
    free = slots - (absent if isinstance(absent, int) else 0)
    return Person(key, f"{first} {last}", str(name), organisation_id, type_id, min([free, *limits]))  # type: ignore[arg-type]


def _wishes(session: Session, edition: Edition) -> list[_Wish]:
    query = select(Wish.owner_id, Wish.organisation_id, Wish.level, Wish.created_at)
    return [_Wish(*row) for row in session.execute(query.where(Wish.edition_id == edition.id))]


# Pure -------------------------------------------------------------------------------------------------------


def _counted(people: Mapping[int, Person], asked: Iterable[_Wish]) -> dict[int, Person]:
    """The people with how many wishes they made and how many of those come back."""
    wanting: dict[int, set[int]] = defaultdict(set)  # organisation -> organisations it asks for
    made: dict[int, list[int]] = defaultdict(list)
    for wish in asked:
        wanting[people[wish.owner].organisation_id].add(wish.organisation)
        made[wish.owner].append(wish.organisation)
    return {
        key: Person(
            one.id, one.name, one.organisation, one.organisation_id, one.type_id, one.places,
            wishes=len(made[key]),
            returned=sum(one.organisation_id in wanting[other] for other in made[key]),
        )
        for key, one in people.items()
    }  # fmt: skip


def _mutual(people: Mapping[int, Person], asked: Iterable[_Wish]) -> set[tuple[int, int]]:
    arrows = {(people[wish.owner].organisation_id, wish.organisation) for wish in asked}
    return {(one, other) for one, other in arrows if one < other and (other, one) in arrows}


def _distribution(people: Collection[Person], most: int) -> tuple[int, ...]:
    counts = Counter(one.wishes for one in people)
    return tuple(counts[n] for n in range(max([most, *counts]) + 1))


def _days(asked: Iterable[_Wish], zone: ZoneInfo) -> tuple[Day, ...]:
    added = Counter(wish.created_at.astimezone(zone).date() for wish in asked)
    total, days = 0, []
    for day in sorted(added):
        total += added[day]
        days.append(Day(day, added[day], total))
    return tuple(days)


def _sides(
    types: Iterable[_Type], people: Collection[Person], asked: Collection[_Wish]
) -> tuple[SideGauge, ...]:
    """A wish for an organisation counts for the type of its people, once whatever their number."""
    types_of: dict[int, set[int]] = defaultdict(set)
    for one in people:
        types_of[one.organisation_id].add(one.type_id)
    towards = Counter(key for wish in asked for key in types_of[wish.organisation])
    gauges = []
    for kind in types:
        own = [one for one in people if one.type_id == kind.id]
        if kind.meets and own:
            places, asking = sum(one.places for one in own), sum(one.wishes for one in own)
            gauges.append(SideGauge(kind.id, kind.letter, kind.name, kind.hue, len(own), places,
                                    towards[kind.id], asking))  # fmt: skip
    return tuple(gauges)


def _over_asked(people: Iterable[Person], asked: Iterable[_Wish]) -> tuple[Asked, ...]:
    places: Counter[int] = Counter()
    names: dict[int, str] = {}
    for one in people:
        places[one.organisation_id] += one.places
        names[one.organisation_id] = one.organisation
    counts = Counter(wish.organisation for wish in asked)
    found = [
        Asked(key, names[key], count, places[key])
        for key, count in counts.items()
        if key in names and count > places[key]
    ]
    return tuple(sorted(found, key=lambda one: (one.places - one.asked, fold(one.organisation))))


def _by_name(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple(sorted(people, key=lambda one: (fold(one.organisation), fold(one.name), one.id)))
