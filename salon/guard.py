"""Before every view: who asks, what for, and may they? One table answers (`salon.policies.access`)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import abort, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from salon import loaders
from salon.actor import NOBODY
from salon.database import WRITES
from salon.errors import NotAllowed
from salon.extensions import db
from salon.models import Delegate, Edition
from salon.policies import editions
from salon.policies.access import ACCESS, ATTENDEE_SIDE, ORGANISER_SIDE, Access
from salon.queries import releases
from salon.redirects import local_or
from salon.services import audit, sessions
from salon.wording import describe

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_TOKEN_ARGS = {"token", "code", "name", "filename", "secret", "chapter", "kind", "step", "page", "view"}


def identify() -> None:
    """Set `g.actor` from the session cookie; the unit of work begins here, for writing if the verb writes."""
    g.actor, g.session_id, g.needs_second_factor, g.edition, g.me = NOBODY, None, False, None, None
    if request.endpoint in (None, "static", "bootstrap.static", "health.health"):
        return
    if request.method not in SAFE_METHODS:
        db.session.connection(execution_options=WRITES)
    db.session.info[audit.REQUEST_ID] = g.request_id
    if secret := session.get("sid"):
        _identify(secret)


def _identify(secret: str) -> None:
    found = sessions.find(db.session, g.now, secret)  # type: ignore[arg-type]
    if found is None:
        session.pop("sid", None)
        return
    g.actor, g.session_id = found.actor, found.session_id
    g.account_locale, g.needs_second_factor = found.locale, found.needs_second_factor
    if found.is_stale:
        _touch(found.session_id)


def _touch(session_id: int) -> None:
    """In a transaction of its own, so that a page that only reads holds no write lock."""
    if request.method in SAFE_METHODS:
        db.session.rollback()
        with db.engine.connect().execution_options(**WRITES) as connection, connection.begin():
            from sqlalchemy.orm import Session

            sessions.touch(Session(bind=connection), g.now, session_id)
    else:
        sessions.touch(db.session, g.now, session_id)  # type: ignore[arg-type]


def same_origin() -> None:
    """Refuse a write that another site sent, whatever its token."""
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise NotAllowed("wrong_origin")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise NotAllowed("wrong_origin")


def authorise() -> ResponseReturnValue | None:
    """Load what the address names, through its edition, and ask the table."""
    if request.endpoint is None or request.routing_exception is not None:
        return None
    access = ACCESS[request.endpoint]  # a missing row is a KeyError in tests, see test_access.py
    view_args = request.view_args or {}
    edition = _edition(view_args, access)
    if not access.admits(g.actor, edition.id if edition else None):
        return _refuse(access)
    _objects(view_args, edition)
    if access.owns is not None and not access.owns(g.actor, view_args):
        abort(404)
    if access.audience in ATTENDEE_SIDE and edition is not None:
        g.me = loaders.load(db.session, "delegate", g.actor.delegate_in(edition.id), edition)  # type: ignore[arg-type]
        g.has_agenda = releases.has_agenda(db.session, g.me)  # type: ignore[arg-type]
    return None


def _edition(view_args: dict[str, Any], access: Access) -> Edition | None:
    if "\0" in request.path:  # PostgreSQL would refuse to look for it
        abort(404)
    if "edition" not in view_args:
        return None
    edition = loaders.edition(db.session, view_args["edition"])  # type: ignore[arg-type]
    hidden = edition is None or not editions.can_see(g.actor, edition.id, is_public=edition.is_public)
    if hidden and (g.actor.is_signed_in or access.audience not in ORGANISER_SIDE | ATTENDEE_SIDE):
        abort(404)
    if edition is None:  # a stranger is asked to sign in, as for one that is hidden
        return None
    view_args["edition"] = g.edition = edition
    g.place = edition.id, edition.slug  # still readable when the transaction has failed
    return edition


def _objects(view_args: dict[str, Any], edition: Edition | None) -> None:
    for name, raw in view_args.items():
        if name == "edition" or name in _TOKEN_ARGS or edition is None:
            continue
        found = loaders.load(db.session, name, raw, edition)  # type: ignore[arg-type]
        if found is None:
            abort(404)
        view_args[name] = found


def _refuse(access: Access) -> ResponseReturnValue:
    if not g.actor.is_signed_in or g.needs_second_factor:
        if request.method in SAFE_METHODS:
            target = "auth.second_factor" if g.needs_second_factor else "auth.sign_in"
            return redirect(url_for(target, next=request.full_path.rstrip("?")), 303)
        flash(describe("sign_in_again"), "warn")
        if page := _came_from():
            session["next"] = page
        abort(401)
    current_app.logger.info("refused", extra={"endpoint": request.endpoint})
    raise NotAllowed("not_allowed")


def _came_from() -> str:
    """The page whose form was sent, to come back to after signing in: what was typed waits there."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return ""
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return local_or(path, "") if parts.netloc == request.host else ""


def me() -> Delegate:
    """The registration of whoever asks, in the edition of the address; set for attendee pages only."""
    assert isinstance(g.me, Delegate)
    return g.me
