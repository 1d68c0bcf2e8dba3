"""The search of the top bar: people, structures, tables, pages and chapters of the guide."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.extensions import db
from salon.forms.base import clean_line
from salon.models import Edition
from salon.policies import editions
from salon.queries import search as queries
from salon.queries.search import Hit
from salon.shell import finding, manual
from salon.shell.organiser import page_context
from salon.shell.words import link

bp = Blueprint("search", __name__)
bp.context_processor(page_context)


@bp.get("/o/<edition>/search")
def index(edition: Edition) -> ResponseReturnValue:
    """Everything that holds every word asked for, sort by sort."""
    asked = clean_line(request.args.get("q", "")[: manual.MOST_ASKED])
    session, sees = db.session(), editions.can_edit(g.actor, edition.id)
    people = queries.people(session, edition, asked, sees_contact=sees)
    homes = queries.organisations(session, edition, asked)
    tables = queries.tables(session, edition, asked)
    return render_template(
        "search/index.html",
        asked=asked,
        people=(people, [(one.name, one.detail, _person(edition, one)) for one in people.rows]),
        homes=(homes, [(one.name, one.detail, _list(edition, one.name)) for one in homes.rows]),
        tables=(tables, [(one.name, one.detail, _meetings_at(edition, one)) for one in tables.rows]),
        pages=finding.pages(edition, asked),
        chapters=manual.search(asked, edition),
        all_people=_list(edition, asked),
        all_tables=link(edition, "room.index"),
    )


def _person(edition: Edition, hit: Hit) -> str:
    return url_for("registrations.detail", edition=edition.slug, delegate=hit.id)


def _meetings_at(edition: Edition, hit: Hit) -> str:
    """Who sits there, and when."""
    return url_for("plan.index", edition=edition.slug, view="tables", q=hit.name)


def _list(edition: Edition, words: str) -> str:
    """The list of registrations, narrowed to the words."""
    return url_for("registrations.index", edition=edition.slug, q=words)
