"""Nudges to the queue that wait, in the session, for its commit: a leaf, so that services may use it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session, scoped_session

_KEY = "nudges"
AnySession = Session | scoped_session[Any]


def after_commit(session: AnySession, task: str, object_id: int) -> None:
    """Ask for a task once this transaction is committed, once for each; forgotten if it is rolled back."""
    session.info.setdefault(_KEY, {})[(task, object_id)] = None


def collect(session: AnySession) -> list[tuple[str, int]]:
    """Take the nudges of a transaction that was just committed."""
    return list(session.info.pop(_KEY, {}))


def forget(session: AnySession) -> None:
    """Drop the nudges of a transaction that was rolled back."""
    session.info.pop(_KEY, None)
