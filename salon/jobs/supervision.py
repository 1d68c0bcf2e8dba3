"""The engine's child process: started in a group of its own, heard, stopped, and never left behind."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from salon.services.runs import Ended, Heard, Order

BEAT_S = 1.0
STOP_GRACE_S = 15.0  # after standard input is closed; then the whole group is killed
OVERTIME_S = 30.0  # beyond the time limit, for verifying and writing the answer
MEMORY_MB = 4096
LAST_WORDS = 2000  # bytes of standard error worth a log line
MAX_LINE = 64 * 1024 * 1024  # characters; a longer line is garbage
Beat = Callable[[Heard], "bool | None"]


@dataclass(frozen=True, slots=True)
class Command:
    """How the child is started; tests put another program here."""

    argv: tuple[str, ...]

    @classmethod
    def of(cls, order: Order, *, memory_mb: int = MEMORY_MB) -> Command:
        options = {
            "--time-limit": order.time_limit_s, "--workers": order.workers, "--seed": order.seed,
            "--memory-mb": memory_mb, "--parent": os.getpid(),
        }  # fmt: skip
        pairs = [str(part) for option in options.items() for part in option]
        return cls((sys.executable, "-m", "salon.jobs.solver_child", *pairs))


class Child:
    """A running child and what it has said."""

    def __init__(self, command: Command, problem: str) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `kill`
        self.process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command.argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
            env=_environment(),
            text=True,
            encoding="utf-8",
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._listener = self._listen(self.process.stdout)
        self._sender = self._send(problem)

    def _send(self, problem: str) -> threading.Thread:
        """In a thread: a child that never reads must not hold up its supervisor."""
        stdin = self.process.stdin
        assert stdin is not None

        def write() -> None:
            with contextlib.suppress(OSError):  # it died at once: the end of its output says so
                stdin.write(problem + "\n")
                stdin.flush()

        thread = threading.Thread(target=write, name="solver-input", daemon=True)
        thread.start()
        return thread

    def _listen(self, stdout: IO[str] | None) -> threading.Thread:
        assert stdout is not None

        def read() -> None:
            try:
                while line := stdout.readline(MAX_LINE):
                    self._lines.put(line)
            except (ValueError, OSError):  # not text
                self._lines.put("\x00")
            finally:
                self._lines.put(None)

        thread = threading.Thread(target=read, name="solver-output", daemon=True)
        thread.start()
        return thread

    def said(self, wait_s: float) -> list[str | None]:
        """Lines since the last call, waiting at most `wait_s` for the first; None is the end of output."""
        try:
            found = [self._lines.get(timeout=wait_s)]
        except queue.Empty:
            return []
        while not self._lines.empty():
            found.append(self._lines.get_nowait())
        return found

    def ask_to_stop(self) -> None:
        """Close its standard input: the child ends with the best plan, unless it never read it."""
        if not self._sender.is_alive():
            self._close_input()

    def _close_input(self) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()

    def kill(self) -> None:
        """End the whole group, whatever it does, and let go of its pipes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._sender.join()
        self._listener.join()
        self._close_input()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._errors.close()

    def last_words(self) -> str:
        """The end of what it wrote to standard error, for the operator's log."""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - LAST_WORDS))
        return self._errors.read().decode("utf-8", "replace").strip()


def _environment() -> dict[str, str]:
    """The engine needs no secret: only what finds Python and its packages."""
    kept = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "VIRTUAL_ENV", "HOME", "TMPDIR")
    found = {name: os.environ[name] for name in kept if name in os.environ}
    here = str(Path(__file__).resolve().parents[2])  # wherever the worker was started from
    return {**found, "PYTHONPATH": os.pathsep.join(filter(None, (here, found.get("PYTHONPATH"))))}


class Garbage(Exception):
    """The child said something that is no message of ours."""


