"""The process that computes: a problem on the first line of standard input, JSON lines out, then the answer.

`python -m salon.jobs.solver_child --time-limit S --workers N --seed K --memory-mb M --parent PID`. Standard
input stays open: its end, whether the supervisor closed it or died, stops the run, and the best plan comes
out. Nothing of the database or of the web is imported here.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import TextIO

from scheduling import io, supervision
from scheduling.result import Limits, Progress
from scheduling.solution import Solution

PLAN_EVERY_S = 2.0
GRACE_S = 10.0  # from the end of standard input to leaving come what may
OVERTIME_S = 60.0  # beyond the time limit
BAD_INPUT, STUCK = 2, 4


def main() -> int:
    """Solve once; the exit code is 0 with an answer, else the last line says what went wrong."""
    options = _options()
    _limit_memory(options.memory_mb)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    speaker = Speaker(out)
    try:
        problem = io.problem_from(io.decode(sys.stdin.readline()))
    except io.BadInput as error:
        speaker.say({"event": "error", "code": "bad_problem", "detail": str(error)})
        return BAD_INPUT
    should_stop = _stop_when_alone(options.parent)
    threading.Thread(target=_leave_in_time, args=(should_stop, options.time_limit), daemon=True).start()
    try:
        with supervision.silent_output(), _Incumbents(speaker) as incumbents:
            from scheduling.solving import solve

            result = solve(
                problem,
                limits=Limits(options.time_limit),
                workers=options.workers,
                seed=options.seed,
                on_progress=incumbents.tell,
                on_plan=incumbents.plan,
                should_stop=should_stop,
            )
    except MemoryError:
        speaker.say({"event": "error", "code": "memory"})
        return 1
    speaker.say({"event": "result", "result": io.result_to(result)})
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--time-limit", type=float, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--memory-mb", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    return parser.parse_args()


def _stop_when_alone(parent: int) -> Callable[[], bool]:
    """True once standard input ends or the supervisor is gone: another child of it may hold the pipe open."""
    closed = supervision.stop_when_closed(sys.stdin)
    return lambda: closed() or os.getppid() != parent


def _limit_memory(megabytes: int) -> None:
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _leave_in_time(should_stop: Callable[[], bool], time_limit: float) -> None:
    """End the process when a solver hears neither the stop nor its own limit: no orphan, ever."""
    deadline = time.monotonic() + time_limit + OVERTIME_S
    while time.monotonic() < deadline and not should_stop():
        time.sleep(0.2)
    if should_stop():
        time.sleep(GRACE_S)
    os._exit(STUCK)


class Speaker:
    """Writes one JSON object a line; a parent that is gone is no error, its end of input stops us."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lock = threading.Lock()

    def say(self, message: dict[str, object]) -> None:
        with self._lock:
            try:
                self._out.write(io.encode(message) + "\n")
                self._out.flush()
            except (BrokenPipeError, ValueError):
                self._out = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for good


class _Incumbents:
    """Tells progress, and every two seconds the best plan so far when it has changed."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._over = threading.Event()
        self._last = Progress(0.0, "data")
        self._since = time.monotonic()
        self._best: Callable[[], Solution] | None = None
        self._told: Callable[[], Solution] | None = None
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> _Incumbents:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def plan(self, seated: Callable[[], Solution]) -> None:
        """The best plan so far; seated only if its time to be told comes before a better one."""
        self._best = seated

    def tell(self, progress: Progress) -> None:
        self._last = progress
        self._say(progress, progress.elapsed)

    def _beat(self) -> None:
        """Silence means death: something is said each half second."""
        ticks = 0
        while not self._over.wait(0.5):
            ticks += 1
            self._say(self._last, time.monotonic() - self._since)
            if ticks % int(PLAN_EVERY_S / 0.5) == 0:
                self._tell_plan()

    def _tell_plan(self) -> None:
        seated = self._best
        if seated is not None and seated is not self._told:
            self._told = seated
            self._speaker.say({"event": "plan", "meetings": io.solution_to(seated())})

    def _say(self, progress: Progress, elapsed: float) -> None:
        figures = {**asdict(progress), "terms": dict(progress.terms), "elapsed": round(elapsed, 2)}
        self._speaker.say({"event": "progress", **figures})


if __name__ == "__main__":
    sys.exit(main())
