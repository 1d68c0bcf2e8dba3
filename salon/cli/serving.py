"""Commands that keep running: the web server with its worker, or the worker alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from salon.cli.context import instance_folder, make_app

if TYPE_CHECKING:
    from salon.web import SalonFlask


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--web-workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64))
@click.pass_context
def serve(context: click.Context, host: str, port: int, web_workers: int, threads: int) -> None:
    """Serve the pages and do the slow work; either process is started again when it dies."""
    from salon.serving import check_port, supervise

    check_port(host, port)
    _nobody_came_back(make_app(context))  # settings and templates are checked before anything starts
    supervise(instance_folder(context), host=host, port=port, web_workers=web_workers, threads=threads)


@click.command()
@click.pass_context
def worker(context: click.Context) -> None:
    """Do the slow work alone: runs, prints, mail. Several may share a PostgreSQL or Redis queue."""
    from salon.jobs.worker import run

    run(make_app(context))


def _nobody_came_back(app: SalonFlask) -> None:
    """An older copy of the database, put in place by hand, serves nobody who was erased since.

    Workers look too, as soon as they start and then every hour.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from salon.jobs.erasures import catch_up
    from salon.jobs.schema import WrongSchema, check_schema

    with app.app_context():
        try:
            check_schema()
        except SQLAlchemyError as error:
            raise WrongSchema("there is no database yet: run `salon init`") from error
        catch_up(app)


COMMANDS = (serve, worker)
