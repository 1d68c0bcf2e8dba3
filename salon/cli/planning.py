"""Commands that plan and publish: the same services as the pages, the same refusals."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from salon.cli.context import answer, edition_of, edition_option, json_option, make_app, spoken
from salon.cli.failures import NothingFound, Refused

if TYPE_CHECKING:
    from rich.console import Console
    from sqlalchemy.orm import Session

    from salon.models import Edition, SolverRun
    from salon.queries.names import Named
    from salon.services.releases import Preview
    from salon.web import SalonFlask

PRESETS = ("most_meetings", "fairest", "fewest_gaps")


@click.command()
@edition_option
@click.option("--preset", type=click.Choice(PRESETS), default=PRESETS[0], show_default=True)
@click.option(
    "--time-limit", default=30, show_default=True, type=click.IntRange(1, 3600), help="Seconds at most."
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(0, 2**31 - 1),
    help="Another gives another plan.",
)
@click.option("--workers", type=click.IntRange(1, 64), help="Processor cores (default: the installation's).")
@json_option
@click.pass_context
def run(
    context: click.Context,
    slug: str,
    preset: str,
    time_limit: int,
    seed: int,
    workers: int | None,
    as_json: bool,
) -> None:
    """Run the scheduler here and keep its plan as the current draft; Ctrl+C keeps the best plan so far.

    Exit codes: 0 a plan is kept; 1 refused or the rules clash (they are named); 3 nothing found in time.
    """
    from rich.console import Console

    from salon.cli.following import follow

    app, console = make_app(context, calm=True), Console(stderr=as_json)
    run_id = _ordered(app, slug, preset, time_limit, seed, workers)
    ended = follow(app, run_id, console, quiet=as_json)
    result = dict(ended.result or {})
    if as_json:
        answer(_run_json(ended, result))
    elif result.get("summary"):
        _show_certificate(app, console, ended, result)
    _judge(app, ended, result)


def _ordered(app: SalonFlask, slug: str, preset: str, time_limit: int, seed: int, workers: int | None) -> int:
    from salon import nudges
    from salon.actor import system
    from salon.enums import RunPreset
    from salon.jobs.unit import writing
    from salon.services import planning
    from salon.services.planning_presets import Choice

    with app.app_context(), writing() as (session, now):
        made = planning.request_run(
            session, system("cli"), now, edition=edition_of(session, slug), choice=Choice(RunPreset(preset)),
            time_limit_s=time_limit, seed=seed, workers=workers or app.config["SALON"].solver_workers,
        )  # fmt: skip
        nudges.forget(session)  # it is computed here; a worker finds it taken
        return made.id


def _run_json(ended: SolverRun, result: Mapping[str, Any]) -> dict[str, Any]:
    names = ("status", "terms", "seconds", "gap", "baseline_value", "summary", "draft", "conflict")
    return {
        "run": ended.number,
        "state": ended.state.value,
        "error": ended.error,
        "seed": ended.seed,
        **{name: result.get(name) for name in names},
    }


def _show_certificate(app: SalonFlask, console: Console, ended: SolverRun, result: Mapping[str, Any]) -> None:
    from flask_babel import force_locale
    from flask_babel import gettext as _

    from salon.cli import certificate

    with app.app_context(), force_locale(spoken()):
        certificate.show(console, _("Certificat du calcul n° %(number)s", number=ended.number), result)
    click.echo(f"Draft {result.get('draft')} is the current draft. Next: salon release")


def _judge(app: SalonFlask, ended: SolverRun, result: Mapping[str, Any]) -> None:
    """The exit code of a run."""
    from salon.enums import RunState

    if result.get("draft") is not None:
        return
    if ended.state is RunState.INFEASIBLE:
        raise Refused("no plan can respect all the rules; these clash: " + _rules(app, result))
    if ended.error == "nothing_found":
        raise NothingFound("no plan was found in time; allow more with --time-limit")
    raise Refused(f"the run ended as {ended.state.value}: {ended.error or 'no plan'}")


def _rules(app: SalonFlask, result: Mapping[str, Any]) -> str:
    from flask_babel import force_locale

    from salon.wording import plan_words

    with app.app_context(), force_locale(spoken()):
        return " ".join(plan_words.RULES[rule]() for rule in result.get("conflict", ())) or "–"


# Publishing -------------------------------------------------------------------------------------------------


@click.command()
@edition_option
@click.option("--note", default="", help="A word to the participants, 400 characters at most.")
@click.option(
    "--stage", type=click.Choice(("provisional", "final")), help="Default: as the last, else provisional."
)
@click.option("--dry-run", is_flag=True, help="Only show what would be published.")
@click.option("--yes", is_flag=True, help="Publish without asking, every warning accepted.")
@json_option
@click.pass_context
def release(
    context: click.Context, slug: str, note: str, stage: str | None, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Publish the current draft as a release, after showing what goes out and to whom.

    Exit codes: 0 published (or shown); 1 refused: a broken rule, no draft, or the answer was no.
    """
    app = make_app(context, calm=True)
    with app.app_context():
        seen, shown = _previewed(app, slug)
        if not as_json:
            _show_preview(seen, shown)
        if seen.broken:
            raise Refused("nothing is published: " + "; ".join(shown["broken"]))
        if dry_run:
            if as_json:
                answer({**shown, "published": False})
            return
        if not yes:
            _ask(seen, as_json)
        number = _published(slug, seen, stage, note)
    if as_json:
        answer({**shown, "published": True, "release": number})
    else:
        click.echo(f"Release {number} is published.")


