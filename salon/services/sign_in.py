"""Proofs of an address: a link sent by mail, a code typed from it, a link made by the operator."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from salon.actor import NOBODY, Actor
from salon.enums import MailKind, TokenPurpose
from salon.errors import DomainError
from salon.keys import email_key
from salon.models import Account, LoginToken
from salon.services import accounts, audit, outbox, throttle, tokens

LINK_LIVES = timedelta(minutes=10)
OPERATOR_LINK_LIVES = timedelta(hours=24)
CONFIRMATION_LIVES = timedelta(days=7)
INVITATION_LIVES = timedelta(days=60)  # it only names an address: signing in still takes a fresh code
MAX_WRONG_CODES = 5
# Whoever floods one address from many places is stopped; from one place alone the narrower limit holds,
# so that a stranger cannot keep the owner out.
LINK_ANYWHERE = throttle.Limit("link_anywhere", 30, timedelta(hours=1))


def browser_hash(browser: str) -> str:
    """What a token remembers of the browser that asked for it."""
    return tokens.fingerprint(browser, "browser")


def request_link(session: Session, now: datetime, *, email: str, browser: str, ip: str) -> None:
    """Queue a link when the address is known; the caller's answer, and its time, are the same when it is not.

    Raises
    ------
    TooMany
        Three for an address from one IP in 15 minutes, twenty for an IP in an hour.
    """
    key = email_key(email)
    limits = (
        (throttle.LINK_PER_IP, ip),
        (throttle.LINK_PER_ADDRESS, f"{key} {ip}"),
        (LINK_ANYWHERE, key),
    )
    for limit, what in limits:
        throttle.check(session, now, limit, what)
    for limit, what in limits:
        throttle.count(session, now, limit, what)
    account = accounts.find(session, email)
    if account is None:
        _same_work(session, now, email, browser)
    else:
        _queue_link(session, now, account, browser)


def _queue_link(session: Session, now: datetime, account: Account, browser: str) -> None:
    outbox.queue_mail(
        session, now, MailKind.SIGN_IN, account=account, params={"browser": browser_hash(browser)},
        dedupe_key=f"sign-in:{account.id}:{tokens.new_secret()[:16]}",
    )  # fmt: skip


def _same_work(session: Session, now: datetime, email: str, browser: str) -> None:
    """Do for an unknown address what is done for a known one, and take it back.

    The nudge stays: the queue is written to as well, and the mailer finds no such message.
    """
    point = session.begin_nested()
    nobody = Account(email=email, email_key=f"nobody:{tokens.new_secret()}", created_at=now)
    session.add(nobody)
    session.flush()
    _queue_link(session, now, nobody, browser)
    point.rollback()


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


def issue_confirmation(session: Session, now: datetime, account: Account, browser: str | None) -> str:
    """A fresh secret that confirms an address, made when the mail leaves; `browser` is a hash or None."""
    return _issue(session, now, account, TokenPurpose.CONFIRM_ADDRESS, CONFIRMATION_LIVES, browser)


def issue_invitation(session: Session, now: datetime, account: Account) -> str:
    """A fresh secret that names an address on the sign-in page and opens nothing."""
    return _issue(session, now, account, TokenPurpose.INVITATION, INVITATION_LIVES, None)


def _issue(
    session: Session, now: datetime, account: Account, purpose: TokenPurpose, lives: timedelta,
    browser: str | None,
) -> str:  # fmt: skip
    secret = tokens.new_secret()
    session.add(
        LoginToken(
            account_id=account.id,
            purpose=purpose,
            token_hash=tokens.fingerprint(secret, purpose),
            browser_hash=browser,
            created_at=now,
            expires_at=now + lives,
        )
    )
    session.flush()
    return secret


def operator_link(session: Session, actor: Actor, now: datetime, *, email: str) -> str:
    """The secret of a link for somebody known: once, 24 hours, from any browser; audited."""
    account = accounts.find(session, email)
    if account is None:
        raise DomainError("unknown_account", email=email)
    secret = _issue(session, now, account, TokenPurpose.OPERATOR, OPERATOR_LINK_LIVES, None)
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
        Too many wrong codes for the account, or from this IP; links stay open.
    """
    own = browser_hash(browser)
    limits = _code_limits(session, now, own, ip)
    for limit, key in limits:
        throttle.check(session, now, limit, key)
    digits = "".join(c for c in code if c.isdigit())
    try:
        return _spend(session, now, LoginToken.code_hash == _code_hash(digits, own), browser)
    except DomainError:
        for limit, key in limits:
            throttle.count(session, now, limit, key)
        _count_failure(session, now, own)
        raise DomainError("code_wrong", field="code") from None


def _code_limits(session: Session, now: datetime, own: str, ip: str) -> list[tuple[throttle.Limit, str]]:
    """What a wrong code counts against: the network address, and the accounts this browser asked for."""
    asked = select(LoginToken.account_id).where(LoginToken.browser_hash == own, LoginToken.expires_at > now)
    keys = [f"account:{one}" for one in session.scalars(asked.distinct())] or [f"browser:{own}"]
    return [(throttle.CODE_PER_IP, ip)] + [
        (limit, key) for key in keys for limit in (throttle.CODE_PER_ACCOUNT, throttle.CODE_PER_ACCOUNT_DAY)
    ]


def confirm_address(session: Session, now: datetime, *, secret: str, browser: str) -> tuple[Account, bool]:
    """The account whose address a confirmation link proves, and whether this browser asked for it.

    Raises
    ------
    DomainError
        `confirmation_dead` when it is unknown, used or too old.
    """
    found = session.execute(
        update(LoginToken)
        .where(*_live(now, secret, TokenPurpose.CONFIRM_ADDRESS))
        .values(used_at=now)
        .returning(LoginToken.account_id, LoginToken.browser_hash)
    ).first()
    account = session.get(Account, found.account_id) if found else None
    if found is None or account is None or account.disabled_at or account.erased_at:
        raise DomainError("confirmation_dead")
    account.verified_at = account.verified_at or now
    session.flush()
    audit.record(session, Actor(account_id=account.id), now, "address_confirmed", obj=account)
    return account, found.browser_hash == browser_hash(browser)


def was_asked_here(session: Session, now: datetime, *, secret: str, browser: str) -> bool:
    """Whether this browser asked for a live confirmation link; reads only."""
    live = _live(now, secret, TokenPurpose.CONFIRM_ADDRESS)
    query = select(LoginToken.id).where(*live, LoginToken.browser_hash == browser_hash(browser))
    return session.scalar(query) is not None


def whose(session: Session, now: datetime, secret: str, purpose: TokenPurpose) -> Account | None:
    """The account behind a live token; reads only."""
    query = (
        select(Account)
        .join(LoginToken, LoginToken.account_id == Account.id)
        .where(*_live(now, secret, purpose), Account.erased_at.is_(None), Account.disabled_at.is_(None))
    )
    return session.scalar(query)


def _live(now: datetime, secret: str, purpose: TokenPurpose) -> tuple[ColumnElement[bool], ...]:
    return (
        LoginToken.token_hash == tokens.fingerprint(secret, purpose),
        LoginToken.purpose == purpose,
        LoginToken.used_at.is_(None),
        LoginToken.expires_at > now,
    )


def _spend(session: Session, now: datetime, which: ColumnElement[bool], browser: str) -> Account:
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
        update(LoginToken).where(*live).values(used_at=now).returning(LoginToken.account_id)
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
