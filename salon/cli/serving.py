"""Commands that keep running: the web server with its worker, or the worker alone."""

from __future__ import annotations

import click

from salon.cli.context import instance_folder, make_app


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
    make_app(context)  # settings and templates are checked before anything starts
    supervise(instance_folder(context), host=host, port=port, web_workers=web_workers, threads=threads)


@click.command()
@click.pass_context
def worker(context: click.Context) -> None:
    """Do the slow work alone: runs, prints, mail. Several may share a PostgreSQL or Redis queue."""
    from salon.jobs.worker import run

    run(make_app(context))


COMMANDS = (serve, worker)
