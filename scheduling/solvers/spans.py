"""Breaks, counted on bit masks of slots."""

from __future__ import annotations

from itertools import groupby

from scheduling.solvers.model import Model


def spans(model: Model) -> list[int]:
    """Masks of the slots within which breaks count."""
    problem = model.problem
    across = problem.weights.breaks_across_sessions
    ranked = list(enumerate(problem.slots))
    return [
        sum(1 << rank for rank, _ in group)
        for _, group in groupby(ranked, key=lambda one: (one[1].day, 0 if across else one[1].session))
    ]


def breaks(used: int, within: list[int]) -> int:
    """Groups of idle slots between the used ones, span by span."""
    found = 0
    for span in within:
        part = used & span
        if part:
            found += (part & ~(part << 1)).bit_count() - 1
    return found
