"""Refusals of the domain: a code and the facts; words are chosen by `salon.i18n`."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """An action that the rules refuse now; nothing was written."""

    status = 409

    def __init__(self, code: str, *, field: str | None = None, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.details = details


class NotAllowed(DomainError):
    """The actor may not do this, whatever the state."""

    status = 403


class Invalid(DomainError):
    """What was asked cannot be right; `field` names the place to mend."""

    status = 422


class TooMany(DomainError):
    """Asked too often; `retry_after` seconds."""

    status = 429


class Busy(DomainError):
    """The store cannot take the write for the moment."""

    status = 503
