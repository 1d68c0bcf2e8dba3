"""The request's transaction, its errors, its headers."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import (
    Flask,
    Request,
    Response,
    current_app,
    g,
    jsonify,
    render_template,
    request,
    session,
    url_for,
)
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError

from salon import guard, nudges
from salon.actor import NOBODY
from salon.errors import DomainError, TooMany
from salon.extensions import db
from salon.jobs.queue import flush_after_commit
from salon.models import Submission
from salon.wording import describe

RETRY_AFTER_S = 5


class Parameters(ImmutableMultiDict[str, Any]):
    """What a query or form says, without NULs: nobody types them, and PostgreSQL stores none."""

    def __init__(self, mapping: Any = None) -> None:
        pairs = ImmutableMultiDict(mapping).items(multi=True)
        super().__init__([(_typed(name), _typed(value)) for name, value in pairs])


def _typed(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value


class SalonRequest(Request):
    """A request whose parameters can be stored."""

    parameter_storage_class = Parameters

    def get_json(self, *args: Any, **options: Any) -> Any:
        """As Flask's; lists in lists in lists without end are malformed too."""
        try:
            return super().get_json(*args, **options)
        except RecursionError:
            raise BadRequest from None


class SalonFlask(Flask):
    """Flask whose every view runs in one transaction, and counts a form sent twice once."""

    request_class = SalonRequest

    def dispatch_request(self) -> Response:
        if earlier := _already_answered():
            return earlier
        response = self.make_response(super().dispatch_request())
        _finish(response)
        return response

    def log_exception(self, exc_info: Any) -> None:
        """The crash under the reference that its page shows; no path, which may hold a secret."""
        where = {"endpoint": request.endpoint, "method": request.method}
        self.logger.error("crash", exc_info=exc_info, extra={"reference": _reference(), **where})


def begin() -> None:
    """What every request knows of itself; nobody asks until `guard.identify`, so that any error page can be made."""
    g.actor, g.session_id, g.needs_second_factor, g.edition, g.me = NOBODY, None, False, None, None
    g.place = None  # number and slug of the edition
    g.has_agenda = False  # whether a planning is out for them
    g.now = datetime.now(UTC)
    g.request_id = secrets.token_hex(8)
    g.nonce = secrets.token_urlsafe(16)


def _finish(response: Response) -> None:
    """Commit what the view flushed, or drop it when the view refused; then nudge the queue."""
    if request.method in guard.SAFE_METHODS or (response.status_code >= 400 and not g.get("keep_writes")):
        db.session.close()  # undone like a roll-back, without marking every row it read as stale
        return
    _remember(response)
    db.session.commit()
    flush_after_commit(db.session)


def keep_writes() -> None:
    """Commit although the answer is a refusal: a failed attempt must be counted."""
    g.keep_writes = True


# A form sent twice ------------------------------------------------------------------------------------------


def _owner() -> str:
    return f"account:{g.actor.account_id}" if g.actor.is_signed_in else f"browser:{session.get('bid', '')}"


def _already_answered() -> Response | None:
    """The first answer of a form that comes a second time, else None with its key reserved."""
    key = request.form.get("once", "")[:64] if request.method == "POST" and request.form else ""
    if not key:
        return None
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    row = dialect.insert(Submission).values(key=key, owner=_owner(), at=g.now).on_conflict_do_nothing()
    if db.session.scalar(row.returning(Submission.id)) is not None:  # a row count is -1 on PostgreSQL
        g.once = key
        return None
    location = db.session.scalar(select(Submission.location).where(*_this(key)))
    return current_app.redirect(location or request.path, 303)  # type: ignore[return-value]


def _remember(response: Response) -> None:
    if key := g.get("once"):
        if response.status_code == 303:
            db.session.execute(update(Submission).where(*_this(key)).values(location=response.location))
        else:
            db.session.execute(delete(Submission).where(*_this(key)))


def _this(key: str) -> tuple[Any, Any]:
    return Submission.key == key, Submission.owner == _owner()


