"""The organiser's list of registrations, its exports, and one person's page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon import i18n, vocabulary
from salon.blueprints import registration_export
from salon.blueprints import registration_filters as addresses
from salon.enums import DelegateStatus
from salon.errors import Invalid
from salon.extensions import db
from salon.models import Delegate, Edition
from salon.policies import editions
from salon.queries import registration_detail as details
from salon.queries import registration_history, registration_meetings, registration_wishes, structures
from salon.queries import registrations as lists
from salon.queries.registrations import Filters
from salon.services import audit
from salon.shell.organiser import page_context
from salon.wording import imports as import_words
from salon.wording import statuses

bp = Blueprint("registrations", __name__)
bp.context_processor(page_context)
COLUMNS = ("name", "organisation", "type", "status", "wishes", "meetings", "created")


@bp.context_processor
def words() -> dict[str, Any]:
    """What these templates say of states; links to pages that may not be there yet are left out."""
    return {
        "statuses": statuses,
        "shown": import_words.shown,
        "term": term,
        "page_url": page_url,
    }


@bp.app_context_processor
def way_back() -> dict[str, Any]:
    """Where the strip of an impersonation posts to; on every page."""
    return {"stop_acting_url": url_for("registrations.stop_acting")} if "actor" in g else {}


def term(list_name: str, code: str) -> str:
    """The words of a vocabulary code in the reader's language; a code no longer known shows itself."""
    if not code or not vocabulary.packaged().has(list_name, code):
        return code
    return vocabulary.label(list_name, code, i18n.locale_code())


def page_url(endpoint: str, **values: Any) -> str:
    """The address of a page of another part of Salon, or nothing when this installation lacks it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""


def type_pairs(edition: Edition) -> list[tuple[int, str]]:
    """The participant types as choices."""
    return [(one.id, i18n.pick(one.name)) for one in lists.type_choices(db.session(), edition)]


def sees_contact(edition: Edition) -> bool:
    """Addresses, phones and the names behind wishes are for organisers and owners."""
    return editions.can_edit(g.actor, edition.id)


@bp.get("/o/<edition>/registrations/")
def index(edition: Edition) -> ResponseReturnValue:
    """Who comes, who waits for an answer."""
    filters = addresses.read(request.args)
    found = lists.page(db.session(), edition, filters, sees_contact=sees_contact(edition))
    return render_template(
        "registrations/index.html",
        filters=filters,
        found=found,
        totals=lists.totals(db.session(), edition),
        types=lists.type_choices(db.session(), edition),
        sectors=vocabulary.packaged().grouped_sectors(i18n.locale_code()),
        every_status=tuple(DelegateStatus),
        sort_urls={key: addresses.sort_address(edition, filters, key) for key in COLUMNS},
        sorted_by={filters.sort: "descending" if filters.descending else "ascending"},
        pages=addresses.pages(edition, filters, found.page, found.pages),
        url=lambda **changes: addresses.address(edition, filters, **changes),
        here=addresses.written(filters),
        filters_cleared=addresses.address(edition, Filters(sort=filters.sort, descending=filters.descending)),
    )


@bp.post("/o/<edition>/registrations/export")
def export(edition: Edition) -> ResponseReturnValue:
    """The filtered list as a spreadsheet; audited, because it takes addresses away."""
    kind = request.form.get("format", "")
    if kind not in registration_export.FORMATS:
        raise Invalid("http_400")
    filters = addresses.read(request.form)
    rows = lists.matching(db.session(), edition, filters, sees_contact=True)
    document = registration_export.document(db.session(), edition, rows, kind)
    audit.record(
        db.session(),
        g.actor,
        g.now,
        "registrations_exported",
        edition_id=edition.id,
        format=kind,
        lines=len(rows),
    )
    return registration_export.answer(document)


@bp.get("/o/<edition>/registrations/<int:delegate>")
def detail(edition: Edition, delegate: Delegate) -> ResponseReturnValue:
    """Is this person ready?"""
    sees = sees_contact(edition)
    return render_template(
        "registrations/detail.html",
        person=details.sheet(delegate, sees_contact=sees),
        structure=structures.sheet(db.session(), edition.id, delegate.organisation),
        presence=details.presence(db.session(), delegate),
        wishes=registration_wishes.wishes(db.session(), delegate, sees_names=sees),
        meetings=registration_meetings.meetings(db.session(), edition, delegate),
        answers=details.answers(db.session(), delegate),
        colleagues=structures.colleagues(db.session(), delegate),
        tabs=_tabs(edition, delegate, "sheet", sees=sees),
    )


@bp.get("/o/<edition>/registrations/<int:delegate>/exchanges")
def exchanges(edition: Edition, delegate: Delegate) -> ResponseReturnValue:
    """What was sent, what was agreed to, and what was done."""
    return render_template(
        "registrations/exchanges.html",
        person=details.sheet(delegate, sees_contact=True),
        mails=registration_history.mails(db.session(), delegate),
        consents=registration_history.consents(db.session(), delegate),
        history=registration_history.history(db.session(), delegate),
        tabs=_tabs(edition, delegate, "exchanges", sees=True),
    )


def _tabs(edition: Edition, delegate: Delegate, here: str, *, sees: bool) -> list[tuple[str, str, bool]]:
    names: dict[str, Any] = {"edition": edition.slug, "delegate": delegate.id}
    tabs = [(_("Fiche"), url_for(".detail", **names), here == "sheet")]
    if sees:
        tabs.append((_("Échanges et historique"), url_for(".exchanges", **names), here == "exchanges"))
    return tabs


from salon.blueprints import registration_actions, registration_edits  # noqa: E402,F401 - add views to `bp`
