"""From CSV files to a `Vocabulary`: the packaged ones, or an installation's own where it has put some."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from salon.vocabulary.book import LIST_NAMES, Vocabulary
from salon.vocabulary.errors import VocabularyError
from salon.vocabulary.reading import Line, read_terms
from salon.vocabulary.terms import (
    FAMILIES,
    RESERVED_SCOPES,
    RESOURCES,
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


def load(override: Path | None = None) -> Vocabulary:
    """The vocabulary of an installation.

    A file of ``override`` (``sectors.csv``, ``networks.csv``…) replaces the packaged list of that name whole.
    To withdraw a code already in use, keep its line with ``retired`` = ``yes``: its label stays readable.

    Raises
    ------
    VocabularyError
        When the folder is missing, a file of it has an unknown name or bad content, or lists disagree.
    """
    files = _override_files(override)

    def read(name: str, build: Callable[[Line], TermT]) -> tuple[TermT, ...]:
        path = files.get(name)
        content = _decode(path) if path else _packaged(name)
        return read_terms(str(path or f"{name}.csv"), content, build)

    return Vocabulary(
        kinds=read("kinds", _kind),
        legal_forms=read("legal_forms", _term),
        prestas=read("prestas", _term),
        sector_groups=read("sector_groups", _term),
        sectors=read("sectors", _sector),
        networks=read("networks", _term),
        labels=read("labels", _label),
        regions=read("regions", _term),
        departements=read("departements", _departement),
        sizes=read("sizes", _size),
        languages=read("languages", _language),
        amounts=read("amounts", _amount),
        access_needs=read("access_needs", _access_need),
    )


def _override_files(folder: Path | None) -> dict[str, Path]:
    if folder is None:
        return {}
    if not folder.is_dir():
        raise VocabularyError(f"{folder}: no such folder")
    files = {path.stem: path for path in sorted(folder.glob("*.csv"))}
    if strangers := files.keys() - set(LIST_NAMES):
        raise VocabularyError(f"{folder}: no vocabulary list is named {', '.join(sorted(strangers))}")
    return files


def _decode(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # Excel writes the mark
    except UnicodeDecodeError as error:
        raise VocabularyError(f"{path}: not UTF-8 text") from error


def _packaged(name: str) -> str:
    return (resources.files("salon.vocabulary") / "data" / f"{name}.csv").read_text(encoding="utf-8")


def _named(line: Line) -> dict[str, Any]:
    """What every list says of each of its terms."""
    return {
        "code": line.code("code"),
        "fr": line.text("fr"),
        "en": line.text("en"),
        "retired": line.flag("retired"),
    }


def _term(line: Line) -> Term:
    return Term(**_named(line))


def _kind(line: Line) -> Kind:
    article, scope = line.optional("reserved_article"), line.one_of("reserved_scope", RESERVED_SCOPES)
    if bool(article) != bool(scope):
        raise line.fail("reserved_scope", "an article needs a scope, and a scope an article")
    return Kind(
        **_named(line),
        short=line.text("short"),
        family=line.one_of("family", FAMILIES),
        reserved_article=article,
        reserved_scope=scope,
        social_clause=line.flag("social_clause"),
    )


def _sector(line: Line) -> Sector:
    return Sector(
        **_named(line),
        group=line.code("group"),
    )


def _label(line: Line) -> Label:
    return Label(
        **_named(line),
        official=line.flag("official"),
    )


def _departement(line: Line) -> Departement:
    return Departement(
        **_named(line),
        region=line.code("region"),
    )


def _size(line: Line) -> Size:
    low, high = _bounds(line)
    return Size(
        **_named(line),
        headcount_min=low,
        headcount_max=high,
    )


def _amount(line: Line) -> Amount:
    low, high = _bounds(line)
    return Amount(
        **_named(line),
        eur_min=low,
        eur_max=high,
    )


def _bounds(line: Line) -> tuple[int, int | None]:
    low, high = line.whole("min"), line.number_or_none("max")
    if high is not None and high <= low:
        raise line.fail("max", f"{high} is not above {low}")
    return low, high


def _language(line: Line) -> Language:
    return Language(
        **_named(line),
        own_name=line.text("own_name"),
    )


def _access_need(line: Line) -> AccessNeed:
    return AccessNeed(
        **_named(line),
        resource=line.one_of("resource", RESOURCES),
    )
