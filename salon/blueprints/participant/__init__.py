"""The attendee's own pages in one edition; each module adds its views to `bp`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from salon.shell.context import attendee_context

bp = Blueprint("participant", __name__)


@bp.context_processor
def shell() -> dict[str, Any]:
    """The tabs of the attendee's frame."""
    return attendee_context()


from salon.blueprints.participant import (  # noqa: E402 - they need bp
    agenda,
    availability,
    badge,
    calendar,
    catalogue,
    home,
    privacy,
    profile,
    wishes,
)

__all__ = [
    "agenda",
    "availability",
    "badge",
    "bp",
    "calendar",
    "catalogue",
    "home",
    "privacy",
    "profile",
    "wishes",
]
