"""Setting up and removing second factors."""

from __future__ import annotations

import json
from typing import Any

import segno
from flask import abort, flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon.blueprints.account import bp
from salon.blueprints.second_step import keep_challenge, me, site, take_challenge, typed_json, vault
from salon.errors import DomainError
from salon.extensions import db
from salon.forms.auth import TotpForm
from salon.forms.base import clean_line
from salon.queries import accounts as reads
from salon.services import passkeys, second_factor


def _factors() -> reads.Factors:
    return reads.factors(db.session(), me().id, has_totp=bool(me().totp_secret))


@bp.get("/account/security")
def security() -> ResponseReturnValue:
    """Second factors and signed-in browsers."""
    return render_template(
        "account/security.html",
        factors=_factors(),
        organises=reads.organises(db.session(), me().id, is_admin=me().is_admin),
        sessions=reads.sessions(db.session(), me().id, g.session_id),
    )


def _strong() -> None:
    """Setting up a factor shows it: this session is strong from here on."""
    session["sid"] = second_factor.strengthen(db.session(), g.now, g.session_id)


def _codes_page(codes: tuple[str, ...]) -> ResponseReturnValue:
    return render_template("account/recovery_codes.html", codes=codes)


# Code application -------------------------------------------------------------------------------------------


def _pending() -> str:
    """The secret being set up: sealed in this browser's cookie until a code proves it."""
    sealed = session.get("totp", "")
    secret = vault().open(sealed) if sealed else None
    if secret is None:
        secret = second_factor.new_secret()
        session["totp"] = vault().seal(secret)
    return secret


def _totp_page(form: TotpForm, status: int = 200) -> ResponseReturnValue:
    secret = _pending()
    qr = segno.make(second_factor.address(me(), secret), error="m").svg_data_uri(scale=5, border=4)
    grouped = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    page = render_template("account/totp.html", form=form, qr=qr, secret=grouped, form_errors=form.is_refused)
    return page, status


@bp.get("/account/security/totp")
def totp() -> ResponseReturnValue:
    """Show the code to scan."""
    return _totp_page(TotpForm())


@bp.post("/account/security/totp")
def add_totp() -> ResponseReturnValue:
    """The application is set up once one of its codes is right."""
    form = TotpForm()
    try:
        if form.validate():
            codes = second_factor.enrol_totp(
                db.session(), g.actor, g.now, account=me(), secret=_pending(),
                code=form.code.data or "", vault=vault(),
            )  # fmt: skip
            session.pop("totp", None)
            _strong()
            flash(_("L’application est enregistrée."), "ok")
            return _codes_page(codes) if codes else redirect(url_for(".security"), 303)
    except DomainError as error:
        form.refuse(error)
    return _totp_page(form, 422)


@bp.post("/account/security/totp/remove")
def remove_totp() -> ResponseReturnValue:
    """The application is not asked for any more."""
    second_factor.remove_totp(db.session(), g.actor, g.now, account=me())
    flash(_("L’application n’ouvre plus votre compte."), "ok")
    return redirect(url_for(".security"), 303)


# Passkeys ---------------------------------------------------------------------------------------------------


@bp.post("/account/security/passkeys/options")
def passkey_options() -> Any:
    """What the browser needs to make a passkey."""
    options, challenge = passkeys.creation_options(db.session(), me(), site())
    keep_challenge(challenge)
    return json.loads(options)


@bp.post("/account/security/passkeys")
def add_passkey() -> Any:
    """Keep the passkey that the browser made."""
    credential, name = typed_json()
    codes = passkeys.add(
        db.session(), g.actor, g.now, account=me(), site=site(), challenge=take_challenge(),
        credential=credential, name=clean_line(name) or _("Clé d’accès"),
    )  # fmt: skip
    _strong()
    if codes:
        session["codes"] = vault().seal(" ".join(codes))
        return {"redirect": url_for(".recovery_codes")}
    flash(_("La clé d’accès est enregistrée."), "ok")
    return {"redirect": url_for(".security")}


@bp.post("/account/security/passkeys/<int:number>/remove")
def remove_passkey(number: int) -> ResponseReturnValue:
    """The passkey opens nothing any more."""
    passkeys.remove(db.session(), g.actor, g.now, account=me(), number=number)
    flash(_("La clé d’accès n’ouvre plus votre compte."), "ok")
    return redirect(url_for(".security"), 303)


# Recovery codes ---------------------------------------------------------------------------------------------


@bp.get("/account/security/recovery-codes")
def recovery_codes() -> ResponseReturnValue:
    """The codes made with the first passkey, shown once."""
    codes = vault().open(session.pop("codes", ""))
    return _codes_page(tuple(codes.split())) if codes else redirect(url_for(".security"), 303)


@bp.post("/account/security/recovery-codes")
def new_recovery_codes() -> ResponseReturnValue:
    """Ten new codes; the former ones are worth nothing."""
    if not _factors().any:
        abort(404)
    return _codes_page(second_factor.new_recovery_codes(db.session(), g.actor, g.now, account=me()))
