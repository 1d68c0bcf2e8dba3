"""Signing in without a password: an address, then a link or a code; and signing out."""

from __future__ import annotations

import secrets

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from salon.enums import TokenPurpose
from salon.errors import DomainError, TooMany
from salon.extensions import db
from salon.forms.auth import AddressForm, CodeForm
from salon.forms.empty import ActionForm
from salon.models import Account
from salon.queries import accounts as reads
from salon.redirects import local_or
from salon.services import accounts, sessions
from salon.services import sign_in as proofs
from salon.web import keep_writes

bp = Blueprint("auth", __name__)
KEPT = ("bid", "lang", "theme")  # what a browser keeps when somebody signs in or out


def browser() -> str:
    """A random name of this browser, kept in its signed cookie."""
    if "bid" not in session:
        session["bid"] = secrets.token_urlsafe(32)
        session.permanent = True
    return str(session["bid"])


def client_ip() -> str:
    return request.remote_addr or ""


def open_session(account: Account) -> ResponseReturnValue:
    """A new session with a new secret; whatever this browser held before is dropped."""
    target = local_or(session.pop("next", None), landing(account))
    forget_all()
    session["sid"] = sessions.open_session(db.session(), g.now, account, strong=False)
    session.permanent = True
    if reads.organises(db.session(), account.id, is_admin=account.is_admin) and sessions.has_second_factor(
        db.session(), account
    ):
        session["next"], target = target, url_for(".second_factor")
    return redirect(target, 303)


def forget_all() -> None:
    """Empty this browser's cookie but for its own name and its taste."""
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)


def landing(account: Account) -> str:
    """Where this account starts when it asked for nothing else."""
    endpoint, slug = reads.landing(db.session(), account.id, is_admin=account.is_admin)
    return url_for(endpoint, edition=slug) if slug else url_for(endpoint)


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Ask for an address."""
    browser()
    if target := request.args.get("next"):
        session["next"] = local_or(target, "/")
    form = AddressForm(email=session.get("asked_for", ""))
    return render_template("auth/sign_in.html", form=form)


@bp.post("/sign-in")
def request_link() -> ResponseReturnValue:
    """Send a link if the address is known; the answer is the same if not."""
    form = AddressForm()
    try:
        if form.validate():
            email = accounts.checked_address(form.email.data or "")
            proofs.request_link(db.session(), g.now, email=email, browser=browser(), ip=client_ip())
            session["asked_for"] = email
            return redirect(url_for(".code"), 303)
    except TooMany:
        raise
    except DomainError as error:
        form.refuse(error)
    return render_template("auth/sign_in.html", form=form, form_errors=form.errors), 422


@bp.get("/sign-in/code")
def code() -> ResponseReturnValue:
    """Wait for the mail; its code may be typed here."""
    return render_template("auth/code.html", form=CodeForm(), asked_for=session.get("asked_for", ""))


@bp.post("/sign-in/code")
def enter_code() -> ResponseReturnValue:
    """Sign in with the typed code."""
    form = CodeForm()
    try:
        if form.validate():
            account = proofs.consume_code(
                db.session(), g.now, code=form.code.data or "", browser=browser(), ip=client_ip()
            )
            return open_session(account)
    except TooMany:
        raise
    except DomainError as error:
        form.refuse(error)
        keep_writes()
    asked_for = session.get("asked_for", "")
    return render_template("auth/code.html", form=form, asked_for=asked_for, form_errors=form.errors), 422


@bp.get("/s/<token>")
def link(token: str) -> ResponseReturnValue:
    """A button only: programs that open links in mails must not use them up."""
    alive = proofs.is_alive(db.session(), g.now, token)
    page = render_template("auth/link.html", form=ActionForm(), token=token, alive=alive)
    return page, 200 if alive else 410


@bp.post("/s/<token>")
def use_link(token: str) -> ResponseReturnValue:
    """Sign in with the link, once."""
    return open_session(proofs.consume_link(db.session(), g.now, secret=token, browser=browser()))


@bp.get("/i/<token>")
def invitation(token: str) -> ResponseReturnValue:
    """An invitation names its address and opens nothing: a fresh link or code still has to come by mail."""
    browser()
    account = proofs.whose(db.session(), g.now, token, TokenPurpose.INVITATION)
    if account is None:
        return render_template("auth/invitation_dead.html"), 410
    session["next"] = landing(account)
    form = AddressForm(email=account.email)
    return render_template("auth/invitation.html", form=form, email=account.email)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this browser's session, on our side too."""
    if secret := session.get("sid"):
        sessions.close(db.session(), g.actor, g.now, secret)
    forget_all()
    return redirect(url_for("public.home"), 303)
