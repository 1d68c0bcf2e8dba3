"""Counting by clauses: a totalizer, whose partial sums clause learning can talk about.

Bailleux and Boufkhad, *Efficient CNF Encoding of Boolean Cardinality Constraints*, CP 2003.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


def at_most(model: cp_model.CpModel, literals: Sequence[cp_model.LiteralT], most: int) -> None:
    """No more than `most` of the literals are true."""
    if len(literals) > most:
        model.add_bool_and(~_sums(model, literals, most)[most])


def _sums(model: cp_model.CpModel, literals: Sequence[cp_model.LiteralT], most: int) -> list[cp_model.IntVar]:
    """Literal j is true if more than j of the literals are; counts beyond `most` + 1 are not told apart."""
    if len(literals) == 1:
        return list(literals)  # type: ignore[arg-type]  # a leaf is its own sum
    half = len(literals) // 2
    left, right = _sums(model, literals[:half], most), _sums(model, literals[half:], most)
    sums = [model.new_bool_var("") for _ in range(min(len(left) + len(right), most + 1))]
    for i in range(len(left) + 1):
        for j in range(len(right) + 1):
            if i + j:
                causes = [~left[i - 1]] * (i > 0) + [~right[j - 1]] * (j > 0)
                model.add_bool_or(sums[min(i + j, len(sums)) - 1], *causes)
    for fewer, more in pairwise(sums):
        model.add_implication(more, fewer)
    return sums
