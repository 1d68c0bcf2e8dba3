"""Rate limits counted in the database, so that every worker sees the same count."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from salon.errors import TooMany
from salon.models import Attempt


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` events of a `kind` for one key within `window`."""

    kind: str
    count: int
    window: timedelta


LINK_PER_ADDRESS = Limit("link_address", 3, timedelta(minutes=15))
LINK_PER_IP = Limit("link_ip", 20, timedelta(hours=1))
CODE_PER_ACCOUNT = Limit("code_account", 5, timedelta(minutes=15))
CODE_PER_ACCOUNT_DAY = Limit("code_account_day", 10, timedelta(days=1))
CODE_PER_IP = Limit("code_ip", 30, timedelta(minutes=5))
REGISTRATION_PER_IP = Limit("registration_ip", 30, timedelta(hours=1))


def check(session: Session, now: datetime, limit: Limit, key: str) -> None:
    """Raise `TooMany` with the seconds to wait when the limit is reached; counts nothing itself."""
    recent = (
        Attempt.kind == limit.kind,
        Attempt.key_hash == _hash(key),
        Attempt.at > now - limit.window,
    )
    count, oldest = session.execute(select(func.count(), func.min(Attempt.at)).where(*recent)).one()
    if count >= limit.count:
        wait = (oldest + limit.window - now).total_seconds()
        raise TooMany("too_many_attempts", retry_after=max(1, int(wait) + 1))


def count(session: Session, now: datetime, limit: Limit, key: str) -> None:
    """Count one event."""
    session.add(Attempt(kind=limit.kind, key_hash=_hash(key), at=now))
    session.flush()


def sweep(session: Session, now: datetime) -> None:
    """Forget what no limit looks at any more."""
    session.execute(delete(Attempt).where(Attempt.at < now - timedelta(days=2)))


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
