"""Rendering out of the way: long-lived children, one document at a time, killed if too slow or too big."""

from __future__ import annotations

import json
import os
import pickle
import queue
import selectors
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from jinja2 import Environment

from exports.chunks import Part, Progress
from exports.document import Document, environment
from exports.fonts import FontSet, build
from exports.worker import Setup

T = TypeVar("T")

__all__ = ["Pool", "RenderFailed", "RenderTimeout", "Renderer", "Setup"]

DOCUMENT_SECONDS = 15.0
CHUNK_SECONDS = 120.0
START_SECONDS = 60.0  # the first start of all may have to make the fonts
RECYCLE_AFTER = 500  # documents; caches of layouts and fonts grow slowly, a start costs eight agendas
RECYCLE_KB = 300 * 1024


class RenderFailed(Exception):
    """A child could not render; `kind` names the cause: an exception's name, or `killed`."""

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind = kind


class RenderTimeout(RenderFailed):
    """A document took longer than its time and its child was killed."""

    def __init__(self, seconds: float) -> None:
        super().__init__("timeout", f"more than {seconds:g} s")


class Renderer:
    """One child, started at need, replaced after a failure or 500 documents; safe between threads."""

    def __init__(
        self, setup: Setup, *, seconds: float = DOCUMENT_SECONDS, recycle_after: int = RECYCLE_AFTER
    ) -> None:
        self.setup = setup
        self.seconds = seconds
        self.peak_kb = 0
        self.isolated: bool | None = None
        self._recycle_after = recycle_after
        self._child: subprocess.Popen[bytes] | None = None
        self._scratch: str | None = None
        self._served = 0
        self._lock = threading.Lock()

    def document(self, function: Callable[..., Document], subject: Any, **options: Any) -> Document:
        """`function(subject, env, fonts=…, **options)` made in the child, or RenderFailed."""
        head, content = self._call(function, subject, options)
        return Document(head["filename"], head["media_type"], content)

    def part(self, function: Part, subject: Any, options: Mapping[str, Any]) -> bytes:
        """The same for a part of a pile, which is bytes."""
        return self._call(function, subject, options)[1]

    def warm_up(self) -> None:
        """The child is running and ready."""
        with self._lock:
            self._running()

    def close(self) -> None:
        """No child and no scratch folder is left."""
        with self._lock:
            self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _call(
        self, function: Callable[..., Any], subject: Any, options: Mapping[str, Any]
    ) -> tuple[dict[str, Any], bytes]:
        body = pickle.dumps((function, subject, dict(options)))
        with self._lock:
            child = self._running()
            try:
                head, content = self._exchange(child, body)
            except BaseException:
                self._stop()
                raise
            self._served += 1
            self.peak_kb = max(self.peak_kb, head["peak_kb"])
            if self._served >= self._recycle_after or head["peak_kb"] > RECYCLE_KB or "error" in head:
                self._stop()
        if "error" in head:
            raise RenderFailed(head["error"], head["message"])
        return head, content

    def _exchange(self, child: subprocess.Popen[bytes], body: bytes) -> tuple[dict[str, Any], bytes]:
        deadline = time.monotonic() + self.seconds
        _send(child, body)
        try:
            head = json.loads(_receive(child, deadline))
            return head, _receive(child, deadline)
        except TimeoutError:
            raise RenderTimeout(self.seconds) from None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._stop()
            self._start()
        assert self._child is not None
        return self._child

    def _start(self) -> None:
        self._scratch = tempfile.mkdtemp(prefix="salon-render-")  # a killed child leaves its fonts here
        home = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        self._child = subprocess.Popen(
            [sys.executable, "-m", "exports.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path, "TMPDIR": self._scratch},
            start_new_session=True,
        )
        self._served = 0
        try:
            _send(self._child, pickle.dumps(self.setup))
            self.isolated = json.loads(_receive(self._child, time.monotonic() + START_SECONDS))["isolated"]
        except BaseException:
            self._stop()
            raise

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            for stream in (child.stdin, child.stdout):
                if stream:
                    stream.close()
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None


def _send(child: subprocess.Popen[bytes], body: bytes) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(struct.pack(">Q", len(body)) + body)
        child.stdin.flush()
    except BrokenPipeError:
        raise RenderFailed("killed", f"the renderer ended with {child.wait()}") from None


def _receive(child: subprocess.Popen[bytes], deadline: float) -> bytes:
    return _exactly(child, struct.unpack(">Q", _exactly(child, 8, deadline))[0], deadline)


def _exactly(child: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
    """`size` bytes of the child's output; TimeoutError after `deadline`, RenderFailed if it ends first."""
    assert child.stdout is not None
    got = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout.fileno(), selectors.EVENT_READ)
        while len(got) < size:
            if not selector.select(max(deadline - time.monotonic(), 0)):
                raise TimeoutError
            chunk = os.read(child.stdout.fileno(), min(size - len(got), 1 << 20))
            if not chunk:
                raise RenderFailed("killed", f"the renderer ended with {child.wait()}")
            got += chunk
    return bytes(got)


@dataclass(frozen=True)
class Pool:
    """A press of `workers` children for piles: parts are rendered side by side and given back in order."""

    setup: Setup
    workers: int = 2
    seconds: float = CHUNK_SECONDS

    @cached_property
    def env(self) -> Environment:
        return environment(
            self.setup.template_dir, locale=self.setup.locale, translations=self.setup.translations()
        )

    @cached_property
    def fonts(self) -> FontSet:
        return build(self.setup.font_dir)

    @cached_property
    def peaks_kb(self) -> list[int]:
        """Peak memory of each child of the last run."""
        return []

    def run(
        self,
        part: Part,
        parts: Sequence[Sequence[Any]],
        options: Mapping[str, Any],
        on_progress: Progress | None = None,
    ) -> list[bytes]:
        """Every part rendered; the first failure, or an exception of `on_progress`, stops the rest."""
        return self._spread(lambda renderer, item: renderer.part(part, item, options), parts, on_progress)

    def documents(
        self,
        function: Callable[..., Document],
        subjects: Sequence[Any],
        options: Mapping[str, Any],
        on_progress: Progress | None = None,
    ) -> list[Document]:
        """One tagged document per subject, in order."""

        def one(renderer: Renderer, subject: Any) -> Document:
            return renderer.document(function, subject, **options)

        return self._spread(one, subjects, on_progress)

    def _spread(
        self, work: Callable[[Renderer, Any], T], items: Sequence[Any], on_progress: Progress | None
    ) -> list[T]:
        _ = self.fonts  # made once here, not by each child at the same time
        renderers = [
            Renderer(self.setup, seconds=self.seconds) for _n in range(min(self.workers, len(items)))
        ]
        free: queue.SimpleQueue[Renderer] = queue.SimpleQueue()
        for renderer in renderers:
            free.put(renderer)

        def on_a_free_one(item: Any) -> T:
            renderer = free.get()
            try:
                return work(renderer, item)
            finally:
                free.put(renderer)

        try:
            return _gathered(on_a_free_one, items, len(renderers), on_progress)
        finally:
            self.peaks_kb[:] = [renderer.peak_kb for renderer in renderers]
            for renderer in renderers:
                renderer.close()


def _gathered(
    work: Callable[[Any], T], items: Sequence[Any], workers: int, on_progress: Progress | None
) -> list[T]:
    """`work` of every item, in order, `workers` at a time; progress is told from the calling thread."""
    with ThreadPoolExecutor(max(workers, 1)) as threads:
        futures: list[Future[T]] = [threads.submit(work, item) for item in items]
        try:
            pending = set(futures)
            while pending:
                finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in finished:
                    future.result()
                if on_progress:
                    on_progress(len(futures) - len(pending), len(futures))
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
        return [future.result() for future in futures]
