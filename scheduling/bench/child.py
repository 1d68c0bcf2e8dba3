"""A solver in a process of its own: the clock of a user, and a limit that holds whatever the solver does."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from scheduling import io

KILL_AFTER_SECONDS = 5.0  # beyond the limit the process was told: it is recorded with its real time


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a process printed (None: nothing readable, `trouble` says why) and how long it lived."""

    answer: object | None
    seconds: float
    trouble: str = ""


def run(arguments: Sequence[str], time_limit: float) -> Outcome:
    """`python -m` with these arguments has ended, by itself or killed some seconds after its limit."""
    begin = time.monotonic()
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=time_limit + KILL_AFTER_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(None, time.monotonic() - begin, "killed after its time limit")
    seconds = time.monotonic() - begin
    try:
        return Outcome(io.decode(done.stdout), seconds)
    except io.BadInput:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return Outcome(None, seconds, f"exit code {done.returncode}: {last[:200]}")
