"""What do I print? Documents ordered, followed and downloaded; one person's badge and agenda."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from exports import agendas, badges
from exports.badge_sheets import LAYOUTS
from exports.document import Document
from salon import i18n, rendering
from salon.blueprints import document_pages
from salon.blueprints.paging import Paging
from salon.errors import DomainError
from salon.extensions import db
from salon.forms.base import clean_line
from salon.forms.documents import BadgeForm, PrintForm
from salon.jobs import print_set
from salon.jobs.documents import files_folder
from salon.models import Delegate, Edition, Job, StoredFile
from salon.policies import editions
from salon.queries import agendas as agenda_reads
from salon.queries import documents as reads
from salon.services import documents
from salon.services.print_options import Options
from salon.shell.organiser import page_context
from salon.wording import documents as words

bp = Blueprint("documents", __name__)
bp.context_processor(page_context)
PAGE_SIZE = 25


@bp.context_processor
def page_words() -> dict[str, Any]:
    """Names of documents and layouts, and whether this member may print."""
    may = editions.can_serve(g.actor, g.edition.id) if g.get("edition") else False
    return {"words": words, "can_print": may}


@bp.get("/o/<edition>/documents/")
def index(edition: Edition) -> ResponseReturnValue:
    """What there is to print, what is made, what is being made."""
    found = reads.overview(db.session(), edition, g.now)
    stored = found.jobs[0].options if found.jobs else {}
    return _page(edition, found, _form(edition, found, stored))


def _form(edition: Edition, found: reads.Overview, stored: Any = None) -> PrintForm:
    """The order form, as the last order was laid out; a first one is in the edition's first language."""
    last = {"locale": edition.languages[0], **(stored or {})}
    last["since"] = ""  # a choice of the moment
    if last["locale"] not in edition.languages:
        last["locale"] = edition.languages[0]
    start = {**Options().as_json(), **last}
    return PrintForm(languages=edition.languages, releases=found.releases, data=start)


def _page(edition: Edition, found: reads.Overview, form: PrintForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "documents/index.html",
        found=found,
        lines=document_pages.lines(found),
        form=form,
        job=document_pages.job_card(found),
        form_errors=form.is_refused,
    )
    return page, status


@bp.post("/o/<edition>/documents/")
def order(edition: Edition) -> ResponseReturnValue:
    """Order one document, or all that can be made now."""
    session = db.session()
    found = reads.overview(session, edition, g.now)
    form = _form(edition, found)
    if not form.validate():
        return _page(edition, found, form, 422)
    asked = request.form.get("item", "all")
    items = document_pages.possible(found) if asked == "all" else [asked]
    try:
        documents.order(session, g.actor, g.now, edition=edition, items=items, options=form.options())
    except DomainError as error:
        form.refuse(error)
        return _page(edition, reads.overview(session, edition, g.now), form, error.status)
    return redirect(url_for(".index", edition=edition.slug), 303)


@bp.get("/o/<edition>/documents/orders")
def orders(edition: Edition) -> ResponseReturnValue:
    """Every order, the latest first, with what can still be downloaded."""
    paging = Paging.asked(request.args, PAGE_SIZE).of(reads.how_many_orders(db.session(), edition))
    found = reads.orders(db.session(), edition, g.now, first=paging.first, size=paging.size)
    lines = [document_pages.order_line(one) for one in found]
    return render_template("documents/orders.html", lines=lines, paging=paging)


@bp.post("/o/<edition>/documents/orders/<int:job>/cancel")
def cancel(edition: Edition, job: Job) -> ResponseReturnValue:
    """Stop; what is made is kept."""
    documents.cancel(db.session(), g.actor, g.now, job=job)
    flash(_("La préparation est arrêtée. Les documents déjà prêts sont gardés."), "info")
    return redirect(url_for(".index", edition=edition.slug), 303)


@bp.post("/o/<edition>/documents/orders/<int:job>/retry")
def retry(edition: Edition, job: Job) -> ResponseReturnValue:
    """Take an order up again where it ended."""
    documents.retry(db.session(), g.actor, g.now, job=job)
    return redirect(url_for(".index", edition=edition.slug), 303)


