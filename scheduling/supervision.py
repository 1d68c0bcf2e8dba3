"""How a parent process follows and stops a run: JSON lines out, standard input closed to cancel."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from types import TracebackType
from typing import TextIO

from scheduling import io
from scheduling.result import Progress

OUTPUT = 1  # the file descriptor of standard output
EVERY_SECONDS = 0.5  # the reader expects a line each second


def stop_when_closed(stream: TextIO) -> Callable[[], bool]:
    """True from the moment the stream ends; a daemon thread waits for that, whatever the solver does."""
    closed = threading.Event()

    def watch() -> None:
        try:
            while stream.read(1):
                pass
        finally:
            closed.set()

    threading.Thread(target=watch, daemon=True).start()
    return closed.is_set


@contextmanager
def silent_output() -> Iterator[None]:
    """Keeps what solvers write in C to standard output (HiGHS does) out of the answer printed there.

    C keeps its own buffer: it is emptied before the output is given back, or it would be written at exit.
    """
    sys.stdout.flush()
    kept = os.dup(OUTPUT)
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, OUTPUT)
        yield
    finally:
        ctypes.CDLL(None).fflush(None)
        os.dup2(kept, OUTPUT)
        os.close(kept)
        os.close(nothing)


class Reporter:
    """Prints the latest progress at once and again every half second, so that silence means death."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._last = Progress(0.0, "data")
        self._since = time.monotonic()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Reporter:
        if self._stream is not None:
            self.tell(self._last)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._stream is not None:
            self._thread.join()

    def tell(self, progress: Progress) -> None:
        """The progress is the latest one, and printed."""
        with self._lock:
            self._last = progress
            self._print(progress)

    def _beat(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            with self._lock:
                self._print(replace(self._last, elapsed=time.monotonic() - self._since))

    def _print(self, progress: Progress) -> None:
        if self._stream is None:
            return
        line = {"event": "progress", **asdict(progress), "terms": dict(progress.terms)}
        line["elapsed"] = round(progress.elapsed, 2)
        try:
            self._stream.write(io.encode(line) + "\n")
            self._stream.flush()
        except BrokenPipeError:  # the parent is gone; standard input tells when to stop
            self._stream = None
