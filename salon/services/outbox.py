"""Messages to send: rows in the caller's transaction, delivered by a job after its commit."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, insert, select, update
from sqlalchemy.orm import Session

from salon.enums import MailKind, MailState
from salon.errors import DomainError
from salon.models import Account, Delegate, Edition, MailBatch, OutboxMail, Release
from salon.nudges import after_commit

RETRY_AFTER = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 120, 240, 240, 240, 240, 240))  # about 24 h
TAKEN_FOR = timedelta(minutes=5)  # a `sending` row older than this lost its mailer
DUE_STATES = (MailState.QUEUED, MailState.RETRY)
UNSURE_STATES = (MailState.FAILED, MailState.UNCERTAIN)  # what an organiser may ask to send again
URGENT = (MailKind.SIGN_IN, MailKind.CONFIRM_ADDRESS)  # somebody waits in front of a page


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
    mail = OutboxMail(**_values(now, kind, account, edition, delegate, release, batch, params, dedupe_key))
    session.add(mail)
    session.flush()
    _nudge(session, mail)
    return mail


def _nudge(session: Session, mail: OutboxMail) -> None:
    """Who waits in front of a page gets a task of their own; the rest leave in rounds, and never crowd the queue."""
    after_commit(session, *(("send_mail", mail.id) if mail.kind in URGENT else ("send_due", 0)))


def _values(
    now: datetime, kind: MailKind, account: Account, edition: Edition | None, delegate: Delegate | None,
    release: Release | None, batch: MailBatch | None, params: dict[str, Any] | None, dedupe_key: str,
) -> dict[str, Any]:  # fmt: skip
    return {
        "kind": kind,
        "edition_id": edition.id if edition else None,
        "batch_id": batch.id if batch else None,
        "account_id": account.id,
        "delegate_id": delegate.id if delegate else None,
        "release_id": release.id if release else None,
        "recipient": account.email,
        "language": delegate.locale if delegate else account.locale,
        "params": params or {},
        "dedupe_key": dedupe_key,
        "message_id": f"{uuid.uuid4()}@salon",
        "next_attempt_at": now,
        "created_at": now,
    }


def queue_batch(
    session: Session, now: datetime, *, batch: MailBatch, edition: Edition, people: Iterable[Delegate],
    release: Release | None, params: dict[str, Any], key: str,
) -> int:  # fmt: skip
    """One message for each delegate, their accounts loaded; how many, those queued under `key` before left out."""
    keys = {f"mailing:{key}:{one.id}": one for one in people}
    known = set(
        session.scalars(
            select(OutboxMail.dedupe_key).where(OutboxMail.dedupe_key.startswith(f"mailing:{key}:"))
        )
    )
    rows = [
        _values(now, batch.kind, one.account, edition, one, release, batch, dict(params), dedupe)
        for dedupe, one in keys.items()
        if dedupe not in known
    ]
    if rows:
        session.execute(insert(OutboxMail), rows)  # one statement, however many they are
    after_commit(session, "send_due", 0)
    return len(rows)


def next_due(session: Session, now: datetime) -> int | None:
    """The id of the message to send next: somebody in front of a page first, then the oldest."""
    due = (OutboxMail.state.in_(DUE_STATES), OutboxMail.next_attempt_at <= now)
    first = case((OutboxMail.kind.in_(URGENT), 0), else_=1)
    return session.scalar(select(OutboxMail.id).where(*due).order_by(first, OutboxMail.id).limit(1))


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
    """An organiser asks for it again, to the address the person has now; it keeps its Message-ID, so that a
    second copy can be recognised.

    Raises
    ------
    DomainError
        `mail_not_unsure` unless it failed or nobody knows whether it arrived.
    """
    account = session.get_one(Account, mail.account_id)
    taken = session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == mail.id, OutboxMail.state.in_(UNSURE_STATES))
        .values(
            state=MailState.QUEUED, next_attempt_at=now, attempts=0, last_error="",
            recipient=mail.recipient if mail.params.get("change") else account.email,
        )
    )  # fmt: skip
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise DomainError("mail_not_unsure")
    session.refresh(mail)
    _nudge(session, mail)


def resend_failed(session: Session, now: datetime, batch: MailBatch) -> int:
    """Every message of a sending that surely did not arrive goes again; how many. Doubtful ones are left alone."""
    email = select(Account.email).where(Account.id == OutboxMail.account_id).scalar_subquery()
    taken = session.execute(
        update(OutboxMail)
        .where(OutboxMail.batch_id == batch.id, OutboxMail.state == MailState.FAILED)
        .values(state=MailState.QUEUED, next_attempt_at=now, attempts=0, last_error="", recipient=email)
        .execution_options(synchronize_session=False)
    )
    after_commit(session, "send_due", 0)
    return int(taken.rowcount)  # type: ignore[attr-defined]


def sweep(session: Session, now: datetime) -> bool:
    """Whether any is due; one whose mailer died while sending becomes uncertain, never resent by itself."""
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.state == MailState.SENDING, OutboxMail.taken_at < now - TAKEN_FOR)
        .values(state=MailState.UNCERTAIN, last_error="mailer stopped while sending")
    )
    return next_due(session, now) is not None
