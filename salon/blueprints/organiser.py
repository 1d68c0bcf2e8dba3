"""The organiser's editions: the list, and each one's home."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from salon.extensions import db
from salon.models import Edition
from salon.queries import editions
from salon.shell.organiser import page_context

bp = Blueprint("organiser", __name__)
bp.context_processor(page_context)


@bp.get("/o/")
def index() -> ResponseReturnValue:
    """The editions that the person manages."""
    return render_template("organiser/index.html", editions=editions.managed(db.session, g.actor))  # type: ignore[arg-type]


@bp.get("/o/<edition>/")
def home(edition: Edition) -> ResponseReturnValue:
    """Where the edition stands and what comes next."""
    return render_template("organiser/home.html")
