"""Cleaning, measuring and breaking hostile text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from exports import colours
from exports.fonts import FontSet
from exports.text import clean, file_name, natural_key, one_line, sort_key

HOSTILE = (
    "Claire\r\nBcc: x@y.example",
    "a\x00b\x1bc\x7fd\x85e",
    "nom \u202etxet desrever\u202c",
    "\ufeff\ud800lone",
    "👩🏽‍🔧 Élodie 🎉",
    "שלום עולם",
    "مرحبا بالعالم",
    "<script>alert(1)</script><img src=http://evil.example/x>",
    "W" * 300,
    "e\u0301" * 60,
    "",
    " \t\n ",
    "{{ 7*7 }}{% raw %}",
    "&lt;b&gt;&#x41;",
)


@pytest.mark.parametrize("value", HOSTILE)
def test_one_line_is_one_printable_line(value: str) -> None:
    flat = one_line(value)
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 for c in flat)
    assert "\u202e" not in flat and len(flat) <= 300
    flat.encode("utf-8")


def test_cleaning_control() -> None:
    """Negative control: clean really removes, and only what it must."""
    assert clean("a\x00b\u202ec") == "abc"
    assert clean("Élodie, 300 m² – « oui »") == "Élodie, 300 m² – « oui »"
    assert type(clean(Markup("<b>\x00</b>"))) is Markup


def test_french_blanks_survive() -> None:
    assert one_line("1\u202f704\u00a0€  net") == "1\u202f704\u00a0€ net"


def test_sorting_and_names() -> None:
    assert sorted(["Zoé", "éluard", "Etienne", "Évrard"], key=sort_key) == [
        "éluard",
        "Etienne",
        "Évrard",
        "Zoé",
    ]
    assert sorted(["T10", "T2", "S1", "T02"], key=natural_key) == ["S1", "T2", "T02", "T10"]
    assert file_name("Agenda de Zoé – ../../etc", "pdf") == "agenda-de-zoe-etc.pdf"
    assert file_name("שלום", "ics") == "document.ics"


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=120), st.floats(6, 40), st.floats(5, 120), st.integers(1, 4))
def test_wrapped_lines_fit(fontset: FontSet, value: str, size: float, wide: float, most: int) -> None:
    lines = fontset.regular.wrap(value, size, wide, most)
    assert len(lines) <= most
    for line in lines:
        # one character, or the ellipsis alone, may be wider than an absurdly narrow column
        assert len(line) <= 1 or fontset.regular.width(line, size) <= wide + fontset.regular.width("…", size)


def test_wrapping_keeps_words_and_says_when_it_cuts(fontset: FontSet) -> None:
    ruler = fontset.semibold
    assert ruler.wrap("Fédération Cap Inclusion Atlantique", 14.5, 72, 2) == (
        "Fédération Cap Inclusion", "Atlantique",
    )  # fmt: skip
    assert ruler.wrap("mot " * 100, 9, 50, 2)[-1].endswith("…")
    assert "".join(ruler.wrap("x" * 40, 9, 40, 9)) == "x" * 40  # broken inside, nothing lost
    assert ruler.wrap("", 9, 40, 3) == ()


def test_colours_are_checked() -> None:
    with pytest.raises(ValueError, match="colour"):
        colours.checked("red;}</style><script>")
    assert colours.text_on("#E3A12C") == colours.INK and colours.text_on("#1F3F77") == "#FFFFFF"
    assert colours.contrast(colours.accent_for_text("#E3A12C"), "#FFFFFF") >= 4.5
    assert colours.contrast("#E3A12C", "#FFFFFF") < 4.5  # control: it had to be darkened
