"""Pages that anybody may read."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from salon.extensions import db
from salon.models import Edition
from salon.queries import editions

bp = Blueprint("public", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    """The fairs of this installation that are open to the public."""
    return render_template("public/home.html", editions=editions.public_list(db.session))  # type: ignore[arg-type]


@bp.get("/e/<edition>/")
def edition(edition: Edition) -> ResponseReturnValue:
    """The edition's showcase."""
    return render_template("public/edition.html")
