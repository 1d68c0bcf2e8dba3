"""The words of a page, and which of them are French."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from zoneinfo import available_timezones

from babel.messages.catalog import Catalog
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Session

from salon import vocabulary
from salon.models import Base
from tests.i18n.extraction import forms, messages
from tests.i18n.french import THIN

_SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-label", "value")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_MUTE = frozenset({"script", "style"})
_PLACE = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")
_FRENCH = re.compile(
    r"\b(les|des|une|est|vous|votre|vos|pour|dans|avec|sont|aux|cette|pas|sur|par|du|au|le|la|et)\b"
    r"|\b[ldnsjcq]’|[éèêàçùâîôœ]",
    re.IGNORECASE,
)
NAMES = ("Français", "Défenseur des droits", "Département")  # as English says them too
LEAST = 12  # letters: shorter sentences are often the same in both languages


class Words(HTMLParser):
    """Texts and spoken attributes of a page, without what says itself to be in another language."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._skipped: list[bool] = [False]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        foreign = tag != "html" and held.get("lang", held.get("hreflang", "en")) != "en"
        skipped = self._skipped[-1] or foreign or tag in _MUTE
        if not skipped and held.get("type") not in {"hidden", "text", "email", "search"}:
            self.found += [value for name in _SPOKEN if (value := held.get(name))]
        if tag not in _VOID:
            self._skipped.append(skipped)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and len(self._skipped) > 1:
            self._skipped.pop()

    def handle_data(self, data: str) -> None:
        if not self._skipped[-1] and data.strip():
            self.found.append(" ".join(data.split()))


@dataclass(frozen=True, slots=True)
class French:
    """The sentences whose English differs: whole ones to look up, and what those with places look like."""

    whole: frozenset[str]
    with_places: re.Pattern[str]

    def __contains__(self, words: str) -> bool:
        return words in self.whole or bool(self.with_places.match(words))


def french_sentences(english: Catalog, french: Catalog) -> French:
    """What no English page may say; very short sentences are left out."""
    found = {
        form
        for one in messages(english)
        for form, said in zip(forms(one.id), forms(one.string), strict=True)
        if form != said
    }
    found |= {form for one in messages(french) for form in forms(one.string) if form in found or THIN in form}
    said = {form for one in messages(english) for form in forms(one.string)}  # "Organisation" is both
    long = {one for one in found - said if len("".join(_PLACE.split(one)).strip()) >= LEAST}
    patterns = [_pattern(one) for one in sorted(long) if _PLACE.search(one)]
    return French(frozenset(long), re.compile("(?:" + "|".join(patterns) + ")$"))


def _pattern(sentence: str) -> str:
    parts = [re.escape(part.replace("%%", "%")) for part in _PLACE.split(sentence)]
    return ".{1,200}?".join(parts)


def data_of(session: Session) -> list[str]:
    """Every word that people typed, longest first, and the names that no language translates."""
    found: set[str] = {*NAMES, *(zone.replace("_", " ") for zone in available_timezones())}
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, String | JSON):
                for value in session.scalars(select(column)):
                    found |= set(_leaves(value))
    for name in vocabulary.LIST_NAMES:
        found |= {term.en for term in vocabulary.packaged().terms(name)}
    return sorted((one for one in found if len(one) > 2), key=len, reverse=True)


def _leaves(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)


def leftovers(page: str, french: French, data: list[str]) -> list[str]:
    """The French words of an English page: known sentences, then anything that sounds French and nobody typed."""
    return [
        words
        for words in dict.fromkeys(Words(page).found)
        if words not in data and (words in french or _FRENCH.search(without(words, data)))
    ]


def without(words: str, data: list[str]) -> str:
    """What is left of a text once what people typed is taken out."""
    if not _FRENCH.search(words):
        return ""
    for one in data:
        words = words.replace(one, " ")
    return words
