"""Acting at somebody's place: begun and ended by a button, shown on every page, written in the log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.errors import DomainError, NotAllowed
from salon.models import Account, Delegate, Membership
from salon.policies import editions
from salon.services import sessions


def start(session: Session, actor: Actor, now: datetime, *, session_id: int, delegate: Delegate) -> None:
    """This browser stands for the delegate; never for a colleague of the team, never twice over.

    The organiser keeps the roles, so that coming back is always possible.
    """
    if not editions.can_edit(actor, delegate.edition_id):
        raise NotAllowed("not_allowed")
    if actor.acting_for is not None:
        raise DomainError("already_acting")
    account = session.get_one(Account, delegate.account_id)
    if account.disabled_at is not None or account.erased_at is not None:
        raise DomainError("cannot_act_for_gone")
    if account.is_admin or account.id == actor.account_id or _is_member(session, account):
        raise NotAllowed("cannot_act_for_member")
    sessions.act_for(session, actor, now, session_id, delegate)


def stop(session: Session, actor: Actor, now: datetime, *, session_id: int) -> Delegate | None:
    """This browser stands for its own account again; returns whom it stood for."""
    if actor.acting_for is None:
        return None
    delegate = session.get(Delegate, actor.acting_for)
    sessions.act_for(session, actor, now, session_id, delegate, starts=False)
    return delegate


def _is_member(session: Session, account: Account) -> bool:
    query = select(Membership.id).where(Membership.account_id == account.id).limit(1)
    return session.scalar(query) is not None
