"""What one person agreed to, was sent, and what was done to their registration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from salon.enums import ConsentPurpose, MailKind, MailState
from salon.models import Account, AuditEntry, ConsentRecord, Delegate, OutboxMail

_HISTORY = 40  # entries shown; the journal page has the rest


@dataclass(frozen=True, slots=True)
class ConsentLine:
    purpose: ConsentPurpose
    given: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MailLine:
    kind: MailKind
    state: MailState
    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    at: datetime
    action: str
    who: str  # the account's name, or empty for the system
    acting: bool
    details: dict[str, Any]


def consents(session: Session, delegate: Delegate) -> tuple[ConsentLine, ...]:
    """The last word on each purpose."""
    query = (
        select(ConsentRecord.purpose, ConsentRecord.given, ConsentRecord.at)
        .where(ConsentRecord.delegate_id == delegate.id)
        .order_by(ConsentRecord.id)
    )
    last = {row[0]: ConsentLine(*row) for row in session.execute(query)}
    return tuple(last[purpose] for purpose in ConsentPurpose if purpose in last)


def mails(session: Session, delegate: Delegate) -> tuple[MailLine, ...]:
    """Messages addressed to the person about this edition, the latest first."""
    query = (
        select(OutboxMail.kind, OutboxMail.state, OutboxMail.sent_at, OutboxMail.created_at,
               OutboxMail.last_error)
        .where(OutboxMail.delegate_id == delegate.id)
        .order_by(OutboxMail.id.desc())
    )  # fmt: skip
    return tuple(
        MailLine(kind, state, sent or created, error)
        for kind, state, sent, created, error in session.execute(query)
    )


def history(session: Session, delegate: Delegate) -> tuple[HistoryLine, ...]:
    """What was done to this registration, or by an organiser at the person's place; the latest first."""
    query = (
        select(AuditEntry.at, AuditEntry.action, Account.name, Account.email, AuditEntry.acting_for_id,
               AuditEntry.details)
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .where(
            AuditEntry.edition_id == delegate.edition_id,
            or_(
                and_(AuditEntry.object_type == "Delegate", AuditEntry.object_id == delegate.id),
                AuditEntry.acting_for_id == delegate.id,
            ),
        )
        .order_by(AuditEntry.id.desc())
        .limit(_HISTORY)
    )  # fmt: skip
    return tuple(
        HistoryLine(at, action, name or email or "", acting is not None, details)
        for at, action, name, email, acting, details in session.execute(query)
    )
