"""`salon demo`: a fair from nothing to paper, its certificate, then the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from salon.cli.context import instance_folder, make_app, spoken
from salon.cli.failures import Refused
from salon.cli.setup import prepare

if TYPE_CHECKING:
    from pathlib import Path

    from salon.web import SalonFlask

DEMO_SLUG = "passerelles"


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
    _refuse_real_data(folder)
    if reset:
        _reset(folder, yes)
    app = _prepared(context, folder, port)
    _story(app, folder, console)
    if not _certificate(app, console):
        raise Refused("the published plan does not verify")
    if not no_serve:
        _serve(app, folder, console, port)


def _refuse_real_data(folder: Path) -> None:
    """The demo is never built into, nor instead of, an installation that somebody uses."""
    import sqlite3
    from contextlib import closing, suppress

    path = folder / "salon.sqlite"
    if not path.is_file():
        return
    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base,
        suppress(sqlite3.OperationalError),
    ):
        slugs = [slug for (slug,) in base.execute("SELECT slug FROM edition ORDER BY slug")]
        if slugs and DEMO_SLUG not in slugs:
            raise Refused(
                f"{folder} holds editions that are no demo ({', '.join(slugs)}): "
                "choose another folder with `salon --instance FOLDER demo`"
            )


def _reset(folder: Path, yes: bool) -> None:
    """Only the demo's own files go: the database, the queue, the outbox and the documents."""
    import shutil

    if not yes:
        click.confirm(f"Rebuild the demo? The database and documents in {folder.name}/ are lost.", abort=True)
    for name in (
        "salon.sqlite",
        "salon.sqlite-wal",
        "salon.sqlite-shm",
        "queue.sqlite",
        "queue.sqlite-wal",
        "queue.sqlite-shm",
    ):
        (folder / name).unlink(missing_ok=True)
    for name in ("demo", "outbox", "files"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _prepared(context: click.Context, folder: Path, port: int) -> SalonFlask:
    import os

    from flask_migrate import upgrade

    prepare(folder)
    os.environ.setdefault("SALON_DEMO", "1")
    os.environ.setdefault("SALON_LOG_LEVEL", "WARNING")  # the sign-in links must not scroll away
    os.environ.setdefault("SALON_BASE_URL", f"http://127.0.0.1:{port}")
    app = make_app(context, calm=True)
    with app.app_context():
        upgrade()
    return app


def _story(app: SalonFlask, folder: Path, console: Console) -> None:
    """Each step only if it was not done by an earlier call."""
    from salon.demo import story
    from salon.jobs.unit import writing

    with app.app_context(), writing() as (session, now):
        try:
            built = story.ensure_built(session, now)
        except story.InUse as others:  # a server's database; a file was looked at before anything was begun
            raise Refused(f"the database holds editions that are no demo ({others})") from others
        console.print("Demo editions built." if built else "Demo editions kept.")
        run_id = story.ordered_run(session, now, app.config["SALON"].solver_workers)
        session.info.clear()  # the run is computed here, not by a worker
    if run_id is not None:
        _compute(app, run_id, console)
    with app.app_context(), writing() as (session, now):
        console.print(f"Release {story.publish(session, now).number} is published.")
    if run_id is not None or not story.is_printed(folder / "demo"):
        with console.status("Writing the documents…"):
            count = story.print_all(app, folder / "demo", lambda name: console.print(f"  {name}"))
        console.print(f"{count} documents in {folder.name}/demo/.")


def _compute(app: SalonFlask, run_id: int, console: Console) -> None:
    from salon.cli.following import follow

    run = follow(app, run_id, console)
    if (run.result or {}).get("draft") is None:
        raise Refused(f"the run ended as {run.state.value}: {run.error or 'no plan'}")


def _certificate(app: SalonFlask, console: Console) -> bool:
    """Verify the published plan again, print the certificate; whether it verifies."""
    from flask_babel import force_locale
    from flask_babel import gettext as _

    from salon.cli import certificate
    from salon.demo import story
    from salon.jobs.unit import reading
    from salon.queries import releases as promises
    from salon.services import plan_check

    with app.app_context(), reading() as (session, _now), force_locale(spoken()):
        here = story.edition(session)
        release = promises.latest(session, here.id)
        if release is None:
            return False
        try:
            places = story.published_places(session, here, release)
        except LookupError as gone:
            raise Refused(f"the published plan uses a slot or table that is gone: {gone}") from gone
        checked = plan_check.check(session, here, places)
        run = story.last_run(session, here.id)
        result: dict[str, Any] = (run.result or {}) if run else {}
        title = _("Certificat – %(edition)s, version %(number)s", edition=here.name, number=release.number)
        certificate.show(console, title, result)
        _say_verdict(console, len(checked.solution.assignments), len(checked.broken))
        return not checked.broken


def _say_verdict(console: Console, meetings: int, broken: int) -> None:
    from flask_babel import ngettext

    words = ngettext(
        "Vérifié indépendamment : %(meetings)s rendez-vous, %(num)s règle enfreinte.",
        "Vérifié indépendamment : %(meetings)s rendez-vous, %(num)s règles enfreintes.",
        broken,
        meetings=meetings,
    )
    console.print(words, style="red" if broken else "green", soft_wrap=True, highlight=False)


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
