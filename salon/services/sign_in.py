"""Proofs that open a session: a link sent by mail, a code typed from it, a link made by the operator."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from salon.actor import NOBODY, Actor
from salon.enums import MailKind, TokenPurpose
from salon.errors import DomainError
from salon.models import Account, LoginToken
from salon.services import accounts, audit, outbox, throttle, tokens

LINK_LIVES = timedelta(minutes=10)
OPERATOR_LINK_LIVES = timedelta(hours=24)
MAX_WRONG_CODES = 5


def browser_hash(browser: str) -> str:
    """What a token remembers of the browser that asked for it."""
    return tokens.fingerprint(browser, "browser")


def request_link(session: Session, now: datetime, *, email: str, browser: str, ip: str) -> None:
    """Queue a link when the address is known; the caller's answer is the same when it is not.

    Raises
    ------
    TooMany
        Three for an address in 15 minutes, twenty for an IP in an hour.
    """
    throttle.check(session, now, throttle.LINK_PER_IP, ip)
    throttle.check(session, now, throttle.LINK_PER_ADDRESS, email)
    throttle.count(session, now, throttle.LINK_PER_IP, ip)
    throttle.count(session, now, throttle.LINK_PER_ADDRESS, email)
    account = accounts.find(session, email)
    if account is not None:
        outbox.queue_mail(
            session, now, MailKind.SIGN_IN, account=account, params={"browser": browser_hash(browser)},
            dedupe_key=f"sign-in:{account.id}:{tokens.new_secret()[:16]}",
        )  # fmt: skip


def issue_link(session: Session, now: datetime, account: Account, browser: str | None) -> tuple[str, str]:
    """A fresh link secret and typed code, made when the mail leaves; `browser` is its hash.

    The code's hash covers the browser's hash, so a stolen code is worth nothing elsewhere.
    """
    secret, code = tokens.new_secret(), tokens.new_typed_code()
    session.add(
        LoginToken(
            account_id=account.id,
            purpose=TokenPurpose.SIGN_IN,
            token_hash=tokens.fingerprint(secret, TokenPurpose.SIGN_IN),
            code_hash=_code_hash(code, browser or ""),
            browser_hash=browser,
            created_at=now,
            expires_at=now + LINK_LIVES,
        )
    )
    session.flush()
    return secret, code


def operator_link(session: Session, actor: Actor, now: datetime, *, email: str) -> str:
    """The secret of a link for somebody known: once, 24 hours, from any browser; audited."""
    account = accounts.find(session, email)
    if account is None:
        raise DomainError("unknown_account", email=email)
    secret = tokens.new_secret()
    session.add(
        LoginToken(
            account_id=account.id,
            purpose=TokenPurpose.OPERATOR,
            token_hash=tokens.fingerprint(secret, TokenPurpose.OPERATOR),
            created_at=now,
            expires_at=now + OPERATOR_LINK_LIVES,
        )
    )
    session.flush()
    audit.record(session, actor, now, "operator_link_made", obj=account)
    return secret


def consume_link(session: Session, now: datetime, *, secret: str, browser: str) -> Account:
    """The account that a link proves; the link is spent.

    Raises
    ------
    DomainError
        `link_dead` when it is unknown, used, too old, or asked for from another browser.
    """
    hashes = [tokens.fingerprint(secret, p) for p in (TokenPurpose.SIGN_IN, TokenPurpose.OPERATOR)]
    return _spend(session, now, LoginToken.token_hash.in_(hashes), browser)


def consume_code(session: Session, now: datetime, *, code: str, browser: str, ip: str) -> Account:
    """The account that a typed code proves, in the browser that asked for it alone.

    Raises
    ------
    DomainError
        `code_wrong`; the failure is counted, so the caller must keep its writes.
    TooMany
        Too many wrong codes from this browser or this address on the network.
    """
    own = browser_hash(browser)
    throttle.check(session, now, throttle.CODE_PER_IP, ip)
    throttle.check(session, now, throttle.CODE_PER_ACCOUNT, own)
    digits = "".join(c for c in code if c.isdigit())
    try:
        return _spend(session, now, LoginToken.code_hash == _code_hash(digits, own), browser)
    except DomainError:
        throttle.count(session, now, throttle.CODE_PER_IP, ip)
        throttle.count(session, now, throttle.CODE_PER_ACCOUNT, own)
        _count_failure(session, now, own)
        raise DomainError("code_wrong", field="code") from None


def _spend(session: Session, now: datetime, which: object, browser: str) -> Account:
    """Use up the one live token that matches: the conditional UPDATE lets a single request win."""
    own = browser_hash(browser)
    live = (
        which,
        LoginToken.used_at.is_(None),
        LoginToken.expires_at > now,
        LoginToken.failures < MAX_WRONG_CODES,
        LoginToken.browser_hash.is_(None) | (LoginToken.browser_hash == own),
    )
    spent = session.execute(
        update(LoginToken).where(*live).values(used_at=now).returning(LoginToken.account_id)  # type: ignore[arg-type]
    ).scalar()
    account = session.get(Account, spent) if spent else None
    if account is None or account.disabled_at or account.erased_at:
        raise DomainError("link_dead")
    account.verified_at = account.verified_at or now
    session.flush()
    audit.record(session, Actor(account_id=account.id), now, "proof_accepted", obj=account)
    return account


def _count_failure(session: Session, now: datetime, own: str) -> None:
    """Five wrong codes kill every code that this browser waits for."""
    session.execute(
        update(LoginToken)
        .where(LoginToken.browser_hash == own, LoginToken.used_at.is_(None), LoginToken.expires_at > now)
        .values(failures=LoginToken.failures + 1)
    )
    audit.record(session, NOBODY, now, "code_refused")


def _code_hash(code: str, browser: str) -> str:
    return tokens.fingerprint(f"{code}:{browser}", "code")


def is_alive(session: Session, now: datetime, secret: str) -> bool:
    """Whether a link could still be used by somebody; reads only, so a scanner's visit costs nothing."""
    hashes = [tokens.fingerprint(secret, p) for p in (TokenPurpose.SIGN_IN, TokenPurpose.OPERATOR)]
    query = select(LoginToken.id).where(
        LoginToken.token_hash.in_(hashes), LoginToken.used_at.is_(None), LoginToken.expires_at > now
    )
    return session.scalar(query) is not None
