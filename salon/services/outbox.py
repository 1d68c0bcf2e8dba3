"""Messages to send: rows in the caller's transaction, delivered by a job after its commit."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from salon.enums import MailKind, MailState
from salon.models import Account, Delegate, Edition, MailBatch, OutboxMail, Release
from salon.nudges import after_commit

RETRY_AFTER = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 120, 240, 240, 240, 240, 240))  # about 24 h
TAKEN_FOR = timedelta(minutes=3)  # a `sending` row older than this lost its mailer
DUE_STATES = (MailState.QUEUED, MailState.RETRY)


def queue_mail(
    session: Session,
    now: datetime,
    kind: MailKind,
    *,
    account: Account,
    edition: Edition | None = None,
    delegate: Delegate | None = None,
    release: Release | None = None,
    batch: MailBatch | None = None,
    params: dict[str, Any] | None = None,
    dedupe_key: str,
) -> OutboxMail | None:
    """Add one message; None when its `dedupe_key` was queued before. `params` hold ids and hashes only."""
    if session.scalar(select(OutboxMail.id).where(OutboxMail.dedupe_key == dedupe_key)) is not None:
        return None
    mail = OutboxMail(
        kind=kind,
        edition_id=edition.id if edition else None,
        batch_id=batch.id if batch else None,
        account_id=account.id,
        delegate_id=delegate.id if delegate else None,
        release_id=release.id if release else None,
        recipient=account.email,
        language=delegate.locale if delegate else account.locale,
        params=params or {},
        dedupe_key=dedupe_key,
        message_id=f"{uuid.uuid4()}@salon",
        next_attempt_at=now,
        created_at=now,
    )
    session.add(mail)
    session.flush()
    after_commit(session, "send_mail", mail.id)
    return mail


def take(session: Session, now: datetime, mail_id: int) -> OutboxMail | None:
    """The message, now `sending` and ours alone; None when it is not due or somebody else has it."""
    taken = session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == mail_id, OutboxMail.state.in_(DUE_STATES), OutboxMail.next_attempt_at <= now)
        .values(state=MailState.SENDING, taken_at=now, attempts=OutboxMail.attempts + 1)
    )
    if not taken.rowcount:  # type: ignore[attr-defined]
        return None
    return session.get(OutboxMail, mail_id, populate_existing=True)


def mark_sent(mail: OutboxMail, now: datetime) -> None:
    """The server accepted it."""
    mail.state, mail.sent_at, mail.last_error = MailState.SENT, now, ""


def mark_refused(mail: OutboxMail, now: datetime, error: str, *, for_good: bool) -> None:
    """Try again later, or give up after about a day or when the server refused for good."""
    mail.last_error = error[:300]
    if for_good or mail.attempts > len(RETRY_AFTER):
        mail.state = MailState.FAILED
        return
    mail.state = MailState.RETRY
    mail.next_attempt_at = now + RETRY_AFTER[mail.attempts - 1]


def mark_dropped(mail: OutboxMail, why: str) -> None:
    """Nobody needs it any more: it did not leave and never will; the person is still reachable."""
    mail.state, mail.last_error = MailState.DROPPED, why[:300]


def mark_uncertain(mail: OutboxMail, error: str) -> None:
    """The answer to DATA was lost: perhaps it left, so only a person may send it again."""
    mail.state, mail.last_error = MailState.UNCERTAIN, error[:300]


def resend(session: Session, now: datetime, mail: OutboxMail) -> None:
    """An organiser asks for it again; it keeps its Message-ID, so a second copy can be recognised."""
    mail.state, mail.next_attempt_at, mail.attempts, mail.last_error = MailState.QUEUED, now, 0, ""
    session.flush()
    after_commit(session, "send_mail", mail.id)


def sweep(session: Session, now: datetime) -> list[int]:
    """Ids that are due; one whose mailer died while sending becomes uncertain, never resent by itself."""
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.state == MailState.SENDING, OutboxMail.taken_at < now - TAKEN_FOR)
        .values(state=MailState.UNCERTAIN, last_error="mailer stopped while sending")
    )
    due = (OutboxMail.state.in_(DUE_STATES), OutboxMail.next_attempt_at <= now)
    return list(session.scalars(select(OutboxMail.id).where(*due).order_by(OutboxMail.id).limit(200)))