# Errors -----------------------------------------------------------------------------------------------------


def wants_json() -> bool:
    return request.is_json or request.accept_mimetypes.best == "application/json"


def error_page(status: int, code: str, message: str, **extra: Any) -> ResponseReturnValue:
    """A refusal as a page or as JSON, in words."""
    if wants_json():
        return jsonify(error=code, message=message, **extra), status
    if request_ctx.url_adapter is None:  # a foreign host: no link can be built
        return message, status
    page = render_template(
        "errors/error.html", status=status, code=code, message=message, home=_way_back(), **extra
    )
    return page, status


def _way_back() -> str:
    """Where this person starts in the edition that the address names; the list of fairs for a stranger."""
    number, slug = g.get("place") or (0, "")
    mine = g.actor.delegate_in(number) is not None
    if mine and request.path.startswith("/e/"):
        return url_for("participant.home", edition=slug)
    return url_for("organiser.home", edition=slug) if g.actor.role_in(number) else url_for("public.home")


def _domain(error: DomainError) -> ResponseReturnValue:
    _drop()
    answer = current_app.make_response(error_page(error.status, error.code, describe(error)))
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.details.get("retry_after", 60))
    return answer


def answer_http(error: HTTPException) -> ResponseReturnValue:
    """The page of an error of the protocol, in words."""
    _drop()
    status = error.code or 500
    answer = current_app.make_response(error_page(status, f"http_{status}", describe(f"http_{status}")))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "Location"}:
            answer.headers[name] = value
    return answer


def _csrf(error: CSRFError) -> ResponseReturnValue:
    _drop()
    return error_page(400, "csrf", describe("csrf"))


def _stale(error: StaleDataError) -> ResponseReturnValue:
    return _domain(DomainError("changed_meanwhile"))


def _conflict(error: IntegrityError) -> ResponseReturnValue:
    current_app.logger.warning("integrity", extra={"detail": str(error.orig).partition("\n")[0][:200]})
    return _domain(DomainError("changed_meanwhile"))


def _store(error: OperationalError) -> ResponseReturnValue:
    """A locked or full store: reads go on, the person is told when to try again."""
    _drop()
    current_app.logger.error("store", extra={"detail": str(error.orig)[:200]})
    full = "full" in str(error.orig) or "disk I/O" in str(error.orig)
    status, code = (507, "store_full") if full else (503, "store_busy")
    answer = current_app.make_response(error_page(status, code, describe(code)))
    answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def _crash(error: InternalServerError) -> ResponseReturnValue:
    _drop()
    message = describe("crash", reference=_reference())
    if wants_json():
        return jsonify(error="crash", message=message), 500
    return render_template("errors/crash.html", message=message), 500


def _reference() -> str:
    """What the page of a crash and its line in the log have in common."""
    return str(g.get("request_id", ""))[:4].upper()


def _drop() -> None:
    db.session.rollback()
    nudges.forget(db.session)


# Headers ----------------------------------------------------------------------------------------------------


def headers(response: Response) -> Response:
    """Set on every answer, errors included."""
    nonce = g.get("nonce", "")
    response.headers.setdefault(  # a mail on screen brings a narrower one
        "Content-Security-Policy",
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "same-origin")  # a private calendar asks for less
    response.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    actor = g.get("actor")
    if actor is not None and actor.is_signed_in and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def install(app: Flask) -> None:
    """Wire all of it, in the order in which a request meets it."""
    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.before_request(guard.identify)
    app.before_request(guard.same_origin)
    app.before_request(guard.authorise)
    app.after_request(headers)
    handlers: list[tuple[type[Exception], Callable[..., ResponseReturnValue]]] = [
        (DomainError, _domain),
        (CSRFError, _csrf),
        (StaleDataError, _stale),
        (IntegrityError, _conflict),
        (OperationalError, _store),
        (InternalServerError, _crash),
        (HTTPException, answer_http),
    ]
    for kind, handler in handlers:
        app.register_error_handler(kind, handler)
