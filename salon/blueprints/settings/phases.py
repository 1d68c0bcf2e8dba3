"""Step 5: how many wishes, and the date line of the phases."""

from __future__ import annotations

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon import phases as states
from salon.blueprints.settings import bp
from salon.blueprints.settings.saving import both_sides, next_or_here, saved, version_of
from salon.extensions import db
from salon.forms.edition import PhasesForm
from salon.forms.empty import ActionForm
from salon.models import Edition
from salon.services import editions


@bp.get("/o/<edition>/settings/phases")
def phases(edition: Edition) -> ResponseReturnValue:
    """The stored dates in their form."""
    return _show(edition, PhasesForm(data=PhasesForm.data_of(edition)))


@bp.post("/o/<edition>/settings/phases")
def save_phases(edition: Edition) -> ResponseReturnValue:
    """The dates as typed, then the next step."""
    form = PhasesForm()

    def act() -> None:
        editions.save_phases(
            db.session(),
            g.actor,
            g.now,
            edition=edition,
            version=version_of(form),
            values=form.value(edition),
        )

    return saved(form, act, lambda: _show(edition, form), next_or_here(edition, 5))


def _show(edition: Edition, form: PhasesForm) -> str:
    return render_template(
        "settings/phases.html",
        form=form,
        action=ActionForm(),
        registration=states.registration(edition, g.now),
        wishes=states.wishes(edition, g.now),
        dates={name: getattr(edition, name) for name in PhasesForm.MOMENTS},
        first_day=edition.first_day,
        conflict=both_sides(form, PhasesForm.data_of(edition)),
        form_errors=form.is_refused,
    )


@bp.post("/o/<edition>/settings/phases/<kind>/open")
def open_phase(edition: Edition, kind: str) -> ResponseReturnValue:
    """Open from now on."""
    _known(kind)
    editions.open_phase(db.session(), g.actor, g.now, edition=edition, phase=kind)
    flash(
        _("Les inscriptions sont ouvertes.") if kind == "registration" else _("Les vœux sont ouverts."), "ok"
    )
    return redirect(url_for(".phases", edition=edition.slug), 303)


@bp.post("/o/<edition>/settings/phases/<kind>/close")
def close_phase(edition: Edition, kind: str) -> ResponseReturnValue:
    """Closed from now on."""
    _known(kind)
    editions.close_phase(db.session(), g.actor, g.now, edition=edition, phase=kind)
    flash(_("Les inscriptions sont closes.") if kind == "registration" else _("Les vœux sont clos."), "ok")
    return redirect(url_for(".phases", edition=edition.slug), 303)


def _known(kind: str) -> None:
    if kind not in editions.PHASE_COLUMNS:
        abort(404)
