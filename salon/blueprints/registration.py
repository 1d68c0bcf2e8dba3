"""Registering in public: one page in sections, a message to confirm, a place."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon import i18n, phases, vocabulary
from salon.blueprints.auth import browser, client_ip, open_session
from salon.enums import Phase, TokenPurpose
from salon.errors import DomainError, TooMany
from salon.extensions import db
from salon.forms.empty import ActionForm
from salon.forms.registration import RegistrationForm, asking
from salon.models import Account, Delegate, Edition
from salon.queries import public_form
from salon.queries.public_form import TypeRow
from salon.services import registering
from salon.services import sign_in as proofs
from salon.services.registration_inputs import MAX_COLLEAGUES
from salon.shell.context import local

bp = Blueprint("registration", __name__)


def _new_form(edition: Edition, types: tuple[TypeRow, ...]) -> RegistrationForm:
    kind = asking(RegistrationForm, public_form.questions(db.session(), edition.id))
    form = kind(data=_started(types))
    assert isinstance(form, RegistrationForm)
    return form.offer((one.id, i18n.pick(one.name)) for one in types)


def _started(types: tuple[TypeRow, ...]) -> dict[str, Any]:
    """What the form knows before anything is typed: consents and needs never."""
    here = i18n.locale_code()
    started: dict[str, Any] = {"locale": here, "spoken": [here]}
    if len(types) == 1:
        started["type"] = types[0].id
    if g.actor.account_id is None or g.actor.acting_for is not None:
        return started
    started["email"] = g.actor.email
    if known := public_form.known_person(db.session(), g.actor.account_id):
        started |= asdict(known) | {"spoken": list(known.languages) or [here]}
    return started


def _page(
    edition: Edition, form: RegistrationForm, types: tuple[TypeRow, ...], status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "registration/form.html",
        form=form,
        types=types,
        sector_groups=vocabulary.packaged().grouped_sectors(i18n.locale_code()),
        closes_at=edition.registration_closes_at,
        contact=edition.contact_email,
        steps=_what_follows(edition),
        most_colleagues=MAX_COLLEAGUES,
        form_errors=status == 422,
    )
    return page, status


def _what_follows(edition: Edition) -> list[tuple[str, str]]:
    """From the form to the agenda: each step with what one does in it."""
    published = edition.publication_at
    day = i18n.long_date(local(published).date()) if published else ""
    return [
        (_("Vous confirmez votre adresse"), _("Un message arrive ; son bouton confirme l’inscription.")),
        (
            _("L’organisation valide"),
            _("Elle vous dit par message que vous participez, ou pourquoi ce n’est pas possible."),
        ),
        (
            _("Vous dites quand et qui"),
            _("Vos disponibilités, puis les structures que vous voulez rencontrer."),
        ),
        (
            _("Vous recevez votre planning"),
            _("Publication prévue le %(day)s.", day=day) if day else _("Un message vous l’annonce."),
        ),
    ]


def _closed(edition: Edition) -> ResponseReturnValue:
    """Since when, or from when, and whom to write."""
    return render_template(
        "registration/closed.html",
        state=phases.registration(edition, g.now),
        opens_at=edition.registration_opens_at,
        closes_at=edition.registration_closes_at,
        email=edition.contact_email,
        phone=edition.contact_phone,
    )


@bp.get("/e/<edition>/register")
def form(edition: Edition) -> ResponseReturnValue:
    """The form, or why there is none."""
    if g.actor.delegate_in(edition.id) is not None:
        return redirect(url_for("participant.home", edition=edition.slug), 303)
    types = public_form.open_types(db.session(), edition.id, g.now)
    if phases.registration(edition, g.now) is not Phase.OPEN or not types:
        return _closed(edition)
    browser()
    return _page(edition, _new_form(edition, types), types)


@bp.post("/e/<edition>/register")
def submit(edition: Edition) -> ResponseReturnValue:
    """Take the registration; a known address gets the same answer as a new one."""
    types = public_form.open_types(db.session(), edition.id, g.now)
    typed = _new_form(edition, types)
    if request.form.get("more"):
        typed.colleagues.append_entry()
        return _page(edition, typed, types)
    try:
        if typed.validate():
            return _take(edition, typed)
    except TooMany:
        raise
    except DomainError as error:
        typed.refuse(error)
    return _page(edition, typed, types, 422)


def _take(edition: Edition, typed: RegistrationForm) -> ResponseReturnValue:
    registering.register(
        db.session(), g.actor, g.now, edition=edition, application=typed.application(),
        browser=proofs.browser_hash(browser()), ip=client_ip(),
    )  # fmt: skip
    if g.actor.is_signed_in and typed.email.data == g.actor.email:
        return redirect(url_for("participant.home", edition=edition.slug), 303)
    session["registered_as"] = typed.email.data
    return redirect(url_for(".sent", edition=edition.slug), 303)


@bp.get("/e/<edition>/register/sent")
def sent(edition: Edition) -> ResponseReturnValue:
    """What happens next."""
    return render_template("registration/sent.html", email=session.get("registered_as", ""))


@bp.get("/c/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """A button only: programs that open links in mails must not confirm."""
    account = proofs.whose(db.session(), g.now, token, TokenPurpose.CONFIRM_ADDRESS)
    signs_in = account is not None and (
        g.actor.account_id == account.id
        or proofs.was_asked_here(db.session(), g.now, secret=token, browser=browser())
    )
    page = render_template(
        "registration/confirm.html", form=ActionForm(), token=token, account=account, signs_in=signs_in
    )
    return page, 200 if account else 410


@bp.post("/c/<token>")
def use_confirmation(token: str) -> ResponseReturnValue:
    """The address is confirmed; the browser that registered is signed in at once.

    A link that lives for days and that nobody asked for here (a colleague's) opens no door, for it may have
    been forwarded: a fresh one leaves at once, bound to this browser.
    """
    account, is_here = proofs.confirm_address(db.session(), g.now, secret=token, browser=browser())
    settled = registering.confirm(db.session(), g.actor, g.now, account=account)
    flash(_("Votre adresse est confirmée."), "ok")
    if is_here:
        session["next"] = _home(settled)
        return open_session(account)
    if g.actor.account_id == account.id:
        return redirect(_home(settled), 303)
    return _send_link(account, settled)


def _home(settled: tuple[Delegate, ...]) -> str:
    if not settled:
        return url_for("account.index")
    edition = db.session().get_one(Edition, settled[0].edition_id)
    return url_for("participant.home", edition=edition.slug)


def _send_link(account: Account, settled: tuple[Delegate, ...]) -> ResponseReturnValue:
    """The confirmation stands even when too many links were asked for: then the sign-in page, filled in."""
    session["asked_for"], session["next"] = account.email, _home(settled)
    try:
        proofs.request_link(db.session(), g.now, email=account.email, browser=browser(), ip=client_ip())
    except TooMany:
        return redirect(url_for("auth.sign_in"), 303)
    return redirect(url_for("auth.code"), 303)
