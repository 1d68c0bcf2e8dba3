"""The guide's texts: where they are, and finding words in them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, url_for
from markupsafe import Markup, escape

from salon import guide, i18n
from salon.guide import Chapter
from salon.models import Edition
from salon.policies.access import ACCESS

MOST_ASKED = 80  # characters of a search
_BEFORE, _AFTER = 70, 150  # characters of the excerpt round the first hit


@dataclass(frozen=True, slots=True)
class Found:
    """A chapter in which every word of the search occurs, and the text round the first."""

    number: int
    title: str
    url: str
    excerpt: Markup


def template(chapter: Chapter) -> str:
    """The chapter's text in the reader's language."""
    return f"guide/{i18n.locale_code()}/{chapter.slug}.html"


def context(edition: Edition | None) -> dict[str, Any]:
    """What chapters need: `page_link(endpoint)`, empty where the reader may not go or no edition is open."""

    def page_link(endpoint: str) -> str:
        access = ACCESS[endpoint]
        if not access.admits(g.actor, edition.id if edition else None):
            return ""
        needs_edition = not endpoint.startswith(("organiser.new", "organiser.index", "account."))
        return url_for(endpoint, edition=edition.slug if edition and needs_edition else None)

    return {"page_link": page_link}


def url(chapter: Chapter, edition: Edition | None) -> str:
    """A chapter's address, inside the edition when there is one."""
    if edition is None:
        return url_for("guide.general_chapter", chapter=chapter.slug)
    return url_for("guide.chapter", edition=edition.slug, chapter=chapter.slug)


def search(words: str, edition: Edition | None) -> list[Found]:
    """Chapters that hold every word of the search, those with a hit in their title first."""
    asked = [_fold(word) for word in words[:MOST_ASKED].split()]
    if not asked:
        return []
    hits = []
    for number, chapter in guide.numbered():
        text = Markup(_read(chapter, edition)).striptags()  # noqa: S704 - our own words
        title = chapter.title()
        if all(word in _fold(f"{title} {text}") for word in asked):
            in_title = any(word in _fold(title) for word in asked)
            found = Found(number, title, url(chapter, edition), _excerpt(text, asked))
            hits.append((not in_title, number, found))
    return [found for _rank, _number, found in sorted(hits, key=lambda hit: hit[:2])]


def _read(chapter: Chapter, edition: Edition | None) -> str:
    """The chapter without a page round it: eighteen of them must not ask eighteen times what a page shows."""
    return current_app.jinja_env.get_template(template(chapter)).render(context(edition))


def _fold(text: str) -> str:
    """Without accents or capitals; every character stays one character, so places keep their meaning."""
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    bare = unicodedata.normalize("NFKD", character)[0].lower()
    return {"’": "'", "\u202f": " ", "\xa0": " "}.get(character, bare[:1] or character)


def _excerpt(text: str, asked: list[str]) -> Markup:
    folded = _fold(text)
    places = [(folded.find(word), len(word)) for word in asked if word in folded]
    if not places:
        return escape(text[: _BEFORE + _AFTER]) + "…"
    at, length = min(places)
    start = max(0, at - _BEFORE)
    while start and not text[start - 1].isspace():
        start -= 1
    end = min(len(text), at + length + _AFTER)
    while end < len(text) and not text[end].isspace():
        end += 1
    return Markup("{}{}<mark>{}</mark>{}{}").format(
        "… " if start else "",
        text[start:at],
        text[at : at + length],
        text[at + length : end],
        " …" if end < len(text) else "",
    )
