"""The secrets of a message, made when it leaves: nothing that opens a door waits in the outbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from salon.enums import MailKind
from salon.mail.letter import PLACEHOLDERS, Secrets
from salon.models import Account, OutboxMail
from salon.services import sign_in

Issue = Callable[[Session, datetime, Account, OutboxMail], Secrets]


def issue(session: Session, now: datetime, mail: OutboxMail) -> Secrets:
    """Fresh secrets for this message, their hashes stored; a test shows placeholders instead."""
    if mail.params.get("test"):
        return PLACEHOLDERS
    maker = _MAKERS.get(mail.kind)
    return maker(session, now, session.get_one(Account, mail.account_id), mail) if maker else Secrets()


def _link(session: Session, now: datetime, account: Account, mail: OutboxMail) -> Secrets:
    return Secrets(*sign_in.issue_link(session, now, account, mail.params.get("browser")))


def _confirmation(session: Session, now: datetime, account: Account, mail: OutboxMail) -> Secrets:
    return Secrets(sign_in.issue_confirmation(session, now, account, mail.params.get("browser")))


def _invitation(session: Session, now: datetime, account: Account, mail: OutboxMail) -> Secrets:
    return Secrets(sign_in.issue_invitation(session, now, account))


_MAKERS: Mapping[MailKind, Issue] = {
    MailKind.SIGN_IN: _link,
    MailKind.CONFIRM_ADDRESS: _confirmation,
    MailKind.INVITATION: _invitation,
}
