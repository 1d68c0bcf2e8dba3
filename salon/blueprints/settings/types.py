"""Step 4: participant types and the matrix of who may meet whom."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from salon import i18n
from salon.blueprints.settings import bp
from salon.blueprints.settings.saving import form_page, saved, seen_of
from salon.errors import DomainError, Invalid
from salon.extensions import db
from salon.forms.empty import ActionForm
from salon.forms.types import TypeForm
from salon.models import Edition, ParticipantType
from salon.numbers import is_number
from salon.queries import settings as queries
from salon.queries.settings import TypeLine
from salon.services import stamps
from salon.services import types as services


@bp.get("/o/<edition>/settings/types")
def types(edition: Edition) -> ResponseReturnValue:
    """The types and the matrix."""
    return _show_types(edition)


def _show_types(edition: Edition, asked: frozenset[tuple[int, int]] | None = None) -> str:
    """The page; `asked` are the ticks of a form that came too late: shown, beside what is stored."""
    types, stored = queries.types(db.session(), edition), queries.pairs(db.session(), edition)
    return render_template(
        "settings/types.html",
        types=types,
        pairs=stored if asked is None else asked,
        seen=stamps.of_values(sorted(stored)),
        conflict=[] if asked is None else _differences(types, stored, asked),
        action=ActionForm(),
    )


def _differences(
    types: tuple[TypeLine, ...], stored: frozenset[tuple[int, int]], asked: frozenset[tuple[int, int]]
) -> list[tuple[str, str]]:
    """Pairs that somebody else ticked or unticked: `(the two types, yes or no)`."""
    names = {one.id: i18n.pick(dict(one.name)) for one in types}
    return [
        (
            _("%(one)s et %(other)s", one=names.get(low, "–"), other=names.get(high, "–")),
            _("oui") if (low, high) in stored else _("non"),
        )
        for low, high in sorted(stored ^ asked)
    ]


@bp.get("/o/<edition>/settings/types/new")
def new_type(edition: Edition) -> ResponseReturnValue:
    """An empty type."""
    return _show(TypeForm(), None, edition)


@bp.post("/o/<edition>/settings/types/new")
def add_type(edition: Edition) -> ResponseReturnValue:
    """One more type."""
    return _save(edition, None)


@bp.get("/o/<edition>/settings/types/<int:ptype>")
def edit_type(edition: Edition, ptype: ParticipantType) -> ResponseReturnValue:
    """The stored type in its form."""
    return _show(TypeForm(data=TypeForm.data_of(ptype, edition.timezone)), ptype, edition)


@bp.post("/o/<edition>/settings/types/<int:ptype>")
def save_type(edition: Edition, ptype: ParticipantType) -> ResponseReturnValue:
    """The type as typed."""
    return _save(edition, ptype)


def _save(edition: Edition, existing: ParticipantType | None) -> ResponseReturnValue:
    form = TypeForm()

    def act() -> None:
        services.save_type(
            db.session(), g.actor, g.now, edition=edition, values=form.value(edition.timezone),
            existing=existing, seen=seen_of(form, existing),
        )  # fmt: skip

    return saved(form, act, lambda: _show(form, existing, edition), url_for(".types", edition=edition.slug))


def _show(form: TypeForm, existing: ParticipantType | None, edition: Edition) -> str:
    stored = TypeForm.data_of(existing, edition.timezone) if existing else None
    return form_page("settings/type.html", form, existing, stored)


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
    seen = request.form.get("version", "")
    try:
        count = services.save_matrix(db.session(), g.actor, g.now, edition=edition, pairs=pairs, seen=seen)
    except DomainError as error:
        if error.code != "changed_meanwhile":
            raise
        db.session.rollback()
        return _show_types(edition, frozenset((min(one), max(one)) for one in pairs)), error.status
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
    if not (is_number(first) and is_number(second)):
        raise Invalid("unknown_type")
    return int(first), int(second)
