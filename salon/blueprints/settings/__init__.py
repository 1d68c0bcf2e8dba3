"""The set-up wizard but for the room: identity, days, types, phases, texts, review."""

from __future__ import annotations

from flask import Blueprint

from salon.shell.wizard import wizard_context

bp = Blueprint("settings", __name__)
bp.context_processor(wizard_context)

from salon.blueprints.settings import (  # noqa: E402, F401
    days,
    identity,
    phases,
    questions,
    retention,
    review,
    texts,
    types,
)
