"""One's own account: name, language, look, address, browsers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon.blueprints.auth import browser, forget_all
from salon.blueprints.second_step import me
from salon.enums import TokenPurpose
from salon.errors import DomainError, NotAllowed, TooMany
from salon.extensions import db
from salon.forms.auth import AddressForm, PreferencesForm
from salon.forms.empty import ActionForm
from salon.guard import SAFE_METHODS
from salon.keys import email_key
from salon.queries import accounts as reads
from salon.redirects import local_or
from salon.services import accounts
from salon.services import sign_in as proofs
from salon.wording.statuses import status_tone, status_word

bp = Blueprint("account", __name__)
THEMES = ("auto", "light", "dark")
_FOR_ANYBODY = {"account.theme"}


@bp.before_request
def step_up() -> ResponseReturnValue | None:
    """Whoever has a second factor shows it before touching the account: a stolen link is not enough."""
    if request.endpoint in _FOR_ANYBODY or not g.actor.is_signed_in or g.actor.strong:
        return None
    account = me()
    if not reads.factors(db.session(), account.id, has_totp=bool(account.totp_secret)).any:
        return None
    if request.method not in SAFE_METHODS:
        raise NotAllowed("second_factor_first")
    return redirect(url_for("auth.second_factor", next=request.full_path.rstrip("?")), 303)


@bp.app_context_processor
def account_menu() -> dict[str, Any]:
    """The links of the account menu, on every page."""
    if not g.get("actor") or not g.actor.is_signed_in:
        return {}
    here = request.full_path.rstrip("?") if request.method in SAFE_METHODS else "/"
    return {
        "theme_url": url_for("account.theme", back=here),
        "account_links": [
            (_("Mes salons"), "calendar3", url_for("account.index")),
            (_("Compte et sécurité"), "shield-lock", url_for("account.security")),
        ],
    }


@bp.get("/account")
def index() -> ResponseReturnValue:
    """The fairs of this account, its name and language."""
    account = me()
    form = PreferencesForm(name=account.name, locale=account.locale)
    return _index(form)


def _index(form: PreferencesForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "account/index.html",
        form=form,
        email=me().email,
        registrations=reads.registrations(db.session(), me().id),
        organises=reads.organises(db.session(), me().id, is_admin=me().is_admin),
        status_word=status_word,
        status_tone=status_tone,
        form_errors=form.is_refused,
    )
    return page, status


@bp.post("/account")
def save() -> ResponseReturnValue:
    """Save name and language."""
    form = PreferencesForm()
    if not form.validate():
        return _index(form, 422)
    locale = str(form.locale.data)
    accounts.prefer(db.session(), g.actor, g.now, account=me(), name=form.name.data or "", locale=locale)
    session["lang"] = locale
    flash(_("Vos préférences sont enregistrées."), "ok")
    return redirect(url_for(".index"), 303)


@bp.post("/theme")
def theme() -> ResponseReturnValue:
    """Light, dark, or as the device says; kept in this browser."""
    chosen = request.form.get("theme", "")
    if chosen in THEMES:
        session["theme"] = chosen
    return redirect(local_or(request.args.get("back"), "/"), 303)


# Another address --------------------------------------------------------------------------------------------


def _bound(email: str) -> str:
    """Binds a confirmation to this browser and to that one address."""
    return proofs.browser_hash(f"{browser()}|{email_key(email)}")


@bp.get("/account/email")
def email() -> ResponseReturnValue:
    """Ask for another address."""
    browser()
    return render_template("account/email.html", form=AddressForm(), email=me().email)


@bp.post("/account/email")
def ask_email() -> ResponseReturnValue:
    """Write to the new address; nothing changes before it is confirmed."""
    form = AddressForm()
    try:
        if form.validate():
            typed = accounts.checked_address(form.email.data or "")
            session["new_email"] = accounts.ask_new_address(
                db.session(), g.actor, g.now, account=me(), email=typed, browser=_bound(typed)
            )
            flash(_("Un message vient de partir vers %(email)s. Ouvrez son lien ici.", email=typed), "info")
            return redirect(url_for(".email"), 303)
    except TooMany:
        raise
    except DomainError as error:
        form.refuse(error)
    page = render_template("account/email.html", form=form, email=me().email, form_errors=form.errors)
    return page, 422


@bp.get("/account/email/<token>")
def confirm_email(token: str) -> ResponseReturnValue:
    """A button only: looking at the link changes nothing."""
    account = proofs.whose(db.session(), g.now, token, TokenPurpose.CONFIRM_ADDRESS)
    new = session.get("new_email", "")
    alive = bool(new) and account is not None and account.id == g.actor.account_id
    page = render_template("account/confirm_email.html", form=ActionForm(), token=token, alive=alive, new=new)
    return page, 200 if alive else 410


@bp.post("/account/email/<token>")
def use_email(token: str) -> ResponseReturnValue:
    """The new address holds, and every browser signs in again."""
    new = session.get("new_email", "")
    marker = f"{browser()}|{email_key(new)}"
    account, is_bound = proofs.confirm_address(db.session(), g.now, secret=token, browser=marker)
    if not new or not is_bound or account.id != g.actor.account_id:
        raise DomainError("confirmation_dead")
    accounts.change_address(db.session(), g.actor, g.now, account=account, email=new)
    forget_all()
    session["asked_for"] = new
    flash(_("Votre adresse est changée. Connectez-vous avec la nouvelle."), "info")
    return redirect(url_for("auth.sign_in"), 303)


# Browsers ---------------------------------------------------------------------------------------------------


@bp.post("/account/sessions/<int:number>/close")
def close_session(number: int) -> ResponseReturnValue:
    """Sign one browser out."""
    accounts.close_session(db.session(), g.actor, g.now, number=number)
    flash(_("Cet appareil est déconnecté."), "ok")
    return redirect(url_for(".security"), 303)


@bp.post("/account/sessions/close")
def close_sessions() -> ResponseReturnValue:
    """Sign every browser out."""
    accounts.close_sessions(db.session(), g.actor, g.now)
    forget_all()
    flash(_("Tous vos appareils sont déconnectés."), "info")
    return redirect(url_for("auth.sign_in"), 303)
