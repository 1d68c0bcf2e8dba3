"""Tables by range, stands, and what may be deleted."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.actor import system
from salon.enums import DraftOrigin
from salon.errors import DomainError, Invalid
from salon.models import Draft, Edition, Meeting, Placement, Table
from salon.services import room
from salon.services.room import TableInput, read_labels
from tests.factories import Factory

ROBOT = system("test")


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("T01 à T03", ("T01", "T02", "T03")),
        ("T9-T11", ("T9", "T10", "T11")),
        ("A1 to A2", ("A1", "A2")),
        ("1…2", ("1", "2")),
        ("Accueil", ("Accueil",)),
        ("A-1 à A-2, B7", ("A-1", "A-2", "B7")),
        ("Stand 08 à 10", ("Stand 08", "Stand 09", "Stand 10")),
    ],
)
def test_ranges_are_read(text: str, labels: tuple[str, ...]) -> None:
    assert read_labels(text) == labels


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "range_unreadable"),
        (" , ", "range_unreadable"),
        ("T9 à T3", "range_unreadable"),
        ("T1 à B3", "range_unreadable"),
        ("T1 à T999999", "too_many_tables"),
        ("T1, T1", "labels_repeated"),
        ("Un nom trop long", "label_too_long"),
    ],
)
def test_unreadable_ranges_are_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_labels(text)
    assert refusal.value.code == code


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        labels = read_labels(text)
    except Invalid:
        return
    assert labels
    assert all(0 < len(label) <= room.LABEL_LENGTH for label in labels)
    assert len(set(labels)) == len(labels) <= room.MAX_AT_ONCE


def _add(session: Session, now: datetime, edition: Edition, labels: str) -> int:
    return room.add_tables(session, ROBOT, now, edition=edition, labels=labels, values=TableInput("", "Nord"))


def _labels(session: Session, edition: Edition) -> list[str]:
    query = select(Table.label).where(Table.edition_id == edition.id).order_by(Table.position)
    return list(session.scalars(query))


def _occupy(session: Session, make: Factory, edition: Edition, table: Table, *, current: bool) -> None:
    number = (session.scalar(select(func.max(Draft.number))) or 0) + 1
    draft = Draft(edition_id=edition.id, number=number, is_current=current, origin=DraftOrigin.MANUAL,
                  created_at=make.now, changed_at=make.now)  # fmt: skip
    meeting = Meeting(edition_id=edition.id, uid=f"u{number}", created_at=make.now)
    session.add_all([draft, meeting])
    session.flush()
    slot = make.slots(edition, 1)[0] if number == 1 else None
    slot_id = slot.id if slot else session.scalar(select(Placement.slot_id).limit(1))
    session.add(Placement(draft_id=draft.id, meeting_id=meeting.id, slot_id=slot_id, table_id=table.id))
    session.flush()


def test_a_range_becomes_tables_in_order(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    assert _add(session, now, edition, "T01 à T55") == 55
    assert _add(session, now, edition, "Salon bleu") == 1
    assert _labels(session, edition)[-2:] == ["T55", "Salon bleu"]


def test_a_label_is_used_once(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    _add(session, now, edition, "T1 à T3")
    with pytest.raises(Invalid) as refusal:
        _add(session, now, edition, "T3 à T5")
    assert refusal.value.details["labels"] == ["T3"]
    assert len(_labels(session, edition)) == 3
    table = session.scalars(select(Table).where(Table.label == "T1")).one()
    with pytest.raises(Invalid, match="tables_exist"):
        room.save_table(session, ROBOT, now, edition=edition, table=table, values=TableInput("T2"))


def test_a_stand_is_for_somebody_who_takes_part(session: Session, make: Factory, now: datetime) -> None:
    edition, other = make.edition(), make.edition()
    table = make.tables(edition, 1)[0]
    mine, stranger = make.organisation(edition), make.organisation(other)
    values = TableInput(table.label, organisation_id=mine.id)
    room.save_table(session, ROBOT, now, edition=edition, table=table, values=values)
    assert table.organisation_id == mine.id
    values = TableInput(table.label, organisation_id=stranger.id)
    with pytest.raises(Invalid, match="organisation_not_here"):
        room.save_table(session, ROBOT, now, edition=edition, table=table, values=values)


def test_many_tables_change_at_once_and_only_mine(session: Session, make: Factory, now: datetime) -> None:
    edition, other = make.edition(), make.edition()
    mine, foreign = make.tables(edition, 2), make.tables(other, 1)
    ids = [t.id for t in [*mine, *foreign]]
    assert room.change_tables(session, ROBOT, now, edition=edition, ids=ids, zone="Sud", step_free=False) == 2
    assert {(t.zone, t.step_free, t.places) for t in mine} == {("Sud", False, 4)}
    assert foreign[0].zone == ""
    with pytest.raises(DomainError, match="nothing_chosen"):
        room.change_tables(session, ROBOT, now, edition=edition, ids=[foreign[0].id], zone="Sud")
    with pytest.raises(Invalid, match="places_between"):
        room.change_tables(session, ROBOT, now, edition=edition, ids=ids, places=1)


def test_a_table_of_the_plan_stays_and_the_reason_is_counted(
    session: Session, make: Factory, now: datetime
) -> None:
    edition = make.edition()
    used, old, free = make.tables(edition, 3)
    _occupy(session, make, edition, used, current=True)
    _occupy(session, make, edition, old, current=False)
    ids = [used.id, old.id, free.id]
    outcome = room.delete_tables(session, ROBOT, now, edition=edition, ids=ids)
    assert outcome == room.Removal(2, ((used.label, 1),))
    assert _labels(session, edition) == [used.label]
    assert session.scalar(select(func.count()).select_from(Placement)) == 1
