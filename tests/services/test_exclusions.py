"""Pairs that never meet, pairs that must, and the hard rules that an order can break."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import DelegateStatus, WishLevel
from salon.errors import DomainError, Invalid
from salon.models import Absence, AuditEntry, Delegate, Edition, Exclusion, MandatoryMeeting, Organisation
from salon.queries import exclusions as pairs
from salon.services import exclusions
from tests.conftest import NOW
from tests.factories import Factory

ME = Actor(account_id=None, system="test")


class Fair:
    """Two people who may meet."""

    def __init__(self, session: Session, make: Factory) -> None:
        self.session, self.make = session, make
        self.edition: Edition = make.edition()
        self.buyers, self.exhibitors = make.two_sides(self.edition)
        self.one = self._somebody(self.buyers)
        self.two = self._somebody(self.exhibitors)

    def _somebody(self, type_: object) -> Delegate:
        home = self.make.organisation(self.edition)
        return self.make.delegate(self.edition, type_, home)  # type: ignore[arg-type]

    def order(self) -> MandatoryMeeting:
        return exclusions.order(
            self.session, ME, NOW, edition=self.edition, one=self.two.id, other=self.one.id, reason="promis"
        )

    def conflicts(self) -> list[tuple[str, str]]:
        (line,) = pairs.mandatory_lines(self.session, self.edition)
        return [(conflict.rule, conflict.who) for conflict in line.conflicts]


@pytest.fixture
def fair(session: Session, make: Factory) -> Fair:
    return Fair(session, make)


def exclude(fair: Fair, one: int, other: int) -> Exclusion:
    return exclusions.exclude(
        fair.session, ME, NOW, edition=fair.edition, one=one, other=other, reason="litige"
    )


def test_an_exclusion_has_no_direction(fair: Fair) -> None:
    one, other = fair.one.organisation_id, fair.two.organisation_id
    made = exclude(fair, other, one)
    assert (made.first_id, made.second_id) == (min(one, other), max(one, other))
    with pytest.raises(DomainError, match="exclusion_exists"):
        exclude(fair, one, other)
    exclusions.allow(fair.session, ME, NOW, exclusion=made)
    assert pairs.lines(fair.session, fair.edition) == ()
    assert [a for a in fair.session.scalars(select(AuditEntry.action)) if a.startswith("exclusion")] == [
        "exclusion_added",
        "exclusion_removed",
    ]


def test_an_exclusion_is_between_two_structures_of_the_edition(fair: Fair, make: Factory) -> None:
    with pytest.raises(Invalid, match="same_organisation_twice"):
        exclude(fair, fair.one.organisation_id, fair.one.organisation_id)
    stranger = make.organisation(make.edition())
    with pytest.raises(Invalid, match="unknown_organisation"):
        exclude(fair, fair.one.organisation_id, stranger.id)


def test_an_order_between_people_who_may_meet_has_no_conflict(fair: Fair) -> None:
    fair.make.slots(fair.edition, 2)
    fair.order()
    assert fair.conflicts() == []
    with pytest.raises(DomainError, match="mandatory_exists"):
        exclusions.order(
            fair.session, ME, NOW, edition=fair.edition, one=fair.one.id, other=fair.two.id, reason=""
        )


def test_an_order_needs_two_people_of_the_edition(fair: Fair, make: Factory) -> None:
    other = make.edition()
    stranger = make.delegate(other, make.two_sides(other)[0])
    for one, two, code in (
        (fair.one.id, fair.one.id, "same_person_twice"),
        (fair.one.id, stranger.id, "unknown_person"),
    ):
        with pytest.raises(Invalid, match=code):
            exclusions.order(fair.session, ME, NOW, edition=fair.edition, one=one, other=two, reason="")


def test_each_hard_rule_against_an_order_is_named(fair: Fair) -> None:
    slots = fair.make.slots(fair.edition, 2)
    fair.order()
    exclude(fair, fair.one.organisation_id, fair.two.organisation_id)
    assert fair.conflicts() == [("exclusion", "")]
    home = fair.session.get_one(Organisation, fair.one.organisation_id)
    fair.make.wish(fair.two, home, WishLevel.NO_THANKS)
    assert fair.conflicts()[1:] == [("no_thanks", fair.two.full_name)]
    fair.one.max_meetings = 0
    fair.two.status = DelegateStatus.CANCELLED
    fair.session.add_all(
        [
            Absence(delegate_id=fair.one.id, slot_id=slots[0].id),
            Absence(delegate_id=fair.two.id, slot_id=slots[1].id),
        ]
    )
    fair.session.flush()
    assert set(fair.conflicts()[1:]) == {
        ("no_thanks", fair.two.full_name),
        ("no_meeting_left", fair.one.full_name),
        ("not_approved", fair.two.full_name),
        ("no_common_slot", ""),
    }


def test_types_and_colleagues(fair: Fair) -> None:
    fair.order()
    fair.two.type_id = fair.buyers.id
    fair.two.organisation_id = fair.one.organisation_id
    fair.session.flush()
    assert fair.conflicts() == [("same_organisation", ""), ("types", "")]


def test_the_organiser_s_figure_replaces_the_type_s(fair: Fair) -> None:
    fair.order()
    fair.buyers.max_meetings = 0
    fair.session.flush()
    assert fair.conflicts() == [("no_meeting_left", fair.one.full_name)]
    fair.one.max_override = 3
    fair.session.flush()
    assert fair.conflicts() == []
