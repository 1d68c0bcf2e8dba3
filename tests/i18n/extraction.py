"""The sentences of the sources, as gettext finds them, and the catalogues that answer them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "salon" / "translations"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
FOREIGN = frozenset({"instance", "tests", "dist", "build"})  # nothing of ours to translate, much to walk
HEAD = """\
# Salon, {language} words.
# Made by `make messages` from the French sentences of the sources.
"""


def sources() -> Catalog:
    """Every sentence that the sources mark for translation."""
    with (TRANSLATIONS / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = Catalog()
    for file, _line, ident, _comments, context in extract_from_dir(
        ROOT, methods, options, KEYWORDS, directory_filter=_ours
    ):
        found.add(ident, locations=[(Path(file).as_posix(), 0)], context=context)
    return found


def _ours(folder: str) -> bool:
    name = Path(folder).name
    return not name.startswith(".") and name not in FOREIGN


def messages(catalogue: Iterable[Message]) -> list[Message]:
    """The entries of a catalogue without its head."""
    return [message for message in catalogue if message.id]


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """Singular and plural, or the only form."""
    return [text or ""] if isinstance(text, str) or text is None else [each or "" for each in text]


def po_file(locale: str) -> Path:
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


def stored(locale: str) -> Catalog:
    """The committed catalogue of a language."""
    with po_file(locale).open("rb") as file:
        return read_po(file, locale=locale)


def empty(locale: str, language: str) -> Catalog:
    """A catalogue whose head does not change from one day to the next."""
    born = datetime(2026, 11, 23, tzinfo=UTC)
    return Catalog(
        locale,
        project="Salon",
        version="1",
        header_comment=HEAD.format(language=language).rstrip(),
        creation_date=born,
        revision_date=born,
        last_translator="Salon",
        language_team="Salon",
        copyright_holder="Salon",
        msgid_bugs_address="",
        fuzzy=False,
    )


def store(catalogue: Catalog) -> None:
    """Written one entry a line, with the file where each is used."""
    path = po_file(str(catalogue.locale))
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = BytesIO()
    write_po(whole, catalogue, width=0, include_lineno=False)
    path.write_bytes(whole.getvalue())  # at once: a fault above must not cut the file
