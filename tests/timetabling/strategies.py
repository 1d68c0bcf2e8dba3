"""Random tiny instances with every rule, small enough to look at every plan."""

from __future__ import annotations

from itertools import combinations

from hypothesis import strategies as st

from scheduling.timetabling.problem import Timetabling
from tests.timetabling.cases import instance


@st.composite
def tiny(draw: st.DrawFn) -> Timetabling:
    """At most 5 meetings and 6 slots: 7776 plans; some instances are infeasible."""
    people, slots = draw(st.integers(2, 4)), draw(st.integers(3, 6))
    pairs = st.sampled_from(list(combinations(range(1, people + 1), 2)))
    sessions = st.sampled_from([3, 3, 3, 3, 3, 1, 2])
    rows = draw(st.lists(st.tuples(pairs, sessions).map(lambda it: (*it[0], it[1])), min_size=2, max_size=5))
    numbers = st.integers(1, max(1, len(rows)))
    some_slots = st.sets(st.integers(1, slots), min_size=1, max_size=2)
    return instance(
        rows,
        people=people,
        slots=slots,
        tables=draw(st.integers(1, 3)),
        morning=draw(st.integers(2, slots)),
        forbidden=draw(st.dictionaries(st.integers(1, people), some_slots, max_size=2)),
        fixed=draw(st.dictionaries(numbers, st.integers(1, slots), max_size=1)),
        after=draw(st.dictionaries(numbers, st.sets(numbers, min_size=1, max_size=2), max_size=1))
        if rows
        else {},
        fairness=draw(st.sampled_from([2, -1, 1, 0])),
    )
