"""How long people are known: the setting, when it ends, and whom that concerns, by name, beforehand."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.blueprints.attempts import attempt, status
from salon.blueprints.settings import bp
from salon.blueprints.settings.saving import both_sides, said, version_of
from salon.extensions import db
from salon.forms.retention import RetentionForm
from salon.models import Edition
from salon.queries import retention as queries
from salon.services import retention as service
from salon.shell import paging
from salon.shell.retention import state


@bp.get("/o/<edition>/settings/retention")
def retention(edition: Edition) -> ResponseReturnValue:
    """The setting and the dry run."""
    return _show(edition, RetentionForm(data=RetentionForm.data_of(edition)))


@bp.post("/o/<edition>/settings/retention")
def save_retention(edition: Edition) -> ResponseReturnValue:
    """So many months from now on."""
    form = RetentionForm()

    def act() -> None:
        service.set_months(
            db.session(),
            g.actor,
            g.now,
            edition=edition,
            version=version_of(form),
            months=form.months.data or 0,
        )

    if not attempt(form, act):
        return _show(edition, form), status()
    said()
    return redirect(url_for(".retention", edition=edition.slug), 303)


def _show(edition: Edition, form: RetentionForm) -> str:
    found = queries.dry_run(db.session(), edition, page=paging.read_page())
    return render_template(
        "settings/retention.html",
        form=form,
        state=state(edition, g.now),
        counts=edition.kept_counts if edition.anonymised_at else queries.counts(db.session(), edition),
        found=found,
        pages=paging.links("settings.retention", found.page, found.pages, edition=edition.slug),
        conflict=both_sides(form, RetentionForm.data_of(edition)),
        form_errors=form.is_refused,
    )
