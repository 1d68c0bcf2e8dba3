"""Pairs that the organiser forbids or orders, and who can be chosen for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

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
    Participation,
    Slot,
    TypeRule,
    Wish,
)


@dataclass(frozen=True, slots=True)
class ExclusionLine:
    """Two structures that never meet, and why."""

    id: int
    first: str
    second: str
    first_id: int
    second_id: int
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OrganisationChoice:
    """A structure that takes part; `label` tells it from its namesakes and is what a page sends back."""

    id: int
    label: str
    key: str


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """Somebody who can be met; `label` is what a page sends back."""

    id: int
    label: str
    key: str


@dataclass(frozen=True, slots=True)
class Side:
    """One person of an ordered meeting."""

    id: int
    name: str
    organisation: str
    organisation_id: int
    type_id: int
    type_letter: str
    type_hue: str
    type_name: dict[str, str]
    status: DelegateStatus
    most: int | None  # meetings, the strictest of all the limits


@dataclass(frozen=True, slots=True)
class Conflict:
    """A hard rule that an ordered meeting breaks; `who` names the side that the rule is about."""

    rule: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class MandatoryLine:
    """An ordered meeting and the hard rules that forbid it."""

    id: int
    first: Side
    second: Side
    reason: str
    created_at: datetime
    conflicts: tuple[Conflict, ...]


def lines(session: Session, edition: Edition) -> tuple[ExclusionLine, ...]:
    """The exclusions of the edition, by name."""
    first, second = aliased(Organisation), aliased(Organisation)
    query = (
        select(
            Exclusion.id, first.name, second.name, first.id, second.id, Exclusion.reason, Exclusion.created_at
        )
        .join(first, first.id == Exclusion.first_id)
        .join(second, second.id == Exclusion.second_id)
        .where(Exclusion.edition_id == edition.id)
    )
    found = (ExclusionLine(*row) for row in session.execute(query))
    return tuple(sorted(found, key=lambda line: (fold(line.first), fold(line.second))))


def organisation_choices(session: Session, edition: Edition) -> tuple[OrganisationChoice, ...]:
    """The structures of the edition, by name."""
    query = (
        select(Organisation.id, Organisation.name)
        .join(Participation, Participation.organisation_id == Organisation.id)
        .where(Participation.edition_id == edition.id)
    )
    found = (OrganisationChoice(key, name, fold(name)) for key, name in session.execute(query))
    return tuple(sorted(found, key=lambda choice: choice.key))


def person_choices(session: Session, edition: Edition) -> tuple[PersonChoice, ...]:
    """The approved people of the edition, by surname; namesakes of one structure get their number."""
    query = (
        select(Delegate.id, Delegate.last_name, Delegate.first_name, Organisation.name)
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .where(Delegate.edition_id == edition.id, Delegate.status == DelegateStatus.APPROVED)
    )
    rows = sorted(session.execute(query), key=lambda row: (fold(row[1]), fold(row[2]), row[0]))
    seen: dict[str, int] = defaultdict(int)
    found = []
    for key, last, first, organisation in rows:
        label = f"{last}, {first} – {organisation}"
        seen[label] += 1
        label = f"{label} ({key})" if seen[label] > 1 else label
        found.append(PersonChoice(key, label, fold(label)))
    return tuple(found)


# Ordered meetings -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rules:
    """The hard rules of the edition that an order can break."""

    types: frozenset[tuple[int, int]]
    exclusions: frozenset[tuple[int, int]]
    refusals: frozenset[tuple[int, int]]  # delegate, organisation
    absences: Mapping[int, frozenset[int]]
    slots: int


def mandatory_lines(session: Session, edition: Edition) -> tuple[MandatoryLine, ...]:
    """The ordered meetings of the edition with what forbids each."""
    first, second = aliased(Delegate), aliased(Delegate)
    query = (
        select(MandatoryMeeting, *_side_columns(first), *_side_columns(second))
        .join(first, first.id == MandatoryMeeting.first_id)
        .join(second, second.id == MandatoryMeeting.second_id)
    )
    for person in (first, second):
        home, kind = aliased(Organisation), aliased(ParticipantType)
        query = query.join(home, home.id == person.organisation_id).join(kind, kind.id == person.type_id)
        query = query.add_columns(
            home.name, kind.code, kind.hue, kind.name, kind.max_meetings, person.max_override
        )
    rows = session.execute(query.where(MandatoryMeeting.edition_id == edition.id)).all()
    rules = _rules(session, edition, {key for row in rows for key in (row[1], row[7])})
    found = [_line(row, rules) for row in rows]
    return tuple(sorted(found, key=lambda line: (fold(line.first.name), fold(line.second.name))))


def _side_columns(person: Any) -> tuple[Any, ...]:
    return (
        person.id, person.first_name + " " + person.last_name, person.organisation_id, person.type_id,
        person.status, person.max_meetings,
    )  # fmt: skip


def _side(one: Any, more: Any) -> Side:
    key, name, organisation_id, type_id, status, own = one
    organisation, letter, hue, type_name, type_most, override = more
    limits = [n for n in (own, type_most if override is None else override) if n is not None]
    return Side(key, name, organisation, organisation_id, type_id, letter, hue, type_name, status,
                min(limits) if limits else None)  # fmt: skip


def _line(row: Any, rules: _Rules) -> MandatoryLine:
    order: MandatoryMeeting = row[0]
    first, second = _side(row[1:7], row[13:19]), _side(row[7:13], row[19:25])
    return MandatoryLine(
        order.id, first, second, order.reason, order.created_at, conflicts(first, second, rules)
    )


def conflicts(first: Side, second: Side, rules: _Rules) -> tuple[Conflict, ...]:
    """Every hard rule against a meeting of these two."""
    found = []
    if first.organisation_id == second.organisation_id:
        found.append(Conflict("same_organisation"))
    elif _pair(first.organisation_id, second.organisation_id) in rules.exclusions:
        found.append(Conflict("exclusion"))
    if _pair(first.type_id, second.type_id) not in rules.types:
        found.append(Conflict("types"))
    for one, other in ((first, second), (second, first)):
        if (one.id, other.organisation_id) in rules.refusals:
            found.append(Conflict("no_thanks", one.name))
        if one.status is not DelegateStatus.APPROVED:
            found.append(Conflict("not_approved", one.name))
        if one.most == 0:
            found.append(Conflict("no_meeting_left", one.name))
    away = rules.absences.get(first.id, frozenset()) | rules.absences.get(second.id, frozenset())
    if rules.slots and len(away) >= rules.slots:
        found.append(Conflict("no_common_slot"))
    return tuple(found)


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _rules(session: Session, edition: Edition, people: set[int]) -> _Rules:
    types = select(TypeRule.first_id, TypeRule.second_id).where(TypeRule.edition_id == edition.id)
    excluded = select(Exclusion.first_id, Exclusion.second_id).where(Exclusion.edition_id == edition.id)
    refused = select(Wish.owner_id, Wish.organisation_id).where(
        Wish.edition_id == edition.id, Wish.level == WishLevel.NO_THANKS, Wish.owner_id.in_(people)
    )
    away: dict[int, set[int]] = defaultdict(set)
    for delegate_id, slot_id in session.execute(
        select(Absence.delegate_id, Absence.slot_id).where(Absence.delegate_id.in_(people))
    ):
        away[delegate_id].add(slot_id)
    return _Rules(
        frozenset((one, other) for one, other in session.execute(types)),
        frozenset((one, other) for one, other in session.execute(excluded)),
        frozenset((one, other) for one, other in session.execute(refused)),
        {key: frozenset(slots) for key, slots in away.items()},
        session.scalar(select(func.count()).select_from(Slot).where(Slot.edition_id == edition.id)) or 0,
    )


def find_order(session: Session, edition: Edition, order_id: int) -> MandatoryLine | None:
    """One ordered meeting with its conflicts."""
    return next((line for line in mandatory_lines(session, edition) if line.id == order_id), None)
