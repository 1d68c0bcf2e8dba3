"""Structures that never meet: known to the organisers, proven respected by every plan."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon.errors import DomainError, Invalid
from salon.extensions import db
from salon.forms.pairs import ExclusionForm, MandatoryForm
from salon.keys import fold
from salon.models import Edition, Exclusion
from salon.queries import exclusions as pairs
from salon.services import exclusions
from salon.shell.organiser import page_context

bp = Blueprint("exclusions", __name__)
bp.context_processor(page_context)
_REMOVED = (
    "removed_exclusion"  # edition, both structures, reason: in this browser's cookie until the next page
)


def pick(
    choices: Sequence[pairs.OrganisationChoice | pairs.PersonChoice], typed: str, field: str, code: str
) -> int:
    """The choice whose label was typed, whole or by a beginning that only one has."""
    key = fold(typed)
    exact = [choice.id for choice in choices if choice.key == key]
    near = exact or [choice.id for choice in choices if choice.key.startswith(key)]
    if len(near) != 1:
        raise Invalid(code, field=field)
    return near[0]


@bp.get("/o/<edition>/exclusions/")
def index(edition: Edition) -> ResponseReturnValue:
    """The excluded pairs."""
    return _page(edition, ExclusionForm())


def _page(edition: Edition, form: ExclusionForm) -> ResponseReturnValue:
    removed = session.pop(_REMOVED, None)
    choices = pairs.organisation_choices(db.session(), edition)
    names = {choice.id: choice.label for choice in choices}
    undo = None
    if removed and removed[0] == edition.id and set(removed[1:3]) <= set(names):
        undo = (names[removed[1]], names[removed[2]], removed[3])
    page = render_template(
        "exclusions/index.html",
        form=form,
        lines=pairs.lines(db.session(), edition),
        choices=choices,
        undo=undo,
        form_errors=form.is_refused,
    )
    return page, 422 if form.is_refused else 200


@bp.post("/o/<edition>/exclusions/")
def add(edition: Edition) -> ResponseReturnValue:
    """Exclude two structures from each other."""
    form = ExclusionForm()
    if form.validate():
        try:
            one, other = both(pairs.organisation_choices(db.session(), edition), form, "unknown_organisation")
            exclusions.exclude(
                db.session(), g.actor, g.now, edition=edition, one=one, other=other,
                reason=form.reason.data or "",
            )  # fmt: skip
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Ces deux structures ne se rencontreront pas."), "ok")
            return redirect(url_for(".index", edition=edition.slug), 303)
    return _page(edition, form)


def both(
    choices: Sequence[pairs.OrganisationChoice | pairs.PersonChoice],
    form: ExclusionForm | MandatoryForm,
    code: str,
) -> tuple[int, int]:
    """The two chosen ids."""
    first = pick(choices, form.first.data or "", "first", code)
    return first, pick(choices, form.second.data or "", "second", code)


@bp.post("/o/<edition>/exclusions/<int:exclusion>/delete")
def delete(edition: Edition, exclusion: Exclusion) -> ResponseReturnValue:
    """Let them meet again; the next page offers to take that back."""
    session[_REMOVED] = [edition.id, exclusion.first_id, exclusion.second_id, exclusion.reason]
    exclusions.allow(db.session(), g.actor, g.now, exclusion=exclusion)
    return redirect(url_for(".index", edition=edition.slug), 303)
