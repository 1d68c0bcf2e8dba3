"""The words of a `.dzn` file, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scheduling.io import BadInput

END = "end of the file"
_PATTERN = re.compile(
    r"(?P<blank>[ \t\r\n\f\ufeff]+|%[^\n]*|/\*.*?\*/)"
    r"|(?P<number>-?[0-9]+(?![0-9A-Za-z_]|\.[0-9]))"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<mark>\[\||\|\]|\.\.|[=;,{}\[\]|])",
    re.DOTALL | re.ASCII,
)


class BadTimetabling(BadInput):
    """A `.dzn` file that is not an instance; the message is one line with the line number and the field."""

    def __init__(self, line: int, field: str, trouble: str) -> None:
        super().__init__(f"line {line}: {field}: {trouble}")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: `kind` is number, name, mark or end."""

    kind: str
    text: str
    line: int


def tokens(text: str) -> Iterator[Token]:
    """The words in order, the last one the end. Raises BadTimetabling at a character outside the format."""
    position, line = 0, 1
    while position < len(text):
        match = _PATTERN.match(text, position)
        if match is None:
            raise BadTimetabling(line, "text", f"unexpected {text[position:].split()[0][:20]!r}")
        if match.lastgroup != "blank":
            yield Token(str(match.lastgroup), match.group(), line)
        line += match.group().count("\n")
        position = match.end()
    yield Token("end", END, line)
