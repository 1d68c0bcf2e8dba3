"""The words of the French social economy as data: structure kinds, sectors, networks, territories.

``vocabulary.kinds()``, ``vocabulary.label("kinds", "esat", "en")`` and ``vocabulary.choices("sectors")`` read
the packaged lists; an installation with its own holds the `Vocabulary` that ``load(folder)`` returns.
"""

from __future__ import annotations

from functools import cache

from salon.vocabulary.book import LIST_NAMES, Vocabulary
from salon.vocabulary.errors import UnknownCode, UnknownList, UnknownLocale, VocabularyError
from salon.vocabulary.loading import load
from salon.vocabulary.terms import (
    BUYER_FAMILIES,
    FAMILIES,
    SUPPLIER_FAMILIES,
    AccessNeed,
    Amount,
    Departement,
    Family,
    Kind,
    Label,
    Language,
    Sector,
    Size,
    Term,
)


@cache
def packaged() -> Vocabulary:
    """The vocabulary shipped with Salon, read once."""
    return load()


def kinds() -> tuple[Kind, ...]:
    return packaged().kinds


def legal_forms() -> tuple[Term, ...]:
    return packaged().legal_forms


def prestas() -> tuple[Term, ...]:
    return packaged().prestas


def sector_groups() -> tuple[Term, ...]:
    return packaged().sector_groups


def sectors() -> tuple[Sector, ...]:
    return packaged().sectors


def networks() -> tuple[Term, ...]:
    return packaged().networks


def labels() -> tuple[Label, ...]:
    return packaged().labels


def regions() -> tuple[Term, ...]:
    return packaged().regions


def departements() -> tuple[Departement, ...]:
    return packaged().departements


def sizes() -> tuple[Size, ...]:
    return packaged().sizes


def languages() -> tuple[Language, ...]:
    return packaged().languages


def amounts() -> tuple[Amount, ...]:
    return packaged().amounts


def access_needs() -> tuple[AccessNeed, ...]:
    return packaged().access_needs


def label(list_name: str, code: str, locale: str = "fr") -> str:
    """The words of a packaged code; raises `UnknownList`, `UnknownCode` or `UnknownLocale`."""
    return packaged().label(list_name, code, locale)


def choices(list_name: str, locale: str = "fr") -> list[tuple[str, str]]:
    """``(code, words)`` pairs of a packaged list for a select field."""
    return packaged().choices(list_name, locale)


__all__ = [
    "BUYER_FAMILIES",
    "FAMILIES",
    "LIST_NAMES",
    "SUPPLIER_FAMILIES",
    "AccessNeed",
    "Amount",
    "Departement",
    "Family",
    "Kind",
    "Label",
    "Language",
    "Sector",
    "Size",
    "Term",
    "UnknownCode",
    "UnknownList",
    "UnknownLocale",
    "Vocabulary",
    "VocabularyError",
    "access_needs",
    "amounts",
    "choices",
    "departements",
    "kinds",
    "label",
    "labels",
    "languages",
    "legal_forms",
    "load",
    "networks",
    "packaged",
    "prestas",
    "regions",
    "sector_groups",
    "sectors",
    "sizes",
]
