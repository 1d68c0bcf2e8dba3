"""Signed-in browsers: opened, found again, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Executable, Row, and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import DelegateStatus, Role
from salon.models import Account, AuthSession, Delegate, Membership, Passkey
from salon.services import audit, tokens

STAFF_IDLE, STAFF_AGE = timedelta(hours=3), timedelta(hours=12)
IDLE, AGE = timedelta(days=14), timedelta(days=60)
SEEN_EVERY = timedelta(minutes=1)  # how often a session's last use is written down


@dataclass(frozen=True, slots=True)
class Found:
    """An open session, its actor, and whether its last use should be written down."""

    session_id: int
    actor: Actor
    locale: str
    needs_second_factor: bool
    is_stale: bool


def open_session(session: Session, now: datetime, account: Account, *, strong: bool) -> str:
    """Add a session for the account and return the secret for its cookie."""
    secret = tokens.new_secret()
    session.add(
        AuthSession(
            account_id=account.id,
            token_hash=tokens.fingerprint(secret, "session"),
            created_at=now,
            seen_at=now,
            strong_at=now if strong else None,
        )
    )
    session.flush()
    audit.record(session, Actor(account_id=account.id), now, "signed_in", obj=account, strong=strong)
    return secret


def find(session: Session, now: datetime, secret: str) -> Found | None:
    """The live session behind a cookie, or None when there is none or it is too old; one statement."""
    rows = session.execute(_KNOWN, {"token": tokens.fingerprint(secret, "session")}).all()
    if not rows or rows[0].disabled_at or rows[0].erased_at:
        return None
    return _found(now, rows[0], rows)


def _known() -> Executable:
    """Session and account, beside each role and each registration that the session stands for.

    These are the impersonated person's while an organiser acts for somebody, else the account's own.
    """
    own = and_(AuthSession.acting_for_id.is_(None), Delegate.account_id == AuthSession.account_id)
    passkeys = select(Passkey.id).where(Passkey.account_id == Account.id).correlate(Account)
    return (
        select(
            AuthSession.id, AuthSession.created_at, AuthSession.seen_at, AuthSession.strong_at,
            AuthSession.acting_for_id, AuthSession.account_id, Account.name, Account.email, Account.locale,
            Account.is_admin, Account.disabled_at, Account.erased_at,
            (Account.totp_secret.is_not(None) | passkeys.exists()).label("has_second_factor"),
            Membership.edition_id.label("team"), Membership.role,
            Delegate.id.label("delegate"), Delegate.edition_id.label("attends"), Delegate.status,
            Delegate.first_name, Delegate.last_name,
        )
        .join(Account, Account.id == AuthSession.account_id)
        .outerjoin(Membership, Membership.account_id == AuthSession.account_id)
        .outerjoin(Delegate, or_(Delegate.id == AuthSession.acting_for_id, own))
        .where(AuthSession.token_hash == bindparam("token"))
        .order_by(Delegate.id.desc())
    )  # fmt: skip


_KNOWN = _known()


def _found(now: datetime, opened: Row[Any], rows: Sequence[Row[Any]]) -> Found | None:
    roles = {row.team: row.role for row in rows if row.team is not None}
    staff = opened.is_admin or bool(roles)
    idle, age = (STAFF_IDLE, STAFF_AGE) if staff else (IDLE, AGE)
    if now - opened.seen_at > idle or now - opened.created_at > age:
        return None
    weak = staff and opened.strong_at is None and opened.has_second_factor
    actor = _actor(opened, [row for row in rows if row.delegate is not None], {} if weak else roles, weak)
    return Found(opened.id, actor, opened.locale, weak, now - opened.seen_at > SEEN_EVERY)


def _actor(opened: Row[Any], mine: Sequence[Row[Any]], roles: dict[int, Role], weak: bool) -> Actor:
    shown = f"{mine[0].first_name} {mine[0].last_name}".strip() if mine else ""
    acts = opened.acting_for_id is not None
    return Actor(
        account_id=opened.account_id,
        name=opened.name or ("" if acts else shown) or opened.email,
        email=opened.email,
        is_admin=opened.is_admin and not weak,
        roles=roles,
        delegates={row.attends: row.delegate for row in mine},
        approved_in=frozenset(row.attends for row in mine if row.status is DelegateStatus.APPROVED),
        acting_for=opened.acting_for_id,
        acting_for_name=shown if acts and mine else None,
        strong=opened.strong_at is not None,
    )


def has_second_factor(session: Session, account: Account) -> bool:
    """Whether the account set up a TOTP application or a passkey."""
    if account.totp_secret:
        return True
    return session.scalar(select(Passkey.id).where(Passkey.account_id == account.id).limit(1)) is not None


def touch(session: Session, now: datetime, session_id: int) -> None:
    """Note that the session was used."""
    session.execute(update(AuthSession).where(AuthSession.id == session_id).values(seen_at=now))


def close(session: Session, actor: Actor, now: datetime, secret: str) -> None:
    """End this browser's session."""
    session.execute(
        delete(AuthSession).where(AuthSession.token_hash == tokens.fingerprint(secret, "session"))
    )
    audit.record(session, actor, now, "signed_out")


def close_all(session: Session, account_id: int) -> None:
    """End every session of an account: after a change of role or address, or an erasure."""
    session.execute(delete(AuthSession).where(AuthSession.account_id == account_id))


def act_for(
    session: Session,
    actor: Actor,
    now: datetime,
    session_id: int,
    delegate: Delegate | None,
    *,
    starts: bool = True,
) -> None:
    """Start acting for a delegate, or stop; audited in the delegate's edition (None: it is gone)."""
    acting_for = delegate.id if delegate and starts else None
    session.execute(update(AuthSession).where(AuthSession.id == session_id).values(acting_for_id=acting_for))
    action = "impersonation_started" if starts else "impersonation_ended"
    edition_id = delegate.edition_id if delegate else None
    audit.record(session, actor, now, action, edition_id=edition_id, obj=delegate)


def sweep(session: Session, now: datetime) -> None:
    """Forget sessions that nobody can use any more."""
    session.execute(delete(AuthSession).where(AuthSession.created_at < now - AGE))
