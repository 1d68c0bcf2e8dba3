"""What one participant's own meetings prove: the fewest breaks, by matching meetings to the slots of a shape.

A shape is a set of runs of slots that holds all the meetings. Others are forgotten, so this is a bound.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

Run: TypeAlias = tuple[int, int]  # first slot, length
Shape: TypeAlias = tuple[Run, ...]

MOST_SHAPES = 2_000  # looked at for one participant; beyond, what is proven so far is the bound


def fewest_breaks(open_slots: Sequence[Collection[int]], num_slots: int) -> int:
    """No plan gives these meetings (their open slots, 1-based) fewer breaks."""
    looked = 0
    for num_runs in range(1, len(open_slots) + 1):
        for shape in _shapes(num_slots, len(open_slots), num_runs):
            looked += 1
            if looked > MOST_SHAPES or fits(open_slots, shape):
                return num_runs - 1
    return max(0, len(open_slots) - 1)


def windows(open_slots: Sequence[Collection[int]], num_slots: int) -> tuple[int, ...]:
    """The slots at which a day without a break can begin."""
    length = len(open_slots)
    firsts = range(1, num_slots - length + 2)
    return tuple(first for first in firsts if fits(open_slots, ((first, length),)))


def fits(open_slots: Sequence[Collection[int]], shape: Shape) -> bool:
    """Whether each meeting can have its own slot of the shape."""
    allowed = {slot for first, length in shape for slot in range(first, first + length)}
    holder: dict[int, int] = {}
    return all(_place(meeting, open_slots, allowed, holder, set()) for meeting in range(len(open_slots)))


def _place(
    meeting: int,
    open_slots: Sequence[Collection[int]],
    allowed: set[int],
    holder: dict[int, int],
    tried: set[int],
) -> bool:
    """One augmenting path of bipartite matching."""
    for slot in open_slots[meeting]:
        if slot in allowed and slot not in tried:
            tried.add(slot)
            if slot not in holder or _place(holder[slot], open_slots, allowed, holder, tried):
                holder[slot] = meeting
                return True
    return False


def _shapes(num_slots: int, length: int, num_runs: int, first: int = 1) -> Iterator[Shape]:
    """Every way to cut `length` slots from `first` on into that many runs with a gap between."""
    if num_runs == 0:
        if length == 0:
            yield ()
        return
    for start in range(first, num_slots - length - num_runs + 3):
        longest = length if num_runs == 1 else length - num_runs + 1
        shortest = longest if num_runs == 1 else 1
        for own in range(shortest, longest + 1):
            for rest in _shapes(num_slots, length - own, num_runs - 1, start + own + 1):
                yield ((start, own), *rest)
