"""Seeded problems: the public benchmark of choosing meetings, fairs of the French social economy, named sizes.

The same arguments give the same problem on every machine and in every release.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from scheduling.generating.fair import Shape, fair
from scheduling.generating.full import with_every_rule
from scheduling.problem import Problem

BENCH = Shape(20, 20, 0.4)
ESS = Shape(
    16,
    8,
    0.4,
    stands_per_table=0.3,
    step_free_need=0.04,
    step_free_tables=0.25,
    exclusions_per_person=0.1,
    no_thanks=0.33,
    delegates=2,
    musts=True,
    min_meetings=3,
    max_meetings=12,
    suppliers_meet=True,
)
SHAPES: Mapping[str, Shape] = {"bench": BENCH, "ess": ESS, "ess-full": ESS}


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned on a kind; None leaves it as the kind has it."""

    slots: int | None = None
    tables: int | None = None
    wishes: int | None = None  # of each person
    most: int | None = None  # meetings of each person, where the kind limits them


@dataclass(frozen=True, slots=True)
class Size:
    """A named size: people, and knobs under which about `meetings` are held, tables being the bottleneck."""

    participants: int
    meetings: int
    knobs: Knobs


# Sizes of fairs met in the trade, from an afternoon to a convention of two days.
SIZES: Mapping[str, Size] = {
    "S": Size(60, 150, Knobs(slots=8, tables=19, most=8)),
    "ESS": Size(250, 400, Knobs(slots=10, tables=41, most=10)),
    "M": Size(500, 1_700, Knobs(slots=16, tables=108, most=14)),
    "L": Size(1_000, 8_000, Knobs(slots=32, tables=260, most=28)),
    "XL": Size(3_000, 15_000, Knobs(slots=32, tables=490, most=24)),
}
NO_KNOBS = Knobs()


def generate(kind: str, participants: int, *, seed: int, knobs: Knobs = NO_KNOBS) -> Problem:
    """The problem of a kind, turned by the knobs. Raises KeyError for a kind there is not."""
    base = fair(turned(SHAPES[kind], knobs), participants, seed)
    return with_every_rule(base, seed) if kind == "ess-full" else base


def make(kind: str, size: str | int, *, seed: int, **knobs: int) -> Problem:
    """The problem of a kind and a named size or a number of people, with knobs of one's own on top.

    Raises KeyError for a kind or a size there is not.
    """
    named = SIZES[size] if isinstance(size, str) else Size(size, 0, NO_KNOBS)
    return generate(kind, named.participants, seed=seed, knobs=replace(named.knobs, **knobs))


def turned(shape: Shape, knobs: Knobs) -> Shape:
    """The shape with the knobs' figures; sessions keep their number, quotas only shrink or grow where the kind
    has them."""
    if knobs.slots is not None:
        sessions = -(-shape.num_slots // shape.slots_per_session)
        shape = replace(shape, num_slots=knobs.slots, slots_per_session=-(-knobs.slots // sessions))
    if knobs.tables is not None:
        shape = replace(shape, num_tables=knobs.tables)
    if knobs.wishes is not None:
        shape = replace(shape, wishes=knobs.wishes)
    if knobs.most is not None and shape.max_meetings is not None:
        least = min(shape.min_meetings, knobs.most)
        shape = replace(shape, max_meetings=knobs.most, min_meetings=least)
    return shape


def bench(participants: int, *, seed: int) -> Problem:
    """The benchmark of choosing meetings: 20 slots in one session, one person an organisation, no rule but
    availability, tables and one meeting per pair."""
    return generate("bench", participants, seed=seed)


def ess(participants: int, *, seed: int) -> Problem:
    """A fair of suppliers (30 % of tables are their stands) and buyers: 2 x 8 slots, step-free needs,
    exclusions, refusals, types, quotas."""
    return generate("ess", participants, seed=seed)


KINDS: Mapping[str, Callable[..., Problem]] = {
    "bench": bench,
    "ess": ess,
    "ess-full": partial(generate, "ess-full"),
}
