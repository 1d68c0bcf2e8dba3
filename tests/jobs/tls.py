"""Mail servers that speak TLS with a certificate made for the test, and a wire that one can listen to."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.jobs.smtp import Sink, free_port


def certificate(folder: Path, address: str = "127.0.0.1") -> Path:
    """A key and a certificate signed by itself, for one address, in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / f"server-{address}.pem"
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


def _context(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


class _Offers(Controller):
    """A server that offers STARTTLS, and takes nothing before it when it is strict."""

    def __init__(self, sink: Sink, file: Path, *, strict: bool) -> None:
        super().__init__(sink, hostname="127.0.0.1", port=free_port())
        self._file, self._strict = file, strict

    def factory(self) -> SMTP:
        return SMTP(self.handler, tls_context=_context(self._file), require_starttls=self._strict)


@contextmanager
def starttls(sink: Sink, file: Path, *, strict: bool = True) -> Iterator[int]:
    """The port of a server that begins in clear and changes over."""
    server = _Offers(sink, file, strict=strict)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


@contextmanager
def implicit(sink: Sink, file: Path) -> Iterator[int]:
    """The port of a server that speaks TLS from the first byte."""
    server = Controller(sink, hostname="127.0.0.1", port=free_port(), ssl_context=_context(file))
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


class Wire:
    """Carries bytes to a port and keeps a copy of what the client sent."""

    def __init__(self, port: int) -> None:
        self._to, self._listener = port, socket.create_server(("127.0.0.1", 0))
        self.heard = b""
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_error: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _peer = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
                for source, target, listens in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._carry, args=(source, target, listens), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, listens: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if listens:
                    self.heard += data
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
