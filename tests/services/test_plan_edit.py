"""Corrections by hand: legal places only, one version, one step back."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import DraftOrigin
from salon.errors import DomainError, Invalid
from salon.models import Draft, Exclusion, Placement, Seat
from salon.services import drafts, plan_edit
from tests.conftest import NOW
from tests.factories import Factory
from tests.planning_fair import SmallFair, small_fair


@pytest.fixture
def fair(make: Factory) -> SmallFair:
    return small_fair(make)


def draft_of(session: Session, fair: SmallFair, *places: drafts.Place) -> Draft:
    return drafts.create(
        session, NOW, edition_id=fair.edition.id, origin=DraftOrigin.MANUAL, places=list(places)
    )


def place(fair: SmallFair, buyer: int, supplier: int, slot: int, table: int, **more: object) -> drafts.Place:
    people = (fair.buyers[buyer].id, fair.suppliers[supplier].id)
    return drafts.Place(people, fair.slots[slot].id, fair.tables[table].id, **more)  # type: ignore[arg-type]


def where(session: Session, draft: Draft) -> set[tuple[int, int, bool]]:
    rows = session.scalars(select(Placement).where(Placement.draft_id == draft.id)).all()
    return {(row.slot_id, row.table_id, row.locked) for row in rows}


def add(session: Session, fair: SmallFair, draft: Draft, **changes: object) -> int:
    values: dict[str, object] = {
        "edition": fair.edition, "draft": draft, "version": draft.version,
        "people": (fair.buyers[0].id, fair.suppliers[0].id),
        "slot": fair.slots[0].id, "table": fair.tables[0].id,
    }  # fmt: skip
    return plan_edit.add(session, fair.actor, NOW, **{**values, **changes})  # type: ignore[arg-type]


def test_legal_places_come_first_and_illegal_ones_say_why(session: Session, fair: SmallFair) -> None:
    draft = draft_of(session, fair, place(fair, 0, 1, 0, 0))
    people = (fair.buyers[0].id, fair.suppliers[0].id)
    found = plan_edit.spots(session, fair.edition, drafts.places_of(session, draft.id), people)
    legal = [spot for spot in found if not spot.broken]
    assert len(legal) == 3 * 3 and found[: len(legal)] == tuple(legal)
    assert [(spot.slot, spot.broken) for spot in found if spot.broken] == [
        (fair.slots[0].id, ("person_once",))
    ]


def test_a_meeting_is_added_moved_locked_and_removed(session: Session, fair: SmallFair) -> None:
    draft = draft_of(session, fair)
    meeting = add(session, fair, draft)
    placement = session.scalars(select(Placement)).one()
    assert (placement.meeting_id, placement.placed_by_id) == (meeting, fair.owner.id)
    common = {"draft": draft, "placement": placement}
    plan_edit.move(
        session, fair.actor, NOW, edition=fair.edition, version=draft.version,
        slot=fair.slots[2].id, table=fair.tables[1].id, **common,
    )  # fmt: skip
    assert where(session, draft) == {(fair.slots[2].id, fair.tables[1].id, False)}
    assert set(session.scalars(select(Seat.slot_id))) == {fair.slots[2].id}
    plan_edit.set_lock(session, fair.actor, NOW, version=draft.version, locked=True, **common)
    with pytest.raises(DomainError, match="placement_locked"):
        plan_edit.remove(session, fair.actor, NOW, version=draft.version, **common)
    plan_edit.set_lock(session, fair.actor, NOW, version=draft.version, locked=False, **common)
    plan_edit.remove(session, fair.actor, NOW, version=draft.version, **common)
    assert where(session, draft) == set()


def test_the_same_two_people_keep_their_meeting(session: Session, fair: SmallFair) -> None:
    draft = draft_of(session, fair, place(fair, 0, 0, 0, 0))
    meeting = session.scalar(select(Placement.meeting_id))
    again = draft_of(session, fair, place(fair, 0, 0, 3, 2), place(fair, 1, 1, 0, 0))
    kept = session.scalars(
        select(Placement).where(Placement.draft_id == again.id, Placement.meeting_id == meeting)
    ).one()
    assert kept.slot_id == fair.slots[3].id
    assert not draft.is_current and again.is_current


def test_an_illegal_place_is_refused_with_its_rule(make: Factory, session: Session, fair: SmallFair) -> None:
    draft = draft_of(session, fair, place(fair, 0, 1, 0, 0))
    with pytest.raises(Invalid) as refused:
        add(session, fair, draft, table=fair.tables[1].id)
    assert refused.value.details["rules"] == ("person_once",)
    first, second = sorted((fair.buyers[0].organisation_id, fair.suppliers[0].organisation_id))
    session.add(Exclusion(edition_id=fair.edition.id, first_id=first, second_id=second, created_at=NOW))
    with pytest.raises(Invalid) as refused:
        add(session, fair, draft, slot=fair.slots[1].id)
    assert "exclusions" in refused.value.details["rules"]


def test_an_old_page_is_told(session: Session, fair: SmallFair) -> None:
    draft = draft_of(session, fair)
    read = draft.version
    add(session, fair, draft)
    with pytest.raises(DomainError, match="draft_changed"):
        add(session, fair, draft, version=read, people=(fair.buyers[1].id, fair.suppliers[1].id))
    newer = draft_of(session, fair)
    session.refresh(draft)
    with pytest.raises(DomainError, match="draft_not_current"):
        add(session, fair, draft)
    assert newer.is_current


def test_changes_are_undone_one_by_one(session: Session, fair: SmallFair) -> None:
    draft = draft_of(session, fair)
    add(session, fair, draft)
    placement = session.scalars(select(Placement)).one()
    plan_edit.move(
        session, fair.actor, NOW, edition=fair.edition, draft=draft, version=draft.version,
        placement=placement, slot=fair.slots[2].id, table=fair.tables[1].id,
    )  # fmt: skip

    def undo() -> None:
        plan_edit.undo(session, fair.actor, NOW, edition=fair.edition, draft=draft, version=draft.version)

    undo()
    assert where(session, draft) == {(fair.slots[0].id, fair.tables[0].id, False)}
    undo()
    assert where(session, draft) == set()
    with pytest.raises(DomainError, match="nothing_to_undo"):
        undo()


def test_a_change_whose_place_is_taken_is_not_undone(session: Session, fair: SmallFair) -> None:
    draft = draft_of(session, fair, place(fair, 0, 0, 0, 0))
    placement = session.scalars(select(Placement)).one()
    plan_edit.remove(session, fair.actor, NOW, draft=draft, version=draft.version, placement=placement)
    session.add(Placement(
        draft_id=draft.id, meeting_id=drafts.new_meeting(session, NOW, fair.edition.id),
        slot_id=fair.slots[0].id, table_id=fair.tables[0].id,
        seats=[Seat(delegate_id=one.id, draft_id=draft.id, slot_id=fair.slots[0].id)
               for one in (fair.buyers[1], fair.suppliers[1])],
    ))  # fmt: skip
    session.flush()
    with pytest.raises(Invalid, match="illegal_spot"):
        plan_edit.undo(session, fair.actor, NOW, edition=fair.edition, draft=draft, version=draft.version)


def test_somebody_who_leaves_frees_every_place(session: Session, fair: SmallFair) -> None:
    draft = draft_of(session, fair, place(fair, 0, 0, 0, 0, locked=True), place(fair, 1, 1, 0, 1))
    assert plan_edit.free_person(session, fair.actor, NOW, delegate=fair.buyers[0]) == 1
    assert where(session, draft) == {(fair.slots[0].id, fair.tables[1].id, False)}
    assert plan_edit.last_change(session, draft) is None
