"""Sessions cut into slots: what stays, what goes, what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.actor import system
from salon.clockwork import Stretch
from salon.enums import DraftOrigin, RunPreset, RunState
from salon.errors import DomainError, Invalid
from salon.models import Absence, Draft, Edition, Meeting, MeetingSession, Placement, Seat, Slot, SolverRun
from salon.services import programme
from tests.factories import Factory

DAY = date(2027, 3, 11)
MORNING = Stretch(DAY, time(9), time(12, 20))
ACTOR = system("test")


def _save(
    session: Session, now: datetime, edition: Edition, stretch: Stretch, **rest: object
) -> MeetingSession:
    return programme.save_session(session, ACTOR, now, edition=edition, stretch=stretch, **rest)  # type: ignore[arg-type]


def _starts(session: Session, row: MeetingSession) -> dict[datetime, int]:
    slots = session.scalars(select(Slot).where(Slot.session_id == row.id))
    return {slot.starts_at: slot.id for slot in slots}


def _place(session: Session, make: Factory, edition: Edition, slot_id: int) -> Draft:
    draft = Draft(edition_id=edition.id, number=1, is_current=True, origin=DraftOrigin.MANUAL,
                  created_at=make.now, changed_at=make.now)  # fmt: skip
    meeting = Meeting(edition_id=edition.id, uid="u1", created_at=make.now)
    session.add_all([draft, meeting])
    session.flush()
    table = make.tables(edition, 1)[0]
    placement = Placement(draft_id=draft.id, meeting_id=meeting.id, slot_id=slot_id, table_id=table.id)
    session.add(placement)
    session.flush()
    person = make.delegate(edition, make.type(edition))
    session.add(Seat(placement_id=placement.id, delegate_id=person.id, draft_id=draft.id, slot_id=slot_id))
    session.add(Absence(delegate_id=person.id, slot_id=slot_id))
    session.flush()
    return draft


def test_a_session_is_cut_into_its_slots(session: Session, make: Factory, now: datetime) -> None:
    row = _save(session, now, make.edition(), MORNING)
    assert len(_starts(session, row)) == 8


def test_slots_whose_start_stays_keep_their_id(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    row = _save(session, now, edition, MORNING)
    before = _starts(session, row)
    _save(session, now, edition, Stretch(DAY, time(9), time(11, 30), 15, 10), existing=row)
    after = _starts(session, row)
    assert set(after) < set(before)
    assert all(after[start] == before[start] for start in after)
    slots = session.scalars(select(Slot).where(Slot.session_id == row.id))
    assert {slot.ends_at - slot.starts_at for slot in slots} == {timedelta(minutes=15)}


@pytest.mark.parametrize(
    ("stretch", "code", "field"),
    [
        (Stretch(date(2027, 3, 12), time(9), time(12)), "day_outside", "day"),
        (Stretch(DAY, time(12), time(9)), "ends_before_start", "ends"),
        (Stretch(DAY, time(9), time(9, 10)), "no_room_for_a_slot", "slot_min"),
        (Stretch(DAY, time(12), time(13)), "sessions_overlap", "starts"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    session: Session, make: Factory, now: datetime, stretch: Stretch, code: str, field: str
) -> None:
    edition = make.edition()
    _save(session, now, edition, MORNING)
    with pytest.raises(Invalid) as refusal:
        _save(session, now, edition, stretch)
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_sessions_that_only_touch_are_accepted(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    _save(session, now, edition, MORNING)
    assert _save(session, now, edition, Stretch(DAY, time(12, 20), time(13))).id


def test_the_skipped_hour_is_refused(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition(first_day=date(2027, 3, 28), last_day=date(2027, 3, 28))
    with pytest.raises(Invalid, match="hour_missing"):
        _save(session, now, edition, Stretch(date(2027, 3, 28), time(2, 15), time(5)))


def test_used_slots_go_only_when_confirmed(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    row = _save(session, now, edition, MORNING)
    last = max(_starts(session, row).items())[1]
    draft = _place(session, make, edition, last)
    version = draft.version
    shorter = Stretch(DAY, time(9), time(11))
    with pytest.raises(DomainError) as refusal:
        _save(session, now, edition, shorter, existing=row)
    assert refusal.value.code == "slots_in_use"
    assert refusal.value.details == {"slots": 3, "placements": 1, "absences": 1}
    session.expire_all()
    _save(session, now, edition, shorter, existing=row, confirmed=True)
    for table in (Placement, Seat, Absence):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    session.refresh(draft)
    assert draft.version == version + 1


def test_nothing_is_recut_during_a_run(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    session.add(SolverRun(edition_id=edition.id, number=4, state=RunState.RUNNING, preset=RunPreset.FAIREST,
                          problem="{}", problem_hash="", weights={}, seed=1, time_limit_s=1, workers=1,
                          requested_at=now))  # fmt: skip
    session.flush()
    with pytest.raises(DomainError) as refusal:
        _save(session, now, edition, MORNING)
    assert (refusal.value.code, refusal.value.details) == ("settings_run_active", {"number": 4})


def test_moving_the_edition_moves_slots_that_trade_places(
    session: Session, make: Factory, now: datetime
) -> None:
    edition = make.edition()
    row = _save(session, now, edition, Stretch(DAY, time(9), time(12), 60, 0))
    before = _starts(session, row)
    programme.move_all(session, edition, days=0, new_zone="Europe/London")
    after = _starts(session, row)
    assert {start + timedelta(hours=1): slot for start, slot in before.items()} == after


def test_moving_to_summer_time_keeps_the_wall_clock(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    row = _save(session, now, edition, Stretch(DAY, time(9), time(10), 60, 0))
    programme.move_all(session, edition, days=21, new_zone=edition.timezone)
    assert list(_starts(session, row)) == [datetime(2027, 4, 1, 7, tzinfo=UTC)]
    assert row.day == date(2027, 4, 1)
