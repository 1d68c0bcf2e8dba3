"""What is benchmarked: the instances of a folder and what is published about them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scheduling.io import BadInput
from scheduling.timetabling.files import SUFFIX
from scheduling.timetabling.problem import FAIRNESS

INFEASIBLE = "INFEASIBLE"  # the word of the published table
NAME, FAIR, OPTIMUM = "instance", "fairness_d", "optimum_total_breaks"


@dataclass(frozen=True, slots=True)
class Published:
    """What is known of an instance; `optimum` is None when it is proved infeasible."""

    fairness: int
    optimum: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """One instance to solve; `published` is None when nothing is known of it."""

    name: str
    path: Path
    fairness: int
    published: Published | None


def cases(folder: Path, best: Path | None, fairness: int | None) -> list[Case]:
    """Every instance below the folder in the order of names; `fairness` outranks the published one.

    A published optimum counts only for its own fairness. Raises BadInput for an empty folder.
    """
    known = dict(_published(best)) if best else {}
    found = [_case(path, folder, known, fairness) for path in sorted(folder.rglob(f"*{SUFFIX}"))]
    if not found:
        raise BadInput(f"{folder}: holds no {SUFFIX} file")
    return found


def _case(path: Path, folder: Path, known: dict[str, Published], fairness: int | None) -> Case:
    name = path.relative_to(folder).with_suffix("").as_posix()
    published = known.get(path.name.removesuffix(SUFFIX))
    wanted = fairness if fairness is not None else published.fairness if published else FAIRNESS
    return Case(name, path, wanted, published if published and published.fairness == wanted else None)


def _published(path: Path) -> Iterator[tuple[str, Published]]:
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                optimum = None if row[OPTIMUM] == INFEASIBLE else int(row[OPTIMUM])
                yield row[NAME], Published(int(row[FAIR]), optimum)
            except (KeyError, TypeError, ValueError) as error:
                trouble = f"needs {NAME}, {FAIR} and {OPTIMUM} (a number or {INFEASIBLE})"
                raise BadInput(f"{path}: line {line}: {trouble}") from error
