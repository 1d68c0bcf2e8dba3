"""A model in arrays, for the programmes that are built from it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduling.solvers.programme import Ints, ints

if TYPE_CHECKING:
    from scheduling.solvers.model import Model


@dataclass(frozen=True, slots=True)
class Arrays:
    """Per column, and its entries as (column, person * num_slots + slot) and as (column, row)."""

    wish: Ints
    start: Ints
    must: Ints
    value: Ints
    person_column: Ints
    person_slot: Ints
    row_column: Ints
    row: Ints
    mandatory: NDArray[np.bool_]  # per wish
    crossing: Ints
    kept: Ints


def arrays_of(model: Model) -> Arrays:
    """The arrays of a complete model."""
    wish = ints(model.wish)
    column, person_slot = _people(model)
    sizes = ints([len(rows) for rows in model.rows])
    return Arrays(
        wish,
        ints(model.start),
        ints([one.must for one in model.wishes])[wish],
        ints([one.value for one in model.wishes])[wish],
        column,
        person_slot,
        np.repeat(np.arange(model.num_columns), sizes),
        ints(list(chain.from_iterable(model.rows))),
        np.array([one.mandatory for one in model.wishes], dtype=np.bool_),
        ints(model.crossing)[ints(model.line)] if model.crossing else np.zeros_like(wish),
        np.isin(np.arange(len(wish)), list(model.kept)).astype(np.int64),
    )


def _people(model: Model) -> tuple[Ints, Ints]:
    """Each person and slot that each column takes."""
    people = ints(list(chain.from_iterable(model.team)))
    column = np.repeat(np.arange(model.num_columns), ints([len(team) for team in model.team]))
    if all(mask & (mask - 1) == 0 for mask in model.mask):
        return column, people * model.num_slots + ints(model.start)[column]
    length = ints([mask.bit_count() for mask in model.mask])[column]
    slots = ints([slot for mask in model.mask for slot in _bits(mask)])
    first = np.concatenate([ints([0]), np.cumsum([mask.bit_count() for mask in model.mask])[:-1]])
    column, people = np.repeat(column, length), np.repeat(people, length)
    within = np.arange(len(column)) - np.repeat(np.cumsum(length) - length, length)
    return column, people * model.num_slots + slots[first[column] + within]


def _bits(mask: int) -> list[int]:
    return [slot for slot in range(mask.bit_length()) if mask >> slot & 1]
