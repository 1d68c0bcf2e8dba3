"""One line of a file, cell by cell: clean values, or problems that name line, column and value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from salon.keys import fold, name_key
from salon.services import import_words as words
from salon.services.import_columns import REQUIRED
from salon.services.import_reading import Line

LIMITS: Mapping[str, int] = {
    "first_name": 80, "last_name": 80, "organisation": 160, "job_title": 120, "town": 100, "pitch": 400,
    "offers": 2000, "needs": 2000,
}  # fmt: skip
_YES = {"oui", "o", "yes", "y", "x", "1", "vrai", "true"}
_NO = {"non", "n", "no", "0", "faux", "false"}
_LOCALES = {"fr": "fr", "francais": "fr", "french": "fr", "en": "en", "anglais": "en", "english": "en"}
_LA_POSTE = "356000000"  # its SIRETs do not follow the Luhn rule but a sum that divides by five


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot come in; `column` is the header as the file writes it, `code` chooses the words."""

    line: int
    column: str
    value: str
    code: str
    detail: str = ""


class BadCell(ValueError):
    """A cell that cannot be read; `code` says why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(slots=True)
class Parsed:
    """The values of one line by target key, empty cells left out, and what is wrong with it."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def parse(line: Line, header: Sequence[str], columns: Sequence[str]) -> Parsed:
    """Every mapped cell read; a required value that is missing is a problem too."""
    parsed = Parsed(line.number)
    names = dict(zip(columns, header, strict=False))
    for key, name, cell in zip(columns, header, line.cells, strict=False):
        if not key or not cell:
            continue
        try:
            parsed.values[key] = READERS[key](cell, key)
        except BadCell as bad:
            parsed.problems.append(Problem(line.number, name, cell[:80], bad.code, bad.detail))
        except words.UnknownWord as unknown:
            parsed.problems.append(
                Problem(line.number, name, unknown.word[:80], "unknown_word", unknown.near)
            )
    complained = {problem.column for problem in parsed.problems}
    for key in REQUIRED:
        if key not in parsed.values and names.get(key) not in complained:
            parsed.problems.append(Problem(line.number, names.get(key, ""), "", "empty"))
    return parsed


def _text(cell: str, key: str) -> str:
    text = " ".join(cell.split()) if key not in ("offers", "needs", "pitch") else cell
    if len(text) > LIMITS[key]:
        raise BadCell("too_long", str(LIMITS[key]))
    return text


def _organisation(cell: str, key: str) -> str:
    name = _text(cell, key)
    if not name_key(name):
        raise BadCell("no_letter")
    return name


def _email(cell: str, key: str) -> str:
    try:
        return validate_email(cell, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise BadCell("email") from error


def _phone(cell: str, key: str) -> str:
    digits = re.sub(r"\D", "", cell)
    if not re.fullmatch(r"\+?[\d\s./()-]+", cell) or not 6 <= len(digits) <= 15 or len(cell) > 40:
        raise BadCell("phone")
    return " ".join(cell.split())


def _locale(cell: str, key: str) -> str:
    if fold(cell) not in _LOCALES:
        raise BadCell("locale")
    return _LOCALES[fold(cell)]


def _yes_no(cell: str, key: str) -> bool:
    word = fold(cell)
    if word not in _YES | _NO:
        raise BadCell("yes_no")
    return word in _YES


def _meetings(cell: str, key: str) -> int:
    if not re.fullmatch(r"\d{1,2}", cell) or int(cell) == 0:
        raise BadCell("meetings")
    return int(cell)


def _siret(cell: str, key: str) -> str:
    digits = re.sub(r"[\s.]", "", cell)
    if not re.fullmatch(r"\d{14}", digits) or not _is_siret(digits):
        raise BadCell("siret")
    return digits


def _is_siret(digits: str) -> bool:
    if digits.startswith(_LA_POSTE) and sum(map(int, digits)) % 5 == 0:
        return True
    doubled = (int(d) * (2 - i % 2) for i, d in enumerate(digits))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _website(cell: str, key: str) -> str:
    address = cell if "://" in cell else f"https://{cell}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError as error:
        raise BadCell("website") from error
    wrong = parts.scheme not in {"http", "https"} or "." not in host or parts.username or len(address) > 300
    if wrong or any(c.isspace() or c in "\"'<>\\" for c in address):
        raise BadCell("website")
    return address


def _one_of(list_name: str) -> Callable[[str, str], str]:
    return lambda cell, key: words.code_of(list_name, cell)


def _some_of(list_name: str) -> Callable[[str, str], tuple[str, ...]]:
    return lambda cell, key: words.codes_of(list_name, cell)


READERS: Mapping[str, Callable[[str, str], Any]] = {
    "email": _email,
    "first_name": _text,
    "last_name": _text,
    "organisation": _organisation,
    "type": lambda cell, key: cell,  # the edition's own words: read by import_planning
    "job_title": _text,
    "phone": _phone,
    "locale": _locale,
    "languages": _some_of("languages"),
    "step_free": _yes_no,
    "access": _some_of("access_needs"),
    "max_meetings": _meetings,
    "kind": _one_of("kinds"),
    "legal_form": _one_of("legal_forms"),
    "siret": _siret,
    "department": lambda cell, key: words.department_of(cell),
    "town": _text,
    "size": _one_of("sizes"),
    "website": _website,
    "pitch": _text,
    "sectors": _some_of("sectors"),
    "networks": _some_of("networks"),
    "labels": _some_of("labels"),
    "prestas": _some_of("prestas"),
    "offers": _text,
    "needs": _text,
}
