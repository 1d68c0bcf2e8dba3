"""Decisions on one person's registration; each says by mail what the person must know."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import DelegateStatus, MailKind
from salon.errors import DomainError
from salon.models import Account, Delegate, Edition, ParticipantType
from salon.services import audit, outbox, releases

GONE = frozenset({DelegateStatus.REFUSED, DelegateStatus.WITHDRAWN, DelegateStatus.CANCELLED})
TAKES_A_PLACE = (DelegateStatus.APPROVED, DelegateStatus.PENDING)


def approve(session: Session, actor: Actor, now: datetime, *, delegate: Delegate) -> None:
    """The person comes; they are told unless they were approved already.

    Raises
    ------
    DomainError
        `type_full` when every place of their type is taken.
    """
    if delegate.status is DelegateStatus.APPROVED:
        return
    if delegate.status is not DelegateStatus.PENDING:
        _check_place(session, delegate.type_id)
    _decide(session, actor, now, delegate, DelegateStatus.APPROVED, reason="")
    _tell(session, now, MailKind.CONFIRMATION, delegate)


def refuse(session: Session, actor: Actor, now: datetime, *, delegate: Delegate, reason: str) -> None:
    """The person does not come, and learns why."""
    if delegate.status in GONE:
        raise DomainError("already_gone", name=delegate.full_name)
    _leave(session, actor, now, delegate, DelegateStatus.REFUSED, reason)
    _tell(session, now, MailKind.REFUSAL, delegate)


def cancel(session: Session, actor: Actor, now: datetime, *, delegate: Delegate, reason: str) -> None:
    """The organiser takes the place back; meetings already promised are cancelled at once."""
    if delegate.status in GONE:
        raise DomainError("already_gone", name=delegate.full_name)
    _leave(session, actor, now, delegate, DelegateStatus.CANCELLED, reason)
    _tell(session, now, MailKind.REFUSAL, delegate)


def withdraw(session: Session, actor: Actor, now: datetime, *, delegate: Delegate) -> None:
    """The person gives up their place; their meetings are cancelled at once and counterparts told."""
    if delegate.status in GONE:
        raise DomainError("already_gone", name=delegate.full_name)
    _leave(session, actor, now, delegate, DelegateStatus.WITHDRAWN, "")


def _leave(
    session: Session, actor: Actor, now: datetime, delegate: Delegate, status: DelegateStatus, reason: str
) -> None:
    _decide(session, actor, now, delegate, status, reason=reason)
    releases.withdraw_person(session, actor, now, delegate=delegate)
    _promote_waiting(session, actor, now, delegate.type_id)


def _decide(
    session: Session, actor: Actor, now: datetime, delegate: Delegate, status: DelegateStatus, *, reason: str
) -> None:
    before = delegate.status
    delegate.status, delegate.reason, delegate.decided_at = status, reason[:500], now
    session.flush()
    audit.record(
        session, actor, now, f"registration_{status.value}", edition_id=delegate.edition_id, obj=delegate,
        before=before.value,
    )  # fmt: skip


def _check_place(session: Session, type_id: int) -> None:
    """The last place has one winner: on SQLite the write lock orders us, elsewhere the type's row does."""
    type_ = session.get_one(ParticipantType, type_id, with_for_update=True)
    if type_.capacity is not None and _taken(session, type_id) >= type_.capacity:
        raise DomainError("type_full")


def _taken(session: Session, type_id: int) -> int:
    here = (Delegate.type_id == type_id, Delegate.status.in_(TAKES_A_PLACE))
    return session.scalar(select(func.count()).select_from(Delegate).where(*here)) or 0


def _promote_waiting(session: Session, actor: Actor, now: datetime, type_id: int) -> None:
    """The first of the waiting list takes the freed place."""
    type_ = session.get_one(ParticipantType, type_id, with_for_update=True)
    if type_.capacity is None or _taken(session, type_id) >= type_.capacity:
        return
    waiting = (Delegate.type_id == type_id, Delegate.status == DelegateStatus.WAITING)
    first = session.scalar(
        select(Delegate).where(*waiting).order_by(Delegate.created_at, Delegate.id).limit(1)
    )
    if first is None:
        return
    status = DelegateStatus.APPROVED if type_.approves_itself else DelegateStatus.PENDING
    _decide(session, actor, now, first, status, reason="")
    if status is DelegateStatus.APPROVED:
        _tell(session, now, MailKind.CONFIRMATION, first)


def _tell(session: Session, now: datetime, kind: MailKind, delegate: Delegate) -> None:
    outbox.queue_mail(
        session,
        now,
        kind,
        account=session.get_one(Account, delegate.account_id),
        edition=session.get_one(Edition, delegate.edition_id),
        delegate=delegate,
        dedupe_key=f"{kind.value}:{delegate.id}:{now.isoformat()}",
    )
