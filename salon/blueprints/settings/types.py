"""Step 4: participant types and the matrix of who may meet whom."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from salon.blueprints.attempts import attempt, status
from salon.blueprints.settings import bp
from salon.blueprints.settings.saving import said
from salon.errors import Invalid
from salon.extensions import db
from salon.forms.empty import ActionForm
from salon.forms.types import TypeForm
from salon.models import Edition, ParticipantType
from salon.queries import settings as queries
from salon.services import types as services


@bp.get("/o/<edition>/settings/types")
def types(edition: Edition) -> ResponseReturnValue:
    """The types and the matrix."""
    return render_template(
        "settings/types.html",
        types=queries.types(db.session(), edition),
        pairs=queries.pairs(db.session(), edition),
        action=ActionForm(),
    )


@bp.get("/o/<edition>/settings/types/new")
def new_type(edition: Edition) -> ResponseReturnValue:
    """An empty type."""
    return _show(TypeForm(), None)


@bp.post("/o/<edition>/settings/types/new")
def add_type(edition: Edition) -> ResponseReturnValue:
    """One more type."""
    return _save(edition, None)


@bp.get("/o/<edition>/settings/types/<int:ptype>")
def edit_type(edition: Edition, ptype: ParticipantType) -> ResponseReturnValue:
    """The stored type in its form."""
    return _show(TypeForm(data=TypeForm.data_of(ptype, edition.timezone)), ptype)


@bp.post("/o/<edition>/settings/types/<int:ptype>")
def save_type(edition: Edition, ptype: ParticipantType) -> ResponseReturnValue:
    """The type as typed."""
    return _save(edition, ptype)


def _save(edition: Edition, existing: ParticipantType | None) -> ResponseReturnValue:
    form = TypeForm()

    def act() -> None:
        values = form.value(edition.timezone)
        services.save_type(db.session(), g.actor, g.now, edition=edition, values=values, existing=existing)

    if not attempt(form, act):
        return _show(form, existing), status()
    said()
    return redirect(url_for(".types", edition=edition.slug), 303)


def _show(form: TypeForm, existing: ParticipantType | None) -> str:
    type_id = existing.id if existing else None
    return render_template("settings/type.html", form=form, existing=type_id, form_errors=form.is_refused)


@bp.get("/o/<edition>/settings/types/<int:ptype>/delete")
def confirm_delete_type(edition: Edition, ptype: ParticipantType) -> ResponseReturnValue:
    """Whether the type can go, in figures."""
    line = next(t for t in queries.types(db.session(), edition) if t.id == ptype.id)
    return render_template("settings/delete_type.html", line=line)


@bp.post("/o/<edition>/settings/types/<int:ptype>/delete")
def delete_type(edition: Edition, ptype: ParticipantType) -> ResponseReturnValue:
    """The type is gone."""
    services.delete_type(db.session(), g.actor, g.now, edition=edition, existing=ptype)
    flash(_("Type supprimé."), "ok")
    return redirect(url_for(".types", edition=edition.slug), 303)


@bp.post("/o/<edition>/settings/types/matrix")
def save_matrix(edition: Edition) -> ResponseReturnValue:
    """Exactly the ticked pairs may meet."""
    pairs = [_pair(raw) for raw in request.form.getlist("pairs")]
    count = services.save_matrix(db.session(), g.actor, g.now, edition=edition, pairs=pairs)
    flash(
        ngettext(
            "%(num)s paire de types peut se rencontrer.",
            "%(num)s paires de types peuvent se rencontrer.",
            count,
        ),
        "ok",
    )
    return redirect(url_for(".types", edition=edition.slug) + "#matrix", 303)


def _pair(raw: str) -> tuple[int, int]:
    """`3-5` as two ids; anything else names no type."""
    first, _dash, second = raw.partition("-")
    if not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in (first, second)):
        raise Invalid("unknown_type")
    return int(first), int(second)