@dataclass(slots=True)
class _Story:
    """What was heard, put together."""

    progress: Mapping[str, Any] | None = None
    plan: object | None = None
    latest_plan: object | None = None
    answer: Mapping[str, Any] | None = None
    error: str = ""
    detail: str = ""
    silent: bool = False  # its output ended

    def hear(self, line: str | None) -> None:
        if line is None:
            self.silent = True
            return
        message = _message(line)
        kind = message.get("event")
        if kind == "progress" and _is_progress(message):
            self.progress = message
        elif kind == "plan" and isinstance(message.get("meetings"), list):
            self.plan = self.latest_plan = message["meetings"]
        elif kind == "result" and _is_result(message.get("result")):
            self.answer = message["result"]
        elif kind == "error" and message.get("code") in ("memory", "bad_problem"):
            self.error, self.detail = message["code"], str(message.get("detail", ""))[:300]
        else:
            raise Garbage(line[:120])

    def news(self) -> Heard:
        """What to write down at this beat; each thing once."""
        heard = Heard(self.progress, self.plan)
        self.progress = self.plan = None
        return heard


def _is_progress(message: Mapping[str, Any]) -> bool:
    """Whether the figures are figures: what is not would end in the database or on a page."""
    whole = all(_is_count(message.get(name, 0)) for name in ("meetings", "must_held"))
    known = all(message.get(name) is None or _is_count(message[name]) for name in ("incumbent", "bound"))
    numbers = all(isinstance(message.get(name) or 0, int | float) for name in ("elapsed", "gap"))
    return whole and known and numbers and isinstance(message.get("step"), str)


def _is_result(answer: object) -> bool:
    if not isinstance(answer, dict):
        return False
    lists = all(isinstance(answer.get(name), list) for name in ("terms", "trace", "conflict"))
    maps = isinstance(answer.get("versions"), dict)
    numbers = all(
        isinstance(answer.get(name) or 0, int | float) for name in ("seconds", "gap", "baseline_value")
    )
    return lists and maps and numbers and isinstance(answer.get("status"), str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _message(line: str) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        raise Garbage(line[:120]) from None
    if not isinstance(message, dict):
        raise Garbage(line[:120])
    return message


def supervise(command: Command, order: Order, beat: Beat, *, grace_s: float = STOP_GRACE_S) -> Ended | None:
    """Follow one child to its end; `beat` says each second: go on, stop, or not ours (then answer None)."""
    child = Child(command, order.problem)
    try:
        return _follow(child, order, beat, grace_s)
    finally:
        child.kill()


def _follow(child: Child, order: Order, beat: Beat, grace_s: float) -> Ended | None:
    story = _Story()
    wall = time.monotonic() + order.time_limit_s + OVERTIME_S
    stop_by: float | None = None
    next_beat = 0.0
    while not story.silent and story.answer is None:
        try:
            for line in child.said(BEAT_S / 4):
                story.hear(line)
                if story.answer is not None:  # nothing of ours follows it
                    break
        except Garbage as words:
            return Ended(error="garbage", plan=story.latest_plan, detail=str(words))
        now = time.monotonic()
        if now > wall:
            return Ended(error="timeout", plan=story.latest_plan)
        if stop_by is not None and now > stop_by:
            return Ended(error="deaf", plan=story.latest_plan)
        if now >= next_beat:
            next_beat = now + BEAT_S
            going = beat(story.news())
            if going is None:
                return None
            if not going and stop_by is None:
                child.ask_to_stop()
                stop_by = now + grace_s
    beat(story.news())
    return _ended(child, story)


def _ended(child: Child, story: _Story) -> Ended:
    if story.answer is not None:
        return Ended(answer=story.answer)
    try:
        code = child.process.wait(timeout=5)
    except subprocess.TimeoutExpired:  # it closed its output and lives on: the caller kills it
        return Ended(error="garbage", plan=story.latest_plan, detail="output closed")
    if code < 0:
        return Ended(error="killed", died=True, plan=story.latest_plan, detail=f"signal {-code}")
    detail = story.detail or f"exit {code}: {child.last_words()}"
    return Ended(error=story.error or "crashed", plan=story.latest_plan, detail=detail)
