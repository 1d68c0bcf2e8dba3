"""Who races: each racer's stages. Different minds first, other seeds of the same minds after them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from scheduling.solvers.timetabling.model import Tables
from scheduling.solvers.timetabling.racer import Question, Stage

ENDLESS = 1e9
FIRST = 10.0  # for some plan, so that a cancelled run has one; the published cases take a tenth
QUICK = 1.0  # for a lucky end: most published optima are the bound of each person alone
SLICE = 4.0  # a lone racer's first turn with each model; later turns are longer


def line_up(workers: int, seed: int, work: float = ENDLESS) -> list[Iterator[Stage]]:
    """The stages of each racer. One worker with limited `work` is repeatable."""
    if workers == 1:
        return [_limited(_alone(seed), work)]
    fixed = [_steady(Tables.NUMBERS, seed), _lucky(seed), _steady(Tables.BOTH, seed)]
    more = [
        _steady(tables, seed + i) for i in range(1, workers) for tables in (Tables.NUMBERS, Tables.CLAUSES)
    ]
    return [_limited(stages, work) for stages in [*fixed, *more][:workers]]


def _steady(tables: Tables, seed: int) -> Iterator[Stage]:
    yield Stage(Question.BEST, tables, ENDLESS, seed)


def _lucky(seed: int) -> Iterator[Stage]:
    yield Stage(Question.ANY, Tables.NUMBERS, FIRST, seed)
    yield Stage(Question.WITHIN_BOUND, Tables.NUMBERS, QUICK, seed)
    yield Stage(Question.BEST, Tables.CLAUSES, ENDLESS, seed)


def _alone(seed: int) -> Iterator[Stage]:
    yield Stage(Question.ANY, Tables.NUMBERS, FIRST, seed)
    yield Stage(Question.WITHIN_BOUND, Tables.NUMBERS, QUICK, seed)
    for turn in count():
        for tables in (Tables.CLAUSES, Tables.NUMBERS):
            yield Stage(Question.BEST, tables, SLICE * 2**turn, seed + turn)


def _limited(stages: Iterator[Stage], work: float) -> Iterator[Stage]:
    """The same stages until their work adds up to the limit."""
    left = work
    for stage in stages:
        if left <= 0:
            return
        yield Stage(stage.question, stage.tables, min(stage.work, left), stage.seed)
        left -= stage.work
