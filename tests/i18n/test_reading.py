"""What a reader gets in each language: plurals, typography, dates, numbers, the words of the form library."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask_babel import gettext, ngettext
from wtforms import Form, StringField
from wtforms.validators import Length

from salon import i18n
from salon.shell.words import percent
from salon.web import SalonFlask

PERSON = ("%(num)s personne", "%(num)s personnes")


@pytest.mark.parametrize(
    ("locale", "number", "said"),
    [
        ("fr", 0, "0 personne"),
        ("fr", 1, "1 personne"),
        ("fr", 2, "2 personnes"),
        ("en", 0, "0 people"),
        ("en", 1, "1 person"),
        ("en", 2, "2 people"),
        ("fr", 1704, "1\u202f704 personnes"),
        ("en", 1704, "1,704 people"),
    ],
)
def test_plurals_count_as_the_language_does(app: SalonFlask, locale: str, number: int, said: str) -> None:
    with app.test_request_context(f"/?lang={locale}"):
        assert ngettext(*PERSON, number) == said


def test_control_without_a_catalogue_french_counts_wrongly(app: SalonFlask) -> None:
    with app.test_request_context("/?lang=fr"):
        assert ngettext("%(num)s mot inconnu", "%(num)s mots inconnus", 0) == "0 mots inconnus"


def test_french_typography_does_not_depend_on_the_typing(app: SalonFlask) -> None:
    with app.test_request_context("/?lang=fr"):
        assert gettext("Relancer ?") == "Relancer\u202f?"
    with app.test_request_context("/?lang=en"):
        assert gettext("Relancer ?") == "Run again?"


@pytest.mark.parametrize(
    ("headers", "query", "language"),
    [
        ({}, "", "fr"),
        ({"Accept-Language": "en-GB,en;q=0.9"}, "", "en"),
        ({"Accept-Language": "de"}, "", "fr"),
        ({"Accept-Language": "en"}, "?lang=fr", "fr"),
        ({"Accept-Language": "fr"}, "?lang=en", "en"),
        ({}, "?lang=de", "fr"),
    ],
)
def test_the_language_is_chosen(app: SalonFlask, headers: dict[str, str], query: str, language: str) -> None:
    with app.test_request_context("/" + query, headers=headers):
        assert i18n.locale_code() == language


def test_dates_and_hours_follow_the_language(app: SalonFlask) -> None:
    day = date(datetime.now(UTC).year, 3, 11)
    moment = datetime(2027, 3, 11, 9, 20, tzinfo=UTC)
    with app.test_request_context("/?lang=fr"):
        assert i18n.long_date(date(2031, 3, 11)) == "mardi 11 mars 2031"
        assert "mars" in i18n.long_date(day)
        assert str(day.year) not in i18n.long_date(day)
        assert i18n.long_date(date(2031, 3, 1)) == "samedi 1er mars 2031"
        assert i18n.short_date(date(2031, 3, 1)) == "1er mars"
        assert i18n.short_date(date(2031, 2, 24)) == "24 févr."
        assert i18n.clock(moment) == "09\u202fh\u202f20"
    with app.test_request_context("/?lang=en"):
        assert i18n.long_date(date(2031, 3, 11)) == "Tuesday 11 March 2031"
        assert i18n.short_date(date(2031, 2, 1)) == "1 Feb"
        assert i18n.clock(moment) == "9:20"


@pytest.mark.parametrize(
    ("locale", "whole", "fine"), [("fr", "95\u202f%", "0,02\u202f%"), ("en", "95%", "0.02%")]
)
def test_shares_follow_the_language(app: SalonFlask, locale: str, whole: str, fine: str) -> None:
    with app.test_request_context(f"/?lang={locale}"):
        assert (percent(0.95), percent(0.0002, 2)) == (whole, fine)


@pytest.mark.parametrize(("locale", "number"), [("fr", "1\u202f704"), ("en", "1,704")])
def test_numbers_follow_the_language(app: SalonFlask, locale: str, number: str) -> None:
    with app.test_request_context(f"/?lang={locale}"):
        assert app.jinja_env.from_string("{{ 1704|num }}").render() == number


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("fr", "Le champ ne peut pas contenir plus de 3 caractères."),
        ("en", "Field cannot be longer than 3 characters."),
    ],
)
def test_the_form_library_speaks_the_language(app: SalonFlask, locale: str, words: str) -> None:
    from salon.forms.base import SalonForm

    class Short(SalonForm):
        word = StringField(validators=[Length(max=3)])

    with app.test_request_context(f"/?lang={locale}", method="POST", data={"word": "longer"}):
        form = Short(meta={"csrf": False})
        assert not form.validate()
        assert list(form.word.errors) == [words]


def test_control_the_library_alone_speaks_english() -> None:
    class Short(Form):
        word = StringField(validators=[Length(max=3)])

    form = Short(data={"word": "longer"})
    assert not form.validate()
    assert list(form.word.errors) == ["Field cannot be longer than 3 characters."]
