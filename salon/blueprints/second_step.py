"""The second factor, asked for after the first: a code, a recovery code or a passkey."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from urllib.parse import urlsplit

from flask import abort, current_app, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from salon.blueprints.auth import bp, landing
from salon.errors import DomainError, Invalid, TooMany
from salon.extensions import db
from salon.forms.auth import SecondFactorForm
from salon.models import Account
from salon.queries import accounts as reads
from salon.redirects import local_or
from salon.services import passkeys, second_factor
from salon.services.passkeys import Site
from salon.web import keep_writes

CHALLENGE_LIVES_S = 300


def vault() -> second_factor.Vault:
    """The keys of this installation, the present one first."""
    config = current_app.config
    return second_factor.Vault([config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"]])


def site() -> Site:
    """Domain and origin of this installation, as its settings say."""
    parts = urlsplit(current_app.config["SALON"].base_url)
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


def me() -> Account:
    """The signed-in account."""
    return db.session().get_one(Account, g.actor.account_id)


def keep_challenge(challenge: bytes) -> None:
    """Remember in the signed cookie what the browser has to answer, for five minutes."""
    session["challenge"] = [base64.b64encode(challenge).decode(), int(time.time())]


def take_challenge() -> bytes:
    """What the browser has to answer; it serves once."""
    text, at = session.pop("challenge", ("", 0))
    if time.time() - at > CHALLENGE_LIVES_S:
        raise Invalid("passkey_too_late")
    return base64.b64decode(text)


def typed_json() -> tuple[dict[str, Any], str]:
    """The credential and the name that the page sent."""
    body = request.get_json(silent=True)
    credential = body.get("credential") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(credential, dict):
        raise Invalid("passkey_refused")
    return credential, str(body.get("name") or "")


def _target() -> str:
    return local_or(session.get("next"), landing(me()))


def _demanded() -> reads.Factors:
    account = me()
    found = reads.factors(db.session(), account.id, has_totp=bool(account.totp_secret))
    if not found.any:
        abort(404)
    return found


@bp.get("/second-factor", endpoint="second_factor")
def ask_second_factor() -> ResponseReturnValue:
    """Ask for the second factor."""
    if target := request.args.get("next"):
        session["next"] = local_or(target, "/")
    return render_template("auth/second_factor.html", form=SecondFactorForm(), factors=_demanded())


@bp.post("/second-factor")
def show_second_factor() -> ResponseReturnValue:
    """A right code makes the session strong."""
    form, factors = SecondFactorForm(), _demanded()
    try:
        if form.validate():
            session["sid"] = second_factor.show(
                db.session(), g.actor, g.now, account=me(), session_id=g.session_id,
                code=form.code.data or "", vault=vault(),
            )  # fmt: skip
            target = _target()
            session.pop("next", None)
            return redirect(target, 303)
    except TooMany:
        raise
    except DomainError as error:
        form.refuse(error)
        keep_writes()
    page = render_template("auth/second_factor.html", form=form, factors=factors, form_errors=form.errors)
    return page, 422


@bp.post("/second-factor/passkey/options")
def passkey_request() -> ResponseReturnValue:
    """What the browser asks of the passkey."""
    _demanded()
    options, challenge = passkeys.request_options(db.session(), me(), site())
    keep_challenge(challenge)
    return json.loads(options)


@bp.post("/second-factor/passkey")
def show_passkey() -> ResponseReturnValue:
    """A right signature makes the session strong."""
    credential, _name = typed_json()
    session["sid"] = passkeys.show(
        db.session(), g.actor, g.now, account=me(), session_id=g.session_id, site=site(),
        challenge=take_challenge(), credential=credential,
    )  # fmt: skip
    target = _target()
    session.pop("next", None)
    return {"redirect": target}
