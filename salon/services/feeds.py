"""The private calendar of one person: a secret address, shown once, replaced or revoked at will."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import TokenPurpose
from salon.errors import DomainError, NotAllowed
from salon.models import Delegate, FeedToken
from salon.queries import feeds as reads
from salon.services import audit, tokens


def create(session: Session, actor: Actor, now: datetime, *, delegate: Delegate) -> str:
    """A new secret; the address made before stops answering. Only its hash is kept: it cannot be shown again."""
    _only_oneself(actor)
    _revoke_all(session, now, delegate)
    secret = tokens.new_secret()
    token = FeedToken(
        delegate_id=delegate.id, token_hash=tokens.fingerprint(secret, TokenPurpose.FEED), created_at=now
    )
    session.add(token)
    session.flush()
    audit.record(session, actor, now, "feed_created", edition_id=delegate.edition_id, obj=delegate)
    return secret


def revoke(session: Session, actor: Actor, now: datetime, *, delegate: Delegate) -> None:
    """No address of this person answers any more."""
    _only_oneself(actor)
    if reads.active(session, delegate.id) is None:
        raise DomainError("no_feed")
    _revoke_all(session, now, delegate)
    audit.record(session, actor, now, "feed_revoked", edition_id=delegate.edition_id, obj=delegate)


def _only_oneself(actor: Actor) -> None:
    if actor.acting_for is not None:
        raise NotAllowed("feed_while_acting")


def _revoke_all(session: Session, now: datetime, delegate: Delegate) -> None:
    query = update(FeedToken).where(FeedToken.delegate_id == delegate.id, FeedToken.revoked_at.is_(None))
    session.execute(query.values(revoked_at=now))
