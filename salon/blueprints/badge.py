"""What a badge's code opens: the way to the live agenda, for its owner alone."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from salon.extensions import db
from salon.models import Delegate, Edition

bp = Blueprint("badge", __name__)


@bp.get("/B/<code>")
def show(code: str) -> ResponseReturnValue:
    """Anybody who reads a badge reaches the edition's page, and learns nothing about its bearer."""
    query = (
        select(Edition.slug).join(Delegate, Delegate.edition_id == Edition.id).where(Delegate.code == code)
    )
    slug = db.session.scalar(query)
    if slug is None:
        abort(404)
    return redirect(url_for("public.edition", edition=slug), 303)
