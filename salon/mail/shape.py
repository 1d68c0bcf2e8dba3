"""A letter as an e-mail: a text part always, an HTML part beside it, both escaped."""

from __future__ import annotations

from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from flask import current_app

from salon.mail.letter import Letter, Sender

_OURS = "@salon"  # how the outbox ends its ids; the world sees the sender's domain
_LOGO = "logo@salon"


def header_text(value: str, limit: int = 200) -> str:
    """One line fit for a header: no control character can add another."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())[:limit]


def full_id(message_id: str, address: str) -> str:
    """The Message-ID on the wire, the same at every attempt."""
    return f"{message_id.removesuffix(_OURS)}@{address.rpartition('@')[2]}"


def html_of(letter: Letter, sender: Sender, language: str, logo_url: str = "") -> str:
    """The HTML part; `logo_url` where a page can load the logo, else it travels inside the message."""
    source = (logo_url or f"cid:{_LOGO}") if sender.logo else ""
    return _rendered("letter.html", letter=letter, sender=sender, language=language, logo_source=source)


def text_of(letter: Letter, sender: Sender, language: str) -> str:
    """The text part."""
    return _rendered("letter.txt", letter=letter, sender=sender, language=language)


def _rendered(name: str, **values: object) -> str:
    """A mail knows its letter and nothing of who is looking: no context of a page reaches it."""
    return current_app.jinja_env.get_template(f"mail/{name}").render(**values)


def _checked(recipient: str) -> Address:
    try:
        address = Address(addr_spec=recipient)
    except (HeaderParseError, IndexError) as error:
        raise ValueError("not an address") from error
    if not address.username or not address.domain:
        raise ValueError("not an address")
    return address


def shape(
    letter: Letter, sender: Sender, *, recipient: str, language: str, message_id: str, now: datetime
) -> EmailMessage:
    """The message, ready to leave; raises `ValueError` when the address cannot stand in a header."""
    message = EmailMessage()
    message["From"] = Address(header_text(sender.name), addr_spec=sender.address)
    message["To"] = _checked(recipient)
    message["Subject"] = header_text(letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{full_id(message_id, sender.address)}>"
    message["Auto-Submitted"] = "auto-generated"
    if sender.reply_to:
        message["Reply-To"] = Address(addr_spec=sender.reply_to)
    message.set_content(text_of(letter, sender, language))
    message.add_alternative(html_of(letter, sender, language), subtype="html")
    if sender.logo:
        html = message.get_payload()[1]  # type: ignore[index]
        html.add_related(sender.logo, "image", "png", cid=f"<{_LOGO}>", disposition="inline")  # type: ignore[union-attr]
    for attachment in letter.attachments:
        main, _, sub = attachment.media_type.partition("/")
        message.add_attachment(
            attachment.content, maintype=main, subtype=sub, filename=header_text(attachment.filename)
        )
    return message
