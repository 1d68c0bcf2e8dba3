"""A list of registrations from a file: the same reading, mapping and dry run as the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salon.cli.context import acting, answer, edition_of, edition_option, json_option, make_app, spoken
from salon.cli.failures import Refused, Unusable

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from salon.models import Edition, ImportBatch
    from salon.services.imports import Preview
    from salon.web import SalonFlask

SHOWN = 20  # faults printed; --json has them all


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@edition_option
@click.option("--sheet", help="Of a workbook, by its name (default: the longest).")
@click.option(
    "--map", "mapping", multiple=True, metavar="COLUMN=FIELD",
    help="What a column means, as in --map 'Raison sociale=organisation'; FIELD empty to ignore it. "
    "The others are guessed. --fields lists the fields.",
)  # fmt: skip
@click.option(
    "--type", "type_code", metavar="CODE", help="Participant type of whom the file does not say, such as A."
)
@click.option(
    "--status", type=click.Choice(("approved", "pending")), default="approved", show_default=True,
    help="Of new registrations.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only show what the file would do.")
@click.option("--skip-errors", is_flag=True, help="Import the valid lines although others cannot come in.")
@click.option(
    "--as", "email", metavar="EMAIL", help="The organiser in whose name (default: the first owner)."
)
@json_option
@click.option(
    "--fields", is_flag=True, is_eager=True, expose_value=False, callback=lambda c, p, v: _fields(c, v),
    help="List the fields that a column can fill, and leave.",
)  # fmt: skip
@click.pass_context
def import_(
    context: click.Context,
    file: Path,
    slug: str,
    sheet: str | None,
    mapping: tuple[str, ...],
    type_code: str | None,
    status: str,
    dry_run: bool,
    skip_errors: bool,
    email: str | None,
    as_json: bool,
) -> None:
    """Import registrations from a CSV or XLSX FILE; a line of somebody known by e-mail updates them.

    Exit codes: 0 imported (or shown); 1 refused, with each line that cannot come in; 2 the file cannot be used.
    """
    from salon.services import import_reading, imports

    app = make_app(context, calm=True)
    table = import_reading.read(file.read_bytes())
    with _in_words(app), _kept_unless(dry_run) as (session, now):
        here = edition_of(session, slug)
        actor = acting(session, here, email)
        batch = imports.store(session, actor, now, edition=here, filename=file.name, table=table)
        _choose(session, here, batch, sheet, mapping, type_code, status)
        seen = imports.preview(session, here, batch)
        found = _as_json(seen)
        if not as_json:
            _show(seen, found)
        _refuse(seen, found, as_json, skip_errors or dry_run)
        if not dry_run and seen.plan is not None:
            imports.apply(session, actor, now, edition=here, batch=batch, fingerprint=seen.plan.fingerprint)
    if as_json:
        answer({**found, "imported": not dry_run})
    else:
        click.echo("Nothing was written." if dry_run else f"{found['new'] + found['update']} lines imported.")


def _fields(context: click.Context, asked: bool) -> None:
    """Print the fields and leave."""
    from salon.services.import_columns import TARGETS

    if asked:
        for target in TARGETS:
            click.echo(f"{target.key}{' (needed)' if target.required else ''}")
        context.exit()


@contextmanager
def _in_words(app: SalonFlask) -> Iterator[None]:
    from flask_babel import force_locale

    with app.app_context(), force_locale(spoken()):
        yield


@contextmanager
def _kept_unless(dry_run: bool) -> Iterator[tuple[Session, datetime]]:
    """A unit of work that is committed, or after a dry run rolled back."""
    from salon.jobs.unit import writing

    with writing() as (session, now):
        yield session, now
        if dry_run:
            session.rollback()


def _choose(
    session: Session,
    here: Edition,
    batch: ImportBatch,
    sheet: str | None,
    mapping: tuple[str, ...],
    type_code: str | None,
    status: str,
) -> None:
    """The options of the command, stored as the page's form stores them."""
    from salon.enums import DelegateStatus
    from salon.services import imports

    names = imports.view(here, batch).names
    if sheet is not None:
        if sheet not in names:
            raise Unusable(f"no sheet called {sheet!r}; the file has: {', '.join(names)}")
        imports.choose_sheet(session, batch, index=names.index(sheet))
    imports.choose_columns(
        session,
        batch,
        columns=_columns(batch, mapping),
        type_id=_type(session, here, type_code) if type_code else batch.mapping["type"],
        status=DelegateStatus(status),
    )


def _columns(batch: ImportBatch, mapping: tuple[str, ...]) -> list[str]:
    from salon.services.import_columns import IGNORED, KEYS

    columns = list(batch.mapping["columns"])
    for pair in mapping:
        name, equals, target = pair.rpartition("=")
        if not equals or name not in batch.header:
            raise Unusable(f"--map {pair!r}: no such column; the file has: {', '.join(batch.header)}")
        if target not in KEYS and target != IGNORED:
            raise Unusable(f"--map {pair!r}: no such field; known: {', '.join(sorted(KEYS))}")
        columns = [
            IGNORED if target and known == target else known for known in columns
        ]  # the guess gives way
        columns[batch.header.index(name)] = target
    return columns


def _type(session: Session, here: Edition, code: str) -> int:
    from sqlalchemy import select

    from salon.models import ParticipantType

    types = session.execute(
        select(ParticipantType.code, ParticipantType.id).where(ParticipantType.edition_id == here.id)
    )
    known = {one: type_id for one, type_id in types}  # noqa: C416 - rows, not tuples, to mypy
    if code not in known:
        raise Unusable(f"no participant type {code!r}; known: {', '.join(sorted(known))}")
    return known[code]


def _as_json(seen: Preview) -> dict[str, Any]:
    from salon.services.import_planning import Fate
    from salon.wording import imports as words

    columns = dict(zip(seen.sheet.header, seen.sheet.options.columns, strict=True))
    counts = {fate.value: seen.plan.count(fate) if seen.plan else 0 for fate in Fate}
    faults = [
        {"line": line.number, "fault": words.sentence(problem)}
        for line in (seen.plan.lines if seen.plan else ())
        for problem in line.problems
    ]
    return {
        "columns": columns,
        "missing": list(seen.missing),
        "twice": list(seen.twice),
        **counts,
        "faults": faults,
    }


def _show(seen: Preview, found: dict[str, Any]) -> None:
    ignored = [name for name, field in found["columns"].items() if not field]
    click.echo(", ".join(f"{name} → {field}" for name, field in found["columns"].items() if field))
    if ignored:
        click.echo(f"Ignored columns: {', '.join(ignored)}")
    if seen.plan is not None:
        click.echo(
            ", ".join(f"{found[fate]} {fate}" for fate in ("new", "update", "same", "duplicate", "error"))
        )
    for fault in found["faults"][:SHOWN]:
        click.echo(f"Line {fault['line']}: {fault['fault']}", err=True)
    if len(found["faults"]) > SHOWN:
        click.echo(f"… and {len(found['faults']) - SHOWN} more.", err=True)


def _refuse(seen: Preview, found: dict[str, Any], as_json: bool, go_on: bool) -> None:
    """Raise what keeps the file out, after saying all of it."""
    if seen.plan is None:
        parts = [f"no column for {name}" for name in seen.missing] + [
            f"two columns for {n}" for n in seen.twice
        ]
        raise Unusable("the file cannot be read as a list: " + "; ".join(parts) + " (use --map)")
    if found["error"] and not go_on:
        if as_json:
            answer({**found, "imported": False})
        raise Refused(f"{found['error']} lines cannot come in; mend them or add --skip-errors")


COMMANDS = (import_,)
