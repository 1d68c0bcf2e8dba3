"""The in-app guide: by edition, so that its links lead there, and without one for whoever begins."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon import guide
from salon.forms.base import clean_line
from salon.models import Edition
from salon.shell import manual
from salon.shell.organiser import page_context

bp = Blueprint("guide", __name__)
bp.context_processor(page_context)


@bp.get("/o/<edition>/guide")
def index(edition: Edition) -> ResponseReturnValue:
    """All chapters, or those that hold the words asked for."""
    return _index(edition)


@bp.get("/o/<edition>/guide/<chapter>")
def chapter(edition: Edition, chapter: str) -> ResponseReturnValue:
    """One chapter in the reader's language."""
    return _chapter(chapter, edition)


@bp.get("/o/guide")
def general() -> ResponseReturnValue:
    """All chapters, outside any edition."""
    return _index(None)


@bp.get("/o/guide/<chapter>")
def general_chapter(chapter: str) -> ResponseReturnValue:
    """One chapter, outside any edition."""
    return _chapter(chapter, None)


def _index(edition: Edition | None) -> str:
    asked = clean_line(request.args.get("q", "")[: manual.MOST_ASKED])
    by_slug = {one.slug: (number, one) for number, one in guide.numbered()}
    return render_template(
        "guide/index.html",
        sections=[
            (title(), [_line(*by_slug[slug], edition) for slug in slugs]) for title, slugs in guide.PARTS
        ],
        asked=asked,
        found=manual.search(asked, edition),
        here=_home(edition),
    )


def _line(number: int, one: guide.Chapter, edition: Edition | None) -> tuple[int, str, str]:
    return number, one.title(), manual.url(one, edition)


def _home(edition: Edition | None) -> str:
    return url_for(".index", edition=edition.slug) if edition else url_for(".general")


def _chapter(slug: str, edition: Edition | None) -> str:
    found = guide.find(slug)
    if found is None:
        abort(404)
    before, after = guide.neighbours(found)
    return render_template(
        "guide/chapter.html",
        title=found.title(),
        text=manual.template(found),
        before=(before.title(), manual.url(before, edition)) if before else None,
        after=(after.title(), manual.url(after, edition)) if after else None,
        chapters=[(*_line(number, one, edition), one is found) for number, one in guide.numbered()],
        here=_home(edition),
        **manual.context(edition),
    )
