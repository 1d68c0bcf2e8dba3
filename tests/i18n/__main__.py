"""`make messages`: both catalogues answer the sentences of the sources; what is left to translate is listed."""

from __future__ import annotations

import sys

import click
from babel.messages.catalog import Catalog

from tests.i18n.extraction import empty, forms, messages, po_file, sources, store, stored
from tests.i18n.french import set_in_type


def english(found: Catalog) -> list[str]:
    """The English catalogue keeps its translations, gains the new sentences, forgets the old; what is empty."""
    kept = stored("en") if po_file("en").exists() else Catalog("en")
    renewed = empty("en", "English")
    for message in messages(found):
        old = kept.get(message.id, message.context)
        same = old is not None and len(forms(old.id)) == len(
            forms(message.id)
        )  # a plural may have come or gone
        said = old.string if old is not None and same else None
        renewed.add(message.id, said, locations=message.locations, context=message.context)
    store(renewed)
    return [forms(one.id)[0] for one in messages(renewed) if not all(forms(one.string))]


def french(found: Catalog) -> None:
    """The French catalogue holds the plurals, and the sentences which typography changes."""
    renewed = empty("fr", "French")
    for message in messages(found):
        said = tuple(set_in_type(form) for form in forms(message.id))
        if len(said) > 1 or said[0] != message.id:
            text = said if len(said) > 1 else said[0]
            renewed.add(message.id, text, locations=message.locations, context=message.context)
    store(renewed)


def main() -> int:
    found = sources()
    french(found)
    missing = english(found)
    for sentence in missing:
        click.echo(f"To translate into English: {sentence}")
    click.echo(f"{len(messages(found))} sentences, {len(missing)} to translate.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
