"""Step 3: the room, its tables and its stands."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from salon.blueprints.attempts import attempt, status
from salon.blueprints.settings.saving import both_sides, seen_of
from salon.extensions import db
from salon.forms.base import clean_line
from salon.forms.empty import ActionForm
from salon.forms.room import AddTablesForm, BulkTablesForm, TableForm
from salon.models import Edition, Table
from salon.numbers import read_numbers
from salon.queries import room as queries
from salon.queries.room import RoomFilter
from salon.services import editions
from salon.services import room as services
from salon.shell.paging import links, read_page
from salon.shell.wizard import wizard_context
from salon.wording.organiser import listed

bp = Blueprint("room", __name__)
bp.context_processor(wizard_context)


@bp.get("/o/<edition>/room")
def index(edition: Edition) -> ResponseReturnValue:
    """The tables, a page at a time, with filters."""
    return _show(edition, AddTablesForm(None))


@bp.post("/o/<edition>/room/tables")
def add(edition: Edition) -> ResponseReturnValue:
    """A range of tables."""
    form = AddTablesForm()
    added: list[int] = []

    def act() -> None:
        labels, values = form.labels.data or "", form.value()
        count = services.add_tables(
            db.session(), g.actor, g.now, edition=edition, labels=labels, values=values
        )
        editions.reach(edition, 4)
        added.append(count)

    if not attempt(form, act):
        return _show(edition, form), status()
    flash(ngettext("%(num)s table ajoutée.", "%(num)s tables ajoutées.", added[0]), "ok")
    return redirect(url_for(".index", edition=edition.slug), 303)


def _show(edition: Edition, form: AddTablesForm) -> str:
    args = request.args
    wanted = RoomFilter(*(clean_line(args.get(name, "")[:60]) for name in ("q", "zone", "use")))
    found = queries.page(db.session(), edition, number=read_page(), wanted=wanted)
    pages = links(
        ".index", found.page, found.pages, edition=edition.slug, q=wanted.q, zone=wanted.zone, use=wanted.use
    )
    return render_template(
        "room/index.html", form=form, room=found, wanted=wanted, pages=pages, form_errors=form.is_refused
    )


@bp.get("/o/<edition>/room/tables/<int:table>")
def edit(edition: Edition, table: Table) -> ResponseReturnValue:
    """One table in its form."""
    return _show_table(edition, TableForm(data=TableForm.data_of(table)), table)


@bp.post("/o/<edition>/room/tables/<int:table>")
def save(edition: Edition, table: Table) -> ResponseReturnValue:
    """The table as typed."""
    form = TableForm()
    form.offer(queries.stand_choices(db.session(), edition))

    def act() -> None:
        services.save_table(
            db.session(),
            g.actor,
            g.now,
            edition=edition,
            table=table,
            values=form.value(),
            seen=seen_of(form, table),
        )

    if not attempt(form, act):
        return _show_table(edition, form, table), status()
    flash(_("Table %(label)s enregistrée.", label=table.label), "ok")
    return redirect(url_for(".index", edition=edition.slug), 303)


def _show_table(edition: Edition, form: TableForm, table: Table) -> str:
    form.offer(queries.stand_choices(db.session(), edition))
    return render_template(
        "room/table.html",
        form=form,
        label=table.label,
        table_id=table.id,
        conflict=both_sides(form, TableForm.data_of(table)),
        form_errors=form.is_refused,
    )


@bp.post("/o/<edition>/room/bulk")
def bulk(edition: Edition) -> ResponseReturnValue:
    """The page that asks what to do with the chosen tables: change them, or delete them."""
    return _show_bulk(edition, BulkTablesForm(None), request.form.get("do", ""))


@bp.post("/o/<edition>/room/change")
def change(edition: Edition) -> ResponseReturnValue:
    """The chosen tables take the values that were typed."""
    form = BulkTablesForm()
    done: list[int] = []

    def act() -> None:
        count = services.change_tables(
            db.session(), g.actor, g.now, edition=edition, ids=_ids(), **form.changes()
        )
        done.append(count)

    if not attempt(form, act):
        return _show_bulk(edition, form, "change", status())
    flash(ngettext("%(num)s table modifiée.", "%(num)s tables modifiées.", done[0]), "ok")
    return redirect(url_for(".index", edition=edition.slug), 303)


@bp.post("/o/<edition>/room/delete")
def delete(edition: Edition) -> ResponseReturnValue:
    """The chosen tables that the plan does not use are gone; the others are named."""
    outcome = services.delete_tables(db.session(), g.actor, g.now, edition=edition, ids=_ids())
    if outcome.removed:
        flash(ngettext("%(num)s table supprimée.", "%(num)s tables supprimées.", outcome.removed), "ok")
    if outcome.kept:
        names = listed([label for label, _count in outcome.kept])
        flash(
            ngettext(
                "La table %(names)s est gardée : le planning y place des rendez-vous. Déplacez-les d’abord.",
                "Les tables %(names)s sont gardées : le planning y place des rendez-vous. Déplacez-les d’abord.",
                len(outcome.kept),
                names=names,
            ),
            "warn",
        )
    return redirect(url_for(".index", edition=edition.slug), 303)


def _show_bulk(edition: Edition, form: BulkTablesForm, do: str, code: int = 200) -> ResponseReturnValue:
    chosen = queries.lines_of(db.session(), edition, _ids())
    if not chosen:
        flash(_("Aucune table n’était choisie. Cochez-en au moins une."), "warn")
        return redirect(url_for(".index", edition=edition.slug), 303)
    page = render_template(
        "room/delete.html" if do == "delete" else "room/bulk.html",
        form=form,
        action=ActionForm(),
        chosen=chosen,
        used=[line for line in chosen if line.meetings],
        names=listed([line.label for line in chosen]),
        form_errors=form.is_refused,
    )
    return page, code


def _ids() -> list[int]:
    """Ids of the ticked rows; what is no id is left out."""
    return read_numbers(request.form.getlist("ids")[: services.MAX_TABLES])
