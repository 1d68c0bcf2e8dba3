"""The secret of a private calendar: hashed, one at a time, revocable, and only one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import TokenPurpose
from salon.errors import DomainError, NotAllowed
from salon.models import AuditEntry, Delegate, FeedToken
from salon.queries import feeds as reads
from salon.services import feeds, tokens
from tests.conftest import NOW
from tests.factories import Factory


@pytest.fixture
def me(make: Factory) -> Delegate:
    edition = make.edition()
    return make.delegate(edition, make.two_sides(edition)[0])


def owner(me: Delegate) -> Actor:
    return Actor(account_id=me.account_id, delegates={me.edition_id: me.id})


def found(session: Session, secret: str, later: timedelta = timedelta()) -> int | None:
    seen = reads.find(session, tokens.fingerprint(secret, TokenPurpose.FEED), NOW + later)
    return seen.delegate.id if seen else None


def test_only_the_hash_is_kept(session: Session, me: Delegate) -> None:
    secret = feeds.create(session, owner(me), NOW, delegate=me)
    assert len(secret) == 43
    row = session.scalars(select(FeedToken)).one()
    assert secret not in {str(getattr(row, column.key)) for column in FeedToken.__table__.columns}
    lines = session.scalars(select(AuditEntry)).all()
    assert [line.action for line in lines] == ["feed_created"] and secret not in repr(lines[0].details)
    assert found(session, secret) == me.id
    assert found(session, secret[:-1] + ("A" if secret[-1] != "A" else "B")) is None
    assert reads.find(session, tokens.fingerprint(secret, TokenPurpose.SIGN_IN), NOW) is None


def test_a_new_one_replaces_the_old_one(session: Session, me: Delegate) -> None:
    old = feeds.create(session, owner(me), NOW, delegate=me)
    new = feeds.create(session, owner(me), NOW + timedelta(hours=1), delegate=me)
    assert found(session, old) is None and found(session, new) == me.id
    assert reads.active(session, me.id) == NOW + timedelta(hours=1)


def test_revoked_for_good(session: Session, me: Delegate) -> None:
    secret = feeds.create(session, owner(me), NOW, delegate=me)
    feeds.revoke(session, owner(me), NOW, delegate=me)
    assert found(session, secret) is None and reads.active(session, me.id) is None
    with pytest.raises(DomainError, match="no_feed"):
        feeds.revoke(session, owner(me), NOW, delegate=me)


def test_it_ends_thirty_days_after_the_fair(session: Session, me: Delegate) -> None:
    secret = feeds.create(session, owner(me), NOW, delegate=me)  # the fair is on 11 March 2027
    assert found(session, secret, timedelta(days=88)) == me.id  # 10 April
    assert found(session, secret, timedelta(days=89)) is None


def test_nobody_makes_one_for_somebody_else(session: Session, me: Delegate) -> None:
    acting = Actor(account_id=99, acting_for=me.id, delegates={me.edition_id: me.id})
    for verb in (feeds.create, feeds.revoke):
        with pytest.raises(NotAllowed, match="feed_while_acting"):
            verb(session, acting, NOW, delegate=me)
