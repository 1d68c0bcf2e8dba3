"""What may follow what: rest after meetings in a row, time to walk, meetings in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby

from scheduling.problem import key_of, meeting_key
from scheduling.solvers.model import Model


def rest(model: Model) -> None:
    """Of any max_in_a_row(p) + 1 slots in a row within a session, p uses at most max_in_a_row(p)."""
    limits = [person.max_in_a_row for person in model.problem.participants]
    if all(limit is None for limit in limits):
        return
    windows = {limit: list(_windows(model, limit + 1)) for limit in set(limits) if limit is not None}
    columns = _columns_of(model)
    for person, limit in enumerate(limits):
        for window in windows[limit] if limit is not None else ():
            counted = [
                column for column in columns[person] for _ in range((model.mask[column] & window).bit_count())
            ]
            if limit is not None and len(counted) > limit:
                model.add(model.row("rest", limit), counted)


def _windows(model: Model, size: int) -> Iterator[int]:
    """Masks of `size` slots in a row within a session."""
    ranked = enumerate(model.problem.slots)
    for _, group in groupby(ranked, key=lambda one: (one[1].day, one[1].session)):
        ranks = [rank for rank, _ in group]
        for first in ranks[: len(ranks) - size + 1]:
            yield ((1 << size) - 1) << first


def _columns_of(model: Model) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in model.free]
    for column, team in enumerate(model.team):
        for person in team:
            found[person].append(column)
    return found


def precedences(model: Model) -> None:
    """Of two meetings in order, none of the first reaches into or past the start of the second: for each
    slot t, (first, last slot >= t) + (second, start <= t) <= 1."""
    numbers = {wish.key: number for number, wish in enumerate(model.wishes)}
    for first, then in model.problem.precedences:
        before, after = numbers.get(key_of(first)), numbers.get(key_of(then))
        if before is None or after is None:
            continue
        for slot in range(model.num_slots):
            late = [one for one in model.columns(before) if model.mask[one] >> slot]
            early = [one for one in model.columns(after) if model.start[one] <= slot]
            if late and early:
                model.add(model.row("precedences", 1), late + early)


def walking(model: Model) -> None:
    """Nobody meets in two zones with less time between than the walk takes: for each person, slot s, zone z
    and later slot t, (ends at s in z) + (starts at t too far from z) <= 1."""
    if not model.problem.walks:
        return
    longest = max(model.problem.walks.values(), default=0)
    near = _soon_after(model, longest)
    for columns in _columns_of(model):
        if len({model.lines[model.line[column]].zone for column in columns}) > 1:
            _walks(model, columns, near)


def _soon_after(model: Model, minutes: int) -> dict[int, list[tuple[int, int]]]:
    """Per slot the later ones of the same day that start sooner than that after it ends, with the pause."""
    slots = model.problem.slots
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for rank, slot in enumerate(slots):
        for later in range(rank + 1, len(slots)):
            pause = slots[later].start_min - slot.end_min
            if slots[later].day == slot.day and pause < minutes:
                found[rank].append((later, pause))
    return found


def _walks(model: Model, columns: list[int], near: dict[int, list[tuple[int, int]]]) -> None:
    ends: dict[tuple[int, object], list[int]] = defaultdict(list)
    starts: dict[int, list[int]] = defaultdict(list)
    for column in columns:
        ends[model.mask[column].bit_length() - 1, model.lines[model.line[column]].zone].append(column)
        starts[model.start[column]].append(column)
    for (slot, zone), here in ends.items():
        for later, pause in near.get(slot, ()):
            far = [one for one in starts.get(later, ()) if _walk(model, zone, one) > pause]
            if far:
                model.add(model.row("walking", 1), here + far)


def _walk(model: Model, zone: object, column: int) -> int:
    other = model.lines[model.line[column]].zone
    if zone is None or other is None:
        return 0
    return model.problem.walks.get(meeting_key(zone, other), 0)  # type: ignore[arg-type]  # an Id
