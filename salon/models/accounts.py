"""Accounts, their sessions and the proofs that open them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from salon.enums import Role, TokenPurpose
from salon.models.base import CONTACT, IDENTITY, SECRET, TECHNICAL, TRACE, Base


class Account(Base):
    """Somebody who can sign in; attends and organises through other rows."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), info=CONTACT)
    email_key: Mapped[str] = mapped_column(String(320), unique=True, info=CONTACT)  # see accounts.email_key
    name: Mapped[str] = mapped_column(String(200), default="", info=IDENTITY)
    locale: Mapped[str] = mapped_column(String(5), default="fr", info=TECHNICAL)
    is_admin: Mapped[bool] = mapped_column(default=False)
    totp_secret: Mapped[str | None] = mapped_column(String(300), info=SECRET)  # encrypted
    totp_last_step: Mapped[int] = mapped_column(default=0)  # a code serves once
    verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class AuthSession(Base):
    """One signed-in browser; deleting the row signs it out at once."""

    __tablename__ = "auth_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=SECRET)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    strong_at: Mapped[datetime | None]  # when a second factor was shown
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"))


class LoginToken(Base):
    """A link or a typed code, hashed, for one purpose and one use."""

    __tablename__ = "login_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[TokenPurpose]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=SECRET)
    code_hash: Mapped[str | None] = mapped_column(String(64), info=SECRET)
    browser_hash: Mapped[str | None] = mapped_column(String(64), info=SECRET)  # None: any browser
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)  # wrong codes typed


class Passkey(Base):
    """A WebAuthn credential of an organiser."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True, info=SECRET)
    public_key: Mapped[bytes] = mapped_column(LargeBinary, info=SECRET)
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(80), info=SECRET)
    created_at: Mapped[datetime]


class RecoveryCode(Base):
    """One of ten codes that replace a lost second factor, each once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), info=SECRET)
    used_at: Mapped[datetime | None]


class Membership(Base):
    """A role in one edition."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("edition_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role]
    created_at: Mapped[datetime]


class Attempt(Base):
    """One counted event of a rate limit; the key is hashed, old rows are swept."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_kind_key_at", "kind", "key_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), info=TECHNICAL)
    key_hash: Mapped[str] = mapped_column(String(64), info=TRACE)
    at: Mapped[datetime]


class Erasure(Base):
    """That an account was erased: replayed after a backup is restored."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int]
    at: Mapped[datetime]
