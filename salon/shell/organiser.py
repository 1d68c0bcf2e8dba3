"""The one context processor of the organiser's pages: side bar with counters, help, edition switcher."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import gettext as _

from salon import guide
from salon.extensions import db
from salon.queries import shell
from salon.shell.context import dates_label, organiser_context

SEARCH_PAGE = "search.index"


def page_context() -> dict[str, Any]:
    """Register with `bp.context_processor`: help alone for pages without an edition."""
    edition = g.get("edition")
    if edition is None:
        chapter = guide.chapter_for(request.endpoint or "")
        return {"help_url": url_for("guide.general_chapter", chapter=chapter)} if g.actor.is_signed_in else {}
    counters = shell.counts(db.session, edition)  # type: ignore[arg-type]
    others = shell.switchable(db.session, g.actor, edition)  # type: ignore[arg-type]
    context = organiser_context(counters, guide.chapter_for(request.endpoint or ""))
    context["edition_links"] = [
        (line.name, f"{line.place} · {dates_label(line.first_day, line.last_day)}", _home(line.slug))
        for line in others
    ]
    context["edition_links"].append((_("Toutes vos éditions"), "", url_for("organiser.index")))
    if SEARCH_PAGE in current_app.view_functions:
        context["search_url"] = url_for(SEARCH_PAGE, edition=edition.slug)
    return context


def _home(slug: str) -> str:
    return url_for("organiser.home", edition=slug)
