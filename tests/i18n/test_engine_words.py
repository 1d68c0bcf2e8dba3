"""The engine knows rules, reasons and terms by name: each has its words."""

from __future__ import annotations

from salon.wording import plan_words
from scheduling import RULES, TermName
from scheduling.explain import Reason


def test_every_name_of_the_engine_has_words() -> None:
    assert set(RULES) == set(plan_words.RULES)
    assert set(RULES) | {"absent_person"} == set(plan_words.BROKEN)
    assert {str(one) for one in Reason} <= set(plan_words.REASONS)
    assert {str(one) for one in TermName} == set(plan_words.TERMS) == set(plan_words.AIMS)
