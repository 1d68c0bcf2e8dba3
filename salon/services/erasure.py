"""Closing an account for good: what names the person goes, what others were promised stays without a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    erase_again(session, actor, now, account=account)


def erase_again(session: Session, actor: Actor, now: datetime, *, account: Account) -> None:
    """The same without a refusal: a restored copy knows people whose erasure was granted long ago."""
    people = list(session.scalars(select(Delegate).where(Delegate.account_id == account.id)))
    for person in people:
        if person.status not in registrations.GONE:
            registrations.withdraw(session, actor, now, delegate=person)
    close(session, now, account=account, people=people)
    audit.record(session, actor, now, "account_erased", obj=account)


def close(session: Session, now: datetime, *, account: Account, people: Sequence[Delegate]) -> None:
    """The account names nobody and opens nothing; `people` are all its registrations, left where they stand."""
    ids, key = [person.id for person in people], account.email_key
    _delete_rows(session, account.id, ids)
    _loosen(session, now, ids, [person.edition_id for person in people])
    imports.forget_person(session, ids, [key])
    for person in people:
        forget(person)
    clear(account)
    account.email_key, account.totp_secret = f"erased:{account.id}", None
    account.is_admin, account.erased_at = False, now
    session.add(Erasure(account_id=account.id, at=now))
    session.flush()
    after_commit(session, "note_erasures", 0)
    after_commit(session, "scrub_store", account.id)


def detach(session: Session, now: datetime, *, person: Delegate) -> None:
    """One registration names nobody, though its account lives on elsewhere: a nameless one takes its place."""
    nobody = Account(email="", email_key=f"erased:delegate:{person.id}", created_at=now, erased_at=now)
    session.add(nobody)
    session.flush()
    _delete_registration(session, [person.id])
    _loosen(session, now, [person.id], [person.edition_id])
    imports.forget_person(session, [person.id], [])
    for mail in session.scalars(select(OutboxMail).where(OutboxMail.delegate_id == person.id)):
        clear(mail)
        mail.account_id = nobody.id
    forget(person)
    person.account_id = nobody.id
    session.flush()


def forget(person: Delegate) -> None:
    """The registration stands without a name, and the badge in their pocket says nothing any more."""
    clear(person)
    person.code = tokens.new_badge_code()


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
    """The rows that go with an account and its registrations."""
    return {
        AuthSession: AuthSession.account_id == account_id,
        LoginToken: LoginToken.account_id == account_id,
        Passkey: Passkey.account_id == account_id,
        RecoveryCode: RecoveryCode.account_id == account_id,
        Membership: Membership.account_id == account_id,
        **_of_registrations(ids),
        OutboxMail: (OutboxMail.account_id == account_id)
        & OutboxMail.state.in_((MailState.QUEUED, MailState.RETRY)),
    }


def _of_registrations(ids: list[int]) -> Mapping[type[Base], ColumnElement[bool]]:
    return {
        Absence: Absence.delegate_id.in_(ids),
        Answer: Answer.delegate_id.in_(ids),
        FeedToken: FeedToken.delegate_id.in_(ids),
        Wish: Wish.owner_id.in_(ids),
        MandatoryMeeting: MandatoryMeeting.first_id.in_(ids) | MandatoryMeeting.second_id.in_(ids),
    }


def _delete_registration(session: Session, ids: list[int]) -> None:
    unsent = OutboxMail.delegate_id.in_(ids) & OutboxMail.state.in_((MailState.QUEUED, MailState.RETRY))
    going: dict[type[Base], ColumnElement[bool]] = {**_of_registrations(ids), OutboxMail: unsent}
    for table, which in going.items():
        session.execute(delete(table).where(which))


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
