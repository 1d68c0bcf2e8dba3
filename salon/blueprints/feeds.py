"""The private calendars that people subscribe to: no session, one secret in the address, nothing else read."""

from __future__ import annotations

from flask import Blueprint, Response, abort, g, request
from flask.typing import ResponseReturnValue

from salon import calendars
from salon.enums import TokenPurpose
from salon.extensions import db
from salon.queries import feeds as reads
from salon.services import tokens

bp = Blueprint("feeds", __name__)


@bp.get("/cal/<secret>.ics")
def calendar(secret: str) -> ResponseReturnValue:
    """The owner's meetings of the newest release. An unknown secret and a revoked one look the same."""
    session = db.session()
    found = reads.find(session, tokens.fingerprint(secret, TokenPurpose.FEED), g.now)
    if found is None:
        abort(404)
    tag, published_at = reads.stamp(session, found.edition, found.delegate)
    if request.if_none_match.contains_weak(tag):
        return _headers(Response(status=304), tag)
    made = calendars.document(session, found.edition, found.delegate, found.delegate.locale)
    answer = Response(made.content, content_type=made.media_type)
    answer.headers["Content-Disposition"] = f'inline; filename="{made.filename}"'
    if published_at is not None:
        answer.last_modified = published_at
    return _headers(answer, tag)


def _headers(answer: Response, tag: str) -> Response:
    """Kept by the reader alone, checked each time, in no search engine; the address is passed on to nobody."""
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
