"""The English catalogue answers every sentence of the sources, and nothing else."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from tests.i18n.checks import faults, foreign_typography
from tests.i18n.extraction import forms, messages, sources, stored
from tests.i18n.french import THIN, set_in_type


@pytest.fixture(scope="module")
def found() -> Catalog:
    return sources()


def test_english_is_complete(found: Catalog) -> None:
    assert len(messages(found)) > 2000
    assert faults(found, stored("en")) == []


def test_english_has_no_french_typography() -> None:
    assert foreign_typography(stored("en")) == []


def test_french_holds_what_typography_changes_and_every_plural(found: Catalog) -> None:
    kept = {(one.context, *forms(one.id)): tuple(forms(one.string)) for one in messages(stored("fr"))}
    wanted = {}
    for one in messages(found):
        said = tuple(set_in_type(form) for form in forms(one.id))
        if len(said) > 1 or said[0] != one.id:
            wanted[(one.context, *forms(one.id))] = said
    assert kept == wanted


@pytest.mark.parametrize(
    ("string", "fault"),
    [
        (None, "empty"),
        ("", "empty"),
        ("%(name)s came", ""),
        ("%(nom)s came", "placeholders"),
        ("somebody came", "placeholders"),
        ("%(name)s came by 3 %", "a bare %"),
    ],
)
def test_control_each_fault_is_noticed(string: str | None, fault: str) -> None:
    source, kept = Catalog("en"), Catalog("en")
    source.add("%(name)s est venu")
    kept.add("%(name)s est venu", string)
    assert [line.split(":")[0] for line in faults(source, kept)] == ([fault] if fault else [])


def test_control_what_the_compiler_would_refuse_is_noticed() -> None:
    source, kept = Catalog("en"), Catalog("en")
    source.add("environ 3 % de valeur")  # "% d" reads as a format
    kept.add("environ 3 % de valeur", "about 3% less value")
    assert [line.split(":")[0] for line in faults(source, kept)] == ["refused by the compiler"]


def test_control_missing_left_over_and_fuzzy_are_noticed() -> None:
    source, kept = Catalog("en"), Catalog("en")
    source.add("Bonjour")
    source.add("Bonsoir")
    kept.add("Bonsoir", "Good evening", flags=["fuzzy"])
    kept.add("Adieu", "Farewell")
    assert faults(source, kept) == ["fuzzy: Bonsoir", "left over: Adieu", "missing: Bonjour"]


def test_control_a_plural_without_its_second_form_is_noticed() -> None:
    source, kept = Catalog("en"), Catalog("en")
    source.add(("%(n)s table", "%(n)s tables"))
    kept.add(("%(n)s table", "%(n)s tables"), ("%(n)s table", ""))
    assert faults(source, kept) == ["empty: %(n)s table"]


@pytest.mark.parametrize("said", ["Why ?", "the « draft »", "people's", 'the "draft"', f"Why{THIN}?"])
def test_control_french_typography_is_noticed(said: str) -> None:
    kept = Catalog("en")
    kept.add("x", said)
    assert foreign_typography(kept) == [said]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Pourquoi ?", f"Pourquoi{THIN}?"),
        ("« Équipe » : 3", f"«{THIN}Équipe{THIN}»{THIN}: 3"),
        ("un écart de 3 % au plus", f"un écart de 3{THIN}% au plus"),
        ("les %(n)s personnes", "les %(n)s personnes"),
        ("20 000 lignes, 5 Mo", f"20{THIN}000 lignes, 5{THIN}Mo"),
        ("brouillon n° %(number)s", f"brouillon n°{THIN}%(number)s"),
        ("06 39 98 12 34", "06 39 98 12 34"),
        ("https://structure.fr", "https://structure.fr"),
    ],
)
def test_french_is_set_in_type(typed: str, printed: str) -> None:
    assert set_in_type(typed) == printed
