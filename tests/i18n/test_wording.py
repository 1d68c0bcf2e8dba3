"""Every state, every refusal and every other enumerated thing has its words, in both languages."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from flask_babel import force_locale

import salon
from salon import vocabulary, wording
from salon.web import SalonFlask

RAISED = frozenset({"DomainError", "Invalid", "NotAllowed", "TooMany", "describe"})
PARTIAL = frozenset({"messages._KIND"})  # tables for some members only: the messages sent by hand
SILENT = {("plan_words.RUN_ERRORS", "")}  # a run that went well has nothing to say


def tables() -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """The tables of words of `salon.wording`, by name."""
    for info in pkgutil.iter_modules(wording.__path__):
        module = importlib.import_module(f"salon.wording.{info.name}")
        for name, value in vars(module).items():
            if isinstance(value, Mapping) and value and not name.startswith("__"):
                yield f"{info.name}.{name}", value


def phrases(value: object) -> Iterator[Callable[[], object]]:
    """The words in an entry which need no detail."""
    if isinstance(value, tuple | list):
        for one in value:
            yield from phrases(one)
    elif inspect.isfunction(value) and not inspect.signature(value).parameters:
        yield value


def forgotten(table: Mapping[Any, Any]) -> set[Enum]:
    """The members of an enumeration that a table keyed by it leaves without words."""
    kinds = {type(key) for key in table}
    if len(kinds) != 1 or not issubclass(kind := kinds.pop(), Enum):
        return set()
    return set(kind) - set(table)


def test_no_member_of_an_enumeration_is_without_words() -> None:
    found = {name: forgotten(table) for name, table in tables() if name not in PARTIAL}
    assert sum(isinstance(next(iter(table)), Enum) for _name, table in tables()) >= 8
    assert {name: left for name, left in found.items() if left} == {}


def test_control_a_forgotten_member_is_noticed() -> None:
    from salon.enums import WishLevel

    assert forgotten({WishLevel.MUST: "x"}) == set(WishLevel) - {WishLevel.MUST}


def test_words_exist_and_differ_between_languages(app: SalonFlask) -> None:
    spoken = []
    with app.test_request_context("/"):
        for name, table in tables():
            for key, value in table.items():
                for phrase in phrases(value):
                    with force_locale("fr"):
                        french = str(phrase())
                    with force_locale("en"):
                        english = str(phrase())
                    assert (french and english) or (name, key) in SILENT, (name, key)
                    spoken.append(french != english)
    assert len(spoken) > 150
    assert sum(spoken) > len(spoken) * 0.9  # "Message" is the same in both; few are


def codes(source: str) -> set[str]:
    """The codes of refusals that a module writes out."""
    return {
        call.args[0].value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in RAISED
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_every_refusal_has_its_sentence() -> None:
    files = sorted(Path(salon.__file__).parent.rglob("*.py"))
    raised = {code: file.name for file in files for code in codes(file.read_text())}
    assert len(raised) > 100
    assert {code: name for code, name in raised.items() if code not in wording.MESSAGES} == {}


def test_control_a_code_is_read() -> None:
    assert codes('raise Invalid("planted_code", field="x")') == {"planted_code"}


@pytest.mark.parametrize("name", vocabulary.LIST_NAMES)
def test_the_vocabulary_has_words_in_both_languages(name: str) -> None:
    for term in vocabulary.packaged().terms(name):
        for locale in ("fr", "en"):
            assert vocabulary.label(name, term.code, locale).strip()
