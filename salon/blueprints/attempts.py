"""A form sent to a service: done, or shown again with the refusal and everything that was typed."""

from __future__ import annotations

from collections.abc import Callable

from flask import g

from salon.errors import DomainError, NotAllowed
from salon.extensions import db
from salon.forms.base import SalonForm


def attempt(form: SalonForm, act: Callable[[], object]) -> bool:
    """Whether the form is right and the service accepted; else the refusal stands in the form.

    What the service had begun is rolled back, so the page shown again reads what is stored.
    """
    if not form.validate():
        return False
    try:
        act()
    except NotAllowed:
        raise
    except DomainError as error:
        db.session.rollback()
        form.refuse(error)
        g.refusal = error
        return False
    return True


def status() -> int:
    """The status of the page shown again: 409 for a conflict, 422 for what cannot be."""
    refusal = g.get("refusal")
    return refusal.status if isinstance(refusal, DomainError) else 422


def refused_as(code: str) -> bool:
    """Whether the service refused with that code."""
    refusal = g.get("refusal")
    return isinstance(refusal, DomainError) and refusal.code == code
