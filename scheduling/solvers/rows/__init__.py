"""One poster per rule that counts: each adds its rows to a model, under the name of its checker in `verify`.

Rules that forbid a meeting outright, a start or a place leave the column out (`columns.py`); people, tables
and interpreters taken twice are kept apart by masks and by the rows of the places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from scheduling.solvers.model import Model
from scheduling.solvers.rows import limits, times

Poster: TypeAlias = Callable[[Model], None]

POSTERS: Mapping[str, Poster] = {
    "pair_once": limits.pair_once,
    "organisation_pair_limit": limits.organisation_pair_limit,
    "maximum": limits.maximum,
    "maximum_per_day": limits.maximum_per_day,
    "maximum_per_type": limits.maximum_per_type,
    "rest": times.rest,
    "precedences": times.precedences,
    "walking": times.walking,
}
