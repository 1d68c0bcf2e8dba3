"""What an account sees of itself: its browsers, its factors, where it takes part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus
from salon.models import AuthSession, Delegate, Edition, Membership, Organisation, Passkey, RecoveryCode


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A signed-in browser."""

    id: int
    created_at: datetime
    seen_at: datetime
    is_this_one: bool


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """A passkey by the name its owner gave."""

    id: int
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Factors:
    """How the account proves itself a second time."""

    has_totp: bool
    passkeys: tuple[PasskeyLine, ...]
    recovery_codes_left: int

    @property
    def any(self) -> bool:
        return self.has_totp or bool(self.passkeys)


@dataclass(frozen=True, slots=True)
class RegistrationLine:
    """One fair the person takes part in."""

    slug: str
    edition: str
    place: str
    organisation: str
    status: DelegateStatus


def sessions(session: Session, account_id: int, current: int | None) -> tuple[SessionLine, ...]:
    """Open browsers, the last used first."""
    query = (
        select(AuthSession).where(AuthSession.account_id == account_id).order_by(AuthSession.seen_at.desc())
    )
    return tuple(
        SessionLine(row.id, row.created_at, row.seen_at, row.id == current) for row in session.scalars(query)
    )


def factors(session: Session, account_id: int, *, has_totp: bool) -> Factors:
    """The second factors of an account."""
    keys = session.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id))
    unused = select(RecoveryCode.id).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return Factors(
        has_totp,
        tuple(PasskeyLine(row.id, row.name, row.created_at) for row in keys),
        len(session.scalars(unused).all()),
    )


def registrations(session: Session, account_id: int) -> tuple[RegistrationLine, ...]:
    """The account's registrations, the latest fair first."""
    query = (
        select(Edition.slug, Edition.name, Edition.place, Organisation.name, Delegate.status)
        .select_from(Delegate)
        .join(Edition, Edition.id == Delegate.edition_id)
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .where(Delegate.account_id == account_id)
        .order_by(Edition.first_day.desc(), Edition.id.desc())
    )
    return tuple(RegistrationLine(*row) for row in session.execute(query))


def organises(session: Session, account_id: int, *, is_admin: bool) -> bool:
    """Whether the account organises something, even while its session is too weak to do it."""
    member = select(Membership.id).where(Membership.account_id == account_id).limit(1)
    return is_admin or session.scalar(member) is not None


def landing(session: Session, account_id: int, *, is_admin: bool) -> tuple[str, str | None]:
    """Where a signed-in account starts: endpoint and the edition's slug, if it has one."""
    if organises(session, account_id, is_admin=is_admin):
        return "organiser.index", None
    mine = registrations(session, account_id)
    return ("participant.home", mine[0].slug) if len(mine) == 1 else ("account.index", None)
