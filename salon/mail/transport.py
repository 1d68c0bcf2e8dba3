"""How a message leaves: an SMTP server, or a folder when there is none (demo, first steps)."""

from __future__ import annotations

import smtplib
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT_S = 20.0
UNTRUSTED = "untrusted certificate"  # the words that the outbox knows these refusals by
CLEAR = "no encryption"


class Refused(Exception):
    """The message surely did not leave; `for_good` when trying again is useless.

    `is_down` when the server did not even answer: the next message would fare no better.
    """

    def __init__(self, reason: str, *, for_good: bool = False, is_down: bool = False) -> None:
        super().__init__(reason)
        self.for_good, self.is_down = for_good, is_down


class Uncertain(Exception):
    """The connection broke after the message was sent and before the answer: perhaps it left."""


class Transport(Protocol):
    """Hands one message over; returns only when it was surely accepted."""

    def send(self, message: EmailMessage) -> None: ...


@dataclass(frozen=True, slots=True)
class Folder:
    """Writes each message as an .eml file named by its Message-ID: twice the same is still one."""

    path: Path

    def file_of(self, message_id: str) -> Path:
        """Where the message of that id lies; the name holds nothing but letters, figures and dashes."""
        name = "".join(c for c in message_id if c.isalnum() or c in "-_")
        return self.path / f"{name}.eml"

    def send(self, message: EmailMessage) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        target = self.file_of(message["Message-ID"])
        unfinished = target.with_suffix(".part")
        unfinished.write_bytes(message.as_bytes(policy=SMTP))
        unfinished.replace(target)


@dataclass(frozen=True, slots=True)
class Smtp:
    """An SMTP server named by a URL: `smtp://user:password@host:587`, `smtps://host:465`.

    Both are encrypted, with a certificate that this machine trusts (`SSL_CERT_FILE` names others). Nothing
    goes in clear but to this machine itself, or where `smtp+clear://host` says that the network is closed.
    """

    url: str

    def send(self, message: EmailMessage) -> None:
        content = message.as_bytes(
            policy=SMTP
        )  # a message that has no bytes is refused before anybody is called
        try:
            server = self._connect()
        except ssl.SSLCertVerificationError as error:
            raise Refused(f"{UNTRUSTED}: {error.verify_message}", is_down=True) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise Refused(_reason(error), is_down=True) from error
        try:
            self._envelope(server, message)
            self._data(server, content)
            with suppress(smtplib.SMTPException, OSError):  # accepted already: a bad farewell changes nothing
                server.quit()
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, context = parts.hostname or "localhost", ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_S)
        try:
            self._secure(server, host, context)
            server.ehlo()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _secure(self, server: smtplib.SMTP, host: str, context: ssl.SSLContext) -> None:
        """From here on nobody listens; raises when that cannot be had."""
        parts = urlsplit(self.url)
        if parts.scheme == "smtp":
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if isinstance(server.sock, ssl.SSLSocket) or _is_here(host):
            return
        if parts.scheme != "smtp+clear":
            raise smtplib.SMTPNotSupportedError(f"{CLEAR}: nothing was sent")
        if parts.username:
            raise smtplib.SMTPNotSupportedError(f"{CLEAR}: the password stays here")

    @staticmethod
    def _envelope(server: smtplib.SMTP, message: EmailMessage) -> None:
        sender = message["From"].addresses[0].addr_spec
        recipient = message["To"].addresses[0].addr_spec
        for verb, argument in (("mail", sender), ("rcpt", recipient)):
            try:
                code, answer = getattr(server, verb)(argument)
            except UnicodeError as error:  # an address that this server cannot be told
                raise Refused(_reason(error), for_good=True) from error
            except (smtplib.SMTPException, OSError) as error:
                raise Refused(_reason(error)) from error
            if code >= 400:
                ours = (
                    verb == "mail"
                )  # the server wants nothing from our own address: nobody's message is at fault
                said = f"{code} {answer.decode(errors='replace')}"
                raise Refused(said, for_good=code >= 500 and not ours, is_down=ours)

    @staticmethod
    def _data(server: smtplib.SMTP, content: bytes) -> None:
        try:
            code, answer = server.data(content)
        except smtplib.SMTPDataError as error:  # the server did not want DATA at all
            raise Refused(_reason(error), for_good=error.smtp_code >= 500) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Uncertain(_reason(error)) from error
        if code >= 400:
            raise Refused(f"{code} {answer.decode(errors='replace')}", for_good=code >= 500)


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return f"{type(error).__name__}: {error}"


@lru_cache(maxsize=1)
def _encryption(_hour: int) -> ssl.SSLContext:
    """The machine's authorities, read once an hour: reading them takes longer than sending a message."""
    return ssl.create_default_context()


def _hour() -> int:
    return int(time.time() // 3600)


def _is_here(host: str) -> bool:
    """Whether a password would not leave this machine."""
    return host in {"localhost", "127.0.0.1", "::1"}


def choose(smtp_url: str, folder: Path) -> Transport:
    """The server when one is set, else the folder."""
    return Smtp(smtp_url) if smtp_url else Folder(folder)
