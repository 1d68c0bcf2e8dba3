"""The journal: every event of the edition in words, as a file, and whether its chain holds."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exports import sheets
from salon.blueprints.registration_export import answer
from salon.extensions import db
from salon.models import Edition
from salon.numbers import read_id
from salon.queries import journal as queries
from salon.queries.journal import JournalFilter, JournalLine
from salon.services import audit
from salon.shell.organiser import page_context
from salon.shell.paging import links, read_page
from salon.shell.words import link
from salon.wording import journal as words

bp = Blueprint("journal", __name__)
bp.context_processor(page_context)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the address, as its links repeat them."""

    group: str
    who: int | None

    @property
    def filter(self) -> JournalFilter:
        return JournalFilter(words.actions_of(self.group), self.who)


def _asked() -> Asked:
    group = request.args.get("group", "")[:20]
    return Asked(group if words.actions_of(group) else "", read_id(request.args.get("who")))


@bp.get("/o/<edition>/journal")
def index(edition: Edition) -> ResponseReturnValue:
    """Events, newest first, filtered by group and by person."""
    asked = _asked()
    found = queries.page(db.session(), edition, number=read_page(), wanted=asked.filter)
    kept = {"group": asked.group or None, "who": asked.who}
    return render_template(
        "journal/index.html",
        lines=[(line.at, words.sentence(line), _url(edition, line)) for line in found.lines],
        found=found,
        groups=words.groups(),
        group=asked.group,
        people=queries.people(db.session(), edition),
        who=asked.who,
        pages=links(
            ".index", found.page, found.pages, edition=edition.slug, group=asked.group, who=asked.who
        ),
        export_url=link(edition, "journal.export", **kept),
        verify_url=link(edition, "journal.verify"),
    )


def _url(edition: Edition, line: JournalLine) -> str:
    """The page of the person concerned, for those who may open it."""
    if line.delegate_id is None:
        return ""
    return link(edition, "registrations.detail", delegate=line.delegate_id)


@bp.get("/o/<edition>/journal.csv")
def export(edition: Edition) -> ResponseReturnValue:
    """The same events, oldest first, for a spreadsheet."""
    columns = (
        sheets.Column(_("Quand"), 18), sheets.Column(_("Quoi"), 80), sheets.Column(_("Qui"), 24),
        sheets.Column(_("À la place de"), 24), sheets.Column(_("Action"), 24), sheets.Column(_("Numéro"), 10),
    )  # fmt: skip
    lines = queries.every(db.session(), edition, wanted=_asked().filter)
    rows = [
        (line.at, words.sentence(line), line.who or "Salon", line.acting_for, line.action, line.id)
        for line in lines
    ]
    name = _("Journal – %(edition)s", edition=edition.name)
    return answer(sheets.csv(columns, rows, name=name, timezone=edition.timezone))


@bp.get("/o/<edition>/journal/verify")
def verify(edition: Edition) -> ResponseReturnValue:
    """Reads the whole log of the installation again: each entry must hold the hash of the one before."""
    broken = audit.broken_link(db.session())
    return render_template(
        "journal/verify.html",
        broken=broken,
        entries=queries.entries(db.session()),
        journal_url=url_for(".index", edition=edition.slug),
    )
