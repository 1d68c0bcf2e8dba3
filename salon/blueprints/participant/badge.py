"""My badge: on the screen of a phone, and on paper."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

from flask import render_template, request
from flask.typing import ResponseReturnValue

from exports import badges, qr
from exports.rows import Badge
from salon import calendars, i18n, rendering
from salon.blueprints.participant import bp
from salon.blueprints.participant.agenda import fingerprint, on_the_clock, sent, unchanged
from salon.errors import DomainError
from salon.extensions import db
from salon.guard import me
from salon.jobs import print_set
from salon.models import Edition
from salon.queries import attendee_agenda as reads


@bp.get("/e/<edition>/me/badge")
def badge(edition: Edition) -> ResponseReturnValue:
    """My code, large enough for the desk to read from my phone."""
    picture = b64encode(qr.svg(print_set.live_address(me().code))).decode()
    return render_template(
        "participant/badge.html",
        first_name=me().first_name,
        last_name=me().last_name,
        organisation=me().organisation.name,
        job_title=me().job_title,
        letter=me().type.code,
        hue=me().type.hue,
        type_name=i18n.pick(me().type.name),
        code=me().code,
        picture=f"data:image/svg+xml;base64,{picture}",
    )


@bp.get("/e/<edition>/me/badge.pdf")
def badge_pdf(edition: Edition) -> ResponseReturnValue:
    """My badge on paper, tagged."""
    session, locale = db.session(), calendars.language(edition, i18n.locale_code())
    found = reads.sheet(session, edition, me(), locale=locale, was=on_the_clock)
    made: Badge | None = print_set.badge_of(replace(found, url=print_set.live_address(found.code)))
    if made is None:
        raise DomainError("print_nobody")
    look = print_set.brand(session, edition, locale)
    tag = fingerprint(made, look, locale)
    if request.if_none_match.contains_weak(tag):
        return unchanged(tag)
    document = rendering.document(badges.single, made, locale=locale, brand=look)
    return sent(document.content, document.media_type, document.filename, tag)
