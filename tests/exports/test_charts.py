"""Charts: inline SVG a strict policy accepts, with its words."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from exports import charts
from exports.charts import BarWords, ProgressWords, TracePoint

WORDS = ProgressWords(
    "Plan et borne",
    "Le plan atteint 897 sur 912 au plus.",
    "Plan",
    "Borne",
    "s",
    "L’échelle commence à %(start)s.",
)
BARS = BarWords("Rendez-vous par personne", "Deux personnes sont sous le minimum.", "rendez-vous")
TRACE = (
    TracePoint(0.5, None, 912),
    TracePoint(1, 890, 912),
    TracePoint(4, 895, 905),
    TracePoint(14, 897, 905),
)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    "drawn",
    [
        charts.progress(TRACE, limit_seconds=30, words=WORDS),
        charts.progress((), limit_seconds=30, words=WORDS),
        charts.progress([TracePoint(1, 5, None)], limit_seconds=0, words=WORDS),
        charts.distribution([("0", 2), ("1", 8), ("2", 40)], below=1, words=BARS),
        charts.distribution([], words=BARS),
    ],
)
def test_is_well_formed_named_and_policy_clean(drawn: str) -> None:
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img"
    ids = root.get("aria-labelledby", "").split()
    found = [root.find(SVG + "title"), root.find(SVG + "desc")]
    assert [node.get("id") for node in found if node is not None] == ids
    assert all(node is not None and node.text for node in found)
    assert not re.search(r"style=|<style|<script|\son\w+=|href", drawn)
    assert "nan" not in drawn and "inf" not in drawn
    assert all(float(t.get("font-size", "0")) >= 12 for t in root.iter(SVG + "text"))


def test_steps_follow_the_trace() -> None:
    drawn = charts.progress(TRACE, limit_seconds=30, words=WORDS)
    plan = re.search(r'class="chart-plan" d="([^"]+)"', drawn)
    assert plan and plan[1].count("V") == 2 and plan[1].count("H") == 3
    assert 'stroke-dasharray="6 4"' in drawn and "Plan 897" in drawn and "Borne 905" in drawn
    assert "L’échelle commence à 890." in drawn  # the axis is cut, and says so


def test_no_bound_no_line() -> None:
    drawn = charts.progress([TracePoint(1, 5, None), TracePoint(2, 9, None)], limit_seconds=9, words=WORDS)
    assert "chart-bound" not in drawn and "chart-plan" in drawn
    assert "L’échelle" not in drawn  # the axis starts at 0


def test_bars_under_the_minimum_are_marked() -> None:
    drawn = charts.distribution([("0", 2), ("1", 0), ("2", 1704)], below=1, words=BARS)
    assert drawn.count("chart-bar-bad") == 1 and drawn.count("<rect") == 3
    assert "1\u202f704" in drawn
    assert "1,704" in charts.distribution([("2", 1704)], words=replace(BARS, locale="en"))


def test_texts_are_escaped() -> None:
    evil = "</title><script>alert(1)</script>"
    drawn = charts.distribution([(evil, 1)], words=BarWords(evil, evil, evil), ident='"><b>')
    assert "<script>" not in drawn and "<b>" not in drawn
    ElementTree.fromstring(drawn)


def test_bars_of_a_month_fit_a_phone_and_keep_the_highest_value() -> None:
    days = [(str(day), 401 if day == 19 else 100 + day) for day in range(1, 31)]
    for width, at_most in ((charts.WIDE, 30), (charts.NARROW, 14)):
        root = ElementTree.fromstring(charts.distribution(days, words=BARS, width=width))
        assert float(root.get("width", "0")) <= width
        texts = [(one.get("class"), float(one.get("x", "0")), one.text) for one in root.iter(SVG + "text")]
        values = [(x, str(text)) for kind, x, text in texts if kind == "chart-value"]
        assert "401" in [text for _x, text in values]
        assert 5 < len(values) <= at_most
        spaces = [b[0] - a[0] for a, b in pairwise(values)]
        assert min(spaces) >= 3 * 6.6  # three digits of 12 px


def test_the_same_drawing_is_made_for_both_cards_under_two_names() -> None:
    both = charts.for_every_card(
        lambda width, ident: charts.progress(TRACE, limit_seconds=30, words=WORDS, ident=ident, width=width),
        "run",
    )
    ids = re.findall(r'<title id="([^"]+)"', both)
    assert ids == ["run-title", "run-narrow-title"]
    assert re.findall(r'<svg[^>]* width="(\d+)"', both) == [str(charts.WIDE), str(charts.NARROW)]
    assert "Plan 897" in both and "&lt;" not in both
