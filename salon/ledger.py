"""The ledger of erasures: a file beside the database that outlives it, read when an older copy comes back.

One line an erasure: the instant, what was erased, and a hash that finds it again in any copy of the database
and tells a reader nothing. Lines are only ever added.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

NAME = "erasures.txt"


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """`kind` is `account` or `edition`; of an edition, those who had registered by then."""

    at: datetime
    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.at.isoformat()} {self.kind} {self.key}"


def read(*files: Path) -> frozenset[Line]:
    """Every whole line of the files that exist; a line that a full disk cut short says nothing."""
    lines = set()
    for file in files:
        if file.is_file():
            lines |= {one for text in file.read_text("utf-8").splitlines() if (one := _parsed(text))}
    return frozenset(lines)


def _parsed(text: str) -> Line | None:
    parts = text.split(" ")
    if len(parts) != 3 or parts[1] not in ("account", "edition") or len(parts[2]) != 64:
        return None
    try:
        at = datetime.fromisoformat(parts[0])
    except ValueError:
        return None
    return Line(at, parts[1], parts[2]) if at.tzinfo else None


def add(file: Path, lines: Iterable[Line]) -> int:
    """The lines that the file lacked are on the disk, how many."""
    missing = sorted(set(lines) - read(file))
    if missing:
        with os.fdopen(
            os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+", encoding="utf-8"
        ) as out:
            torn = out.read()[-1:] not in ("", "\n")
            out.write("\n" * torn + "".join(f"{line}\n" for line in missing))
            out.flush()
            os.fsync(out.fileno())
    return len(missing)


def copy_beside(file: Path, backup: Path) -> Path | None:
    """The ledger joins the one that lies beside a backup; None when nobody was erased yet."""
    target = backup.parent / NAME
    if not file.is_file() or (target.exists() and target.samefile(file)):
        return target if target.exists() else None
    if not target.exists():
        shutil.copyfile(file, target)
        target.chmod(0o600)
    add(target, read(file))
    return target
