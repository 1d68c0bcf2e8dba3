"""The journal: every event of the edition in words."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from salon.extensions import db
from salon.models import Edition
from salon.queries import journal as queries
from salon.queries.journal import JournalFilter, JournalLine
from salon.shell.organiser import page_context
from salon.shell.paging import links, read_page
from salon.shell.words import link
from salon.wording import journal as words

bp = Blueprint("journal", __name__)
bp.context_processor(page_context)


@bp.get("/o/<edition>/journal")
def index(edition: Edition) -> ResponseReturnValue:
    """Events, newest first, filtered by group and by person."""
    group, who = request.args.get("group", "")[:20], request.args.get("who", "")
    account = int(who) if who.isascii() and who.isdecimal() and len(who) < 10 else None
    wanted = JournalFilter(words.actions_of(group), account)
    found = queries.page(db.session(), edition, number=read_page(), wanted=wanted)
    return render_template(
        "journal/index.html",
        lines=[(line.at, words.sentence(line), _url(edition, line)) for line in found.lines],
        found=found,
        groups=words.groups(),
        group=group if wanted.actions else "",
        people=queries.people(db.session(), edition),
        who=account,
        pages=links(".index", found.page, found.pages, edition=edition.slug, group=group, who=account),
    )


def _url(edition: Edition, line: JournalLine) -> str:
    """The page of the person concerned, for those who may open it."""
    if line.delegate_id is None:
        return ""
    return link(edition, "registrations.detail", delegate=line.delegate_id)
