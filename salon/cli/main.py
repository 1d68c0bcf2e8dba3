"""The root command and how failures leave it: one line on stderr, a code that scripts can read.

Exit codes: 0 done; 1 refused (the reason is printed); 2 wrong usage or settings; 3 nothing found in time.
"""

from __future__ import annotations

import click

from salon import __version__
from salon.cli import demo, exporting, importing, planning, serving, setup
from salon.cli.failures import SalonGroup


@click.group(cls=SalonGroup)
@click.version_option(__version__, prog_name="salon")
@click.option(
    "--instance",
    type=click.Path(file_okay=False),
    envvar="SALON_INSTANCE",
    help="Folder of the database, secrets and documents (default: the checkout's instance/, else ~/.salon).",
)
@click.pass_context
def main(context: click.Context, instance: str | None) -> None:
    """Salon: business fairs with proven schedules of one-to-one meetings."""
    context.obj = instance


for command in (
    *setup.COMMANDS,
    *importing.COMMANDS,
    *planning.COMMANDS,
    *exporting.COMMANDS,
    *serving.COMMANDS,
    *demo.COMMANDS,
):
    main.add_command(command)
