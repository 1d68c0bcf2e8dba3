"""A run computed in this process, shown while it works; Ctrl+C keeps the best plan."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

if TYPE_CHECKING:
    from salon.models import SolverRun
    from salon.web import SalonFlask

POLL_S = 0.5
LINE_EVERY_S = 5.0  # where nothing can be redrawn: a log, a pipe
Watch = Callable[["SolverRun"], None]


def follow(app: SalonFlask, run_id: int, console: Console, *, quiet: bool = False) -> SolverRun:
    """The run once it is over, whoever computed it: this process, or a worker that was quicker."""
    if quiet:
        return _computed(app, run_id, lambda run: None)
    if not console.is_terminal:
        return _computed(app, run_id, _lines(console))
    with Live(console=console, refresh_per_second=4, transient=True) as live:
        run = _computed(app, run_id, lambda run: live.update(_panel(run)))
    console.print(_sentence(run))
    return run


def _computed(app: SalonFlask, run_id: int, watch: Watch) -> SolverRun:
    worker = _start(app, run_id)
    while True:
        try:
            run = _read(app, run_id)
            watch(run)
            if _is_over(run) and not worker.is_alive():
                return run
            if not worker.is_alive():
                worker = _taken_up(app, run, worker)
            time.sleep(POLL_S)
        except KeyboardInterrupt:
            _cancel(app, run_id)


def _start(app: SalonFlask, run_id: int) -> Thread:
    from salon.jobs.queue import perform
    from salon.services.planning import RUN_TASK

    worker = Thread(target=perform, args=(app, RUN_TASK, run_id), daemon=True)
    worker.start()
    return worker


def _taken_up(app: SalonFlask, run: SolverRun, worker: Thread) -> Thread:
    """Nobody here computes it: whoever did may have died; a run that waits is computed here."""
    from salon.jobs.unit import writing
    from salon.services import runs

    if run.state.value == "queued":
        return _start(app, run.id)
    with app.app_context(), writing() as (session, now):
        runs.sweep(session, now)
    return worker


def _read(app: SalonFlask, run_id: int) -> SolverRun:
    from salon.jobs.unit import reading
    from salon.models import SolverRun

    with app.app_context(), reading() as (session, _now):
        run = session.get_one(SolverRun, run_id)
        session.expunge(run)
        return run


def _is_over(run: SolverRun) -> bool:
    from salon.enums import ACTIVE_RUN_STATES

    return run.state not in ACTIVE_RUN_STATES


def _cancel(app: SalonFlask, run_id: int) -> None:
    """Stop and keep the best plan; asked a second time, leave at once."""
    from salon.actor import system
    from salon.jobs.unit import writing
    from salon.models import SolverRun
    from salon.services import planning

    with app.app_context(), writing() as (session, now):
        run = session.get_one(SolverRun, run_id)
        if run.cancel_requested_at is not None or _is_over(run):
            raise KeyboardInterrupt
        planning.request_cancel(session, system("cli"), now, run=run)


# What is shown ----------------------------------------------------------------------------------------------


def _figures(run: SolverRun) -> dict[str, str]:
    """Incumbent, bound, gap, meetings and elapsed time, as far as they are known."""
    said: dict[str, Any] = run.progress or {}
    gap = said.get("gap")
    return {
        "Plan": str(said["incumbent"]) if said.get("incumbent") is not None else "none yet",
        "Bound": str(said["bound"]) if said.get("bound") is not None else "none proven yet",
        "Gap": f"{gap:.2%}" if gap is not None else "–",
        "Meetings": str(said.get("meetings", 0)),
        "Elapsed": f"{said.get('elapsed', 0):.0f} s of {run.time_limit_s} s at most",
    }


def _sentence(run: SolverRun) -> str:
    return " · ".join(f"{name.lower()} {value}" for name, value in _figures(run).items())


def _panel(run: SolverRun) -> Group:
    table = Table.grid(padding=(0, 3))
    figures = _figures(run)
    table.add_row(*(f"[dim]{name}[/dim]" for name in figures))
    table.add_row(*(f"[bold]{value}[/bold]" for value in figures.values()))
    elapsed = float((run.progress or {}).get("elapsed") or 0)
    bar = ProgressBar(total=run.time_limit_s, completed=min(elapsed, run.time_limit_s), width=72)
    return Group(f"Run {run.number} – Ctrl+C keeps the best plan", bar, table)


def _lines(console: Console) -> Watch:
    """A line when something changed, at most every few seconds."""
    last_at, last_said = 0.0, ""

    def watch(run: SolverRun) -> None:
        nonlocal last_at, last_said
        said = _sentence(run)
        due = time.monotonic() - last_at >= LINE_EVERY_S
        if said != last_said and (due or _is_over(run)):
            console.print(said, soft_wrap=True, highlight=False)
            last_at, last_said = time.monotonic(), said

    return watch
