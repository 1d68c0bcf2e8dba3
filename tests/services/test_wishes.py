"""The wish list: its rules, its order, and what happens when two tabs or fifty people save at once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.database import WRITES
from salon.enums import DelegateStatus, WishLevel
from salon.errors import DomainError, Invalid, NotAllowed
from salon.extensions import db
from salon.models import AuditEntry, Delegate, Edition, Exclusion, Organisation, Wish
from salon.queries import wish_list
from salon.services import audit, wish_order, wishes
from salon.services.wish_order import Item, WishList
from salon.web import SalonFlask
from tests.conftest import NOW
from tests.factories import Factory

MUST, MEET, NO = WishLevel.MUST, WishLevel.MEET, WishLevel.NO_THANKS


class Hand:
    """Somebody with a list, in front of a row of organisations that they may meet."""

    def __init__(self, session: Session, make: Factory, others: int = 12, **edition: Any) -> None:
        self.session, self.make = session, make
        self.edition = make.edition(**edition)
        self.buyers, self.suppliers = make.two_sides(self.edition)
        self.me = make.delegate(self.edition, self.buyers)
        self.people = [make.delegate(self.edition, self.suppliers) for _ in range(others)]
        self.ids = [one.organisation_id for one in self.people]
        self.actor = Actor(account_id=self.me.account_id, delegates={self.edition.id: self.me.id})

    def call(self, verb: Any, **options: Any) -> wishes.Saved:
        saved = verb(self.session, self.actor, NOW, edition=self.edition, owner=self.me, **options)
        assert isinstance(saved, wishes.Saved)
        return saved

    def put(self, organisation: int, level: WishLevel = MEET, **options: Any) -> wishes.Saved:
        return self.call(wishes.put, item=Item(organisation, level, **options))

    def stored(self) -> list[tuple[int, WishLevel, int | None]]:
        return [(row.organisation, row.level, row.rank) for row in wish_list.stored(self.session, self.me.id)]

    @property
    def version(self) -> int:
        return wish_list.version(self.session, self.me.id)[0]


@pytest.fixture
def hand(session: Session, make: Factory) -> Hand:
    return Hand(session, make)


# Order ------------------------------------------------------------------------------------------------------


def test_levels_come_in_order_and_ranks_follow(hand: Hand) -> None:
    a, b, c, d = hand.ids[:4]
    hand.put(a)
    hand.put(b, MUST)
    hand.put(c, NO)
    hand.put(d)
    assert hand.stored() == [(b, MUST, 1), (a, MEET, 2), (d, MEET, 3), (c, NO, None)]
    hand.call(wishes.move, organisation=d, rank=1, version=hand.version)
    assert hand.stored()[:3] == [(b, MUST, 1), (d, MEET, 2), (a, MEET, 3)]  # never before a must
    hand.put(d, MUST)
    assert hand.stored()[:3] == [(b, MUST, 1), (d, MUST, 2), (a, MEET, 3)]
    hand.call(wishes.remove, organisation=b)
    assert hand.stored() == [(d, MUST, 1), (a, MEET, 2), (c, NO, None)]


LEVELS = st.sampled_from(list(WishLevel))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(1, 9), LEVELS, st.one_of(st.none(), st.integers(-2, 14))),
        st.tuples(st.just("move"), st.integers(1, 9), st.integers(-3, 14)),
        st.tuples(st.just("remove"), st.integers(1, 9)),
    ),
    max_size=40,
)


def well_formed(items: WishList) -> bool:
    """Ranks 1..n without a gap on all but the refusals, levels in order, nobody twice."""
    numbered = wish_order.ranks(items)
    given_ranks = [rank for _item, rank in numbered if rank is not None]
    levels = [list(WishLevel).index(item.level) for item in items]
    return (
        given_ranks == list(range(1, len(given_ranks) + 1))
        and all((rank is None) == (item.level is NO) for item, rank in numbered)
        and levels == sorted(levels)
        and len({item.organisation for item in items}) == len(items)
    )


@given(STEPS)
def test_any_sequence_of_moves_keeps_the_ranks_without_a_gap(steps: list[tuple[Any, ...]]) -> None:
    items: WishList = ()
    for step in steps:
        if step[0] == "put":
            items = wish_order.put(items, Item(step[1], step[2]), step[3])
            found = wish_order.find(items, step[1])
            assert found is not None and found.level is step[2]
        elif step[0] == "move":
            before = {item.organisation for item in items}
            items = wish_order.moved(items, step[1], step[2])
            assert {item.organisation for item in items} == before
        else:
            items = wish_order.without(items, step[1])
        assert well_formed(items)
        assert wish_order.read(wish_order.written(items)) == items


def test_the_property_sees_a_gap() -> None:
    """Its own negative control: levels out of order, an organisation twice."""
    assert not well_formed((Item(1, MEET), Item(2, MUST)))
    assert not well_formed((Item(1, MEET), Item(1, MEET)))


@given(STEPS, STEPS)
def test_a_merge_loses_nothing(left: list[Any], right: list[Any]) -> None:
    lists = []
    for steps in (left, right):
        items: WishList = ()
        for step in steps:
            if step[0] == "put":
                items = wish_order.put(items, Item(step[1], step[2]), step[3])
        lists.append(items)
    mine, theirs = lists
    both = wish_order.merged(mine, theirs)
    assert well_formed(both)
    assert {one.organisation for one in both} == {one.organisation for one in mine + theirs}
    assert set(mine) <= set(both)  # my levels win


@pytest.mark.parametrize(
    "text",
    ["x", "1", "1m.", ".1m", "0m", "1z", "1m-", "1m-0", "99999999999m", "1m..2m", "1m 2m", "1m" * 9000],
)
def test_a_line_that_is_no_list_is_refused(text: str) -> None:
    assert wish_order.read(text) is None


# Rules ------------------------------------------------------------------------------------------------------


def refused(code: str, call: Any, kind: type[DomainError] = Invalid) -> DomainError:
    with pytest.raises(kind) as found:
        call()
    assert found.value.code == code
    return found.value


def test_the_list_is_full(hand: Hand) -> None:
    for one in hand.ids[:10]:
        hand.put(one)
    refused("wishes_full", lambda: hand.put(hand.ids[10]))
    hand.put(hand.ids[10], NO)  # a refusal is no wish
    assert len(hand.stored()) == 11


def test_few_are_not_to_be_missed(hand: Hand) -> None:
    for one in hand.ids[:3]:
        hand.put(one, MUST)
    assert refused("musts_full", lambda: hand.put(hand.ids[3], MUST)).details["most"] == 3
    hand.put(hand.ids[3], MEET)


def test_a_list_over_a_lowered_limit_may_shrink(hand: Hand) -> None:
    for one in hand.ids[:6]:
        hand.put(one)
    hand.edition.max_wishes = 4
    hand.call(wishes.remove, organisation=hand.ids[0])
    hand.put(hand.ids[1], NO)
    refused("wishes_full", lambda: hand.put(hand.ids[0]))
    assert len(hand.stored()) == 5


def test_whom_one_cannot_wish(hand: Hand, make: Factory) -> None:
    refused("wish_own_organisation", lambda: hand.put(hand.me.organisation_id))
    same_side = make.delegate(hand.edition, hand.buyers)
    refused("wish_not_meetable", lambda: hand.put(same_side.organisation_id))
    waiting = make.delegate(hand.edition, hand.suppliers, status=DelegateStatus.PENDING)
    refused("wish_not_meetable", lambda: hand.put(waiting.organisation_id))
    elsewhere = Hand(hand.session, make, 1)
    refused("wish_not_meetable", lambda: hand.put(elsewhere.ids[0]))
    refused("wish_not_meetable", lambda: hand.put(2**31 - 1))


def test_an_excluded_organisation_is_like_any_other(hand: Hand, session: Session) -> None:
    first, second = sorted((hand.me.organisation_id, hand.ids[0]))
    session.add(Exclusion(edition_id=hand.edition.id, first_id=first, second_id=second, created_at=NOW))
    session.flush()
    hand.put(hand.ids[0], MUST)
    assert hand.stored() == [(hand.ids[0], MUST, 1)]


def test_a_delegate_may_be_named(hand: Hand, make: Factory, session: Session) -> None:
    home = session.get_one(Organisation, hand.ids[0])
    colleague = make.delegate(hand.edition, hand.suppliers, home)
    hand.put(home.id, MUST, delegate=colleague.id, several=True)
    row = session.scalars(select(Wish).where(Wish.owner_id == hand.me.id)).one()
    assert (row.delegate_id, row.several) == (colleague.id, True)
    refused("wish_delegate_unknown", lambda: hand.put(home.id, delegate=hand.people[1].id))
    refused("wish_refusal_names", lambda: hand.put(home.id, NO, delegate=colleague.id))
    colleague.status = DelegateStatus.CANCELLED
    session.flush()
    hand.put(hand.ids[1])  # the rest of the list can still be saved
    assert wish_order.find(wishes.as_list(wish_list.stored(session, hand.me.id)), home.id) is not None


def test_outside_its_dates_the_list_is_closed(session: Session, make: Factory) -> None:
    late = Hand(session, make, 1, wishes_close_at=NOW - timedelta(days=1))
    error = refused("wishes_not_open", lambda: late.put(late.ids[0]), DomainError)
    assert error.details["moment"] == late.edition.wishes_close_at
    early = Hand(session, make, 1, wishes_open_at=NOW + timedelta(days=1))
    refused("wishes_not_open", lambda: early.put(early.ids[0]), DomainError)
    none = Hand(session, make, 1, wishes_open_at=None, wishes_close_at=None)
    refused("wishes_not_open", lambda: none.put(none.ids[0]), DomainError)
    late.actor = Actor(account_id=1, acting_for=late.me.id, delegates={late.edition.id: late.me.id})
    late.put(late.ids[0])  # an organiser at the person's request
    assert late.stored() == [(late.ids[0], MEET, 1)]


def test_only_an_approved_person_wishes(hand: Hand) -> None:
    hand.me.status = DelegateStatus.PENDING
    refused("wishes_not_approved", lambda: hand.put(hand.ids[0]), NotAllowed)


# Safely -----------------------------------------------------------------------------------------------------


def test_each_change_is_one_version_and_one_line_of_the_log(hand: Hand, session: Session) -> None:
    form_version = hand.me.version
    saved = hand.put(hand.ids[0], MUST)
    assert saved.version == 1 == hand.version and hand.me.wishes_saved_at == NOW
    again = hand.put(hand.ids[0], MUST)
    assert again.version == 1  # the same again is no change
    lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "wishes_saved")).all()
    assert [line.details["verb"] for line in lines] == ["put"]
    assert (lines[0].details["wishes"], lines[0].details["musts"]) == (1, 1)
    session.refresh(hand.me)
    assert hand.me.version == form_version  # the person's own sheet is not outdated by a wish


def test_a_row_that_stays_keeps_its_dates(hand: Hand, session: Session) -> None:
    hand.put(hand.ids[0])
    hand.put(hand.ids[1])
    later = NOW + timedelta(hours=1)
    wishes.put(session, hand.actor, later, edition=hand.edition, owner=hand.me, item=Item(hand.ids[2], MEET))
    rows = session.scalars(select(Wish).where(Wish.owner_id == hand.me.id).order_by(Wish.rank)).all()
    assert [row.updated_at for row in rows] == [NOW, NOW, later]


def test_the_second_tab_is_told(hand: Hand) -> None:
    a, b, c = hand.ids[:3]
    for one in (a, b, c):
        hand.put(one)
    seen = hand.version
    hand.call(wishes.move, organisation=c, rank=1, version=seen)
    mine = (Item(b, MEET), Item(a, MEET))
    refused("wishes_changed", lambda: hand.call(wishes.replace, items=mine, version=seen), DomainError)
    refused(
        "wishes_changed", lambda: hand.call(wishes.move, organisation=b, rank=1, version=seen), DomainError
    )
    hand.call(wishes.move, organisation=c, rank=1, version=seen)  # sent twice: it is there already
    assert hand.stored() == [(c, MEET, 1), (a, MEET, 2), (b, MEET, 3)]
    hand.put(hand.ids[3])  # one wish more means the same whatever the rest became
    hand.call(wishes.replace, items=mine, version=hand.version)
    assert hand.stored() == [(b, MEET, 1), (a, MEET, 2)]


def in_own_session(app: SalonFlask, work: Any, failures: list[BaseException]) -> None:
    """Run `work(session)` in a transaction of its own, as a request would."""
    with app.app_context():
        try:
            db.session.connection(execution_options=WRITES)
            work(db.session())
            db.session.commit()
        except BaseException as error:
            failures.append(error)
            db.session.rollback()
        finally:
            db.session.remove()


def together(app: SalonFlask, works: list[Any]) -> list[BaseException]:
    failures: list[BaseException] = []
    gate = threading.Barrier(len(works))

    def start(work: Any) -> None:
        gate.wait()
        in_own_session(app, work, failures)

    threads = [threading.Thread(target=start, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_fifty_lists_saved_at_once_lose_nothing(app: SalonFlask, session: Session, make: Factory) -> None:
    hand = Hand(session, make, 6)
    people = [make.delegate(hand.edition, hand.buyers) for _ in range(50)]
    items = tuple(Item(one, MEET) for one in hand.ids)
    edition, owners = hand.edition.id, [one.id for one in people]
    session.commit()

    def save(owner: int) -> Any:
        def work(own: Session) -> None:
            wishes.replace(
                own, Actor(account_id=1), NOW, edition=own.get_one(Edition, edition),
                owner=own.get_one(Delegate, owner), version=0, items=items,
            )  # fmt: skip

        return work

    assert together(app, [save(owner) for owner in owners]) == []
    session.expire_all()
    for owner in owners:
        rows = wish_list.stored(session, owner)
        assert [(row.organisation, row.rank) for row in rows] == [
            (one, n) for n, one in enumerate(hand.ids, 1)
        ]
    assert session.query(AuditEntry).filter_by(action="wishes_saved").count() == 50
    assert audit.broken_link(session) is None


def test_ten_adds_of_one_person_at_once_are_all_there(
    app: SalonFlask, session: Session, make: Factory
) -> None:
    hand = Hand(session, make, 10)
    edition, owner, targets = hand.edition.id, hand.me.id, list(hand.ids)
    session.commit()

    def add(organisation: int) -> Any:
        def work(own: Session) -> None:
            wishes.put(
                own, Actor(account_id=1), NOW, edition=own.get_one(Edition, edition),
                owner=own.get_one(Delegate, owner), item=Item(organisation, MEET),
            )  # fmt: skip

        return work

    assert together(app, [add(one) for one in targets]) == []
    session.expire_all()
    rows = wish_list.stored(session, owner)
    assert {row.organisation for row in rows} == set(targets)
    assert [row.rank for row in rows] == list(range(1, 11))


def test_of_fifty_orders_of_one_list_one_wins_and_the_others_are_told(
    app: SalonFlask, session: Session, make: Factory
) -> None:
    hand = Hand(session, make, 8)
    hand.call(wishes.replace, version=0, items=[Item(one, MEET) for one in hand.ids])
    edition, owner, seen = hand.edition.id, hand.me.id, hand.version
    orders = [hand.ids[n % 8 :] + hand.ids[: n % 8] for n in range(1, 8)]
    session.commit()

    def save(order: list[int]) -> Any:
        def work(own: Session) -> None:
            wishes.replace(
                own, Actor(account_id=1), NOW, edition=own.get_one(Edition, edition),
                owner=own.get_one(Delegate, owner), version=seen, items=[Item(one, MEET) for one in order],
            )  # fmt: skip

        return work

    failures = together(app, [save(order) for order in orders])
    assert [getattr(error, "code", repr(error)) for error in failures] == ["wishes_changed"] * 6
    session.expire_all()
    assert [row.organisation for row in wish_list.stored(session, owner)] in orders
