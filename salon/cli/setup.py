"""Commands that make an installation: folder, secret, fonts, database, first administrator, backup."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from salon.cli.context import instance_folder, make_app


def prepare(folder: Path) -> None:
    """The folder has its secret and its fonts; what is already there is kept."""
    from exports.fonts import build

    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "settings.env"
    if not settings.exists():
        settings.touch(mode=0o600)
        settings.write_text(f"SALON_SECRET_KEY={secrets.token_urlsafe(48)}\n", encoding="utf-8")
    build(folder / "fonts")


@click.command()
@click.pass_context
def init(context: click.Context) -> None:
    """Make or upgrade an installation: settings, fonts, database at this version."""
    from flask_migrate import upgrade

    folder = instance_folder(context)
    prepare(folder)
    app = make_app(context)
    _backup_before_upgrade(app, folder)
    with app.app_context():
        upgrade()
    click.echo("Salon is ready. Next: salon create-admin EMAIL")


def _backup_before_upgrade(app: object, folder: Path) -> None:
    """A database that is about to change is copied first."""
    from salon.backup import copy_before_upgrade

    kept = copy_before_upgrade(app, folder)  # type: ignore[arg-type]
    if kept:
        click.echo(f"Database copied to {kept.name} before the upgrade.")


@click.command("create-admin")
@click.argument("email")
@click.option("--name", default="", help="Shown in the journal and in messages.")
@click.pass_context
def create_admin(context: click.Context, email: str, name: str) -> None:
    """Let EMAIL administer this installation (create editions, see all of them)."""
    from salon.actor import system
    from salon.jobs.unit import writing
    from salon.services import accounts

    app = make_app(context)
    with app.app_context(), writing() as (session, now):
        account = accounts.make_admin(session, system("cli"), now, email=email, name=name)
        click.echo(f"{account.email} is an administrator. Next: salon sign-in-link {account.email}")


@click.command("sign-in-link")
@click.argument("email")
@click.pass_context
def sign_in_link(context: click.Context, email: str) -> None:
    """Print a link that signs EMAIL in: once, within 24 hours, from any browser; audited."""
    from salon.actor import system
    from salon.jobs.unit import writing
    from salon.services import sign_in

    app = make_app(context)
    with app.app_context(), writing() as (session, now):
        secret = sign_in.operator_link(session, system("cli"), now, email=email)
        click.echo(f"{app.config['SALON'].base_url.rstrip('/')}/s/{secret}")


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def backup(context: click.Context, target: Path) -> None:
    """Copy the database to TARGET while people work; the copy is checked before this returns.

    The ledger of erasures is kept up to date beside it: `restore` needs it.
    """
    from salon.backup import copy_live
    from salon.jobs.erasures import ledger_file, note_erasures
    from salon.ledger import copy_beside

    app = make_app(context)
    copy_live(app, target)
    with app.app_context():
        note_erasures(app, 0)
    beside = copy_beside(ledger_file(app), target)
    click.echo(f"Backup written and checked: {target}")
    if beside:
        click.echo(f"Keep with it: {beside}")


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--ledger", "ledgers", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A later erasures.txt than the one in the instance folder or beside SOURCE; may be repeated.",
)  # fmt: skip
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def restore(context: click.Context, source: Path, ledgers: tuple[Path, ...], yes: bool) -> None:
    """Put the backup SOURCE in the place of the database, once `salon serve` is stopped.

    Whoever was erased since is erased again before anybody is served. Everybody signs in anew; messages
    that waited are not sent by themselves; printed documents are made again. The replaced database is kept
    under another name: delete it when all is well.
    """
    from salon.restore import restore as put_back

    if not yes:
        click.confirm("Everything entered since the backup will be missing. Go on?", abort=True)
    done = put_back(make_app(context, calm=True), source, ledgers=ledgers)
    click.echo(f"Restored; erased again: {done.erased}.")
    if done.replaced:
        click.echo(f"The database that was replaced: {done.replaced.name}")


COMMANDS = (init, create_admin, sign_in_link, backup, restore)
