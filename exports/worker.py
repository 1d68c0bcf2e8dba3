"""The child which renders: `python -m exports.worker`, requests on stdin, answers on stdout, limits first.

A request is a pickled tuple from the parent, who is trusted; an answer is a JSON head and raw bytes, because
what this process has read is not. Frames are a length (8 bytes, big-endian) and a body.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import gettext
import json
import logging
import os
import pickle
import resource
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

GARBAGE = 30_000  # objects made since the last collection: a chunk of a pile, or some single documents
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000  # <sched.h>: CLONE_NEWNET, CLONE_NEWUSER


@dataclass(frozen=True, slots=True)
class Setup:
    """What a child needs to print: where templates, fonts and catalogues are, and in which language."""

    template_dir: Path
    font_dir: Path
    locale: str
    translations_dir: Path | None = None
    memory_bytes: int = 1 << 30

    def translations(self) -> gettext.NullTranslations:
        if self.translations_dir is None:
            return gettext.NullTranslations()
        languages = [self.locale.replace("-", "_"), self.locale[:2]]
        return gettext.translation("messages", self.translations_dir, languages, fallback=True)


def write_frame(stream: BinaryIO, body: bytes) -> None:
    stream.write(struct.pack(">Q", len(body)) + body)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next body, or None at the end of the stream."""
    head = stream.read(8)
    return stream.read(struct.unpack(">Q", head)[0]) if len(head) == 8 else None


def without_network() -> bool:
    """Whether this process now lives in a network of its own, empty one; some systems do not allow it."""
    libc = ctypes.CDLL(None, use_errno=True)
    flags = _NEW_NETWORK if os.geteuid() == 0 else _NEW_NETWORK | _NEW_USER
    return bool(libc.unshare(flags) == 0)


def main() -> None:
    """Answers until stdin closes."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a stray print must not break the frames
    first = read_frame(requests)
    if first is None:
        return
    setup: Setup = pickle.loads(first)  # noqa: S301 - from our own parent
    resource.setrlimit(resource.RLIMIT_AS, (setup.memory_bytes, setup.memory_bytes))
    isolated = without_network()
    from exports.document import environment, warm_up
    from exports.fonts import build

    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    gc.set_threshold(100_000, 50, 50)  # many boxes, few cycles: about a tenth faster
    env = environment(setup.template_dir, locale=setup.locale, translations=setup.translations())
    fonts = build(setup.font_dir)
    warm_up(fonts)
    gc.freeze()  # what the engine itself needs is never garbage: collections look at documents only
    write_frame(answers, json.dumps({"ready": True, "isolated": isolated}).encode())
    while (body := read_frame(requests)) is not None:
        head, content = answer(body, env, fonts)
        write_frame(answers, json.dumps(head).encode())
        write_frame(answers, content)
        if gc.get_count()[0] > GARBAGE:
            gc.collect()  # boxes point at each other; while the parent reads, the memory of the last pile goes


def answer(body: bytes, env: Any, fonts: Any) -> tuple[dict[str, Any], bytes]:
    """What a request gives: its document, or the name of what went wrong."""
    from exports.document import Document

    function, subject, options = pickle.loads(body)  # noqa: S301 - from our own parent
    try:
        made = function(subject, env, fonts=fonts, **options)
    except MemoryError:
        return {"error": "MemoryError", "message": "", **_peak()}, b""
    except Exception as problem:
        logging.getLogger(__name__).exception("Rendering failed")
        return {"error": type(problem).__name__, "message": str(problem)[:500], **_peak()}, b""
    if isinstance(made, Document):
        return {"filename": made.filename, "media_type": made.media_type, **_peak()}, made.content
    return _peak(), made


def _peak() -> dict[str, Any]:
    """Most memory held by this program; `ru_maxrss` would count what the parent held when it forked."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:  # not Linux
        return {"peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}
    held = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return {"peak_kb": int(held.split()[1])}


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        main()
