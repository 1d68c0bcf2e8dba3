"""The team of an edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.enums import Role
from salon.models import Account, AuthSession, Edition, Membership, Passkey


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member; `seen_at` is the last use of a session that is still open."""

    id: int
    account_id: int
    name: str
    email: str
    role: Role
    since: datetime
    has_signed_in: bool
    has_second_factor: bool
    seen_at: datetime | None


def team(session: Session, edition: Edition) -> tuple[MemberLine, ...]:
    """Members by role, strongest first, then by name; in one statement."""
    passkeys = select(Passkey.id).where(Passkey.account_id == Account.id).exists()
    seen = select(func.max(AuthSession.seen_at)).where(AuthSession.account_id == Account.id).scalar_subquery()
    query = (
        select(
            Membership.id,
            Account.id,
            Account.name,
            Account.email,
            Membership.role,
            Membership.created_at,
            Account.verified_at.is_not(None),
            Account.totp_secret.is_not(None) | passkeys,
            seen,
        )
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.edition_id == edition.id)
    )
    return tuple(sorted((MemberLine(*row) for row in session.execute(query)), key=_order))


def _order(line: MemberLine) -> tuple[int, str]:
    return list(Role).index(line.role), (line.name or line.email).casefold()
