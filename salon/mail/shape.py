"""A letter as an e-mail: a text part always, an HTML part beside it, both escaped."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from flask import render_template

from salon.mail.letter import Letter, Sender


def header_text(value: str, limit: int = 200) -> str:
    """One line fit for a header: no control character can add another."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())[:limit]


def shape(
    letter: Letter, sender: Sender, *, recipient: str, language: str, message_id: str, now: datetime
) -> EmailMessage:
    """The message, ready to leave; raises `ValueError` when the address cannot stand in a header."""
    message = EmailMessage()
    message["From"] = Address(header_text(sender.name), addr_spec=sender.address)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = header_text(letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    if sender.reply_to:
        message["Reply-To"] = Address(addr_spec=sender.reply_to)
    parts = {"letter": letter, "sender": sender, "language": language}
    message.set_content(render_template("mail/letter.txt", **parts))
    message.add_alternative(render_template("mail/letter.html", **parts), subtype="html")
    for attachment in letter.attachments:
        main, _, sub = attachment.media_type.partition("/")
        message.add_attachment(
            attachment.content, maintype=main, subtype=sub, filename=header_text(attachment.filename)
        )
    return message
