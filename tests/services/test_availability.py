"""Availability: what was ticked is what is stored, for whoever may set it, until the planning is out."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import DelegateStatus, ReleaseReason, ReleaseStage
from salon.errors import DomainError, Invalid
from salon.models import Absence, AuditEntry, Delegate, Edition, Release, Slot
from salon.queries import attendee
from salon.services import availability
from salon.services.availability import Limits
from tests.conftest import NOW
from tests.factories import Factory

NO_LIMIT = Limits(None, stays_put=False, step_free=False, interpreter="")


@dataclass(frozen=True)
class House:
    """A contact, a colleague of theirs, somebody else, and the slots."""

    edition: Edition
    lead: Delegate
    colleague: Delegate
    stranger: Delegate
    slots: list[Slot]


@pytest.fixture
def house(make: Factory, session: Session) -> House:
    edition = make.edition()
    buyers = make.type(edition)
    home = make.organisation(edition)
    lead = make.delegate(edition, buyers, home, is_lead=True)
    found = House(
        edition, lead, make.delegate(edition, buyers, home), make.delegate(edition, buyers),
        make.slots(edition, 6),
    )  # fmt: skip
    session.commit()
    return found


def seen_by(session: Session, house: House, me: Delegate) -> attendee.Presence:
    return attendee.presence(session, house.edition, attendee.whose_presence(session, me))


def save(
    session: Session, house: House, me: Delegate, free: dict[int, frozenset[int]], *,
    fingerprint: str | None = None, limits: Limits = NO_LIMIT,
) -> attendee.Presence:  # fmt: skip
    return availability.save(
        session, Actor(account_id=me.account_id), NOW, edition=house.edition, me=me, free=free,
        fingerprint=fingerprint or seen_by(session, house, me).fingerprint, limits=limits,
    )  # fmt: skip


def stored(session: Session, house: House, who: Delegate) -> frozenset[int]:
    """Slots at which the person is free, from the rows alone."""
    away = set(session.scalars(select(Absence.slot_id).where(Absence.delegate_id == who.id)))
    return frozenset(slot.id for slot in house.slots) - away


SETS = st.lists(
    st.tuples(st.frozensets(st.integers(0, 5)), st.frozensets(st.integers(0, 5))), min_size=1, max_size=6
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(SETS)
def test_the_last_save_is_what_holds(
    session: Session, house: House, saves: list[tuple[frozenset[int], frozenset[int]]]
) -> None:
    """Whatever the order of saves; the fingerprint changes exactly when the grid does."""
    session.rollback()
    before = seen_by(session, house, house.lead)
    for mine, theirs in saves:
        free = {
            who.id: frozenset(house.slots[i].id for i in chosen)
            for who, chosen in ((house.lead, mine), (house.colleague, theirs))
        }
        after = save(session, house, house.lead, free, fingerprint=before.fingerprint)
        assert {who: stored(session, house, session.get_one(Delegate, who)) for who in free} == free
        assert after.num_free(house.lead.id) == len(mine)
        same = [s.free for h in before.halves for s in h.slots] == [
            s.free for h in after.halves for s in h.slots
        ]
        assert same == (before.fingerprint == after.fingerprint)
        before = after
    assert stored(session, house, house.stranger) == frozenset(slot.id for slot in house.slots)


def test_a_colleague_sets_their_own_alone(session: Session, house: House) -> None:
    free = {house.colleague.id: frozenset({house.slots[0].id})}
    save(session, house, house.colleague, free)
    assert stored(session, house, house.colleague) == free[house.colleague.id]
    assert len(stored(session, house, house.lead)) == 6
    with pytest.raises(Invalid, match="unknown_slot"):
        save(session, house, house.colleague, {house.lead.id: frozenset()})


def test_nobody_sets_a_stranger_or_a_slot_from_elsewhere(
    session: Session, make: Factory, house: House
) -> None:
    elsewhere = make.slots(make.edition(), 1)[0]
    with pytest.raises(Invalid, match="unknown_slot"):
        save(session, house, house.lead, {house.stranger.id: frozenset()})
    with pytest.raises(Invalid, match="unknown_slot"):
        save(session, house, house.lead, {house.lead.id: frozenset({elsewhere.id})})


def test_a_colleague_who_left_is_not_on_the_grid(session: Session, house: House) -> None:
    house.colleague.status = DelegateStatus.WITHDRAWN
    session.flush()
    assert seen_by(session, house, house.lead).people == ((house.lead.id, house.lead.full_name),)


def test_a_page_that_is_out_of_date_is_refused(session: Session, house: House) -> None:
    shown = seen_by(session, house, house.lead).fingerprint
    save(session, house, house.colleague, {})
    with pytest.raises(DomainError, match="changed_meanwhile"):
        save(session, house, house.lead, {}, fingerprint=shown)
    assert len(stored(session, house, house.lead)) == 6


def test_nothing_changes_once_the_planning_is_out(session: Session, house: House) -> None:
    session.add(
        Release(
            edition_id=house.edition.id, number=1, stage=ReleaseStage.FINAL,
            reason=ReleaseReason.PUBLICATION, fingerprint="", diff={}, created_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    with pytest.raises(DomainError, match="availability_frozen"):
        save(session, house, house.lead, {})


def test_nor_once_the_registration_is_over(session: Session, house: House) -> None:
    house.lead.status = DelegateStatus.REFUSED
    with pytest.raises(DomainError, match="registration_over"):
        save(session, house, house.lead, {})


def test_limits_are_mine_alone_and_audited_by_name_only(session: Session, house: House) -> None:
    everything = {who.id: frozenset(s.id for s in house.slots) for who in (house.lead, house.colleague)}
    limits = Limits(5, stays_put=True, step_free=True, interpreter="interprete-lsf")
    save(session, house, house.lead, everything, limits=limits)
    me = house.lead
    assert (me.max_meetings, me.stays_put, me.step_free) == (5, True, True)
    assert house.colleague.max_meetings is None
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "limits_saved")).one()
    assert entry.details["fields"][:2] == ["max_meetings", "stays_put"]
    save(session, house, house.lead, everything, limits=limits)
    entries = select(func.count()).select_from(AuditEntry)
    assert session.scalar(entries.where(AuditEntry.action == "limits_saved")) == 1  # nothing changed
    assert session.scalar(entries.where(AuditEntry.action == "availability_saved")) == 0
