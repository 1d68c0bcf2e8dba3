"""Participant types and the matrix of who may meet whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.errors import DomainError, Invalid
from salon.models import Delegate, Edition, ParticipantType, TypeRule
from salon.queries import settings
from salon.services import audit, editions, programme, registrations, stamps

HUES = ("A", "E", "P", "V", "O")
MAX_TYPES = 10


@dataclass(frozen=True, slots=True)
class TypeInput:
    """A type as typed; names are those of `ParticipantType`'s columns."""

    code: str
    name: dict[str, str]
    hue: str
    capacity: int | None
    has_waiting_list: bool
    closes_at: datetime | None
    approves_itself: bool
    is_open: bool
    min_meetings: int
    max_meetings: int | None
    max_per_day: int | None
    minimum_is_hard: bool


def save_type(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    values: TypeInput,
    existing: ParticipantType | None = None,
    seen: str | None = None,
) -> ParticipantType:
    """The type as typed, last in the list when it is new; `seen` is the stamp of the type that was shown.

    Raises
    ------
    Invalid
        Beside the field to mend.
    DomainError
        `changed_meanwhile`, `too_many_types`.
    """
    if existing is not None:
        stamps.check(session, existing, seen)
    _check(session, edition, values, existing)
    row = existing or ParticipantType(edition_id=edition.id, position=_next_position(session, edition))
    for name, value in asdict(values).items():
        setattr(row, name, value)
    session.add(row)
    editions.reach(edition, 5)
    session.flush()
    action = "type_changed" if existing else "type_added"
    audit.record(session, actor, now, action, edition_id=edition.id, obj=row)
    if existing:
        registrations.promote_waiting(session, actor, now, type_=row)  # places that were just added
    return row


def _check(session: Session, edition: Edition, values: TypeInput, existing: ParticipantType | None) -> None:
    if len(values.code) != 1 or not ("A" <= values.code <= "Z"):
        raise Invalid("letter_needed", field="code")
    if values.hue not in HUES:
        raise Invalid("unknown_hue", field="hue")
    if not any(values.name.values()):
        raise Invalid("name_needed", field="name_fr")
    others = [t for t in of_edition(session, edition) if t is not existing]
    if any(other.code == values.code for other in others):
        raise Invalid("letter_taken", field="code", letter=values.code)
    if existing is None and len(others) >= MAX_TYPES:
        raise DomainError("too_many_types", limit=MAX_TYPES)
    _check_numbers(values)


def _check_numbers(values: TypeInput) -> None:
    for name, least in (("capacity", 1), ("max_meetings", 1), ("max_per_day", 1), ("min_meetings", 0)):
        number = getattr(values, name)
        if number is not None and not least <= number <= 100_000:
            raise Invalid("number_between", field=name, least=least, most=100_000)
    if values.max_meetings is not None and values.min_meetings > values.max_meetings:
        raise Invalid("minimum_over_maximum", field="min_meetings")


def of_edition(session: Session, edition: Edition) -> list[ParticipantType]:
    """The edition's types in their order."""
    query = select(ParticipantType).where(ParticipantType.edition_id == edition.id)
    return list(session.scalars(query.order_by(ParticipantType.position, ParticipantType.id)))


def _next_position(session: Session, edition: Edition) -> int:
    last = select(func.max(ParticipantType.position)).where(ParticipantType.edition_id == edition.id)
    return (session.scalar(last) or 0) + 1


def delete_type(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, existing: ParticipantType
) -> None:
    """The type and its rules are gone; raises `type_in_use` while somebody is registered under it."""
    programme.refuse_during_run(session, edition)
    people = select(func.count()).select_from(Delegate).where(Delegate.type_id == existing.id)
    if count := session.scalar(people):
        raise DomainError("type_in_use", count=count)
    touches = (TypeRule.first_id == existing.id) | (TypeRule.second_id == existing.id)
    session.execute(delete(TypeRule).where(touches))
    audit.record(session, actor, now, "type_deleted", edition_id=edition.id, obj=existing)
    session.delete(existing)
    session.flush()


def save_matrix(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    pairs: Iterable[tuple[int, int]],
    seen: str | None = None,
) -> int:
    """Exactly these pairs of types may meet, whatever their order; returns how many.

    `seen` is the stamp of the pairs that were shown; raises `changed_meanwhile` when others are stored.
    """
    session.execute(select(Edition.id).where(Edition.id == edition.id).with_for_update())  # one at a time
    stamps.check_values(settings.pair_values(session, edition), seen)
    known = {row.id for row in of_edition(session, edition)}
    wanted = {(min(pair), max(pair)) for pair in pairs}
    if any(one not in known for pair in wanted for one in pair):
        raise Invalid("unknown_type")
    session.execute(delete(TypeRule).where(TypeRule.edition_id == edition.id))
    for first, second in sorted(wanted):
        session.add(TypeRule(edition_id=edition.id, first_id=first, second_id=second))
    editions.reach(edition, 5)
    session.flush()
    audit.record(session, actor, now, "rules_changed", edition_id=edition.id, count=len(wanted))
    return len(wanted)
