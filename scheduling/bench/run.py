"""A folder of cases is run, each result recorded as soon as it is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scheduling.bench import records
from scheduling.bench.cases import INFEASIBLE, Case
from scheduling.bench.child import Outcome, run
from scheduling.bench.judge import judge
from scheduling.bench.records import Record

BASELINE = "scheduling.bench.maxsat"


@dataclass(frozen=True, slots=True)
class Settings:
    """What every case of a run shares; `seconds` is the limit of each process, start included."""

    seconds: float
    workers: int
    seed: int
    baseline: bool = False

    def name(self) -> str:
        """Differs when results may."""
        baseline = " rc2" if self.baseline else ""
        limits = f"{self.seconds:g}s {self.workers}w seed{self.seed}"
        return f"{limits}{baseline} engine {records.fingerprint()}"


def run_all(
    cases: Sequence[Case], settings: Settings, out: Path, tell: Callable[[Record, bool], None]
) -> list[Record]:
    """One record a case, the cases recorded in `out` by an interrupted run of the same settings not run again.

    `tell` hears each record and whether it is an old one.
    """
    name = settings.name()
    kept = records.load(out, name)
    wanted = {_key(case): case for case in cases}
    records.rewrite(out, {key: record for key, record in kept.items() if key in wanted})
    found = []
    for key, case in wanted.items():
        record = kept.get(key) or _run(case, settings, name)
        if key not in kept:
            records.append(out, record)
        tell(record, key in kept)
        found.append(record)
    return found


def _key(case: Case) -> str:
    return f"{case.name} d={case.fairness}"


def _run(case: Case, settings: Settings, name: str) -> Record:
    outcome = run(_arguments(case, settings), settings.seconds)
    verdict, remark = judge(case, outcome, settings.seconds)
    answer = outcome.answer if isinstance(outcome.answer, dict) else {}
    baseline = _baseline(case, settings)
    told = baseline.answer if baseline and isinstance(baseline.answer, dict) else {}
    return Record(
        instance=_key(case),
        status=str(answer.get("status", "none")),
        objective=_text(answer.get("objective")),
        bound=_text(answer.get("bound")),
        published=_published(case),
        seconds=f"{outcome.seconds:.2f}",
        verdict=verdict,
        remark=remark,
        baseline_status=str(told.get("status", baseline.trouble if baseline else "")),
        baseline_objective=_text(told.get("objective")),
        baseline_seconds=f"{baseline.seconds:.2f}" if baseline else "",
        run=name,
    )


def _arguments(case: Case, settings: Settings) -> list[str]:
    options = {
        "--fairness": case.fairness,
        "--time-limit": settings.seconds,
        "--workers": settings.workers,
        "--seed": settings.seed,
    }
    return [
        "scheduling",
        "solve",
        str(case.path),
        "--json",
        *(str(w) for pair in options.items() for w in pair),
    ]


def _baseline(case: Case, settings: Settings) -> Outcome | None:
    if not settings.baseline:
        return None
    return run([BASELINE, str(case.path), "--fairness", str(case.fairness)], settings.seconds)


def _published(case: Case) -> str:
    if case.published is None:
        return ""
    return INFEASIBLE if case.published.optimum is None else str(case.published.optimum)


def _text(value: object) -> str:
    return "" if value is None else str(value)
