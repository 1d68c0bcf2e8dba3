"""Cases times solvers: each in a process of its own, each row told and kept as soon as it is known."""

from __future__ import annotations

import csv
import importlib.metadata
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from scheduling.bench.child import run
from scheduling.bench.generated import SALON, Task
from scheduling.bench.table import row

Row: TypeAlias = dict[str, Any]

# Beyond a solver's limit: the start of the interpreter, building the fair, seating and verification.
MARGIN_SECONDS = 120.0
CHILD = "scheduling.bench.generated"
COLUMNS = (
    "case",
    "seed",
    "solver",
    "limit_seconds",
    "status",
    "participants",
    "wishes",
    "meetings",
    "musts",
    "musts_bound",
    "value",
    "bound",
    "gap",
    "musts_ratio",
    "value_ratio",
    "breaks",
    "breaks_bound",
    "first_seconds",
    "value_seconds",
    "seconds",
    "peak_mib",
    "violations",
)
SHOWN = (
    "status",
    "meetings",
    "musts",
    "value",
    "bound",
    "gap",
    "musts_ratio",
    "value_ratio",
    "breaks",
    "seconds",
    "peak_mib",
)
DIGITS = {"gap": 5, "musts_ratio": 4, "value_ratio": 4}


def run_all(tasks: Sequence[Task], out: Path, tell: Callable[[Row], None]) -> list[Row]:
    """A row for each task, written to `out` (CSV) and told when it is known.

    `gap` is the distance of the value to the best bound any solver of the case has proven so far, for plans
    with as many musts; the ratios are musts and value over those of the case's first solver with a plan. Where a
    fair has musts they rank before the value: a higher value with fewer musts is the worse plan.
    """
    rows: list[Row] = []
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for task in tasks:
            found = _row(task, rows)
            rows.append(found)
            writer.writerow({name: _cell(name, found.get(name)) for name in COLUMNS})
            file.flush()
            tell(found)
    return rows


def _row(task: Task, before: Sequence[Row]) -> Row:
    outcome = run(
        [CHILD, task.case.name, task.solver, *_options(task)],
        task.seconds + MARGIN_SECONDS,
    )
    told: Row = outcome.answer if isinstance(outcome.answer, dict) else {"status": outcome.trouble}
    found = {
        "case": task.case.name,
        "seed": task.case.seed,
        "solver": task.solver,
        "limit_seconds": task.seconds,
        **told,
    }
    return found | _compared(found, [one for one in before if one["case"] == task.case.name])


def _options(task: Task) -> Iterator[str]:
    options = {"--seconds": task.seconds, "--workers": task.workers, "--seed": task.case.seed}
    yield from (str(one) for pair in options.items() for one in pair)


def _compared(found: Row, others: Sequence[Row]) -> Row:
    """Gap and ratios; a bound of another solver counts where it is about as many musts."""
    value = found.get("value")
    if value is None:
        return {}
    alike = [one for one in (*others, found) if one.get("musts") == found["musts"]]
    bound = min((one["bound"] for one in alike if one.get("bound") is not None), default=None)
    first = next(one for one in (*others, found) if one.get("value") is not None)
    return {
        "gap": None if bound is None else (bound - value) / max(1, bound),
        "musts_ratio": found["musts"] / first["musts"] if first["musts"] else None,
        "value_ratio": value / first["value"] if first["value"] else None,
    }


def is_wrong(found: Row) -> bool:
    """The engine's plan breaks a rule, or a value beats a bound: a defect, not a result."""
    broken = found["solver"] == SALON and bool(found.get("violations"))
    gap = found.get("gap")
    return broken or (gap is not None and gap < 0)


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(map(str, value))
    return f"{value:.{DIGITS[name]}f}" if isinstance(value, float) and name in DIGITS else str(value)


def head() -> str:
    """The heads of the lines."""
    return row("case, solver", *SHOWN)


def line(found: Row) -> str:
    """One row for a terminal, its broken rules at the end."""
    cells = (_cell(name, found.get(name))[:10] for name in SHOWN)
    broken = found.get("violations")
    return row(f"{found['case']} {found['solver']}", *cells) + (
        f"  breaks {', '.join(broken)}" if broken else ""
    )


@dataclass(frozen=True, slots=True)
class Machine:
    """Where results come from."""

    processor: str
    cores: int
    memory_gib: int
    load: float
    software: str

    @classmethod
    def here(cls) -> Machine:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
        software = [f"{name} {importlib.metadata.version(name)}" for name in ("salon", "ortools", "numpy")]
        python = f"python {platform.python_version()}"
        return cls(
            _processor(), os.cpu_count() or 1, memory, os.getloadavg()[0], ", ".join((python, *software))
        )

    def sentence(self) -> str:
        return (
            f"{self.processor}, {self.cores} cores, {self.memory_gib} GiB; load {self.load:.1f} before the "
            f"first case; {self.software}"
        )


def _processor() -> str:
    """The name Linux gives it, else what Python knows."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [one.partition(":")[2].strip() for one in lines if one.startswith("model name")]
    return names[0] if names else platform.machine()


def markdown(rows: Sequence[Row], machine: Machine) -> str:
    """The rows as a table to publish, with the machine."""
    columns = ("case", "solver", "limit_seconds", *SHOWN, "violations")
    lines = [machine.sentence(), "", "| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(_cell(name, one.get(name)) for name in columns) + " |" for one in rows]
    return "\n".join(lines) + "\n"
