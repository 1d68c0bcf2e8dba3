"""Meetings that the organiser orders, with the hard rules that stand against them."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from salon.blueprints.exclusions import both
from salon.errors import DomainError
from salon.extensions import db
from salon.forms.pairs import MandatoryForm
from salon.models import Edition, MandatoryMeeting
from salon.queries import exclusions as pairs
from salon.services import exclusions
from salon.shell.organiser import page_context
from salon.wording import statuses

bp = Blueprint("mandatory", __name__)
bp.context_processor(page_context)


@bp.get("/o/<edition>/mandatory/")
def index(edition: Edition) -> ResponseReturnValue:
    """The ordered meetings, those that cannot be held first."""
    return _page(edition, MandatoryForm())


def _page(edition: Edition, form: MandatoryForm) -> ResponseReturnValue:
    lines = pairs.mandatory_lines(db.session(), edition)
    page = render_template(
        "mandatory/index.html",
        form=form,
        lines=sorted(lines, key=lambda line: not line.conflicts),
        choices=pairs.person_choices(db.session(), edition),
        conflict_sentence=statuses.conflict_sentence,
        form_errors=form.is_refused,
    )
    return page, 422 if form.is_refused else 200


@bp.post("/o/<edition>/mandatory/")
def add(edition: Edition) -> ResponseReturnValue:
    """Order a meeting; what forbids it is said at once."""
    form = MandatoryForm()
    if form.validate():
        try:
            one, other = both(pairs.person_choices(db.session(), edition), form, "unknown_person")
            made = exclusions.order(
                db.session(), g.actor, g.now, edition=edition, one=one, other=other,
                reason=form.reason.data or "",
            )  # fmt: skip
        except DomainError as error:
            form.refuse(error)
        else:
            _warn(edition, made)
            return redirect(url_for(".index", edition=edition.slug), 303)
    return _page(edition, form)


def _warn(edition: Edition, made: MandatoryMeeting) -> None:
    line = pairs.find_order(db.session(), edition, made.id)
    if line is None or not line.conflicts:
        flash(_("Ce rendez-vous sera placé par le prochain calcul."), "ok")
        return
    rules = " ; ".join(statuses.conflict_sentence(conflict) for conflict in line.conflicts)
    flash(ngettext("Ce rendez-vous est noté, mais une règle l’empêche : %(rules)s.",
                   "Ce rendez-vous est noté, mais des règles l’empêchent : %(rules)s.",
                   len(line.conflicts), rules=rules), "warn")  # fmt: skip


@bp.post("/o/<edition>/mandatory/<int:mandatory>/delete")
def delete(edition: Edition, mandatory: MandatoryMeeting) -> ResponseReturnValue:
    """The engine decides again."""
    exclusions.release(db.session(), g.actor, g.now, mandatory=mandatory)
    flash(_("Ce rendez-vous n’est plus obligatoire."), "ok")
    return redirect(url_for(".index", edition=edition.slug), 303)
