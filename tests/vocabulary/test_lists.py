"""The packaged vocabulary: complete, coherent, worded in both languages, with its legal flags."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import FrozenInstanceError
from itertools import pairwise

import pytest

from salon import vocabulary


def by_code(code: str) -> vocabulary.Kind:
    return vocabulary.packaged().kind(code)


def test_territories_are_the_whole_of_france() -> None:
    departements = vocabulary.departements()
    assert len(vocabulary.regions()) == 18
    assert len(departements) == 101
    regions = Counter(d.region for d in departements)
    assert sum(regions[r.code] for r in vocabulary.regions()) == 101
    assert regions["84"] == 12 and regions["75"] == 12 and regions["76"] == 13 and regions["94"] == 2
    mainland = {f"{n:02d}" for n in range(1, 96)} - {"20"} | {"2A", "2B"}
    assert {d.code for d in departements} == mainland | {"971", "972", "973", "974", "976"}


@pytest.mark.parametrize(
    ("departement", "region"),
    [("44", "52"), ("56", "53"), ("2A", "94"), ("976", "06"), ("75", "11"), ("59", "32"), ("42", "84")],
)
def test_departements_lie_in_their_region(departement: str, region: str) -> None:
    assert vocabulary.packaged().region_of(departement) == region


def test_twenty_sector_groups_each_with_trades_and_another() -> None:
    book = vocabulary.packaged()
    assert len(book.sector_groups) == 20
    for group in book.sector_groups:
        codes = [sector.code for sector in book.sectors_of(group.code)]
        assert 4 <= len(codes) <= 9  # three to eight trades, and the "other" one
        assert codes[-1] == f"{group.code}_autre"


@pytest.mark.parametrize("name", vocabulary.LIST_NAMES)
def test_codes_are_unique_and_words_are_distinct(name: str) -> None:
    terms = vocabulary.packaged().terms(name)
    assert (
        len({t.code for t in terms}) == len({t.fr for t in terms}) == len({t.en for t in terms}) == len(terms)
    )
    assert all(re.fullmatch(r"[a-z0-9_]+|2[AB]", t.code) for t in terms)


@pytest.mark.parametrize("name", vocabulary.LIST_NAMES)
def test_french_words_have_french_typography(name: str) -> None:
    for term in vocabulary.packaged().terms(name):
        assert "'" not in term.fr + term.en  # the typographic apostrophe only
        assert not re.search(r"\d \d| [;:!?%]|\d €", term.fr), term.fr  # narrow no-break spaces


def test_reserved_markets_and_social_clauses_follow_the_code() -> None:
    articles = {k.code: k.reserved_article for k in vocabulary.kinds() if k.reserved_any_service}
    assert articles == {
        **dict.fromkeys(("ei", "ai", "aci", "etti", "eiti"), "L2113-13"),
        "sep": "L2113-13-1",
        **dict.fromkeys(("ea", "esat"), "L2113-12"),
    }
    clauses = {k.code for k in vocabulary.kinds() if k.social_clause}
    assert clauses == {"ei", "aci", "ai", "etti", "ea", "eatt", "esat"}


def test_wider_ess_is_reservable_for_some_services_only_and_buyers_never() -> None:
    for kind in vocabulary.kinds():
        wider = kind.family == "wider_ess"
        assert (kind.reserved_article == "L2113-15") == wider, kind.code
        assert (kind.reserved_scope == "health_social_culture") == wider, kind.code
        if kind.family not in vocabulary.SUPPLIER_FAMILIES:
            assert kind.reserved_article == "" and not kind.social_clause


def test_every_family_has_kinds() -> None:
    assert {kind.family for kind in vocabulary.kinds()} == set(vocabulary.FAMILIES)


@pytest.mark.parametrize("name", ["amounts", "sizes"])
def test_brackets_follow_each_other_without_hole_or_overlap(name: str) -> None:
    amounts = [(a.eur_min, a.eur_max) for a in vocabulary.amounts()]
    sizes = [(s.headcount_min, s.headcount_max) for s in vocabulary.sizes()]
    bounds, step = (amounts, 0) if name == "amounts" else (sizes, 1)
    assert bounds[0][0] == (0 if name == "amounts" else 1)
    assert bounds[-1][1] is None
    for (_, high), (low, _) in pairwise(bounds):
        assert high is not None and low == high + step


def test_access_needs_name_a_need_and_what_serves_it() -> None:
    served = {need.code: need.resource for need in vocabulary.access_needs()}
    assert served == {
        "step_free": "table",
        "interpreter_lsf": "interpreter",
        "interpreter_language": "interpreter",
    }


def test_labels_and_choices_in_both_languages() -> None:
    assert vocabulary.label("regions", "53") == "Bretagne"
    assert vocabulary.label("regions", "53", "en") == "Brittany"
    assert (
        vocabulary.label("regions", "53", "en_GB") == vocabulary.label("regions", "53", "en-US") == "Brittany"
    )
    assert ("step_free", "Step-free table") in vocabulary.choices("access_needs", "en")
    assert vocabulary.choices("departements")[0] == ("01", "Ain")
    groups = dict(vocabulary.packaged().grouped_sectors("en"))
    assert ("traiteur", "Caterer and buffets") in groups["Catering"]


def test_unknown_code_list_or_locale_is_named() -> None:
    with pytest.raises(vocabulary.UnknownCode, match=r"'licorne'.*'kinds'"):
        vocabulary.label("kinds", "licorne")
    with pytest.raises(vocabulary.UnknownList, match=r"'kind'; the lists are kinds, "):
        vocabulary.choices("kind")
    with pytest.raises(vocabulary.UnknownLocale, match="'de'"):
        vocabulary.label("kinds", "esat", "de")
    with pytest.raises(vocabulary.UnknownCode):
        vocabulary.packaged().sectors_of("traiteur")  # a sector, not a group
    assert not vocabulary.packaged().has("kinds", "licorne")


def test_terms_and_book_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        by_code("esat").fr = "x"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        vocabulary.packaged().kinds = ()  # type: ignore[misc]
