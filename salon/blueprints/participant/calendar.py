"""My private calendar: how to subscribe, and how to stop."""

from __future__ import annotations

from urllib.parse import quote

from flask import flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon.blueprints.participant import bp
from salon.extensions import db
from salon.guard import me
from salon.models import Edition
from salon.queries import attendee_agenda
from salon.queries import feeds as reads
from salon.services import feeds as service

_FRESH = "fresh_feed"  # in the browser's own session: [delegate, secret], shown by one page and forgotten


@bp.get("/e/<edition>/me/calendar")
def calendar(edition: Edition) -> ResponseReturnValue:
    """How to see my meetings in my own calendar."""
    secret = _fresh()
    address = url_for("feeds.calendar", secret=secret, _external=True) if secret else ""
    webcal = "webcal://" + address.split("://", 1)[1] if address else ""
    return render_template(
        "participant/calendar.html",
        made_at=reads.active(db.session(), me().id),
        address=address,
        webcal=webcal,
        google="https://calendar.google.com/calendar/r?cid=" + quote(webcal, safe="") if webcal else "",
        acting=g.actor.acting_for is not None,
        published=attendee_agenda.newest(db.session(), edition) is not None,
    )


def _fresh() -> str:
    """The secret just made, once: a reload of the page does not show it again."""
    delegate, secret = session.pop(_FRESH, (0, ""))
    return str(secret) if delegate == me().id else ""


@bp.post("/e/<edition>/me/calendar")
def calendar_create(edition: Edition) -> ResponseReturnValue:
    """Make my address, or a new one in its place."""
    session[_FRESH] = (me().id, service.create(db.session(), g.actor, g.now, delegate=me()))
    return redirect(url_for(".calendar", edition=edition.slug), 303)


@bp.get("/e/<edition>/me/calendar/revoke")
def calendar_revoke(edition: Edition) -> ResponseReturnValue:
    """What stopping my calendar means, before it is done."""
    if reads.active(db.session(), me().id) is None:
        return redirect(url_for(".calendar", edition=edition.slug), 303)
    return render_template("participant/calendar_revoke.html")


@bp.post("/e/<edition>/me/calendar/revoke")
def calendar_revoke_now(edition: Edition) -> ResponseReturnValue:
    """The address answers no more."""
    service.revoke(db.session(), g.actor, g.now, delegate=me())
    flash(_("Votre lien de calendrier ne répond plus."), "ok")
    return redirect(url_for(".calendar", edition=edition.slug), 303)
