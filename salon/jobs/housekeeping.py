"""Sweeps that forget what nobody needs any more, and find mail that is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from salon.jobs.sweep import Nudges, sweeps
from salon.models import LoginToken, Submission
from salon.services import outbox, sessions, throttle

SUBMISSION_KEPT = timedelta(days=2)
TOKEN_KEPT = timedelta(days=30)


@sweeps("mail", every_s=10)
def mail(session: Session, now: datetime) -> Nudges:
    """Messages whose nudge was lost, or whose next attempt has come."""
    return [("send_due", 0)] if outbox.sweep(session, now) else ()


@sweeps("old_rows", every_s=3600)
def old_rows(session: Session, now: datetime) -> Nudges:
    """Counted attempts, dead sessions, used forms and tokens."""
    throttle.sweep(session, now)
    sessions.sweep(session, now)
    session.execute(delete(Submission).where(Submission.at < now - SUBMISSION_KEPT))
    session.execute(delete(LoginToken).where(LoginToken.expires_at < now - TOKEN_KEPT))
    return ()
