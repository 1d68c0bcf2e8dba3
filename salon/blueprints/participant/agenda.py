"""My day once the planning is out: the page, its PDF and its calendar file, all from the same rows."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exports import agendas
from exports.rows import Agenda, Brand
from salon import calendars, i18n, rendering
from salon.blueprints.participant import bp
from salon.errors import DomainError
from salon.extensions import db
from salon.guard import me
from salon.jobs import print_set
from salon.models import Edition
from salon.queries import attendee_agenda as reads
from salon.queries.agendas import agenda_rows
from salon.shell import agenda as words
from salon.shell.context import local
from salon.wording.plan_words import was


@bp.get("/e/<edition>/me/agenda")
def agenda(edition: Edition) -> ResponseReturnValue:
    """My meetings, the next one first on the day itself."""
    session, release = db.session(), reads.newest(db.session(), edition)
    if release is None:
        return render_template("participant/agenda_none.html", planned=edition.publication_at)
    locale = i18n.locale_code()
    sheet, homes = reads.sheet_and_homes(session, edition, me(), release, locale=locale, was=on_the_clock)
    return render_template(
        "participant/agenda.html",
        day=words.day(sheet, homes, g.now),
        release=release,
        stage=release.stage.value,
        approved=me().status.value == "approved",
        contact=edition.contact_email,
        contact_phone=edition.contact_phone,
        card_url=lambda uid: url_for(".card", edition=edition.slug, organisation=homes[uid]),
    )


def on_the_clock(start: words.Moment, table: str | None) -> str:
    """What follows « était », on the edition's clock."""
    return was(local(start) if start is not None else None, table)


@bp.get("/e/<edition>/me/agenda.pdf")
def agenda_pdf(edition: Edition) -> ResponseReturnValue:
    """My agenda on paper, tagged."""
    sheet, look, locale = _printed(edition)
    if sheet.release_number is None:
        raise DomainError("nothing_published")
    tag = fingerprint(sheet, look, locale)
    if request.if_none_match.contains_weak(tag):
        return unchanged(tag)
    made = rendering.document(agendas.pdf, sheet, locale=locale, brand=look)
    return sent(made.content, made.media_type, made.filename, tag)


def _printed(edition: Edition) -> tuple[Agenda, Brand, str]:
    locale = calendars.language(edition, i18n.locale_code())
    session = db.session()
    found = reads.sheet(session, edition, me(), locale=locale, was=on_the_clock)
    sheet = replace(found, url=print_set.live_address(found.code))
    return sheet, print_set.brand(session, edition, locale), locale


@bp.get("/e/<edition>/me/agenda.ics")
def agenda_ics(edition: Edition) -> ResponseReturnValue:
    """My meetings as a file for a calendar; it will not update, the feed does."""
    locale = calendars.language(edition, i18n.locale_code())
    session, release = db.session(), reads.newest(db.session(), edition)
    if release is None:
        raise DomainError("nothing_published")
    rows = agenda_rows(session, edition, me().id, release=release, locale=locale)
    made = calendars.of(edition, rows, locale)
    return sent(made.content, made.media_type, made.filename, hashlib.sha256(made.content).hexdigest()[:32])


# Files of one person ----------------------------------------------------------------------------------------


def fingerprint(*parts: object) -> str:
    """Equal for equal rows: what a browser compares before it asks for the file again."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def unchanged(tag: str) -> Response:
    """The browser's own copy is good."""
    answer = Response(status=304)
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def sent(content: bytes, media_type: str, filename: str, tag: str) -> Response:
    """A file for its owner alone, checked again at each use."""
    answer = Response(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(tag)
    answer.make_conditional(request)
    return answer
