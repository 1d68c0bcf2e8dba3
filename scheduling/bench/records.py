"""Results as rows of a CSV file: written one by one, read again to resume."""

from __future__ import annotations

import csv
import hashlib
import importlib.metadata
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import scheduling
from scheduling.io import BadInput


@dataclass(frozen=True, slots=True)
class Record:
    """One line of results, all text; `verdict` is closed, open or wrong, `run` names settings and versions."""

    instance: str
    status: str
    objective: str
    bound: str
    published: str
    seconds: str
    verdict: str
    remark: str
    baseline_status: str
    baseline_objective: str
    baseline_seconds: str
    run: str


NAMES = [field.name for field in fields(Record)]


def load(path: Path, run: str) -> dict[str, Record]:
    """The records of the same run in the file; those of other settings or another engine do not count."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames is not None and list(reader.fieldnames) != NAMES:
            raise BadInput(f"{path}: is not a file of results; name another one with --out")
        records = (Record(**row) for row in reader if None not in row.values())
        return {record.instance: record for record in records if record.run == run}


def rewrite(path: Path, records: dict[str, Record]) -> None:
    """The file holds these records and nothing else."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, NAMES, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(record) for record in records.values())


def append(path: Path, record: Record) -> None:
    """The file has one more line."""
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, NAMES, lineterminator="\n").writerow(asdict(record))


def fingerprint() -> str:
    """Changes with the engine's source and with OR-Tools: results of another engine are no results of this."""
    digest = hashlib.sha256(importlib.metadata.version("ortools").encode())
    for path in _sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _sources() -> Iterator[Path]:
    root = Path(scheduling.__file__).parent
    for folder in ("timetabling", "solvers/timetabling", "commands"):
        yield from sorted((root / folder).glob("*.py"))
