"""The in-app guide."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from salon import guide
from salon.models import Edition
from salon.shell.organiser import page_context

bp = Blueprint("guide", __name__)
bp.context_processor(page_context)


@bp.get("/o/<edition>/guide")
def index(edition: Edition) -> ResponseReturnValue:
    """All chapters."""
    return render_template("guide/index.html", chapters=guide.CHAPTERS)


@bp.get("/o/<edition>/guide/<chapter>")
def chapter(edition: Edition, chapter: str) -> ResponseReturnValue:
    """One chapter in the reader's language."""
    found = guide.find(chapter)
    if found is None:
        abort(404)
    return render_template("guide/chapter.html", chapter=found)
