"""Whose calendar a secret address is, and whether what it says has changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Executable, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from salon.database import filtered
from salon.models import (
    Delegate,
    Edition,
    FeedToken,
    Organisation,
    Participation,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
)

KEPT = timedelta(days=30)  # after the last day of the edition


@dataclass(frozen=True, slots=True)
class Subscription:
    """The owner of a calendar that still answers."""

    edition: Edition
    delegate: Delegate


def active(session: Session, delegate_id: int) -> datetime | None:
    """When the address in force was made; None without one."""
    return session.scalar(
        select(func.max(FeedToken.created_at)).where(
            FeedToken.delegate_id == delegate_id, FeedToken.revoked_at.is_(None)
        )
    )


def find(session: Session, token_hash: str, now: datetime) -> Subscription | None:
    """One look-up, whether the secret is unknown, revoked or past its time: all three are None."""
    row = session.execute(_OWNER, {"token": token_hash}).first()
    if row is None or row[0] is not None or is_over(row[1], now):
        return None
    return Subscription(row[1], row[2])


_OWNER = (
    select(FeedToken.revoked_at, Edition, Delegate)
    .join(Delegate, Delegate.id == FeedToken.delegate_id)
    .join(Edition, Edition.id == Delegate.edition_id)
    .where(FeedToken.token_hash == bindparam("token"))
)


def is_over(edition: Edition, now: datetime) -> bool:
    """Whether the calendars of an edition have stopped answering."""
    return now.astimezone(ZoneInfo(edition.timezone)).date() > edition.last_day + KEPT


def stamp(session: Session, edition: Edition, delegate: Delegate) -> tuple[str, datetime | None]:
    """A fingerprint of everything that a calendar says, and when its release appeared; one statement.

    It changes with the release, with the edition, and with the sheets of the people and structures one meets.
    """
    row: Any = session.execute(_said(), {"edition": edition.id, "delegate": delegate.id}).first()
    said = [tuple(row) if row else None, edition.version, delegate.id, delegate.version, delegate.locale]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32], row[1] if row else None


@cache
def _said() -> Executable:
    """Built once: calendar programmes ask it every hour of every person."""
    edition: BindParameter[int] = bindparam("edition")
    mine, other = aliased(ReleasedSeat), aliased(ReleasedSeat)
    newest = select(func.max(Release.number)).where(Release.edition_id == edition).scalar_subquery()
    return (
        select(
            Release.id, Release.created_at, func.count(other.delegate_id), func.sum(Delegate.version),
            func.sum(Organisation.version), func.sum(Participation.version),
        )
        .select_from(Release)
        .outerjoin(ReleasedMeeting, filtered(ReleasedMeeting.release_id) == Release.id)
        .join(mine, mine.released_meeting_id == ReleasedMeeting.id)
        .join(other, other.released_meeting_id == ReleasedMeeting.id)
        .join(Delegate, Delegate.id == other.delegate_id)
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .join(
            Participation,
            (Participation.organisation_id == Organisation.id) & (Participation.edition_id == edition),
        )
        .where(
            Release.edition_id == edition, Release.number == newest, mine.delegate_id == bindparam("delegate")
        )
        .group_by(Release.id, Release.created_at)
    )  # fmt: skip
