"""Step 7: what is missing, and the page shown to everybody."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon.blueprints.settings import bp
from salon.extensions import db
from salon.forms.empty import ActionForm
from salon.models import Edition
from salon.queries import checklist
from salon.services import editions
from salon.shell.review import findings


@bp.get("/o/<edition>/settings/review")
def review(edition: Edition) -> ResponseReturnValue:
    """Everything that is missing or odd, worst first."""
    found = checklist.facts(db.session(), edition)
    return render_template(
        "settings/review.html",
        findings=findings(found, edition, g.now),
        is_public=edition.is_public,
        action=ActionForm(),
        public_url=url_for("public.edition", edition=edition.slug),
    )


@bp.post("/o/<edition>/settings/review/publish")
def show_page(edition: Edition) -> ResponseReturnValue:
    """The edition's page is open to everybody."""
    editions.set_public(db.session(), g.actor, g.now, edition=edition, is_public=True)
    flash(_("La page de l’édition est publiée."), "ok")
    return redirect(url_for(".review", edition=edition.slug), 303)


@bp.post("/o/<edition>/settings/review/hide")
def hide_page(edition: Edition) -> ResponseReturnValue:
    """The edition's page is for the team and the registered only."""
    editions.set_public(db.session(), g.actor, g.now, edition=edition, is_public=False)
    flash(_("La page de l’édition est masquée."), "ok")
    return redirect(url_for(".review", edition=edition.slug), 303)
