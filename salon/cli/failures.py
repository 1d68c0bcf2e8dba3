"""Turns what goes wrong into one line and an exit code."""

from __future__ import annotations

from typing import Any

import click

from salon.config import SettingsError
from salon.errors import DomainError


class Refused(click.ClickException):
    """The rules refuse what was asked."""

    exit_code = 1


class Unusable(click.ClickException):
    """Wrong settings, wrong schema, or a file that cannot be used."""

    exit_code = 2


class NothingFound(click.ClickException):
    """No answer in the time that was given."""

    exit_code = 3


class SalonGroup(click.Group):
    """A group whose commands never show a traceback for what the operator can mend."""

    def invoke(self, ctx: click.Context) -> Any:
        from salon.jobs.schema import WrongSchema

        try:
            return super().invoke(ctx)
        except (SettingsError, WrongSchema) as error:
            raise Unusable(str(error)) from error
        except DomainError as error:
            raise Refused(_words(error)) from error
        except OSError as error:
            raise Unusable(f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")) from error


def _words(error: DomainError) -> str:
    """The sentence of the interface when it can be said outside a request, else the code and its facts."""
    from flask import Flask
    from flask_babel import force_locale

    from salon.extensions import babel
    from salon.wording import describe

    app = Flask("salon")
    babel.init_app(app)
    with app.app_context(), force_locale("en"):
        return describe(error)
