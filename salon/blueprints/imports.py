"""Importing a list: upload, map, look, import, undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from exports import sheets
from salon import i18n
from salon.blueprints import registration_export
from salon.blueprints.registrations import page_url, type_pairs
from salon.enums import DelegateStatus
from salon.errors import DomainError
from salon.extensions import db
from salon.forms.empty import ActionForm
from salon.forms.imports import ApplyForm, MappingForm, UploadForm
from salon.models import Edition, ImportBatch
from salon.numbers import read_id, read_number
from salon.queries import import_list, registrations
from salon.services import import_columns, import_reading, import_undo, imports
from salon.services.import_planning import Fate, Plan
from salon.shell.organiser import page_context
from salon.wording import imports as words

bp = Blueprint("imports", __name__)
bp.context_processor(page_context)
_SAMPLES, _FIRST_LINES, _SHOWN_PROBLEMS, _SHOWN_CHANGES = 3, 20, 100, 50


@bp.context_processor
def helpers() -> dict[str, Any]:
    """Words that these templates need."""
    return {
        "target_label": words.target_label,
        "problem_sentence": words.sentence,
        "kept_because": words.kept_because,
        "shown": words.shown,
        "page_url": page_url,
        "Fate": Fate,
    }


@bp.get("/o/<edition>/imports/")
def index(edition: Edition) -> ResponseReturnValue:
    """The files imported so far, and the box for the next."""
    return _index(edition, UploadForm())


def _index(edition: Edition, form: UploadForm) -> ResponseReturnValue:
    page = render_template(
        "imports/index.html",
        form=form,
        imports=import_list.imports(db.session(), edition),
        now=g.now,
        undo_for=imports.UNDO_FOR,
        targets=import_columns.TARGETS,
        form_errors=form.is_refused,
    )
    return page, 422 if form.is_refused else 200


@bp.post("/o/<edition>/imports/")
def upload(edition: Edition) -> ResponseReturnValue:
    """Read the file, keep its rows, show what it would do."""
    form = UploadForm()
    if not form.validate():
        return _index(edition, form)
    try:
        content = form.file.data.read(import_reading.MAX_BYTES + 1)
        table = import_reading.read(content)
    except DomainError as error:
        form.refuse(error)
        return _index(edition, form)
    name = (form.file.data.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
    batch = imports.store(
        db.session(), g.actor, g.now, edition=edition, filename=_printable(name), table=table
    )
    return redirect(url_for(".preview", edition=edition.slug, batch=batch.id), 303)


def _printable(name: str) -> str:
    return "".join(c for c in name if c.isprintable())[:160] or _("Sans nom")


@bp.get("/o/<edition>/imports/<int:batch>")
def preview(edition: Edition, batch: ImportBatch) -> ResponseReturnValue:
    """What will this file do? Or what did it do."""
    if batch.applied_at is not None or not batch.rows:
        return render_template(
            "imports/done.html",
            line=import_list.one(db.session(), batch),
            kept=import_list.kept(db.session(), batch),
            undoable=_undoable(batch),
            until=batch.applied_at + imports.UNDO_FOR if batch.applied_at else None,
            form=ActionForm(),
        )
    return _preview(edition, batch)


def _undoable(batch: ImportBatch) -> bool:
    return (
        batch.applied_at is not None
        and batch.undone_at is None
        and g.now - batch.applied_at <= imports.UNDO_FOR
    )


def _preview(edition: Edition, batch: ImportBatch, *, stale: bool = False) -> ResponseReturnValue:
    seen = imports.preview(db.session(), edition, batch)
    options = seen.sheet.options
    mapping = MappingForm(formdata=None, type=options.type_id or 0, status=options.status.value)
    mapping.offer(type_pairs(edition))
    signed = ApplyForm(formdata=None, fingerprint=seen.plan.fingerprint if seen.plan else "")
    page = render_template(
        "imports/preview.html",
        batch_id=batch.id,
        filename=batch.filename,
        seen=seen,
        plan=seen.plan,
        stale=stale,
        mapping=mapping,
        signed=signed,
        columns=_columns(seen),
        targets=import_columns.TARGETS,
        problems=seen.plan.problems[:_SHOWN_PROBLEMS] if seen.plan else (),
        first_lines=seen.plan.to_do[:_FIRST_LINES] if seen.plan else (),
        changed=[line for line in seen.plan.to_do if line.changes][:_SHOWN_CHANGES] if seen.plan else [],
        types=_types(edition),
        over=_over(edition, seen.plan),
    )
    return page, 409 if stale else 200


def _types(edition: Edition) -> dict[int, registrations.TypeChoice]:
    return {one.id: one for one in registrations.type_choices(db.session(), edition)}


def _columns(seen: imports.Preview) -> list[tuple[int, str, str, list[str]]]:
    """Each column: number, header, chosen target, three sample values."""
    found = []
    for index, header in enumerate(seen.sheet.header):
        cells = [line.cells[index] for line in seen.sheet.lines]
        samples = list(dict.fromkeys(cell[:60] for cell in cells if cell))[:_SAMPLES]
        found.append((index, header, seen.sheet.options.columns[index], samples))
    return found


def _over(edition: Edition, plan: Plan | None) -> list[tuple[str, int, int]]:
    """Types that the file would fill beyond their places: name, people then, places."""
    if plan is None or not (added := plan.new_by_type()):
        return []
    found = []
    for key, name, places, present in registrations.places(db.session(), edition):
        if places is not None and added[key] and present + added[key] > places:
            found.append((i18n.pick(name), present + added[key], places))
    return found


@bp.post("/o/<edition>/imports/<int:batch>/columns")
def choose_columns(edition: Edition, batch: ImportBatch) -> ResponseReturnValue:
    """Store the mapping and look again."""
    columns = [request.form.get(f"column-{i}", "") for i in range(len(batch.header))]
    status = request.form.get("status", "")
    imports.choose_columns(
        db.session(),
        batch,
        columns=columns,
        type_id=read_id(request.form.get("type")),
        status=DelegateStatus(status) if status in set(DelegateStatus) else DelegateStatus.UNCONFIRMED,
    )
    return redirect(url_for(".preview", edition=edition.slug, batch=batch.id), 303)


@bp.post("/o/<edition>/imports/<int:batch>/sheet")
def choose_sheet(edition: Edition, batch: ImportBatch) -> ResponseReturnValue:
    """Read another sheet of the workbook."""
    imports.choose_sheet(db.session(), batch, index=read_number(request.form.get("sheet")))
    return redirect(url_for(".preview", edition=edition.slug, batch=batch.id), 303)


@bp.post("/o/<edition>/imports/<int:batch>/apply")
def apply(edition: Edition, batch: ImportBatch) -> ResponseReturnValue:
    """Write the valid lines, if they are still what was shown."""
    signed = ApplyForm()
    try:
        plan = imports.apply(
            db.session(),
            g.actor,
            g.now,
            edition=edition,
            batch=batch,
            fingerprint=signed.fingerprint.data or "",
        )
    except DomainError as error:
        if error.code != "import_stale":
            raise
        return _preview(edition, batch, stale=True)
    count = len(plan.to_do)
    flash(ngettext("%(num)s ligne importée.", "%(num)s lignes importées.", count), "ok")
    return redirect(url_for(".preview", edition=edition.slug, batch=batch.id), 303)


@bp.post("/o/<edition>/imports/<int:batch>/undo")
def undo(edition: Edition, batch: ImportBatch) -> ResponseReturnValue:
    """Take the import back, as far as nobody built on it."""
    done = import_undo.undo(db.session(), g.actor, g.now, batch=batch)
    flash(ngettext("Import annulé : %(num)s inscription retirée.",
                   "Import annulé : %(num)s inscriptions retirées.", done.removed), "ok")  # fmt: skip
    return redirect(url_for(".preview", edition=edition.slug, batch=batch.id), 303)


@bp.post("/o/<edition>/imports/<int:batch>/discard")
def discard(edition: Edition, batch: ImportBatch) -> ResponseReturnValue:
    """Forget a file that was not imported."""
    imports.discard(db.session(), g.actor, g.now, batch=batch)
    flash(_("Le fichier est oublié ; rien n’a été importé."), "ok")
    return redirect(url_for(".index", edition=edition.slug), 303)


@bp.post("/o/<edition>/imports/<int:batch>/errors")
def errors(edition: Edition, batch: ImportBatch) -> ResponseReturnValue:
    """The lines that cannot come in and what to mend: the file to correct and send again."""
    seen = imports.preview(db.session(), edition, batch)
    refused = {line.number: line.problems for line in seen.plan.lines if line.problems} if seen.plan else {}
    columns = [sheets.Column(_("Ligne"), 8), sheets.Column(_("À corriger"), 60)]
    columns += [sheets.Column(header, 20) for header in seen.sheet.header]
    rows: list[Sequence[sheets.Value]] = [
        (line.number, " ".join(words.sentence(p) for p in refused[line.number]), *line.cells)
        for line in seen.sheet.lines
        if line.number in refused
    ]
    return registration_export.answer(sheets.xlsx(columns, rows, name=_("Lignes à corriger")))
