"""What the registration form needs to know of an edition: open types with their places, questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, QuestionKind
from salon.models import Answer, Delegate, Organisation, ParticipantType, Question

TAKES_A_PLACE = (DelegateStatus.APPROVED, DelegateStatus.PENDING)


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A type that anybody may choose; `left` is None without a limit, 0 when people wait."""

    id: int
    code: str
    hue: str
    name: dict[str, str]
    left: int | None
    closes_at: datetime | None
    has_waiting_list: bool

    @property
    def is_full(self) -> bool:
        return self.left == 0


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question of the organiser's."""

    id: int
    kind: QuestionKind
    label: dict[str, str]
    help: dict[str, str]
    purpose: str
    choices: tuple[dict[str, str], ...]
    required: bool


def open_types(session: Session, edition_id: int, now: datetime) -> tuple[TypeRow, ...]:
    """Types of the public form that still take people, full ones only if they have a waiting list."""
    taken = (
        select(Delegate.type_id, func.count().label("taken"))
        .where(Delegate.edition_id == edition_id, Delegate.status.in_(TAKES_A_PLACE))
        .group_by(Delegate.type_id)
        .subquery()
    )
    query = (
        select(ParticipantType, func.coalesce(taken.c.taken, 0))
        .outerjoin(taken, taken.c.type_id == ParticipantType.id)
        .where(ParticipantType.edition_id == edition_id, ParticipantType.is_open)
        .where(ParticipantType.closes_at.is_(None) | (ParticipantType.closes_at > now))
        .order_by(ParticipantType.position, ParticipantType.id)
    )
    rows = (_type(*row) for row in session.execute(query))
    return tuple(row for row in rows if not row.is_full or row.has_waiting_list)


def _type(row: ParticipantType, taken: int) -> TypeRow:
    left = None if row.capacity is None else max(0, row.capacity - taken)
    return TypeRow(row.id, row.code, row.hue, row.name, left, row.closes_at, row.has_waiting_list)


def questions(session: Session, edition_id: int) -> tuple[QuestionRow, ...]:
    """The questions that are asked now, in order."""
    query = (
        select(Question)
        .where(Question.edition_id == edition_id, Question.archived_at.is_(None))
        .order_by(Question.position, Question.id)
    )
    return tuple(
        QuestionRow(q.id, q.kind, q.label, q.help, q.purpose, tuple(q.choices), q.required)
        for q in session.scalars(query)
    )


def answers(session: Session, delegate_id: int) -> dict[int, dict[str, Any]]:
    """Stored answers of a delegate, by question."""
    query = select(Answer.question_id, Answer.value).where(Answer.delegate_id == delegate_id)
    return {row.question_id: row.value for row in session.execute(query)}


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody who came before, as they described themselves the last time."""

    first_name: str
    last_name: str
    job_title: str
    phone: str
    languages: tuple[str, ...]
    organisation: str


def known_person(session: Session, account_id: int) -> KnownPerson | None:
    """The latest registration of an account, in any edition; access needs are asked anew."""
    query = (
        select(Delegate, Organisation.name)
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .where(Delegate.account_id == account_id)
        .order_by(Delegate.id.desc())
        .limit(1)
    )
    found = session.execute(query).first()
    if found is None:
        return None
    one, organisation = found
    return KnownPerson(
        one.first_name, one.last_name, one.job_title, one.phone, tuple(one.languages), organisation
    )
