"""Numbers out of addresses: nonsense is another number's, never an error."""

from __future__ import annotations

import pytest

from salon.numbers import is_number, read_id, read_number, read_numbers

NONSENSE = ["", "-1", "1.5", " 1", "²", "٣", "1" * 10, "9" * 5000, "x", "1\x00", None, 7]


@pytest.mark.parametrize("raw", NONSENSE)
def test_nonsense_is_no_number(raw: object) -> None:
    assert not is_number(raw)
    assert (read_number(raw), read_number(raw, 1), read_id(raw)) == (-1, 1, None)


def test_digits_are_a_number() -> None:
    assert (read_number("42"), read_number("042"), read_number("999999999")) == (42, 42, 999_999_999)
    assert (read_id("42"), read_id("0")) == (42, None)
    assert read_numbers(["3", *NONSENSE, "1"]) == [3, 1]
    assert is_number("99999", 5) and not is_number("100000", 5)
