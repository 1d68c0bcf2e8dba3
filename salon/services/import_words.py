"""Vocabulary words as people type them in spreadsheets: codes, labels in both languages, short names."""

from __future__ import annotations

import difflib
import re
from functools import cache

from salon import vocabulary
from salon.keys import fold

_HARD_BREAKS = re.compile(r"[;|\n]+")


class UnknownWord(ValueError):
    """A word of no list; `near` is the one most like it, or empty."""

    def __init__(self, word: str, near: str) -> None:
        super().__init__(word)
        self.word, self.near = word, near


@cache
def spellings(list_name: str) -> dict[str, str]:
    """Folded spelling to code. A label « UNEA, Union… » is known by its beginning too."""
    found: dict[str, str] = {}
    for term in vocabulary.packaged().terms(list_name):
        words = [term.code, term.fr, term.en, getattr(term, "short", ""), term.fr.split(",")[0]]
        for word in words:
            if key := fold(word):
                found.setdefault(key, term.code)
    return found


def code_of(list_name: str, word: str) -> str:
    """The code of one word; raises `UnknownWord`."""
    known = spellings(list_name)
    if (key := fold(word)) in known:
        return known[key]
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.75)
    raise UnknownWord(word, vocabulary.label(list_name, known[near[0]]) if near else "")


def codes_of(list_name: str, cell: str) -> tuple[str, ...]:
    """The codes of a cell that lists several words between `;`, `|` or commas, in that order, each once."""
    codes: list[str] = []
    for piece in filter(None, (p.strip() for p in _HARD_BREAKS.split(cell))):
        codes.extend(_piece(list_name, piece))
    return tuple(dict.fromkeys(codes))


def _piece(list_name: str, piece: str) -> list[str]:
    if fold(piece) in spellings(list_name) or "," not in piece:
        return [code_of(list_name, piece)]
    return [code_of(list_name, word) for word in piece.split(",") if word.strip()]


def department_of(word: str) -> str:
    """The INSEE code of a département given by code, name or post code; raises `UnknownWord`."""
    text = word.replace(" ", "").upper()
    if re.fullmatch(r"\d{5}", text):
        text = _of_post_code(text)
    if re.fullmatch(r"\d", text):
        text = f"0{text}"  # a spreadsheet took 01 for a number
    if vocabulary.packaged().has("departements", text):
        return text
    return code_of("departements", word)


def _of_post_code(text: str) -> str:
    if text.startswith("20"):
        return "2A" if text < "20200" else "2B"
    return text[:3] if text.startswith("97") else text[:2]
