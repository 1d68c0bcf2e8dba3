"""Choosing among the structures of a catalogue: words without accents, facets with counts, order; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from salon import vocabulary
from salon.enums import TermKind
from salon.keys import fold
from salon.queries.catalogue import Directory, Firm

SORTS = ("relevance", "name", "place")
CHOSEN = ("yes", "no")
FACETS = ("type", "kind", "sector", "network", "region", "reserved", "chosen")
_SHORTEST_STEM = 4  # letters under which a final s is part of the word


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for; an empty facet asks nothing. `sector` holds sector groups, `region` INSEE codes."""

    q: str = ""
    type: frozenset[str] = frozenset()
    kind: frozenset[str] = frozenset()
    sector: frozenset[str] = frozenset()
    network: frozenset[str] = frozenset()
    region: frozenset[str] = frozenset()
    reserved: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()
    sort: str = "relevance"
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Whether any filter is set."""
        return bool(self.q) or any(getattr(self, name) for name in FACETS)

    def cleared(self) -> Filters:
        """Only the order is kept."""
        return Filters(sort=self.sort)

    def without(self, name: str) -> Filters:
        """The same less one facet, or less the words."""
        emptied: dict[str, Any] = {name: "" if name == "q" else frozenset()}
        return replace(self, page=1, **emptied)


@dataclass(frozen=True, slots=True)
class Found:
    """The structures that pass, in order, and for each facet how many would pass with each of its values."""

    firms: tuple[Firm, ...]
    counts: Mapping[str, Mapping[str, int]]


def search(directory: Directory, filters: Filters, chosen: Collection[int]) -> Found:
    """A structure counts for a facet when it passes all the others: the number is what one press gives."""
    words = query_words(filters.q)
    passing: list[Firm] = []
    counts: dict[str, dict[str, int]] = {name: defaultdict(int) for name in FACETS}
    wanted = {name: getattr(filters, name) for name in FACETS}
    for firm in directory.firms:
        if words and not _says(firm, words):
            continue
        values = facet_values(firm, chosen)
        failed = [name for name in FACETS if wanted[name] and wanted[name].isdisjoint(values[name])]
        if not failed:
            passing.append(firm)
        for name in FACETS if not failed else failed if len(failed) == 1 else ():
            tally = counts[name]
            for value in values[name]:
                tally[value] += 1
    return Found(tuple(_sorted(passing, directory, filters.sort, words)), counts)


def facet_values(firm: Firm, chosen: Collection[int]) -> dict[str, tuple[str, ...]]:
    """Under which values of each facet a structure is found."""
    own = _values(firm.types, firm.kind, firm.department, tuple(firm.terms.items()))
    return {**own, "chosen": ("yes",) if firm.id in chosen else ("no",)}


@lru_cache(maxsize=8192)
def _values(
    types: tuple[int, ...],
    kind: str,
    department: str,
    terms: tuple[tuple[TermKind, tuple[str, ...]], ...],
) -> dict[str, tuple[str, ...]]:
    """Kept between requests: the same facts always give the same values."""
    known, own = _group_of_sector(), dict(terms)
    sectors = (*own.get(TermKind.SECTOR, ()), *own.get(TermKind.OFFERED_SECTOR, ()))
    return {
        "type": tuple(str(one) for one in types),
        "kind": (kind,) if kind else (),
        "sector": tuple(dict.fromkeys(known[code] for code in sectors if code in known)),
        "network": own.get(TermKind.NETWORK, ()),
        "region": _region(department),
        "reserved": ("yes",) if is_reserved(kind) else (),
    }


@lru_cache(maxsize=1)
def _group_of_sector() -> dict[str, str]:
    return {sector.code: sector.group for sector in vocabulary.sectors()}


@lru_cache(maxsize=256)
def _region(department: str) -> tuple[str, ...]:
    return tuple(one.region for one in vocabulary.departements() if one.code == department)


@lru_cache(maxsize=256)
def is_reserved(kind: str) -> bool:
    """Whether contracts may be reserved to this kind, whatever the service."""
    return any(one.reserved_any_service for one in vocabulary.kinds() if one.code == kind)


# Words ------------------------------------------------------------------------------------------------------


def query_words(q: str) -> tuple[str, ...]:
    """Starts of words to find, each after a blank, folded; « traiteurs » also finds « traiteur »."""
    return tuple(f" {_stem(word)}" for word in fold(q).split())


def _stem(word: str) -> str:
    return word[:-1] if len(word) > _SHORTEST_STEM and word.endswith("s") else word


def _says(firm: Firm, words: Iterable[str]) -> bool:
    texts = (firm.name, firm.town, firm.pitch, firm.offers, firm.needs)
    text = _haystack(texts, firm.kind, firm.department, tuple(firm.terms.items()))
    return all(word in text for word in words)


@lru_cache(maxsize=8192)
def _haystack(
    texts: tuple[str, ...], kind: str, department: str, terms: tuple[tuple[TermKind, tuple[str, ...]], ...]
) -> str:
    """Everything that a structure says of itself, folded; starts of words follow a blank."""
    codes = [("kinds", kind), ("departements", department)]
    lists = {TermKind.NETWORK: "networks", TermKind.LABEL: "labels"}
    for name, own in terms:
        codes += [(lists.get(name, "sectors"), code) for code in own]
    said = [_folded(text) for text in texts if text]
    return " " + " ".join(said + [_term(name, code) for name, code in codes if code])


@lru_cache(maxsize=16_384)
def _folded(text: str) -> str:
    return fold(text)


@lru_cache(maxsize=4096)
def _term(list_name: str, code: str) -> str:
    try:
        words = [vocabulary.label(list_name, code, locale) for locale in ("fr", "en")]
    except vocabulary.UnknownCode:
        words = []
    return fold(" ".join([*words, code]))


# Order ------------------------------------------------------------------------------------------------------


def answers(firm: Firm, directory: Directory) -> tuple[frozenset[str], frozenset[str]]:
    """Sectors that it offers and the reader seeks; sectors that it seeks and the reader offers."""
    offers = firm.terms.get(TermKind.OFFERED_SECTOR) or firm.terms.get(TermKind.SECTOR, ())
    return directory.needed.intersection(offers), directory.offered.intersection(
        firm.terms.get(TermKind.NEEDED_SECTOR, ())
    )


def _sorted(firms: list[Firm], directory: Directory, sort: str, words: Collection[str]) -> list[Firm]:
    if sort == "place":
        return sorted(firms, key=lambda firm: (_place_key(firm), firm.name_key, firm.id))
    if sort == "name":
        return sorted(firms, key=lambda firm: (firm.name_key, firm.id))
    key = _relevance(directory, words)
    return sorted(firms, key=lambda firm: (-key(firm), firm.name_key, firm.id))


def _place_key(firm: Firm) -> tuple[bool, str, str]:
    return (not firm.department, firm.department, _folded(firm.town))


def _relevance(directory: Directory, words: Collection[str]) -> Callable[[Firm], int]:
    """A word in the name counts most; then what answers a need, then what needs one's offer."""

    def score(firm: Firm) -> int:
        name = f" {_folded(firm.name)}"
        sought, seeking = answers(firm, directory)
        return 8 * sum(word in name for word in words) + 3 * bool(sought) + 2 * bool(seeking)

    return score
