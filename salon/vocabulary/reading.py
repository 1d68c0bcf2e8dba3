"""Reads one vocabulary CSV into terms; every complaint names the file, the line and the column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from salon.vocabulary.errors import VocabularyError
from salon.vocabulary.terms import Term

ChoiceT = TypeVar("ChoiceT", bound=str)
TermT = TypeVar("TermT", bound=Term)

CODE = re.compile(r"[a-z0-9][a-z0-9_]*|2[AB]")  # slug, or one of the two INSEE codes with a capital
YES_NO = {"yes": True, "no": False, "": False}


@dataclass(frozen=True, slots=True)
class Line:
    """A CSV line whose cells are asked for by column name and type."""

    source: str
    number: int
    cells: dict[str, str]

    def fail(self, column: str, reason: str) -> VocabularyError:
        return VocabularyError(f"{self.source}, line {self.number}, column {column}: {reason}")

    def optional(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def text(self, column: str) -> str:
        if not (value := self.optional(column)):
            raise self.fail(column, "empty")
        return value

    def code(self, column: str) -> str:
        value = self.text(column)
        if not CODE.fullmatch(value):
            raise self.fail(column, f"{value!r} is not a code (small letters, digits, underscores)")
        return value

    def one_of(self, column: str, allowed: tuple[ChoiceT, ...]) -> ChoiceT:
        value = self.optional(column)
        for choice in allowed:
            if value == choice:
                return choice
        raise self.fail(column, f"{value!r} is none of {', '.join(repr(a) for a in allowed)}")

    def flag(self, column: str) -> bool:
        value = self.optional(column)
        if value not in YES_NO:
            raise self.fail(column, f"{value!r} is neither yes nor no")
        return YES_NO[value]

    def number_or_none(self, column: str) -> int | None:
        value = self.optional(column)
        if not value:
            return None
        if not value.isascii() or not value.isdigit():
            raise self.fail(column, f"{value!r} is not a whole number")
        return int(value)

    def whole(self, column: str) -> int:
        value = self.number_or_none(column)
        if value is None:
            raise self.fail(column, "empty")
        return value


def read_terms(source: str, content: str, build: Callable[[Line], TermT]) -> tuple[TermT, ...]:
    """Terms in file order; their codes are unique and there is at least one."""
    terms = tuple(_unique(build, _lines(source, content)))
    if not terms:
        raise VocabularyError(f"{source}: no line below the header")
    return terms


def _unique(build: Callable[[Line], TermT], lines: Iterator[Line]) -> Iterator[TermT]:
    seen: dict[str, int] = {}
    for line in lines:
        term = build(line)
        if term.code in seen:
            raise line.fail("code", f"{term.code!r} is already on line {seen[term.code]}")
        seen[term.code] = line.number
        yield term


def _lines(source: str, content: str) -> Iterator[Line]:
    reader = csv.DictReader(io.StringIO(content), strict=True)
    if missing := {"code", "fr", "en"} - set(reader.fieldnames or ()):
        raise VocabularyError(f"{source}, line 1: missing columns {', '.join(sorted(missing))}")
    try:
        for cells in reader:
            if None in cells or None in cells.values():
                raise VocabularyError(f"{source}, line {reader.line_num}: not as many cells as the header")
            yield Line(source, reader.line_num, cells)
    except csv.Error as error:
        raise VocabularyError(f"{source}, line {reader.line_num}: {error}") from error
