"""The whole vocabulary of one installation, frozen, and the checks between its lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TypeVar

from salon.vocabulary.errors import UnknownCode, UnknownList, UnknownLocale, VocabularyError
from salon.vocabulary.terms import (
    AccessNeed,
    Amount,
    Departement,
    Kind,
    Label,
    Language,
    Sector,
    Size,
    Term,
)

TermT = TypeVar("TermT", bound=Term)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every list in the order shown on screen; one that exists is complete and coherent."""

    kinds: tuple[Kind, ...]
    legal_forms: tuple[Term, ...]
    prestas: tuple[Term, ...]
    sector_groups: tuple[Term, ...]
    sectors: tuple[Sector, ...]
    networks: tuple[Term, ...]
    labels: tuple[Label, ...]
    regions: tuple[Term, ...]
    departements: tuple[Departement, ...]
    sizes: tuple[Size, ...]
    languages: tuple[Language, ...]
    amounts: tuple[Amount, ...]
    access_needs: tuple[AccessNeed, ...]
    _index: Mapping[str, Mapping[str, Term]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index = {
            name: MappingProxyType({term.code: term for term in getattr(self, name)}) for name in LIST_NAMES
        }
        object.__setattr__(self, "_index", MappingProxyType(index))
        _refer(self.sectors, "group", self._index["sector_groups"])
        _refer(self.departements, "region", self._index["regions"])
        for group in self.sector_groups:
            if not any(sector.group == group.code for sector in self.sectors):
                raise VocabularyError(f"sectors: no sector in the group {group.code!r}")

    def terms(self, list_name: str) -> tuple[Term, ...]:
        """All terms of a list, retired ones included, in screen order."""
        return tuple(self._terms_by_code(list_name).values())

    def term(self, list_name: str, code: str) -> Term:
        """The term of this code; raises `UnknownCode` or `UnknownList`."""
        try:
            return self._terms_by_code(list_name)[code]
        except KeyError:
            raise UnknownCode(list_name, code) from None

    def has(self, list_name: str, code: str) -> bool:
        return code in self._terms_by_code(list_name)

    def label(self, list_name: str, code: str, locale: str = "fr") -> str:
        """The words of a code; "fr_FR" and "en-GB" are read as fr and en."""
        return _words(self.term(list_name, code), locale)

    def choices(self, list_name: str, locale: str = "fr") -> list[tuple[str, str]]:
        """``(code, words)`` pairs for a select field, retired terms left out."""
        return [(t.code, _words(t, locale)) for t in self.terms(list_name) if not t.retired]

    def kind(self, code: str) -> Kind:
        """The structure kind of this code, with its legal flags."""
        return _typed(self.term("kinds", code), Kind)

    def amount(self, code: str) -> Amount:
        """The amount bracket of this code, with its bounds in euros."""
        return _typed(self.term("amounts", code), Amount)

    def group_of(self, sector_code: str) -> str:
        """The code of the group this sector belongs to."""
        return _typed(self.term("sectors", sector_code), Sector).group

    def region_of(self, departement_code: str) -> str:
        """The INSEE code of the region of this département."""
        return _typed(self.term("departements", departement_code), Departement).region

    def sectors_of(self, group_code: str) -> tuple[Sector, ...]:
        """The sectors of a group, in screen order; raises `UnknownCode` for an unknown group."""
        self.term("sector_groups", group_code)
        return tuple(sector for sector in self.sectors if sector.group == group_code)

    def grouped_sectors(self, locale: str = "fr") -> list[tuple[str, list[tuple[str, str]]]]:
        """``(group words, choices)`` pairs, the shape of a select with option groups."""
        return [
            (
                _words(group, locale),
                [(s.code, _words(s, locale)) for s in self.sectors_of(group.code) if not s.retired],
            )
            for group in self.sector_groups
            if not group.retired
        ]

    def _terms_by_code(self, list_name: str) -> Mapping[str, Term]:
        try:
            return self._index[list_name]
        except KeyError:
            raise UnknownList(list_name, LIST_NAMES) from None


LIST_NAMES: tuple[str, ...] = tuple(f.name for f in fields(Vocabulary) if f.init)


def _words(term: Term, locale: str) -> str:
    language = locale.replace("-", "_").partition("_")[0]
    if language == "fr":
        return term.fr
    if language == "en":
        return term.en
    raise UnknownLocale(locale)


def _refer(terms: tuple[Term, ...], attribute: str, targets: Mapping[str, Term]) -> None:
    for term in terms:
        if getattr(term, attribute) not in targets:
            raise VocabularyError(
                f"{term.code!r}: its {attribute} {getattr(term, attribute)!r} does not exist"
            )


def _typed(term: Term, shape: type[TermT]) -> TermT:
    if not isinstance(term, shape):
        raise TypeError(f"{term.code!r} is a {type(term).__name__}, not a {shape.__name__}")
    return term
