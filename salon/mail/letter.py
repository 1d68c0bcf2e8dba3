"""What a message says, before it is shaped: plain values that text, HTML and the organiser's page all show."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Action:
    """The one button of a message."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """One message in one language. Every string is plain text: escaping is the shape's work."""

    subject: str
    paragraphs: tuple[str, ...]
    action: Action | None = None
    code: str | None = None  # typed code, set apart in large figures
    facts: tuple[tuple[str, str], ...] = ()  # label, value
    lines: tuple[str, ...] = ()  # a list: changes of an agenda…
    closing: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Sender:
    """Who it comes from: an edition's look, or the installation's own."""

    name: str
    address: str
    reply_to: str = ""
    accent: str = "#6B2A55"
    logo: bytes | None = None  # PNG, sent along inside the message: no reader's program asks us for it
    footer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Secrets:
    """What only the reader may see, made when the message leaves and never stored in clear."""

    token: str = ""
    code: str = ""


PLACEHOLDERS = Secrets(token="apercu", code="000 000")  # noqa: S106 - what a preview shows in their place
