"""A second factor for those who organise: a code application, recovery codes, and the step that shows one."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.errors import DomainError, Invalid
from salon.models import Account, AuthSession, Passkey, RecoveryCode
from salon.services import audit, sessions, throttle, tokens

STEP_S = 30
DRIFT = (-1, 0, 1)  # steps of clock difference that are forgiven
NUM_RECOVERY_CODES = 10
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Vault:
    """Encrypts secrets at rest; the first key seals, every key opens."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """The text, or None when no key opens it."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"salon:vault:{key}".encode()).digest())


def new_secret() -> str:
    """160 random bits in base32, as code applications read them."""
    return pyotp.random_base32()


def address(account: Account, secret: str) -> str:
    """The `otpauth:` address that a code application scans."""
    return pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=account.email, issuer_name="Salon")


# Setting up -------------------------------------------------------------------------------------------------


def enrol_totp(
    session: Session, actor: Actor, now: datetime, *, account: Account, secret: str, code: str, vault: Vault
) -> tuple[str, ...]:
    """The application is set up, proven by one of its codes; recovery codes when there were none.

    Raises
    ------
    Invalid
        `code_wrong`: the application was not scanned, or its clock is off.
    """
    step = _matching_step(secret, code, now)
    if step is None:
        raise Invalid("totp_wrong", field="code")
    account.totp_secret, account.totp_last_step = vault.seal(secret), step
    session.flush()
    audit.record(session, actor, now, "second_factor_added", obj=account, factor="totp")
    return first_recovery_codes(session, actor, now, account=account)


def remove_totp(session: Session, actor: Actor, now: datetime, *, account: Account) -> None:
    """The application opens nothing any more."""
    account.totp_secret = None
    session.flush()
    audit.record(session, actor, now, "second_factor_removed", obj=account, factor="totp")
    forget_codes_without_factor(session, account)


def forget_codes_without_factor(session: Session, account: Account) -> None:
    """Recovery codes replace a factor; without one they go."""
    if not sessions.has_second_factor(session, account):
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def first_recovery_codes(
    session: Session, actor: Actor, now: datetime, *, account: Account
) -> tuple[str, ...]:
    """Ten codes when the account has none left, else nothing."""
    if recovery_codes_left(session, account):
        return ()
    return new_recovery_codes(session, actor, now, account=account)


def new_recovery_codes(session: Session, actor: Actor, now: datetime, *, account: Account) -> tuple[str, ...]:
    """Ten new codes, to be shown once; the former ones are worth nothing."""
    codes = tuple(_recovery_code() for _ in range(NUM_RECOVERY_CODES))
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    session.add_all([RecoveryCode(account_id=account.id, code_hash=_code_hash(account, c)) for c in codes])
    session.flush()
    audit.record(session, actor, now, "recovery_codes_made", obj=account)
    return codes


def recovery_codes_left(session: Session, account: Account) -> int:
    """How many recovery codes were not used yet."""
    mine = (RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*mine)) or 0


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(16))  # 79 bits
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


# Showing it -------------------------------------------------------------------------------------------------


def show(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    account: Account,
    session_id: int,
    code: str,
    vault: Vault,
) -> str:
    """A code of the application or a recovery code makes the session strong; its new cookie secret.

    Raises
    ------
    DomainError
        `second_factor_wrong`; the failure is counted, so the caller must keep its writes.
    TooMany
        Five wrong codes in 15 minutes, ten in a day.
    """
    limits = ((throttle.CODE_PER_ACCOUNT, f"second:{account.id}"),
              (throttle.CODE_PER_ACCOUNT_DAY, f"second:{account.id}"))  # fmt: skip
    for limit, key in limits:
        throttle.check(session, now, limit, key)
    factor = _accepted(session, now, account, code, vault)
    if factor is None:
        for limit, key in limits:
            throttle.count(session, now, limit, key)
        audit.record(session, actor, now, "second_factor_refused", obj=account)
        raise DomainError("second_factor_wrong", field="code")
    audit.record(session, actor, now, "second_factor_shown", obj=account, factor=factor)
    return strengthen(session, now, session_id)


def strengthen(session: Session, now: datetime, session_id: int) -> str:
    """The session is strong and has a new secret: one that was copied before is worth nothing."""
    secret = tokens.new_secret()
    session.execute(
        update(AuthSession)
        .where(AuthSession.id == session_id)
        .values(strong_at=now, token_hash=tokens.fingerprint(secret, "session"))
    )
    return secret


def _accepted(session: Session, now: datetime, account: Account, code: str, vault: Vault) -> str | None:
    digits = "".join(c for c in code if c.isdigit())
    if len(digits) == 6 and len(code.strip()) <= 8:
        return "totp" if _use_totp(session, now, account, digits, vault) else None
    return "recovery" if _use_recovery(session, now, account, code) else None


def _use_totp(session: Session, now: datetime, account: Account, code: str, vault: Vault) -> bool:
    """Whether the code is right and later than the last one used: a code serves once, whoever reads it."""
    secret = vault.open(account.totp_secret) if account.totp_secret else None
    step = _matching_step(secret, code, now) if secret else None
    if step is None:
        return False
    later = (Account.id == account.id, Account.totp_last_step < step)
    used = session.execute(update(Account).where(*later).values(totp_last_step=step))
    return bool(used.rowcount)  # type: ignore[attr-defined]


def _matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, within the drift forgiven."""
    totp, current = pyotp.TOTP(secret, interval=STEP_S), int(now.timestamp()) // STEP_S
    digits = "".join(c for c in code if c.isdigit())
    matches = [current + d for d in DRIFT if tokens.same(totp.generate_otp(current + d), digits)]
    return matches[-1] if matches else None


def _use_recovery(session: Session, now: datetime, account: Account, code: str) -> bool:
    mine = (
        RecoveryCode.account_id == account.id,
        RecoveryCode.code_hash == _code_hash(account, code),
        RecoveryCode.used_at.is_(None),
    )
    used = session.execute(update(RecoveryCode).where(*mine).values(used_at=now))
    return bool(used.rowcount)  # type: ignore[attr-defined]


def _code_hash(account: Account, code: str) -> str:
    letters = "".join(c for c in code.upper() if c.isalnum())
    return tokens.fingerprint(f"{account.id}:{letters}", "recovery")


def passkeys(session: Session, account: Account) -> tuple[Passkey, ...]:
    """The account's passkeys, oldest first."""
    return tuple(
        session.scalars(select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.id))
    )
