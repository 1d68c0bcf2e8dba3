"""Accounts: one for each mailbox, made at first need, verified by a link."""

from __future__ import annotations

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.errors import DomainError, Invalid
from salon.keys import email_key
from salon.models import Account
from salon.services import audit


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
    row = session.scalar(select(Account).where(Account.email_key == email_key(address)))
    if row is not None and (row.erased_at or row.disabled_at):
        raise DomainError("account_closed")
    if row is None:
        row = Account(email=address, email_key=email_key(address), name=name, locale=locale, created_at=now)
        session.add(row)
        session.flush()
    return row


def make_admin(session: Session, actor: Actor, now: datetime, *, email: str, name: str = "") -> Account:
    """The account administers this installation."""
    account = ensure(session, now, email, name=name)
    account.is_admin = True
    account.name = name or account.name
    session.flush()
    audit.record(session, actor, now, "admin_made", obj=account)
    return account
