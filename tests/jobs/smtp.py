"""Mail servers that behave, refuse, stall or hang up: real sockets on this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Sink:
    """Accepts everything, unless told what to answer to a command."""

    answers: dict[str, str] = field(default_factory=dict)  # "MAIL", "RCPT", "DATA" -> the refusal
    taken: list[EmailMessage] = field(default_factory=list)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.answers.get("MAIL"):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.answers.get("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if answer := self.answers.get("DATA"):
            return answer
        self.taken.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.taken]


@contextmanager
def serving(sink: Sink, port: int = 0) -> Iterator[str]:
    """The address of a server that hands its mail to the sink."""
    controller = Controller(sink, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Rude:
    """A server of few words: speaks SMTP until the message is in, then stalls or hangs up.

    `greets` False: it accepts and stays silent. `refuse_nth`: hangs up on that connection before a word, and
    serves the others well.
    """

    def __init__(
        self, *, greets: bool = True, stalls: bool = False, refuse_nth: int = 0, host: str = "127.0.0.1"
    ) -> None:
        self.greets, self.stalls, self.refuse_nth = greets, stalls, refuse_nth
        self.bodies: list[bytes] = []
        self.in_data = threading.Event()
        self._over = threading.Event()
        self._socket = socket.create_server((host, 0))
        self._connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        host, port = self._socket.getsockname()
        return f"smtp://{host}:{port}"

    def close(self) -> None:
        self._over.set()
        self._socket.close()

    def __enter__(self) -> Rude:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _peer = self._socket.accept()
            except OSError:
                return
            self._connections += 1
            threading.Thread(target=self._talk, args=(connection, self._connections), daemon=True).start()

    def _talk(self, connection: socket.socket, number: int) -> None:
        with connection:
            if not self.greets:
                self._over.wait(20)
                return
            if number == self.refuse_nth:
                return
            try:
                self._serve(connection, connection.makefile("rb"))
            except OSError:
                return

    def _serve(self, connection: socket.socket, lines: object) -> None:
        connection.sendall(b"220 rude\r\n")
        for line in lines:  # type: ignore[attr-defined]
            verb = line[:4].upper()
            if verb == b"DATA":
                connection.sendall(b"354 go on\r\n")
                self.bodies.append(_body(lines))
                self.in_data.set()
                if self.stalls:
                    self._over.wait(20)
                    return
                if not self.refuse_nth:
                    return  # the answer never comes
                connection.sendall(b"250 taken\r\n")
            elif verb == b"QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            else:
                connection.sendall(b"250 OK\r\n")


def _body(lines: object) -> bytes:
    found = []
    for line in lines:  # type: ignore[attr-defined]
        if line == b".\r\n":
            break
        found.append(line)
    return b"".join(found)
