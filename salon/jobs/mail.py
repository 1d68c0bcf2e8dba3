"""Sends one message of the outbox: taken, shaped, handed over, its fate written down."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import structlog
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.jobs.queue import handles
from salon.jobs.sweep import Nudges, sweeps
from salon.jobs.unit import reading, writing
from salon.mail import letters, proofs, transport
from salon.mail.letter import Secrets
from salon.mail.shape import full_id, shape
from salon.models import OutboxMail
from salon.nudges import after_commit
from salon.services import outbox

log = structlog.get_logger()
ROUND_S = 5.0  # how long one task goes on sending; then others get their turn, and a worker may stop
FOLDER_KEPT = timedelta(days=30)
_one_round = threading.Lock()


@handles("send_mail")
def send_mail(app: Flask, mail_id: int) -> None:
    """Deliver one message at most once; no lock is held while it is written nor while the server answers."""
    _send(app, mail_id)


@handles("send_due")
def send_due(app: Flask, _batch_id: int) -> None:
    """Deliver what is due, the urgent ones first, for a few seconds; then ask for another round.

    One round at a time in a process, so that another thread stays free. A server that does not answer ends
    the round: the sweep begins the next one.
    """
    if not _one_round.acquire(blocking=False):
        return
    try:
        end = time.monotonic() + ROUND_S
        while time.monotonic() < end:
            with reading() as (session, now):
                mail_id = outbox.next_due(session, now)
            if mail_id is None or not _send(app, mail_id):
                return
    finally:
        _one_round.release()
    with writing() as (session, _now):
        after_commit(session, "send_due", 0)


def _send(app: Flask, mail_id: int) -> bool:
    """Try one message; False when the server is down."""
    with writing() as (session, now):
        mail = outbox.take(session, now, mail_id)
        if mail is None:
            return True
        secrets = proofs.issue(session, now, mail)
    message = _written(app, mail_id, secrets)
    return _deliver(app, mail_id, message) if message is not None else True


def _written(app: Flask, mail_id: int, secrets: Secrets) -> EmailMessage | None:
    """The message as it leaves; one that nobody needs, or that cannot be written, is put aside and says why.

    What went wrong with us and not with the message (a busy store, a fault of ours) is tried again later.
    """
    try:
        return _shaped(app, mail_id, secrets)
    except letters.Pointless as reason:
        with writing() as (session, now):
            outbox.mark_dropped(session.get_one(OutboxMail, mail_id), str(reason))
    except Exception as error:
        log.exception("mail_unwritable", mail_id=mail_id)
        for_good = isinstance(error, ValueError | LookupError)
        with writing() as (session, now):
            said = f"unwritable: {type(error).__name__}"
            outbox.mark_refused(session.get_one(OutboxMail, mail_id), now, said, for_good=for_good)
    return None


def _shaped(app: Flask, mail_id: int, secrets: Secrets) -> EmailMessage:
    base = app.config["SALON"].base_url
    with app.test_request_context(base_url=base), reading() as (session, now):
        mail = session.get_one(OutboxMail, mail_id)
        letter, sender = letters.write(session, now, mail, secrets)
        return shape(
            letter,
            sender,
            recipient=mail.recipient,
            language=mail.language,
            message_id=mail.message_id,
            now=now,
        )


@sweeps("outbox_folder", every_s=300)
def outbox_folder(session: Session, now: datetime) -> Nudges:
    """See `tidy_folder`."""
    tidy_folder(session, now)
    return ()


def tidy_folder(session: Session, now: datetime) -> None:
    """The folder keeps a month, and nothing of whoever closed their account."""
    settings = current_app.config["SALON"]
    folder = transport.Folder(Path(settings.instance) / "outbox")
    if not folder.path.is_dir():
        return
    erased = session.scalars(select(OutboxMail.message_id).where(OutboxMail.recipient == ""))
    for message_id in erased:
        folder.file_of(full_id(message_id, settings.mail_from)).unlink(missing_ok=True)
    for file in folder.path.iterdir():
        if file.suffix in {".eml", ".part"} and file.stat().st_mtime < (now - FOLDER_KEPT).timestamp():
            file.unlink(missing_ok=True)


def _deliver(app: Flask, mail_id: int, message: EmailMessage) -> bool:
    settings = app.config["SALON"]
    outcome: Exception | None = None
    try:
        transport.choose(settings.smtp_url, Path(settings.instance) / "outbox").send(message)
    except (UnicodeError, LookupError) as error:  # it has no bytes: trying again would not help
        outcome = transport.Refused(f"unwritable: {type(error).__name__}", for_good=True)
    except (transport.Refused, transport.Uncertain, OSError) as error:
        outcome = error
    with writing() as (session, now):
        mail = session.get_one(OutboxMail, mail_id)
        if outcome is None:
            outbox.mark_sent(mail, now)
        elif isinstance(outcome, transport.Uncertain):
            outbox.mark_uncertain(mail, str(outcome))
        else:
            outbox.mark_refused(mail, now, str(outcome), for_good=getattr(outcome, "for_good", False))
    return not getattr(outcome, "is_down", False)
