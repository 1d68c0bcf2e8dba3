"""Printed documents speak from the same catalogues."""

from __future__ import annotations

from pathlib import Path

import pytest

from exports.document import environment
from exports.worker import Setup
from salon import rendering
from salon.resources import template_dir
from salon.web import SalonFlask
from tests.i18n.extraction import TRANSLATIONS, messages, stored

DOCUMENT = ("%(n)s rendez-vous.", "%(n)s rendez-vous.")


def setup(locale: str, compiled: Path | None) -> Setup:
    return Setup(template_dir(), Path(), locale, compiled)


@pytest.mark.parametrize(
    ("locale", "said"), [("fr", "Liste à l’entrée"), ("en", "Door list"), ("en-GB", "Door list")]
)
def test_a_document_speaks_its_language(compiled: Path, locale: str, said: str) -> None:
    words = setup(locale, compiled).translations()
    assert words.gettext("Liste à l’entrée") == said
    env = environment(template_dir(), locale=locale, translations=words)
    assert env.from_string('{{ _("Liste à l’entrée") }}').render() == said


def test_a_document_counts_as_its_language_does(compiled: Path) -> None:
    english = setup("en", compiled).translations()
    assert [english.ngettext(*DOCUMENT, n) for n in (0, 1)] == ["%(n)s meetings.", "%(n)s meeting."]
    french = setup("fr", compiled).translations()
    assert french.ngettext("%(num)s table", "%(num)s tables", 0) == "%(num)s table"


def test_control_without_catalogues_a_document_is_french() -> None:
    assert setup("en", None).translations().gettext("Liste à l’entrée") == "Liste à l’entrée"


def test_the_application_hands_over_its_own_catalogues(app: SalonFlask) -> None:
    with app.app_context():
        handed = rendering.setup(app, "en")
    assert handed.translations_dir == TRANSLATIONS


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_no_printed_sentence_holds_a_bare_percent(locale: str) -> None:
    """Templates of documents always format: a lone % would break the sheet, here or in translation."""
    printed = [
        one
        for one in messages(stored(locale))
        if any(file.startswith("templates/pdf/") for file, _line in one.locations)
    ]
    assert printed
    for one in printed:
        for form in one.string if isinstance(one.string, tuple) else (one.string,):
            assert "%" not in form.replace("%%", "").replace("%(", ""), form
