"""Sends one message of the outbox: taken, shaped, handed over, its fate written down."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import structlog
from flask import Flask
from sqlalchemy.orm import Session

from salon.jobs.queue import handles
from salon.jobs.unit import writing
from salon.mail import letters, transport
from salon.mail.shape import shape
from salon.models import OutboxMail
from salon.services import outbox

log = structlog.get_logger()


@handles("send_mail")
def send_mail(app: Flask, mail_id: int) -> None:
    """Deliver one message at most once; no lock is held while the server answers."""
    with writing() as (session, now):
        mail = outbox.take(session, now, mail_id)
        message = _shaped(app, session, now, mail) if mail else None
    if message is not None:
        _deliver(app, mail_id, message)


def _shaped(app: Flask, session: Session, now: datetime, mail: OutboxMail) -> EmailMessage | None:
    """The message as it leaves; one that cannot be written fails for good and says why."""
    try:
        with app.test_request_context(base_url=app.config["SALON"].base_url):
            letter, sender = letters.write(session, now, mail)
            return shape(
                letter,
                sender,
                recipient=mail.recipient,
                language=mail.language,
                message_id=mail.message_id,
                now=now,
            )
    except letters.Pointless as reason:
        outbox.mark_refused(mail, now, str(reason), for_good=True)
    except (ValueError, LookupError) as error:
        log.exception("mail_unwritable", mail_id=mail.id, kind=mail.kind)
        outbox.mark_refused(mail, now, f"unwritable: {type(error).__name__}", for_good=True)
    return None


def _deliver(app: Flask, mail_id: int, message: EmailMessage) -> None:
    settings = app.config["SALON"]
    outcome: Exception | None = None
    try:
        transport.choose(settings.smtp_url, Path(settings.instance) / "outbox").send(message)
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
