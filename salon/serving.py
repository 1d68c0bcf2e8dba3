"""The web server and the worker as two children of one parent that starts them again when they die."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import structlog

from salon.errors import DomainError

log = structlog.get_logger()
GRACE_S = 30.0
RESTART_AFTER_S = 1.0
POLL_S = 0.3


def check_port(host: str, port: int) -> None:
    """Raise `DomainError("port_busy")`, naming the next free one, when the port is taken."""
    if not _is_free(host, port):
        free = next((p for p in range(port + 1, port + 100) if _is_free(host, p)), None)
        raise DomainError("port_busy", port=port, free=free or port + 100)


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


class Child:
    """One supervised process."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name, self._command, self._environment = name, command, environment
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    def keep_alive(self) -> None:
        """Start it, or start it again after it died; not faster than once a second."""
        if self._process is not None and self._process.poll() is None:
            return
        if time.monotonic() - self._started_at < RESTART_AFTER_S:
            return
        if self._process is not None:
            log.error("child_died", child=self.name, code=self._process.returncode)
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(self._command, env=self._environment)  # noqa: S603 - our own programs

    def stop(self, deadline: float) -> None:
        """Ask it to end, wait, then insist."""
        if self._process is None or self._process.poll() is not None:
            return
        try:
            self._process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def terminate(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()


def supervise(instance: Path, *, host: str, port: int, web_workers: int, threads: int) -> None:
    """Run both children until SIGTERM or SIGINT, then let what is in flight end within 30 s."""
    environment = {**os.environ, "SALON_INSTANCE": str(instance)}
    children = [
        Child("web", _web_command(host, port, web_workers, threads), environment),
        Child("worker", [sys.executable, "-m", "salon.cli", "worker"], environment),
    ]
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    while not stopping.is_set():
        for child in children:
            child.keep_alive()
        stopping.wait(POLL_S)
    deadline = time.monotonic() + GRACE_S
    for child in children:
        child.terminate()
    for child in children:
        child.stop(deadline)


def _web_command(host: str, port: int, web_workers: int, threads: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}", "--workers", str(web_workers),
        "--worker-class", "gthread", "--threads", str(threads), "--timeout", "60", "--graceful-timeout", "25",
        "--no-control-socket", "--limit-request-line", "4094", "--limit-request-field_size", "8190",
        "--log-level", "warning", "salon:create_app()",
    ]  # fmt: skip