def _ask(seen: Preview, as_json: bool) -> None:
    if as_json or not sys.stdin.isatty():
        raise Refused("nothing is published: add --yes to publish without being asked")
    click.confirm(f"Publish release {seen.number}, with these warnings?" if seen.cautions
                  else f"Publish release {seen.number}?", abort=True)  # fmt: skip


def _draft(session: Session, edition: Edition) -> Any:
    from salon.errors import DomainError
    from salon.services import drafts

    draft = drafts.current(session, edition.id)
    if draft is None:
        raise DomainError("no_draft")
    return draft


def _previewed(app: SalonFlask, slug: str) -> tuple[Preview, dict[str, Any]]:
    from flask_babel import force_locale

    from salon.jobs.unit import reading
    from salon.queries import names
    from salon.services import releases

    with reading() as (session, _now), force_locale(spoken()):
        here = edition_of(session, slug)
        seen = releases.preview(session, here, _draft(session, here))
        return seen, _as_json(seen, names.delegates(session, here))


def _as_json(seen: Preview, known: Mapping[int, Named]) -> dict[str, Any]:
    from salon.services.release_diff import Kind
    from salon.wording import plan_words

    def named(people: tuple[int, ...]) -> list[str]:
        return [known[one].full for one in people if one in known]

    return {
        "release": seen.number,
        "draft": seen.draft,
        "meetings": seen.meetings,
        "unchanged": seen.unchanged,
        "changes": {kind.value: seen.diff.count(kind) for kind in Kind},
        "messages": len(seen.recipients),
        "cautions": {caution.code.value: named(caution.people) for caution in seen.cautions},
        "broken": [plan_words.BROKEN.get(one.rule, lambda one=one: one.rule)() for one in seen.broken],
    }


_CAUTIONS = {
    "below_minimum": "have fewer meetings than their minimum",
    "without_meeting": "have no meeting at all",
    "unreachable": "cannot be reached by message",
}


def _show_preview(seen: Preview, shown: Mapping[str, Any]) -> None:
    click.echo(f"Release {seen.number}, from draft {seen.draft}: {seen.meetings} meetings.")
    changes = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in shown["changes"].items())
    click.echo(f"Changes: {changes}; {seen.unchanged} stay as they are.")
    click.echo(f"Messages: {len(seen.recipients)}.")
    for code, people in shown["cautions"].items():
        more = f" and {len(people) - 10} more" if len(people) > 10 else ""
        click.echo(f"Warning: {len(people)} {_CAUTIONS.get(code, code)}: {', '.join(people[:10])}{more}.")


def _published(slug: str, seen: Preview, stage: str | None, note: str) -> int:
    """Publish exactly what was shown; raises `DomainError` when it changed meanwhile."""
    from salon.actor import system
    from salon.enums import ReleaseStage
    from salon.jobs.unit import writing
    from salon.queries import releases as promises
    from salon.services import releases

    with writing() as (session, now):
        here = edition_of(session, slug)
        last = promises.latest(session, here.id)
        chosen = ReleaseStage(stage) if stage else last.stage if last else ReleaseStage.PROVISIONAL
        made = releases.release(
            session, system("cli"), now, edition=here, draft=_draft(session, here),
            fingerprint=seen.fingerprint, acknowledged=[caution.code for caution in seen.cautions],
            stage=chosen, note=note,
        )  # fmt: skip
        return made.number


COMMANDS = (run, release)
