"""The grammar of a `.dzn` file: `name = value ;` where a value is a number, a set, a list or a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from scheduling.timetabling.tokens import END, BadTimetabling, Token, tokens

MOST_IN_A_RANGE = 100_000  # a range is spelt out in memory
Entry: TypeAlias = "Number | NumberSet"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Number:
    """A number and its line."""

    value: int
    line: int


@dataclass(frozen=True, slots=True)
class NumberSet:
    """`{1, 3..5}` and its line."""

    values: frozenset[int]
    line: int


@dataclass(frozen=True, slots=True)
class List:
    """`[1, {2}]` and its line."""

    entries: tuple[Entry, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """`[| 1, 2 | 3, 4 |]` and its line; no row is empty."""

    rows: tuple[tuple[Number, ...], ...]
    line: int


Value: TypeAlias = "Number | NumberSet | List | Table"


def parse(text: str) -> dict[str, Value]:
    """Every field of the file with its value. Raises BadTimetabling at the first word that fits nowhere."""
    return _Parser(text).fields()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._field = "text"
        self._next = next(self._tokens)

    def fields(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while self._next.kind != "end":
            name = self._take("name", "the name of a field")
            self._field = name.text
            if name.text in found:
                raise BadTimetabling(name.line, name.text, "is given twice")
            self._mark("=")
            found[name.text] = self._value()
            if self._next.kind != "end":
                self._mark(";")
            self._field = "text"
        return found

    def _value(self) -> Value:
        readers: dict[str, Callable[[], Value]] = {"[": self._list, "[|": self._table, "{": self._set}
        return readers.get(self._next.text, self._number)()

    def _entry(self) -> Entry:
        return self._set() if self._next.text == "{" else self._number()

    def _list(self) -> List:
        line = self._mark("[").line
        return List(self._until("]", self._entry), line)

    def _set(self) -> NumberSet:
        line = self._mark("{").line
        return NumberSet(frozenset().union(*self._until("}", self._range)), line)

    def _table(self) -> Table:
        line = self._mark("[|").line
        rows, row = list[tuple[Number, ...]](), list[Number]()
        while self._next.text not in ("|]", END):
            if self._next.text == "|":
                self._advance()
                rows, row = [*rows, tuple(row)], []
                continue
            row.append(self._number())
            if self._next.text not in ("|", "|]"):
                self._mark(",")
        self._mark("|]")
        return Table(tuple(one for one in (*rows, tuple(row)) if one), line)

    def _until(self, end: str, read: Callable[[], T]) -> tuple[T, ...]:
        found: list[T] = []
        while self._next.text not in (end, END):
            found.append(read())
            if self._next.text != end:
                self._mark(",", f"',' or '{end}'")
        self._mark(end)
        return tuple(found)

    def _range(self) -> frozenset[int]:
        first = self._number()
        if self._next.text != "..":
            return frozenset({first.value})
        self._advance()
        last = self._number()
        if last.value - first.value > MOST_IN_A_RANGE:
            raise BadTimetabling(first.line, self._field, f"{first.value}..{last.value} is too long")
        return frozenset(range(first.value, last.value + 1))

    def _number(self) -> Number:
        token = self._take("number", "a number")
        if len(token.text) > 9:
            raise BadTimetabling(token.line, self._field, f"{token.text[:12]}… is too large")
        return Number(int(token.text), token.line)

    def _mark(self, text: str, wanted: str | None = None) -> Token:
        if self._next.text != text:
            self._refuse(wanted or f"'{text}'")
        return self._advance()

    def _take(self, kind: str, wanted: str) -> Token:
        if self._next.kind != kind:
            self._refuse(wanted)
        return self._advance()

    def _refuse(self, wanted: str) -> None:
        raise BadTimetabling(self._next.line, self._field, f"expected {wanted}, found {self._next.text}")

    def _advance(self) -> Token:
        taken = self._next
        if taken.kind != "end":
            self._next = next(self._tokens)
        return taken
