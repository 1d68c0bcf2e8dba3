"""Sizes of a fair: counted by hand, monotone, between plan and bound; the picture is a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree  # our own file

import pytest

from scheduling import Level, Pair, Participant, Problem, Slot, Table, generate
from scheduling.capacity import NoWishes, Point, grid, needs, resized, wanted
from scheduling.capacity_plot import svg
from scheduling.solvers.capacities import measure


def pairs_only(count: int) -> Problem:
    """Couples with a mutual wish each, and one wish that is not."""
    people = [Participant(n, n, "x", (1, 2)) for n in range(2 * count)]
    mutual = [Pair(2 * n, 2 * n + 1, 5, Level.MUST, Level.MEET) for n in range(count)]
    return Problem(
        slots=(Slot(1, 0, 0, 0, 20), Slot(2, 0, 0, 25, 45)),
        tables=(Table(1),),
        participants=tuple(people),
        pairs=(*mutual, Pair(0, 3, 9, Level.MUST)),
    )


def test_disjoint_couples_need_as_many_places() -> None:
    fair = wanted(pairs_only(6))
    points = measure(fair, (1, 2, 3), (1, 2, 3), seconds=1, workers=1)
    assert {(one.tables, one.slots): one.held for one in points} == {
        (tables, slots): min(6, tables * slots) for tables in (1, 2, 3) for slots in (1, 2, 3)
    }
    assert all(one.held == one.bound for one in points)
    found = {need.target: need for need in needs(points)}
    assert found[80].point == Point(3, 2, 6, 6, 6)
    assert found[80].is_least
    assert (found[95].point, found[95].is_least) == (found[80].point, True)


def test_only_mutual_wishes_count_unless_all_are_asked_for() -> None:
    assert len(wanted(pairs_only(2)).pairs) == 2
    assert len(wanted(pairs_only(2), mutual=False).pairs) == 3
    with pytest.raises(NoWishes):
        wanted(generate.bench(10, seed=1))


def test_plans_stay_below_bounds_and_more_room_never_lowers_the_bound() -> None:
    fair = wanted(generate.ess(30, seed=2), mutual=False)
    points = measure(fair, (2, 4, 8), (3, 6), seconds=1, workers=1)
    assert all(one.held <= one.bound <= one.wishes for one in points)
    for slots in (3, 6):
        held = [one.held for one in points if one.slots == slots]
        assert held == sorted(held)


def test_a_target_that_no_size_reaches_and_one_not_excluded() -> None:
    small = [Point(1, 1, 10, 1, 1), Point(2, 1, 10, 7, 8)]
    first, *_ = needs(small, (80,))
    assert (first.point, first.is_least) == (None, False)
    (second,) = needs(small, (90,))
    assert (second.point, second.is_least) == (None, True)


def test_resizing_and_the_grid() -> None:
    fair = resized(wanted(pairs_only(2)), 3, 4)
    assert (len(fair.tables), len(fair.slots)) == (3, 4)
    assert all(len(one.available) == 4 for one in fair.participants)
    assert grid(12, 4) == (3, 6, 9, 12)
    assert grid(2, 4) == (1, 2)


def test_the_picture_has_a_line_pair_for_each_number_of_slots() -> None:
    points = [Point(tables, slots, 10, tables, 10) for tables in (1, 5) for slots in (2, 3)]
    root = ElementTree.fromstring(svg(points, "a < b"))
    lines = [one for one in root if one.tag.endswith("polyline")]
    assert len(lines) == 4
    assert root.find("{http://www.w3.org/2000/svg}title").text == "a < b"  # type: ignore[union-attr]
