"""Decisions on one person's registration; each says by mail what the person must know."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import DelegateStatus, MailKind, Source
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
    _ensure_lead(session, delegate)
    _tell(session, now, MailKind.CONFIRMATION, delegate)


def _ensure_lead(session: Session, delegate: Delegate) -> None:
    """An organisation that comes has somebody who may describe it: the first one approved."""
    others = (
        Delegate.edition_id == delegate.edition_id,
        Delegate.organisation_id == delegate.organisation_id,
        Delegate.is_lead,
        Delegate.status.not_in(GONE),
    )
    if session.scalar(select(Delegate.id).where(*others).limit(1)) is None:
        delegate.is_lead = True
        session.flush()


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
    type_ = session.get_one(ParticipantType, delegate.type_id)
    promote_waiting(session, actor, now, type_=type_)


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


# Places -----------------------------------------------------------------------------------------------------


def is_full(session: Session, type_: ParticipantType) -> bool:
    """Whether every place of a type is taken; ask again under the lock before giving one."""
    return type_.capacity is not None and _taken(session, type_.id) >= type_.capacity


def _locked(session: Session, type_id: int) -> ParticipantType:
    """The type, ours alone: the last place has one winner (SQLite's write lock already orders us)."""
    return session.get_one(ParticipantType, type_id, with_for_update=True, populate_existing=True)


def _check_place(session: Session, type_id: int) -> None:
    if is_full(session, _locked(session, type_id)):
        raise DomainError("type_full")


def _taken(session: Session, type_id: int) -> int:
    here = (Delegate.type_id == type_id, Delegate.status.in_(TAKES_A_PLACE))
    return session.scalar(select(func.count()).select_from(Delegate).where(*here)) or 0


def place(session: Session, actor: Actor, now: datetime, *, delegate: Delegate, action: str = "") -> None:
    """A confirmed person is approved, to be validated, or on the waiting list; they are told.

    Raises
    ------
    DomainError
        `type_full_public` when there is neither a place nor a waiting list.
    """
    type_ = _locked(session, delegate.type_id)
    if is_full(session, type_):
        if not type_.has_waiting_list:
            raise DomainError("type_full_public")
        status = DelegateStatus.WAITING
    else:
        status = _first_status(session, type_, delegate)
    if action:
        audit.record(session, actor, now, action, edition_id=delegate.edition_id, obj=delegate)
    _decide(session, actor, now, delegate, status, reason="")
    _tell_place(session, now, delegate)


def _first_status(session: Session, type_: ParticipantType, delegate: Delegate) -> DelegateStatus:
    """Whoever joined an organisation that others described is checked by an organiser, whatever the type."""
    joined = delegate.source is Source.SELF and not delegate.is_lead
    return DelegateStatus.APPROVED if type_.approves_itself and not joined else DelegateStatus.PENDING


def _tell_place(session: Session, now: datetime, delegate: Delegate) -> None:
    if delegate.status is DelegateStatus.APPROVED:
        _tell(session, now, MailKind.CONFIRMATION, delegate)
    elif delegate.status is DelegateStatus.WAITING:
        _tell(session, now, MailKind.WAITING_LIST, delegate)


def promote_waiting(
    session: Session, actor: Actor, now: datetime, *, type_: ParticipantType
) -> tuple[Delegate, ...]:
    """The first of the waiting list take the free places, in the order in which they confirmed.

    To call after a withdrawal, and after a capacity was raised.
    """
    locked = _locked(session, type_.id)
    waiting = (Delegate.type_id == type_.id, Delegate.status == DelegateStatus.WAITING)
    order = (func.coalesce(Delegate.confirmed_at, Delegate.created_at), Delegate.id)
    promoted: list[Delegate] = []
    for person in session.scalars(select(Delegate).where(*waiting).order_by(*order)).all():
        if is_full(session, locked):
            break
        _decide(session, actor, now, person, _first_status(session, locked, person), reason="")
        _tell_promoted(session, now, person)
        promoted.append(person)
    return tuple(promoted)


def _tell_promoted(session: Session, now: datetime, delegate: Delegate) -> None:
    if delegate.status is DelegateStatus.APPROVED:
        _tell(session, now, MailKind.CONFIRMATION, delegate)
    else:
        _tell(session, now, MailKind.WAITING_LIST, delegate, {"place_free": True})


def _tell(
    session: Session, now: datetime, kind: MailKind, delegate: Delegate, params: dict[str, Any] | None = None
) -> None:
    outbox.queue_mail(
        session,
        now,
        kind,
        account=session.get_one(Account, delegate.account_id),
        edition=session.get_one(Edition, delegate.edition_id),
        delegate=delegate,
        params=params,
        dedupe_key=f"{kind.value}:{delegate.id}:{now.isoformat()}",
    )
