"""Step 6, first half: the edition's translated texts, and the list of its questions."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.blueprints.attempts import attempt, status
from salon.blueprints.settings import bp
from salon.blueprints.settings.saving import both_sides, said, version_of
from salon.extensions import db
from salon.forms.empty import ActionForm
from salon.forms.texts import TextsForm
from salon.models import Edition
from salon.queries import settings as queries
from salon.services import editions
from salon.shell.wizard import next_url


@bp.get("/o/<edition>/settings/texts")
def texts(edition: Edition) -> ResponseReturnValue:
    """The stored texts in their form, and the questions."""
    return _show(edition, TextsForm(data=TextsForm.data_of(edition)))


@bp.post("/o/<edition>/settings/texts")
def save_texts(edition: Edition) -> ResponseReturnValue:
    """The texts as typed, then the next step."""
    form = TextsForm()

    def act() -> None:
        editions.save_texts(
            db.session(), g.actor, g.now, edition=edition, version=version_of(form), texts=form.value()
        )

    if not attempt(form, act):
        return _show(edition, form), status()
    said()
    stay = request.form.get("then") == "stay"
    here = url_for(".texts", edition=edition.slug)
    return redirect(here if stay else next_url(edition, 6), 303)


def _show(edition: Edition, form: TextsForm) -> str:
    return render_template(
        "settings/texts.html",
        form=form,
        action=ActionForm(),
        questions=queries.questions(db.session(), edition),
        languages=edition.languages,
        months=edition.retention_months,
        conflict=both_sides(form, TextsForm.data_of(edition)),
        form_errors=form.is_refused,
    )
