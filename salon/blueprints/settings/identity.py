"""Step 1: what the edition is called, where and when it is held, how it looks."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon.blueprints.attempts import attempt, status
from salon.blueprints.settings import bp
from salon.blueprints.settings.saving import both_sides, next_or_here, saved, version_of
from salon.extensions import db
from salon.forms.edition import IdentityForm, LogoForm
from salon.forms.empty import ActionForm
from salon.models import Edition
from salon.services import editions, logos


@bp.get("/o/<edition>/settings/identity")
def identity(edition: Edition) -> ResponseReturnValue:
    """The stored identity in its form."""
    return _show(edition, IdentityForm(data=IdentityForm.data_of(edition)), LogoForm())


@bp.post("/o/<edition>/settings/identity")
def save_identity(edition: Edition) -> ResponseReturnValue:
    """The identity as typed, then the next step."""
    form = IdentityForm()
    form.offer()

    def act() -> None:
        editions.save_identity(
            db.session(), g.actor, g.now, edition=edition, version=version_of(form), values=form.value()
        )

    return saved(form, act, lambda: _show(edition, form, LogoForm()), next_or_here(edition, 1))


@bp.post("/o/<edition>/settings/logo")
def save_logo(edition: Edition) -> ResponseReturnValue:
    """A new logo."""
    form = LogoForm()

    def act() -> None:
        content = form.logo.data.read(logos.MAX_BYTES + 1)
        logos.store(db.session(), g.actor, g.now, edition=edition, content=content)

    if not attempt(form, act):
        return _show(edition, IdentityForm(None, data=IdentityForm.data_of(edition)), form), status()
    flash(_("Logo enregistré."), "ok")
    return redirect(url_for(".identity", edition=edition.slug) + "#logo-card", 303)


@bp.post("/o/<edition>/settings/logo/remove")
def remove_logo(edition: Edition) -> ResponseReturnValue:
    """No logo."""
    logos.remove(db.session(), g.actor, g.now, edition=edition)
    flash(_("Logo retiré."), "ok")
    return redirect(url_for(".identity", edition=edition.slug) + "#logo-card", 303)


def _show(edition: Edition, form: IdentityForm, logo: LogoForm) -> str:
    form.offer()
    stored = IdentityForm.data_of(edition)
    return render_template(
        "settings/identity.html",
        form=form,
        logo=logo,
        action=ActionForm(),
        conflict=both_sides(form, stored),
        form_errors=form.is_refused or logo.is_refused,
    )
