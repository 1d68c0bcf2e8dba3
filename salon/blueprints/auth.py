"""Signing in without a password: an address, then a link or a code; and signing out."""

from __future__ import annotations

import secrets

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from salon.errors import DomainError, TooMany
from salon.extensions import db
from salon.forms.auth import AddressForm, CodeForm
from salon.forms.empty import ActionForm
from salon.models import Account
from salon.redirects import local_or
from salon.services import accounts, sessions
from salon.services import sign_in as proofs
from salon.web import keep_writes

bp = Blueprint("auth", __name__)


def _browser() -> str:
    """A random name of this browser, kept in its signed cookie."""
    if "bid" not in session:
        session["bid"] = secrets.token_urlsafe(32)
        session.permanent = True
    return str(session["bid"])


def _ip() -> str:
    return request.remote_addr or ""


def _open(account: Account) -> ResponseReturnValue:
    """A new session with a new secret; whatever this browser held before is dropped."""
    target = local_or(session.pop("next", None), url_for("public.home"))
    kept = {name: session[name] for name in ("bid", "lang", "theme") if name in session}
    session.clear()
    session.update(kept)
    session["sid"] = sessions.open_session(db.session(), g.now, account, strong=False)
    session.permanent = True
    return redirect(target, 303)


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Ask for an address."""
    if target := request.args.get("next"):
        session["next"] = local_or(target, "/")
    return render_template("auth/sign_in.html", form=AddressForm())


@bp.post("/sign-in")
def request_link() -> ResponseReturnValue:
    """Send a link if the address is known; the answer is the same if not."""
    form = AddressForm()
    try:
        if form.validate():
            email = accounts.checked_address(form.email.data or "")
            proofs.request_link(db.session(), g.now, email=email, browser=_browser(), ip=_ip())
            return redirect(url_for(".code"), 303)
    except TooMany:
        raise
    except DomainError as error:
        form.refuse(error)
    return render_template("auth/sign_in.html", form=form, form_errors=form.errors), 422


@bp.get("/sign-in/code")
def code() -> ResponseReturnValue:
    """Wait for the mail; its code may be typed here."""
    return render_template("auth/code.html", form=CodeForm())


@bp.post("/sign-in/code")
def enter_code() -> ResponseReturnValue:
    """Sign in with the typed code."""
    form = CodeForm()
    try:
        if form.validate():
            account = proofs.consume_code(
                db.session(), g.now, code=form.code.data or "", browser=_browser(), ip=_ip()
            )
            return _open(account)
    except TooMany:
        raise
    except DomainError as error:
        form.refuse(error)
        keep_writes()
    return render_template("auth/code.html", form=form, form_errors=form.errors), 422


@bp.get("/s/<token>")
def link(token: str) -> ResponseReturnValue:
    """A button only: programs that open links in mails must not use them up."""
    alive = proofs.is_alive(db.session(), g.now, token)
    page = render_template("auth/link.html", form=ActionForm(), token=token, alive=alive)
    return page, 200 if alive else 410


@bp.post("/s/<token>")
def use_link(token: str) -> ResponseReturnValue:
    """Sign in with the link, once."""
    return _open(proofs.consume_link(db.session(), g.now, secret=token, browser=_browser()))


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this browser's session, on our side too."""
    if secret := session.get("sid"):
        sessions.close(db.session(), g.actor, g.now, secret)
    session.clear()
    return redirect(url_for("public.home"), 303)
