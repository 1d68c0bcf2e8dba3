"""Accounts: one for each mailbox, made at first need, verified by a link."""

from __future__ import annotations

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import MailKind
from salon.errors import DomainError, Invalid
from salon.keys import email_key
from salon.models import Account, AuthSession, Base
from salon.services import audit, outbox, sessions, throttle, tokens


def find(session: Session, email: str) -> Account | None:
    """The account of an address, unless it was erased or disabled."""
    row = session.scalar(select(Account).where(Account.email_key == email_key(email)))
    return None if row is None or row.erased_at or row.disabled_at else row


def checked_address(email: str) -> str:
    """The address as it is written; raises `Invalid("bad_address")` when no mail could reach it."""
    try:
        return validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise Invalid("bad_address", field="email") from None


def ensure(session: Session, now: datetime, email: str, *, name: str = "", locale: str = "fr") -> Account:
    """The account of an address, made when there is none; an existing one is left as it is."""
    address = checked_address(email)
    known = select(Account).where(Account.email_key == email_key(address))
    row = session.scalar(known)
    if row is None:
        made = Account(email=address, email_key=email_key(address), name=name, locale=locale, created_at=now)
        row = made if added(session, made) else session.scalars(known).one()
    if row.erased_at or row.disabled_at:
        raise DomainError("account_closed")
    return row


def added(session: Session, row: Base) -> bool:
    """Add a row unless another transaction was first with its unique key; the caller then reads theirs."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def make_admin(session: Session, actor: Actor, now: datetime, *, email: str, name: str = "") -> Account:
    """The account administers this installation."""
    account = ensure(session, now, email, name=name)
    account.is_admin = True
    account.name = name or account.name
    session.flush()
    audit.record(session, actor, now, "admin_made", obj=account)
    return account


# What its owner changes -------------------------------------------------------------------------------------


def prefer(
    session: Session, actor: Actor, now: datetime, *, account: Account, name: str, locale: str
) -> None:
    """The account has this name and reads this language."""
    account.name, account.locale = name, locale
    session.flush()
    audit.record(session, actor, now, "preferences_saved", obj=account)


def ask_new_address(
    session: Session, actor: Actor, now: datetime, *, account: Account, email: str, browser: str
) -> str:
    """A confirmation leaves for the new address; the address as it would be written.

    One that another account has gets the same answer and no message.
    """
    address = checked_address(email)
    if email_key(address) == account.email_key:
        raise Invalid("same_address", field="email")
    throttle.check(session, now, throttle.LINK_PER_ADDRESS, f"change:{account.id}")
    throttle.count(session, now, throttle.LINK_PER_ADDRESS, f"change:{account.id}")
    if _by_key(session, address) is None:
        mail = outbox.queue_mail(
            session, now, MailKind.CONFIRM_ADDRESS, account=account,
            params={"browser": browser, "change": True},
            dedupe_key=f"change:{account.id}:{tokens.new_secret()[:16]}",
        )  # fmt: skip
        assert mail is not None  # its key is new
        mail.recipient = address
        session.flush()
    audit.record(session, actor, now, "address_change_asked", obj=account)
    return address


def change_address(session: Session, actor: Actor, now: datetime, *, account: Account, email: str) -> None:
    """The account has the address that was just confirmed; every browser signs in again.

    Raises
    ------
    DomainError
        `address_taken` when another account got it in the meantime.
    """
    if _by_key(session, email) is not None:
        raise DomainError("address_taken")
    account.email, account.email_key, account.verified_at = email, email_key(email), now
    session.flush()
    sessions.close_all(session, account.id)
    audit.record(session, actor, now, "address_changed", obj=account)


def _by_key(session: Session, email: str) -> int | None:
    return session.scalar(select(Account.id).where(Account.email_key == email_key(email)))


def close_session(session: Session, actor: Actor, now: datetime, *, number: int) -> None:
    """One of the account's browsers is signed out; another account's session is not there."""
    mine = (AuthSession.id == number, AuthSession.account_id == actor.account_id)
    if session.execute(delete(AuthSession).where(*mine)).rowcount:  # type: ignore[attr-defined]
        audit.record(session, actor, now, "signed_out")


def close_sessions(session: Session, actor: Actor, now: datetime) -> None:
    """Every browser of the account is signed out, this one too."""
    assert actor.account_id is not None
    sessions.close_all(session, actor.account_id)
    audit.record(session, actor, now, "signed_out_everywhere")
