"""Closing an account for good: what names the person goes, what others were promised stays without a name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, ColumnElement, Table, delete, select, update
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import MailState, Role
from salon.errors import DomainError, NotAllowed
from salon.models import (
    Absence,
    Account,
    Answer,
    AuthSession,
    Base,
    Delegate,
    Erasure,
    FeedToken,
    LoginToken,
    MandatoryMeeting,
    Membership,
    OutboxMail,
    Passkey,
    RecoveryCode,
    StoredFile,
    Wish,
)
from salon.models.base import Privacy
from salon.nudges import after_commit
from salon.services import audit, imports, registrations, tokens

# Tables with personal columns that need neither: the log holds ids alone and is append-only; attempts are
# hashes that the sweep forgets in two days; files of imports are cleared by their own service.
ELSEWHERE = frozenset({"audit_entry", "attempt", "import_batch"})


def delete_own(session: Session, actor: Actor, now: datetime) -> None:
    """The account that asks is erased; never somebody else's.

    Raises
    ------
    DomainError
        `last_owner_leaves` when an edition would have no owner, `last_admin_leaves` likewise.
    """
    if actor.account_id is None or actor.acting_for is not None:
        raise NotAllowed("not_while_acting")
    erase(session, actor, now, account=session.get_one(Account, actor.account_id))


def erase(session: Session, actor: Actor, now: datetime, *, account: Account) -> None:
    """Nothing in the database names the person any more; a line in the ledger replays it after a restore."""
    _refuse_last(session, account)
    people = list(session.scalars(select(Delegate).where(Delegate.account_id == account.id)))
    for person in people:
        if person.status not in registrations.GONE:
            registrations.withdraw(session, actor, now, delegate=person)
    ids, key = [person.id for person in people], account.email_key
    _delete_rows(session, account.id, ids)
    _loosen(session, now, ids, [person.edition_id for person in people])
    imports.forget_person(session, ids, [key])
    for person in people:
        clear(person)
        person.code = tokens.new_badge_code()  # the badge in their pocket says nothing any more
    clear(account)
    account.email_key, account.totp_secret = f"erased:{account.id}", None
    account.is_admin, account.erased_at = False, now
    session.add(Erasure(account_id=account.id, at=now))
    session.flush()
    audit.record(session, actor, now, "account_erased", obj=account)
    after_commit(session, "scrub_store", account.id)


def _refuse_last(session: Session, account: Account) -> None:
    owned = select(Membership.edition_id).where(
        Membership.account_id == account.id, Membership.role == Role.OWNER
    )
    shared = select(Membership.edition_id).where(
        Membership.account_id != account.id, Membership.role == Role.OWNER
    )
    if set(session.scalars(owned)) - set(session.scalars(shared)):
        raise DomainError("last_owner_leaves")
    others = select(Account.id).where(Account.is_admin, Account.id != account.id, Account.erased_at.is_(None))
    if account.is_admin and session.scalar(others.limit(1)) is None:
        raise DomainError("last_admin_leaves")


def deleted(account_id: int, ids: list[int]) -> Mapping[type[Base], ColumnElement[bool]]:
    """The rows that go."""
    return {
        AuthSession: AuthSession.account_id == account_id,
        LoginToken: LoginToken.account_id == account_id,
        Passkey: Passkey.account_id == account_id,
        RecoveryCode: RecoveryCode.account_id == account_id,
        Membership: Membership.account_id == account_id,
        Absence: Absence.delegate_id.in_(ids),
        Answer: Answer.delegate_id.in_(ids),
        FeedToken: FeedToken.delegate_id.in_(ids),
        Wish: Wish.owner_id.in_(ids),
        MandatoryMeeting: MandatoryMeeting.first_id.in_(ids) | MandatoryMeeting.second_id.in_(ids),
        OutboxMail: (OutboxMail.account_id == account_id)
        & OutboxMail.state.in_((MailState.QUEUED, MailState.RETRY)),
    }


CLEARED: tuple[type[Base], ...] = (Account, Delegate, OutboxMail)


def _delete_rows(session: Session, account_id: int, ids: list[int]) -> None:
    for table, which in deleted(account_id, ids).items():
        session.execute(delete(table).where(which))
    sent = session.scalars(select(OutboxMail).where(OutboxMail.account_id == account_id))
    for mail in sent:
        clear(mail)


def _loosen(session: Session, now: datetime, ids: list[int], editions: list[int]) -> None:
    """What others hold about the person lets go: wishes by name, sessions in their place, printed files."""
    session.execute(update(Wish).where(Wish.delegate_id.in_(ids)).values(delegate_id=None))
    session.execute(update(AuthSession).where(AuthSession.acting_for_id.in_(ids)).values(acting_for_id=None))
    session.execute(
        update(StoredFile)
        .where(StoredFile.edition_id.in_(editions), StoredFile.expires_at > now)
        .values(expires_at=now)
    )


# The register -----------------------------------------------------------------------------------------------


def clear(row: Base) -> None:
    """Every column that the register says to clear is empty."""
    table = row.__table__
    assert isinstance(table, Table)
    for column in table.columns:
        privacy = column.info.get("privacy")
        if isinstance(privacy, Privacy) and privacy.erase == "clear":
            setattr(row, column.key, _empty(column))


def _empty(column: Column[Any]) -> Any:
    if column.nullable:
        return None
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, JSON):
        return []
    return ""
