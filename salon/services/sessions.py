"""Signed-in browsers: opened, found again, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
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
    """The live session behind a cookie, or None when there is none or it is too old."""
    row = session.execute(
        select(AuthSession, Account)
        .join(Account, Account.id == AuthSession.account_id)
        .where(AuthSession.token_hash == tokens.fingerprint(secret, "session"))
    ).first()
    if row is None or row.Account.disabled_at or row.Account.erased_at:
        return None
    return _found(session, now, row.AuthSession, row.Account)


def _found(session: Session, now: datetime, opened: AuthSession, account: Account) -> Found | None:
    members = session.scalars(select(Membership).where(Membership.account_id == account.id))
    roles = {member.edition_id: member.role for member in members}
    staff = account.is_admin or bool(roles)
    idle, age = (STAFF_IDLE, STAFF_AGE) if staff else (IDLE, AGE)
    if now - opened.seen_at > idle or now - opened.created_at > age:
        return None
    weak = staff and opened.strong_at is None and has_second_factor(session, account)
    actor = _actor(session, account, {} if weak else roles, opened, weak)
    return Found(opened.id, actor, account.locale, weak, now - opened.seen_at > SEEN_EVERY)


def _actor(
    session: Session, account: Account, roles: dict[int, Role], opened: AuthSession, weak: bool
) -> Actor:
    mine = _registrations(session, opened.acting_for_id, account.id)
    acting = mine[0] if opened.acting_for_id and mine else None
    shown = mine[0] if mine else None
    return Actor(
        account_id=account.id,
        name=account.name or (shown.full_name if shown and not acting else "") or account.email,
        email=account.email,
        is_admin=account.is_admin and not weak,
        roles=roles,
        delegates={row.edition_id: row.id for row in mine},
        approved_in=frozenset(row.edition_id for row in mine if row.status is DelegateStatus.APPROVED),
        acting_for=opened.acting_for_id,
        acting_for_name=acting.full_name if acting else None,
        strong=opened.strong_at is not None,
    )


def _registrations(session: Session, acting_for: int | None, account_id: int) -> list[Delegate]:
    """The registrations this session stands for: the impersonated one, else the account's own."""
    if acting_for is not None:
        return list(session.scalars(select(Delegate).where(Delegate.id == acting_for)))
    return list(
        session.scalars(
            select(Delegate).where(Delegate.account_id == account_id).order_by(Delegate.id.desc())
        )
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


def strengthen(session: Session, now: datetime, session_id: int) -> None:
    """Note that a second factor was shown in this session."""
    session.execute(update(AuthSession).where(AuthSession.id == session_id).values(strong_at=now))


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
