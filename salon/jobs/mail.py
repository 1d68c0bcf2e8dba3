"""Sends one message of the outbox: taken, shaped, handed over, its fate written down."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import structlog
from flask import Flask

from salon.jobs.queue import handles
from salon.jobs.unit import reading, writing
from salon.mail import letters, proofs, transport
from salon.mail.letter import Secrets
from salon.mail.shape import shape
from salon.models import OutboxMail
from salon.services import outbox

log = structlog.get_logger()


@handles("send_mail")
def send_mail(app: Flask, mail_id: int) -> None:
    """Deliver one message at most once; no lock is held while it is written nor while the server answers."""
    with writing() as (session, now):
        mail = outbox.take(session, now, mail_id)
        if mail is None:
            return
        secrets = proofs.issue(session, now, mail)
    message = _written(app, mail_id, secrets)
    if message is not None:
        _deliver(app, mail_id, message)


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
