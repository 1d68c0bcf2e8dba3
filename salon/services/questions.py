"""The organiser's own questions at registration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import QuestionKind
from salon.errors import DomainError, Invalid
from salon.models import Answer, Edition, Question
from salon.services import audit, stamps

WITH_CHOICES = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})
MAX_QUESTIONS, MAX_CHOICES = 30, 40


@dataclass(frozen=True, slots=True)
class QuestionInput:
    """A question as typed; texts by language, choices in their order."""

    kind: QuestionKind
    label: dict[str, str]
    help: dict[str, str]
    choices: tuple[dict[str, str], ...]
    required: bool
    purpose: str


def save_question(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    values: QuestionInput,
    existing: Question | None = None,
    seen: str | None = None,
) -> Question:
    """The question as typed, last when it is new; `seen` is the stamp of the question that was shown.

    Raises
    ------
    Invalid
        No words, too few choices; once answered, another kind or fewer choices.
    DomainError
        `changed_meanwhile`, `too_many_questions`.
    """
    _check(values)
    if existing is not None:
        stamps.check(session, existing, seen)
        _keep_answers_true(session, values, existing)
    row = existing or Question(edition_id=edition.id, position=_next_position(session, edition))
    row.kind, row.label, row.help = values.kind, dict(values.label), dict(values.help)
    row.choices = [dict(choice) for choice in values.choices] if values.kind in WITH_CHOICES else []
    row.required, row.purpose = values.required, values.purpose
    session.add(row)
    session.flush()
    action = "question_changed" if existing else "question_added"
    audit.record(session, actor, now, action, edition_id=edition.id, obj=row)
    return row


def _check(values: QuestionInput) -> None:
    if not any(values.label.values()):
        raise Invalid("question_empty", field="label_fr")
    if values.kind in WITH_CHOICES and not 2 <= len(values.choices) <= MAX_CHOICES:
        raise Invalid("choices_between", field="choices_fr", least=2, most=MAX_CHOICES)


def _keep_answers_true(session: Session, values: QuestionInput, existing: Question) -> None:
    """Answers hold the index of a choice: neither the kind nor the places of choices may move."""
    if not answers(session, existing):
        return
    if values.kind is not existing.kind:
        raise Invalid("question_answered_kind", field="kind")
    if len(values.choices) < len(existing.choices) and values.kind in WITH_CHOICES:
        raise Invalid("question_answered_choices", field="choices_fr")


def answers(session: Session, question: Question) -> int:
    """How many people answered it."""
    query = select(func.count()).select_from(Answer).where(Answer.question_id == question.id)
    return session.scalar(query) or 0


def _next_position(session: Session, edition: Edition) -> int:
    mine = Question.edition_id == edition.id
    count, last = session.execute(select(func.count(), func.max(Question.position)).where(mine)).one()
    if count >= MAX_QUESTIONS:
        raise DomainError("too_many_questions", limit=MAX_QUESTIONS)
    return (last or 0) + 1


def archive(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, question: Question, away: bool
) -> None:
    """The question is asked no more (`away`) or again; its answers stay."""
    question.archived_at = now if away else None
    session.flush()
    action = "question_archived" if away else "question_restored"
    audit.record(session, actor, now, action, edition_id=edition.id, obj=question)


def move(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, question: Question, up: bool
) -> None:
    """The question trades places with its neighbour; at the ends nothing changes."""
    query = select(Question).where(Question.edition_id == edition.id, Question.archived_at.is_(None))
    rows = list(session.scalars(query.order_by(Question.position, Question.id)))
    if question not in rows:
        raise DomainError("question_is_archived")
    here = rows.index(question)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    for position, row in enumerate(rows, 1):
        row.position = position
    session.flush()
    audit.record(session, actor, now, "question_moved", edition_id=edition.id, obj=question)


def delete_question(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, question: Question
) -> None:
    """The question is gone; raises `question_answered` when somebody answered: archive it instead."""
    if count := answers(session, question):
        raise DomainError("question_answered", count=count)
    audit.record(session, actor, now, "question_deleted", edition_id=edition.id, obj=question)
    session.delete(question)
    session.flush()
