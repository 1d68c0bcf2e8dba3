"""Whoever saves a row second is told, whatever the row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from salon.actor import system
from salon.clockwork import Stretch
from salon.enums import QuestionKind
from salon.errors import DomainError
from salon.models import Base, Edition, MeetingSession, ProgrammeItem, Question
from salon.queries import settings
from salon.services import programme, questions, room, stamps, types
from salon.services.programme import ItemInput
from salon.services.questions import QuestionInput
from salon.services.room import TableInput
from salon.services.types import TypeInput
from tests.conftest import NOW
from tests.factories import Factory

ACTOR = system("test")
DAY = date(2027, 3, 11)
Case = tuple[Base, Callable[[str, str], Any]]  # the row, and a save of it with a word and a stamp


def _table(session: Session, make: Factory, edition: Edition) -> Case:
    row = make.tables(edition, 1)[0]
    return row, lambda word, seen: room.save_table(
        session, ACTOR, NOW, edition=edition, table=row, values=TableInput("T1", word), seen=seen
    )


def _type(session: Session, make: Factory, edition: Edition) -> Case:
    row = make.type(edition)

    def save(word: str, seen: str) -> None:
        values = TypeInput("A", {"fr": word}, "A", None, True, None, False, True, 0, None, None, False)
        types.save_type(session, ACTOR, NOW, edition=edition, values=values, existing=row, seen=seen)

    return row, save


def _question(session: Session, make: Factory, edition: Edition) -> Case:
    row = Question(edition_id=edition.id, position=1, kind=QuestionKind.TEXT, label={"fr": "Q"})
    session.add(row)
    session.flush()

    def save(word: str, seen: str) -> None:
        values = QuestionInput(QuestionKind.TEXT, {"fr": word}, {}, (), False, "")
        questions.save_question(session, ACTOR, NOW, edition=edition, values=values, existing=row, seen=seen)

    return row, save


def _item(session: Session, make: Factory, edition: Edition) -> Case:
    noon = datetime(2027, 3, 11, 11, 0, tzinfo=UTC)
    row = ProgrammeItem(
        edition_id=edition.id, starts_at=noon, ends_at=noon + timedelta(hours=1), title={"fr": "I"}
    )
    session.add(row)
    session.flush()

    def save(word: str, seen: str) -> None:
        values = ItemInput({"fr": word}, DAY, time(12), time(13))
        programme.save_item(session, ACTOR, NOW, edition=edition, values=values, existing=row, seen=seen)

    return row, save


def _session(session: Session, make: Factory, edition: Edition) -> Case:
    row = session.get_one(MeetingSession, make.slots(edition, 2)[0].session_id)

    def save(word: str, seen: str) -> None:
        stretch = Stretch(DAY, time(9), time(18), 20, 5, word)
        programme.save_session(
            session, ACTOR, NOW, edition=edition, stretch=stretch, existing=row, confirmed=True, seen=seen
        )

    return row, save


@pytest.mark.parametrize("case", [_table, _type, _question, _item, _session])
def test_the_second_of_two_is_refused(
    session: Session, make: Factory, case: Callable[[Session, Factory, Edition], Case]
) -> None:
    row, save = case(session, make, make.edition())
    seen = stamps.of_row(row)
    save("Sophie", seen)
    with pytest.raises(DomainError, match="changed_meanwhile"):
        save("Rémi", seen)
    assert stamps.of_row(row) != seen
    save("Rémi", stamps.of_row(row))


def test_a_matrix_is_compared_as_a_whole(session: Session, make: Factory) -> None:
    edition = make.edition()
    buyers, exhibitors = make.two_sides(edition)
    seen = stamps.of_values(settings.pair_values(session, edition))
    types.save_matrix(session, ACTOR, NOW, edition=edition, pairs=[(buyers.id, buyers.id)], seen=seen)
    with pytest.raises(DomainError, match="changed_meanwhile"):
        types.save_matrix(session, ACTOR, NOW, edition=edition, pairs=[], seen=seen)
    assert types.save_matrix(session, ACTOR, NOW, edition=edition, pairs=[(exhibitors.id, buyers.id)]) == 1


def test_a_place_in_the_order_is_no_change(session: Session, make: Factory) -> None:
    one, other = make.tables(make.edition(), 2, zone="Nord")
    before = stamps.of_row(one)
    assert before != stamps.of_row(other)  # their labels differ
    one.position += 10
    assert stamps.of_row(one) == before
    one.zone = "Sud"
    assert stamps.of_row(one) != before
