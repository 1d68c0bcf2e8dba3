"""Documents written to a folder, by the same makers as the documents page."""

from __future__ import annotations

from pathlib import Path

import click

from salon.cli.context import answer, edition_of, edition_option, json_option, make_app
from salon.cli.failures import Refused

ITEMS = (
    "agendas", "badges", "slot_plan", "table_plan", "signs", "door_list", "planning_xlsx", "planning_csv",
    "calendars",
)  # fmt: skip


@click.command()
@edition_option
@click.option(
    "--what", multiple=True, type=click.Choice(("all", *ITEMS)), default=("all",), show_default=True,
    help="Which document; may be given several times.",
)  # fmt: skip
@click.option(
    "--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path),
    help="Where to; files of the same name are replaced.",
)  # fmt: skip
@click.option(
    "--release", "number", type=click.IntRange(1), help="Its number (default: the latest, else the draft)."
)
@click.option(
    "--layout", default="a6x4", show_default=True, help="Of badges, such as a6x4, a7x8, herma_4412, a4_fold."
)
@click.option("--order", type=click.Choice(("surname", "organisation")), default="surname", show_default=True)
@click.option(
    "--paper", type=click.Choice(("A3", "A4")), default="A3", show_default=True, help="Of the plan per slot."
)
@click.option(
    "--since", type=click.IntRange(1), help="Agendas and badges only of whom later releases change."
)
@click.option("--locale", type=click.Choice(("fr", "en")), help="Default: the edition's first language.")
@json_option
@click.pass_context
def export(
    context: click.Context,
    slug: str,
    what: tuple[str, ...],
    folder: Path,
    number: int | None,
    layout: str,
    order: str,
    paper: str,
    since: int | None,
    locale: str | None,
    as_json: bool,
) -> None:
    """Write agendas, badges, plans, sheets and calendars to a folder; each file is whole or not there.

    Exit codes: 0 written; 1 there is nothing to print; 2 wrong usage, or the folder cannot be written.
    """
    from rich.console import Console

    from exports.pool import RenderFailed
    from salon import rendering
    from salon.jobs import print_set
    from salon.jobs.unit import reading
    from salon.services import documents
    from salon.services.print_options import Options

    app, console = make_app(context, calm=True), Console(stderr=as_json)
    with app.app_context(), reading() as (session, _now):
        here = edition_of(session, slug)
        options = Options(layout, order, paper=paper, since=since, locale=locale or here.languages[0])
        items = list(ITEMS) if "all" in what else [item for item in ITEMS if item in what]
        release, draft = documents.checked(session, here, items, options, release=number)
        pool = rendering.pool(app, options.locale)
        facts = print_set.load(app, session, here, options, pool=pool, release=release, draft=draft)
    try:
        with console.status("…") as status:
            written = print_set.write(
                facts, options, folder, pool=pool, items=items,
                say=lambda name: console.print(f"  {name}", highlight=False),
                tell=lambda item, part, parts: status.update(f"{item}: part {part} of {parts}"),
            )  # fmt: skip
    except RenderFailed as failure:
        raise Refused(f"a document could not be set: {failure}") from failure
    if as_json:
        answer({"release": release, "draft": draft, "files": [str(path) for path in written]})
    else:
        click.echo(f"{len(written)} documents in {folder}.")


COMMANDS = (export,)
