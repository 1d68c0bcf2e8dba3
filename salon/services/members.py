"""Who organises an edition, and as what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import MailKind, Role
from salon.errors import DomainError, Invalid
from salon.keys import email_key
from salon.models import Account, Edition, Membership
from salon.services import audit, outbox, sessions

MAX_MEMBERS = 100


def invite(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, email: str, role: Role
) -> Membership:
    """The address has the role and an invitation is queued; an existing account stays as it is.

    Raises
    ------
    DomainError
        `already_member`, `too_many_members`.
    """
    account = _account(session, now, email)
    mine = Membership.edition_id == edition.id
    known = select(Membership.id).where(mine, Membership.account_id == account.id)
    if session.scalar(known) is not None:
        raise Invalid("already_member", field="email")
    if (session.scalar(select(func.count()).select_from(Membership).where(mine)) or 0) >= MAX_MEMBERS:
        raise DomainError("too_many_members", limit=MAX_MEMBERS)
    row = Membership(edition_id=edition.id, account_id=account.id, role=role, created_at=now)
    session.add(row)
    session.flush()
    sessions.close_all(session, account.id)
    send_invitation(session, now, edition=edition, membership=row, account=account)
    audit.record(
        session, actor, now, "member_invited", edition_id=edition.id, obj=row, role=role.value, of=account.id
    )
    return row


def _account(session: Session, now: datetime, email: str) -> Account:
    """The account of the address, made when there is none; nothing is proven until its first sign-in."""
    found = session.scalar(select(Account).where(Account.email_key == email_key(email)))
    if found is None or found.erased_at is not None:
        found = Account(email=email, email_key=email_key(email), created_at=now)
        session.add(found)
        session.flush()
    if found.disabled_at is not None:
        raise Invalid("account_disabled", field="email")
    return found


def send_invitation(
    session: Session, now: datetime, *, edition: Edition, membership: Membership, account: Account
) -> None:
    """One message, whatever the number of clicks within the same minute."""
    outbox.queue_mail(
        session,
        now,
        MailKind.MEMBER_INVITATION,
        account=account,
        edition=edition,
        params={"membership": membership.id},
        dedupe_key=f"member:{membership.id}:{now:%Y%m%d%H%M}",
    )


def invite_again(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, membership: Membership
) -> None:
    """The invitation is queued once more."""
    account = session.get_one(Account, membership.account_id)
    send_invitation(session, now, edition=edition, membership=membership, account=account)
    audit.record(session, actor, now, "member_reminded", edition_id=edition.id, obj=membership, of=account.id)


def change_role(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, membership: Membership, role: Role
) -> None:
    """The member has another role and signs in again; raises `last_owner` rather than leave none."""
    if membership.role is role:
        return
    _keep_an_owner(session, edition, membership)
    before = membership.role
    membership.role = role
    session.flush()
    sessions.close_all(session, membership.account_id)
    audit.record(
        session,
        actor,
        now,
        "role_changed",
        edition_id=edition.id,
        obj=membership,
        of=membership.account_id,
        before=before.value,
        after=role.value,
    )


def remove(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, membership: Membership
) -> None:
    """The account has no role here any more and is signed out; raises `last_owner`."""
    _keep_an_owner(session, edition, membership)
    audit.record(
        session, actor, now, "member_removed", edition_id=edition.id, obj=membership, of=membership.account_id
    )
    sessions.close_all(session, membership.account_id)
    session.delete(membership)
    session.flush()


def _keep_an_owner(session: Session, edition: Edition, membership: Membership) -> None:
    if membership.role is not Role.OWNER:
        return
    owners = select(Membership.id).where(
        Membership.edition_id == edition.id, Membership.role == Role.OWNER, Membership.id != membership.id
    )
    if session.scalar(owners.with_for_update().limit(1)) is None:
        raise DomainError("last_owner")
