"""Types, the matrix, and the organiser's questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import system
from salon.enums import QuestionKind
from salon.errors import DomainError, Invalid
from salon.models import Answer, Edition, Question, TypeRule
from salon.services import questions, types
from salon.services.questions import QuestionInput
from salon.services.types import TypeInput
from tests.factories import Factory

ROBOT = system("test")
BUYER = TypeInput("A", {"fr": "Acheteur", "en": "Buyer"}, "A", 100, True, None, False, True, 4, 12, 8, False)
CHOICE = QuestionInput(
    QuestionKind.CHOICE, {"fr": "Repas ?"}, {}, ({"fr": "Oui"}, {"fr": "Non"}), True, "Pour le traiteur"
)


def _save(session: Session, now: datetime, edition: Edition, values: TypeInput) -> int:
    return types.save_type(session, ROBOT, now, edition=edition, values=values).id


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"code": "AB"}, "letter_needed", "code"),
        ({"code": "é"}, "letter_needed", "code"),
        ({"hue": "X"}, "unknown_hue", "hue"),
        ({"name": {}}, "name_needed", "name_fr"),
        ({"capacity": 0}, "number_between", "capacity"),
        ({"min_meetings": 13}, "minimum_over_maximum", "min_meetings"),
    ],
)
def test_types_that_cannot_be_are_refused(
    session: Session, make: Factory, now: datetime, changes: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        _save(session, now, make.edition(), replace(BUYER, **changes))  # type: ignore[arg-type]
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_a_letter_serves_once_in_an_edition(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    _save(session, now, edition, BUYER)
    with pytest.raises(Invalid, match="letter_taken"):
        _save(session, now, edition, BUYER)
    assert _save(session, now, make.edition(), BUYER)


def test_a_type_with_people_stays(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    buyers, exhibitors = make.two_sides(edition)
    make.delegate(edition, buyers)
    with pytest.raises(DomainError, match="type_in_use"):
        types.delete_type(session, ROBOT, now, edition=edition, existing=buyers)
    types.delete_type(session, ROBOT, now, edition=edition, existing=exhibitors)
    assert session.scalar(select(TypeRule.edition_id)) is None


def test_the_matrix_is_what_was_ticked(session: Session, make: Factory, now: datetime) -> None:
    edition, other = make.edition(), make.edition()
    buyers, exhibitors = make.two_sides(edition)
    pairs = [(exhibitors.id, buyers.id), (buyers.id, exhibitors.id), (buyers.id, buyers.id)]
    assert types.save_matrix(session, ROBOT, now, edition=edition, pairs=pairs) == 2
    rows = session.execute(select(TypeRule.first_id, TypeRule.second_id))
    assert {tuple(row) for row in rows} == {(buyers.id, exhibitors.id), (buyers.id, buyers.id)}
    stranger = make.type(other)
    with pytest.raises(Invalid, match="unknown_type"):
        types.save_matrix(session, ROBOT, now, edition=edition, pairs=[(buyers.id, stranger.id)])


def _ask(
    session: Session, now: datetime, edition: Edition, values: QuestionInput, existing: Question | None = None
) -> Question:
    return questions.save_question(session, ROBOT, now, edition=edition, values=values, existing=existing)


def test_questions_keep_their_order_and_move(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    rows = [_ask(session, now, edition, replace(CHOICE, label={"fr": str(n)})) for n in range(3)]
    questions.move(session, ROBOT, now, edition=edition, question=rows[2], up=True)
    questions.move(session, ROBOT, now, edition=edition, question=rows[0], up=True)
    query = select(Question).order_by(Question.position)
    assert [row.label["fr"] for row in session.scalars(query)] == ["0", "2", "1"]
    questions.archive(session, ROBOT, now, edition=edition, question=rows[0], away=True)
    with pytest.raises(DomainError, match="question_is_archived"):
        questions.move(session, ROBOT, now, edition=edition, question=rows[0], up=False)


@pytest.mark.parametrize(
    ("changes", "field"), [({"label": {}}, "label_fr"), ({"choices": ({"fr": "Oui"},)}, "choices_fr")]
)
def test_empty_questions_are_refused(
    session: Session, make: Factory, now: datetime, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        _ask(session, now, make.edition(), replace(CHOICE, **changes))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_answers_stay_true(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    row = _ask(session, now, edition, CHOICE)
    person = make.delegate(edition, make.type(edition))
    session.add(Answer(delegate_id=person.id, question_id=row.id, value={"choices": [1]}))
    session.flush()
    with pytest.raises(Invalid, match="question_answered_kind"):
        _ask(session, now, edition, replace(CHOICE, kind=QuestionKind.TEXT), row)
    longer = replace(CHOICE, choices=(*CHOICE.choices, {"fr": "Peut-être"}))
    _ask(session, now, edition, longer, row)
    with pytest.raises(Invalid, match="question_answered_choices"):
        _ask(session, now, edition, CHOICE, row)
    with pytest.raises(DomainError, match="question_answered"):
        questions.delete_question(session, ROBOT, now, edition=edition, question=row)
