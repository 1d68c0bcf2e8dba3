"""One registration as its page shows it; what a role may not see is not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from salon.enums import (
    DelegateStatus,
    QuestionKind,
    Source,
)
from salon.models import (
    Absence,
    Answer,
    Delegate,
    Question,
    Slot,
)


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the person: for roles that may."""

    email: str
    phone: str
    verified: bool


@dataclass(frozen=True, slots=True)
class PresenceSlot:
    """One slot of the edition and whether the person can be met then."""

    id: int
    session_id: int
    starts_at: datetime
    ends_at: datetime
    free: bool


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A question of the organiser and the answer, already in words but for translations."""

    label: dict[str, str]
    kind: QuestionKind
    text: str
    choices: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The person, from columns that the guard already loaded."""

    id: int
    first_name: str
    last_name: str
    job_title: str
    organisation_id: int
    organisation: str
    type_letter: str
    type_name: dict[str, str]
    type_hue: str
    status: DelegateStatus
    source: Source
    is_lead: bool
    reason: str
    locale: str
    languages: tuple[str, ...]
    step_free: bool
    interpreter: str
    stays_put: bool
    max_meetings: int | None
    min_override: int | None
    max_override: int | None
    type_min: int
    type_max: int | None
    created_at: datetime
    confirmed_at: datetime | None
    decided_at: datetime | None
    wishes_saved_at: datetime | None
    contact: Contact | None

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


def sheet(delegate: Delegate, *, sees_contact: bool) -> Sheet:
    """The person's own columns; `delegate` comes with its organisation, account and type."""
    account, kind = delegate.account, delegate.type
    contact = Contact(account.email, delegate.phone, account.verified_at is not None)
    return Sheet(
        delegate.id, delegate.first_name, delegate.last_name, delegate.job_title, delegate.organisation_id,
        delegate.organisation.name, kind.code, kind.name, kind.hue, delegate.status, delegate.source,
        delegate.is_lead, delegate.reason, delegate.locale, tuple(delegate.languages), delegate.step_free,
        delegate.interpreter, delegate.stays_put, delegate.max_meetings, delegate.min_override,
        delegate.max_override, kind.min_meetings, kind.max_meetings, delegate.created_at,
        delegate.confirmed_at, delegate.decided_at, delegate.wishes_saved_at,
        contact if sees_contact else None,
    )  # fmt: skip


def presence(session: Session, delegate: Delegate) -> tuple[PresenceSlot, ...]:
    """Every slot of the edition in order, free or not."""
    query = (
        select(Slot.id, Slot.session_id, Slot.starts_at, Slot.ends_at, Absence.slot_id.is_(None))
        .outerjoin(Absence, and_(Absence.slot_id == Slot.id, Absence.delegate_id == delegate.id))
        .where(Slot.edition_id == delegate.edition_id)
        .order_by(Slot.starts_at)
    )
    return tuple(PresenceSlot(*row) for row in session.execute(query))


def answers(session: Session, delegate: Delegate) -> tuple[AnswerLine, ...]:
    """The organiser's questions that are still asked, or were answered, with the answers."""
    query = (
        select(Question.label, Question.kind, Question.choices, Answer.value)
        .outerjoin(Answer, and_(Answer.question_id == Question.id, Answer.delegate_id == delegate.id))
        .where(
            Question.edition_id == delegate.edition_id,
            or_(Question.archived_at.is_(None), Answer.delegate_id.is_not(None)),
        )
        .order_by(Question.position, Question.id)
    )
    return tuple(_answer(*row) for row in session.execute(query))


def _answer(label: dict[str, str], kind: QuestionKind, choices: list[Any], value: Any) -> AnswerLine:
    value = value or {}
    picked = [choices[i] for i in value.get("choices", ()) if isinstance(i, int) and 0 <= i < len(choices)]
    return AnswerLine(label, kind, str(value.get("text", "")), tuple(picked))
