"""Parts which misbehave, for the pool's tests."""

from __future__ import annotations

import os
import time
from typing import Any


def fine(subject: Any, env: Any, *, fonts: Any) -> bytes:
    return repr(subject).encode()


def pid(subject: Any, env: Any, *, fonts: Any) -> bytes:
    return str(os.getpid()).encode()


def slow(subject: Any, env: Any, *, fonts: Any) -> bytes:
    time.sleep(60)
    return b""


def dies(subject: Any, env: Any, *, fonts: Any) -> bytes:
    os._exit(7)


def raises(subject: Any, env: Any, *, fonts: Any) -> bytes:
    raise ValueError(f"pas de page pour {subject}")


def greedy(subject: Any, env: Any, *, fonts: Any) -> bytes:
    return bytes(2 << 30)


def prints(subject: Any, env: Any, *, fonts: Any) -> bytes:
    print("un mot égaré", flush=True)  # noqa: T201 - the point of it
    return b"ok"


def connects(address: tuple[str, int], env: Any, *, fonts: Any) -> bytes:
    import socket

    try:
        socket.create_connection(address, timeout=2).close()
    except OSError as problem:
        return type(problem).__name__.encode()
    return b"connected"


def limit(subject: Any, env: Any, *, fonts: Any) -> bytes:
    import resource

    return str(resource.getrlimit(resource.RLIMIT_AS)[0]).encode()
