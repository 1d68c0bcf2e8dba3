"""One release, the same rows for page, PDF, calendar and sheet."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from exports.rows import MeetingStatus
from salon.enums import DraftOrigin, ReleaseStage
from salon.extensions import db
from salon.models import Draft, Placement
from salon.queries import agendas
from salon.services import drafts, plan_edit, releases
from tests.conftest import NOW
from tests.factories import Factory
from tests.planning_fair import SmallFair, small_fair


@pytest.fixture
def fair(make: Factory) -> SmallFair:
    return small_fair(make)


def was(start: datetime | None, table: str | None) -> str:
    return f"{start:%H:%M}" if start else f"table {table}"


def planned(session: Session, fair: SmallFair, meetings: int = 3) -> Draft:
    places = [
        drafts.Place((fair.buyers[i].id, fair.suppliers[i].id), fair.slots[0].id, fair.tables[i].id)
        for i in range(meetings)
    ]
    return drafts.create(session, NOW, edition_id=fair.edition.id, origin=DraftOrigin.MANUAL, places=places)


def publish(session: Session, fair: SmallFair, draft: Draft, at: datetime = NOW) -> None:
    seen = releases.preview(session, fair.edition, draft)
    releases.release(
        session, fair.actor, at, edition=fair.edition, draft=draft, fingerprint=seen.fingerprint,
        acknowledged={one.code for one in seen.cautions}, stage=ReleaseStage.FINAL,
    )  # fmt: skip


def test_before_any_release_there_is_nothing(session: Session, fair: SmallFair) -> None:
    planned(session, fair)
    assert agendas.agenda_rows(session, fair.edition, fair.buyers[0].id) == ()


def test_both_sides_see_the_same_meeting(session: Session, fair: SmallFair) -> None:
    publish(session, fair, planned(session, fair))
    (mine,) = agendas.agenda_rows(session, fair.edition, fair.buyers[0].id)
    (theirs,) = agendas.agenda_rows(session, fair.edition, fair.suppliers[0].id)
    assert (mine.start, mine.table, mine.uid) == (theirs.start, theirs.table, theirs.uid)
    assert mine.delegate == fair.suppliers[0].full_name and theirs.delegate == fair.buyers[0].full_name
    assert mine.must and not theirs.must
    rows = agendas.Book(session, fair.edition).planning()
    assert {row.uid for row in rows} >= {mine.uid} and len(rows) == 3
    sheets = agendas.all_agendas(session, fair.edition)
    assert len(sheets) == 6 and [sheet.surname for sheet in sheets] == sorted(s.surname for s in sheets)
    assert next(s for s in sheets if s.person == fair.buyers[0].full_name).rows == (mine,)


def test_a_release_says_what_it_changed(session: Session, fair: SmallFair) -> None:
    draft = planned(session, fair)
    publish(session, fair, draft)
    first, second, _third = session.scalars(
        select(Placement).where(Placement.draft_id == draft.id).order_by(Placement.id)
    ).all()
    plan_edit.move(
        session, fair.actor, NOW, edition=fair.edition, draft=draft, version=draft.version, placement=first,
        slot=fair.slots[1].id, table=fair.tables[0].id,
    )  # fmt: skip
    plan_edit.remove(session, fair.actor, NOW, draft=draft, version=draft.version, placement=second)
    plan_edit.add(
        session, fair.actor, NOW, edition=fair.edition, draft=draft, version=draft.version,
        people=(fair.buyers[1].id, fair.suppliers[0].id), slot=fair.slots[2].id, table=fair.tables[0].id,
    )  # fmt: skip
    publish(session, fair, draft, NOW.replace(hour=11))
    book = agendas.Book(session, fair.edition, was=was)
    status = {one: [(row.status, row.was) for row in rows] for one, rows in book.agendas().items()}
    assert status[fair.buyers[0].id] == [(MeetingStatus.MOVED, "08:00")]
    assert status[fair.buyers[1].id] == [(MeetingStatus.CANCELLED, None), (MeetingStatus.NEW, None)]
    assert status[fair.buyers[2].id] == [(MeetingStatus.SCHEDULED, None)]
    old = agendas.Book(session, fair.edition, release=releases.reads.by_number(session, fair.edition.id, 1))
    assert {row.status for rows in old.agendas().values() for row in rows} == {MeetingStatus.SCHEDULED}


@pytest.mark.parametrize("meetings", [1, 3])
def test_the_number_of_statements_is_constant(session: Session, fair: SmallFair, meetings: int) -> None:
    publish(session, fair, planned(session, fair, meetings))
    session.commit()
    seen: list[str] = []

    def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    fair.edition.id  # noqa: B018 - loads the edition again after the commit
    event.listen(db.engine, "before_cursor_execute", note)
    agendas.all_agendas(session, fair.edition)
    event.remove(db.engine, "before_cursor_execute", note)
    assert len([one for one in seen if one.startswith("SELECT")]) == 8
