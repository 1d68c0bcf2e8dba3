"""`salon demo`: a fair from nothing to paper, its certificate, then the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from salon.cli.context import instance_folder, make_app
from salon.cli.failures import Refused
from salon.cli.setup import prepare

if TYPE_CHECKING:
    from pathlib import Path

    from salon.models import SolverRun
    from salon.web import SalonFlask

_NAMES = {
    "must_meets": "À ne pas manquer", "value": "Valeur des vœux", "min_shortfall": "Manques au minimum",
    "fairness": "Équité (le dixième le moins servi, ‰)", "breaks": "Trous dans les agendas",
    "table_moves": "Changements de table",
}  # fmt: skip


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--no-serve", is_flag=True, help="End after the certificate; exit code 0 only if the plan verifies."
)
@click.option("--reset", is_flag=True, help="Rebuild the demo: everything in the instance is lost.")
@click.option("--yes", is_flag=True, help="Do not ask before a reset.")
@click.pass_context
def demo(context: click.Context, port: int, no_serve: bool, reset: bool, yes: bool) -> None:
    """Build a plausible fair, run the scheduler, publish, write every document, and serve it."""
    from salon.serving import check_port

    folder, console = instance_folder(context), Console()
    if not no_serve:
        check_port("127.0.0.1", port)
    if reset:
        _reset(folder, yes)
    app = _prepared(context, folder, port)
    _story(app, folder, console)
    if not _certificate(app, console):
        raise Refused("the published plan does not verify")
    if not no_serve:
        _serve(app, folder, console, port)


def _reset(folder: Path, yes: bool) -> None:
    """Only the demo's own files go: the database, the queue, the outbox and the documents."""
    import shutil

    if not yes:
        click.confirm(f"Rebuild the demo? The database and documents in {folder.name}/ are lost.", abort=True)
    for name in ("salon.sqlite", "salon.sqlite-wal", "salon.sqlite-shm", "queue.sqlite", "queue.sqlite-wal"):
        (folder / name).unlink(missing_ok=True)
    for name in ("demo", "outbox", "files"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _prepared(context: click.Context, folder: Path, port: int) -> SalonFlask:
    import os

    from flask_migrate import upgrade

    prepare(folder)
    os.environ.setdefault("SALON_DEMO", "1")
    os.environ.setdefault("SALON_BASE_URL", f"http://127.0.0.1:{port}")
    app = make_app(context)
    with app.app_context():
        upgrade()
    return app


def _story(app: SalonFlask, folder: Path, console: Console) -> None:
    """Each step only if it was not done by an earlier call."""
    from salon.demo import story
    from salon.jobs.unit import writing

    with app.app_context(), writing() as (session, now):
        built = story.ensure_built(session, now)
        console.print("Demo editions built." if built else "Demo editions kept.")
        run_id = story.ordered_run(session, now, app.config["SALON"].solver_workers)
        session.info.clear()  # the run is computed here, not by a worker
    if run_id is not None:
        _compute(app, run_id, console)
    with app.app_context(), writing() as (session, now):
        console.print(f"Release {story.publish(session, now).number} is published.")
    if run_id is not None or not (folder / "demo").is_dir():
        with console.status("Writing the documents…"):
            count = story.print_all(app, folder / "demo", lambda name: console.print(f"  {name}"))
        console.print(f"{count} documents in {folder.name}/demo/.")


def _compute(app: SalonFlask, run_id: int, console: Console) -> None:
    from salon.demo import story
    from salon.enums import RunState

    with console.status("Starting the scheduler…") as status, app.app_context():
        state = story.compute(app, run_id, lambda run: status.update(_progress(run)))
    if state is not RunState.DONE:
        raise Refused(f"the run ended as {state.value}")


def _progress(run: SolverRun) -> str:
    """Incumbent, bound, gap, meetings and elapsed time, as far as they are known."""
    said: dict[str, Any] = run.progress or {}
    gap = said.get("gap")
    parts = [
        f"{said.get('elapsed', 0):.0f} s of {run.time_limit_s} s at most",
        f"plan {said['incumbent']}" if said.get("incumbent") is not None else "no plan yet",
        f"bound {said['bound']}" if said.get("bound") is not None else "no bound yet",
        f"gap {gap:.2%}" if gap is not None else "",
        f"{said.get('meetings', 0)} meetings",
    ]
    return " · ".join(part for part in parts if part)


def _certificate(app: SalonFlask, console: Console) -> bool:
    """Verify the published plan again, print the certificate; whether it verifies."""
    from salon.demo import story
    from salon.jobs.unit import reading
    from salon.queries import releases as promises
    from salon.services import drafts, plan_check

    with app.app_context(), reading() as (session, _now):
        here = story.edition(session)
        draft = promises.current_draft(session, here.id)
        release = promises.latest(session, here.id)
        if draft is None or release is None:
            return False
        checked = plan_check.check(session, here, drafts.places_of(session, draft.id))
        run = story.last_run(session, here.id)
        result: dict[str, Any] = (run.result or {}) if run else {}
        _print(console, here.name, release.number, result)
        console.print(
            f"Verified independently: {len(checked.solution.assignments)} meetings, "
            f"{len(checked.broken)} broken rules."
        )
        return not checked.broken


def _print(console: Console, name: str, number: int, result: dict[str, Any]) -> None:
    table = Table(title=f"Certificate – {name}, release {number}", title_justify="left")
    for column in ("Critère", "Plan", "Borne", "Écart"):
        table.add_column(column, justify="left" if column == "Critère" else "right")
    for term in result.get("terms", []):
        bound, gap = term.get("bound"), term.get("gap")
        table.add_row(
            _NAMES.get(term["name"], term["name"]),
            str(term["value"]),
            "Non prouvé" if bound is None else str(bound),
            "–" if gap is None else f"{gap:.2%}",
        )
    console.print(table)
    summary = result.get("summary", {})
    for key, label in (("pairs", "Pairs held of wished"), ("wishes", "Wishes served of made")):
        served = ", ".join(f"{kind} {n} of {m}" for kind, (n, m) in summary.get(key, {}).items())
        console.print(f"{label}: {served}")
    console.print(
        f"{summary.get('meetings')} meetings in {result.get('seconds')} s; greedy baseline of the same run: "
        f"{result.get('baseline_value')}; median {summary.get('median')}, Gini {summary.get('gini')}."
    )


def _serve(app: SalonFlask, folder: Path, console: Console, port: int) -> None:
    from salon.actor import system
    from salon.demo import story
    from salon.jobs.unit import writing
    from salon.services import sign_in
    from salon.serving import supervise

    with app.app_context(), writing() as (session, now):
        for who, email in (("Organiser", story.ORGANISER), ("Attendee", story.ATTENDEE)):
            secret = sign_in.operator_link(session, system("demo"), now, email=email)
            console.print(f"{who}: {app.config['SALON'].base_url}/s/{secret}", soft_wrap=True)
    console.print(f"Serving on {app.config['SALON'].base_url} – Ctrl+C stops.")
    supervise(folder, host="127.0.0.1", port=port, web_workers=2, threads=8)


COMMANDS = (demo,)