@bp.post("/o/<edition>/documents/files/<int:file>")
def download(edition: Edition, file: StoredFile) -> ResponseReturnValue:
    """The file, streamed from the disk; a POST because it is written in the journal."""
    path = files_folder(current_app._get_current_object()) / file.stored_name  # type: ignore[attr-defined]
    if not path.is_file():
        raise DomainError("file_gone")
    documents.note_download(db.session(), g.actor, g.now, file=file)
    answer = send_file(
        path, mimetype=file.media_type, as_attachment=True, download_name=file.filename, conditional=False
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


# One person -------------------------------------------------------------------------------------------------


@bp.get("/o/<edition>/documents/people")
def people(edition: Edition) -> ResponseReturnValue:
    """Find somebody whose badge or agenda is to be printed alone."""
    q = clean_line(request.args.get("q", "")[:100])
    found = reads.people(db.session(), edition, q)
    paging = Paging.asked(request.args, PAGE_SIZE).of(len(found))
    return render_template("documents/people.html", q=q, people=paging.cut(found), paging=paging)


@bp.get("/o/<edition>/documents/badges/<int:delegate>")
def badge(edition: Edition, delegate: Delegate) -> ResponseReturnValue:
    """Print this badge again: which format, where on the sheet."""
    stored = {**Options().as_json(), **reads.last_options(db.session(), edition.id)}
    form = BadgeForm(_given(), data={**stored, "start_at": 1})
    return render_template("documents/badge.html", person=delegate, form=form)


def _given() -> MultiDict[str, str] | None:
    return request.args if "layout" in request.args else None


@bp.get("/o/<edition>/documents/badges/<int:delegate>/pdf")
def badge_pdf(edition: Edition, delegate: Delegate) -> ResponseReturnValue:
    """The badge alone, tagged, at its place."""
    form = BadgeForm(request.args)
    if not form.validate():
        return render_template("documents/badge.html", person=delegate, form=form, form_errors=True), 422
    agenda, look = _agenda(edition, delegate)
    made = print_set.badge_of(agenda)
    if made is None:
        raise DomainError("print_nobody")
    return _shown(
        rendering.document(
            badges.single, made, locale=_locale(edition), brand=look, layout=LAYOUTS[form.layout.data],
            position=form.place, offset=form.offset,
        )
    )  # fmt: skip


@bp.get("/o/<edition>/documents/agendas/<int:delegate>")
def agenda_pdf(edition: Edition, delegate: Delegate) -> ResponseReturnValue:
    """The agenda of one person as of the latest release, tagged."""
    agenda, look = _agenda(edition, delegate)
    return _shown(rendering.document(agendas.pdf, agenda, locale=_locale(edition), brand=look))


def _agenda(edition: Edition, delegate: Delegate) -> tuple[Any, Any]:
    from dataclasses import replace

    locale = _locale(edition)
    agenda = agenda_reads.one_agenda(db.session(), edition, delegate.id, locale=locale)
    agenda = replace(agenda, url=print_set.live_address(agenda.code))
    return agenda, print_set.brand(db.session(), edition, locale)


@bp.get("/o/<edition>/documents/calibration")
def calibration(edition: Edition) -> ResponseReturnValue:
    """A sheet that shows by how much the printer is off."""
    layout = LAYOUTS.get(request.args.get("layout", ""), LAYOUTS["a6x4"])
    look = print_set.brand(db.session(), edition, _locale(edition))
    return _shown(rendering.document(badges.calibration, layout, locale=_locale(edition), brand=look))


def _locale(edition: Edition) -> str:
    """The reader's language if the edition speaks it, else the edition's first."""
    here = i18n.locale_code()
    return here if here in edition.languages else edition.languages[0]


def _shown(document: Document) -> ResponseReturnValue:
    """In the browser's own reader, named in case it is saved."""
    answer = current_app.response_class(document.content, mimetype=document.media_type)
    answer.headers["Content-Disposition"] = f"inline; filename={document.filename}"
    answer.headers["Cache-Control"] = "no-store"
    return answer
