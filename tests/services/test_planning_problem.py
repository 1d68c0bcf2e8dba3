"""How an edition becomes a problem: who goes, what it is worth, what is left out and why."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, DraftOrigin, WishLevel
from salon.errors import DomainError
from salon.models import Absence, Delegate, Edition, Exclusion, MandatoryMeeting, ParticipantType
from salon.queries import planning as reads
from salon.services import drafts, planning
from salon.services.planning_presets import Choice, weights
from salon.services.planning_problem import Bridge, Unpaired, build, digest, text
from salon.services.planning_value import pair_value, worth
from tests.conftest import NOW
from tests.factories import Factory
from tests.planning_fair import MOST, organisation_of, small_fair


class Two:
    """A buyer and a supplier who may meet, one slot, one table."""

    def __init__(self, make: Factory, slots: int = 2) -> None:
        self.make, self.session = make, make.session
        self.edition: Edition = make.edition()
        self.buyer_type, self.supplier_type = make.two_sides(self.edition)
        self.buyer = make.delegate(self.edition, self.buyer_type)
        self.supplier = make.delegate(self.edition, self.supplier_type)
        self.slots = make.slots(self.edition, slots)
        self.tables = make.tables(self.edition, 1)

    def colleague(self, of: Delegate, **fields: object) -> Delegate:
        type_ = self.session.get_one(ParticipantType, of.type_id)
        return self.make.delegate(self.edition, type_, organisation_of(self.make, of), **fields)  # type: ignore[arg-type]

    def wish(self, owner: Delegate, target: Delegate, **fields: object) -> None:
        self.make.wish(owner, organisation_of(self.make, target), **fields)  # type: ignore[arg-type]

    def build(self) -> Bridge:
        self.session.flush()
        return build(reads.sources(self.session, self.edition), weights(MOST))


@pytest.fixture
def two(make: Factory) -> Two:
    return Two(make)


def pairs(bridge: Bridge) -> dict[tuple[int, int], int]:
    return {pair.key: pair.value for pair in bridge.problem.pairs}


@pytest.mark.parametrize(
    ("level", "rank", "value"),
    [("must", 9, 6), ("meet", 1, 3), ("meet", 3, 3), ("meet", 4, 2), ("meet", 7, 2), ("meet", 8, 1)],
)
def test_what_a_wish_is_worth(level: str, rank: int, value: int) -> None:
    assert worth(WishLevel(level), rank) == value


def test_a_mutual_wish_has_a_bonus_and_a_refusal_no_worth() -> None:
    assert (pair_value(6, None), pair_value(6, 3)) == (6, 12)
    with pytest.raises(ValueError, match="no-thanks"):
        worth(WishLevel.NO_THANKS, None)


def test_both_sides_of_a_pair(two: Two) -> None:
    two.wish(two.buyer, two.supplier, level=WishLevel.MUST, rank=1)
    two.wish(two.supplier, two.buyer, rank=4)
    (pair,) = two.build().problem.pairs
    assert (pair.a, pair.b, pair.value) == (two.buyer.id, two.supplier.id, 6 + 2 + 3)
    assert (pair.level_a, pair.level_b) == ("must", "meet")


def test_the_lead_goes_first_then_the_lowest_id(two: Two) -> None:
    two.wish(two.buyer, two.supplier)
    lead = two.colleague(two.supplier, is_lead=True)
    assert list(pairs(two.build())) == [(two.buyer.id, lead.id)]
    lead.is_lead = False
    assert list(pairs(two.build())) == [(two.buyer.id, two.supplier.id)]


def test_who_wishes_back_goes_before_the_lead(two: Two) -> None:
    two.colleague(two.supplier, is_lead=True)
    two.wish(two.buyer, two.supplier)
    two.wish(two.supplier, two.buyer)
    assert pairs(two.build()) == {(two.buyer.id, two.supplier.id): 3 + 3 + 3}


def test_a_colleague_who_cannot_come_is_passed_over(two: Two) -> None:
    lead = two.colleague(two.supplier, is_lead=True)
    two.wish(two.buyer, two.supplier)
    two.session.add_all(Absence(delegate_id=lead.id, slot_id=slot.id) for slot in two.slots)
    assert list(pairs(two.build())) == [(two.buyer.id, two.supplier.id)]


def test_the_delegate_named_goes(two: Two) -> None:
    named = two.colleague(two.supplier)
    two.wish(two.buyer, two.supplier, delegate_id=named.id)
    assert list(pairs(two.build())) == [(two.buyer.id, named.id)]


def test_several_on_both_sides_gives_a_second_pair(two: Two) -> None:
    second = two.colleague(two.supplier)
    two.wish(two.buyer, two.supplier, several=True)
    assert len(pairs(two.build())) == 1
    two.wish(two.supplier, two.buyer, several=True)
    bridge = two.build()
    assert set(pairs(bridge)) == {(two.buyer.id, two.supplier.id), (two.buyer.id, second.id)}
    sides = (two.buyer.organisation_id, two.supplier.organisation_id)
    assert bridge.problem.organisation_limit(*sides) == 2


def why(bridge: Bridge) -> list[Unpaired | None]:
    return [one.reason for one in bridge.asked]


def test_why_a_wish_cannot_be_a_pair(two: Two) -> None:
    two.wish(two.buyer, two.buyer)
    assert why(two.build()) == [Unpaired.SAME_ORGANISATION]


def test_nobody_there(two: Two) -> None:
    two.wish(two.buyer, two.supplier)
    two.supplier.status = DelegateStatus.PENDING
    assert why(two.build()) == [Unpaired.NOBODY_THERE]


def test_the_named_person_is_absent_though_a_colleague_is_there(two: Two) -> None:
    gone = two.colleague(two.supplier, status=DelegateStatus.WITHDRAWN)
    two.wish(two.buyer, two.supplier, delegate_id=gone.id)
    assert why(two.build()) == [Unpaired.NAMED_ABSENT]


def test_types_that_do_not_meet(two: Two) -> None:
    other = two.make.delegate(two.edition, two.buyer_type)
    two.wish(two.buyer, other)
    assert why(two.build()) == [Unpaired.TYPES]


def test_no_common_slot(two: Two) -> None:
    two.wish(two.buyer, two.supplier)
    two.session.add(Absence(delegate_id=two.buyer.id, slot_id=two.slots[0].id))
    two.session.add(Absence(delegate_id=two.supplier.id, slot_id=two.slots[1].id))
    assert why(two.build()) == [Unpaired.NO_COMMON_SLOT]


def test_a_wish_of_somebody_not_approved_is_not_read(two: Two) -> None:
    two.wish(two.buyer, two.supplier)
    two.buyer.status = DelegateStatus.CANCELLED
    assert two.build().asked == ()


@pytest.mark.parametrize(
    ("type_max", "override", "own", "expected"),
    [(None, None, None, None), (8, None, None, 8), (8, 12, None, 12), (8, 12, 5, 5), (8, None, 20, 8),
     (None, None, 4, 4)],
)  # fmt: skip
def test_the_maximum(
    two: Two, type_max: int | None, override: int | None, own: int | None, expected: int | None
) -> None:
    two.buyer_type.max_meetings = type_max
    two.buyer.max_override, two.buyer.max_meetings = override, own
    assert two.build().problem.participant(two.buyer.id).max == expected


def test_the_minimum_never_exceeds_what_the_person_accepts(two: Two) -> None:
    two.buyer_type.min_meetings = 4
    assert two.build().problem.participant(two.buyer.id).min == 4
    two.buyer.min_override = 2
    assert two.build().problem.participant(two.buyer.id).min == 2
    two.buyer.max_meetings = 1
    assert two.build().problem.participant(two.buyer.id).min == 1


def test_refusals_exclusions_orders_and_stands_are_passed_on(two: Two) -> None:
    two.wish(two.supplier, two.buyer, level=WishLevel.NO_THANKS)
    first, second = sorted((two.buyer.organisation_id, two.supplier.organisation_id))
    two.session.add(Exclusion(edition_id=two.edition.id, first_id=first, second_id=second, created_at=NOW))
    two.session.add(
        MandatoryMeeting(
            edition_id=two.edition.id, first_id=two.buyer.id, second_id=two.supplier.id, created_at=NOW
        )
    )
    two.tables[0].organisation_id, two.tables[0].step_free = two.supplier.organisation_id, False
    two.buyer.step_free = True
    problem = two.build().problem
    assert problem.no_thanks == ((two.supplier.id, two.buyer.organisation_id),)
    assert problem.exclusions == ((first, second),) and problem.pairs == ()
    assert problem.mandatory == ((two.buyer.id, two.supplier.id),)
    assert problem.tables[0].organisation == two.supplier.organisation_id
    assert problem.participant(two.buyer.id).step_free and not problem.tables[0].step_free


def test_an_order_or_a_lock_about_somebody_who_left_is_said(two: Two) -> None:
    two.session.add(
        MandatoryMeeting(
            edition_id=two.edition.id, first_id=two.buyer.id, second_id=two.supplier.id, created_at=NOW
        )
    )
    place = drafts.Place((two.buyer.id, two.supplier.id), two.slots[0].id, two.tables[0].id, locked=True)
    drafts.create(two.session, NOW, edition_id=two.edition.id, origin=DraftOrigin.MANUAL, places=[place])
    assert len(two.build().problem.pins) == 1
    two.supplier.status = DelegateStatus.WITHDRAWN
    bridge = two.build()
    assert bridge.problem.pins == () and len(bridge.lost_locks) == 1
    assert bridge.lost_mandatory == ((two.buyer.id, two.supplier.id),)


def test_the_hash_follows_the_data_and_nothing_else(two: Two) -> None:
    two.wish(two.buyer, two.supplier)
    before = digest(text(two.build().problem))
    two.buyer.last_name, two.edition.name = "Autre", "Autre"
    assert digest(text(two.build().problem)) == before
    two.session.add(Absence(delegate_id=two.buyer.id, slot_id=two.slots[0].id))
    assert digest(text(two.build().problem)) != before


def test_no_name_reaches_the_engine(two: Two) -> None:
    two.wish(two.buyer, two.supplier)
    written = text(two.build().problem)
    for name in (two.buyer.last_name, two.buyer.first_name, "Structure", "exemple"):
        assert name not in written


def test_slots_on_the_day_clocks_change_keep_real_minutes(make: Factory) -> None:
    from datetime import date, time

    edition = make.edition(first_day=date(2027, 3, 28), last_day=date(2027, 3, 28))
    buyer, _supplier = make.two_sides(edition)
    make.delegate(edition, buyer)
    make.slots(edition, 2, first=time(9, 0))
    make.tables(edition, 1)
    problem = build(reads.sources(make.session, edition), weights(MOST)).problem
    assert [slot.start_min for slot in problem.slots] == [8 * 60, 8 * 60 + 25]  # 2 a.m. never was


@pytest.mark.parametrize("missing", ["slots", "tables", "delegates", "wishes"])
def test_nothing_to_schedule_says_what_is_missing(make: Factory, session: Session, missing: str) -> None:
    edition = make.edition()
    buyer, _supplier = make.two_sides(edition)
    if missing != "slots":
        make.slots(edition, 1)
    if missing != "tables":
        make.tables(edition, 1)
    if missing != "delegates":
        make.delegate(edition, buyer)
    with pytest.raises(DomainError, match="nothing_to_schedule") as refused:
        planning.prepare(session, edition, MOST)
    assert refused.value.details["missing"] == missing


def test_a_lock_that_breaks_a_rule_is_refused_by_name(make: Factory, session: Session) -> None:
    fair = small_fair(make)
    place = drafts.Place(
        (fair.buyers[0].id, fair.suppliers[0].id), fair.slots[0].id, fair.tables[0].id, locked=True
    )
    drafts.create(session, NOW, edition_id=fair.edition.id, origin=DraftOrigin.MANUAL, places=[place])
    session.add(Absence(delegate_id=fair.buyers[0].id, slot_id=fair.slots[0].id))
    session.flush()
    with pytest.raises(DomainError, match="problem_invalid") as refused:
        planning.prepare(session, fair.edition, MOST)
    assert {issue.code for issue in refused.value.details["issues"]} == {"pin_breaks_rule"}


def test_a_custom_order_keeps_every_term() -> None:
    from salon.enums import RunPreset
    from scheduling.problem import DEFAULT_ORDER, TermName

    chosen = weights(Choice(RunPreset.CUSTOM, (TermName.BREAKS, TermName.VALUE)))
    assert chosen.order[:2] == ("breaks", "value") and set(chosen.order) == set(DEFAULT_ORDER)
