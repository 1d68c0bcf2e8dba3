"""Stops a running linear solver when asked: it would hear of nothing for as long as it takes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ortools.util.python.pybind_solve_interrupter import PySolveInterrupter

POLL_SECONDS = 0.1


@contextmanager
def interrupting(should_stop: Callable[[], bool]) -> Iterator[PySolveInterrupter]:
    """An interrupter that is triggered soon after `should_stop` turns true."""
    interrupter, over = PySolveInterrupter(), threading.Event()

    def watch() -> None:
        while not over.wait(POLL_SECONDS):
            if should_stop():
                interrupter.interrupt()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield interrupter
    finally:
        over.set()
        watcher.join()
