"""What a badge's code opens: each reader's own way, and nothing about its bearer for strangers."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from salon.extensions import db
from salon.models import Delegate, Edition
from salon.policies import editions

bp = Blueprint("badge", __name__)


@bp.get("/B/<code>")
def show(code: str) -> ResponseReturnValue:
    """The bearer reaches their agenda, the desk the registration, anybody else the edition's page."""
    if not code.isalnum():
        abort(404)
    query = (
        select(Delegate.id, Delegate.edition_id, Edition.slug)
        .join(Edition, Edition.id == Delegate.edition_id)
        .where(Delegate.code == code.upper())
    )
    found = db.session.execute(query).first()
    if found is None:
        abort(404)
    return redirect(_way(*found), 303)


def _way(delegate: int, edition: int, slug: str) -> str:
    if g.actor.delegate_in(edition) == delegate:
        return url_for("participant.agenda", edition=slug)
    if editions.can_serve(g.actor, edition):
        return url_for("registrations.detail", edition=slug, delegate=delegate)
    return url_for("public.edition", edition=slug)
