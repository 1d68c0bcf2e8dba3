"""H8 as clauses: who has more than d + j breaks forces everybody to have more than j."""

from __future__ import annotations

from collections.abc import Sequence

from ortools.sat.python import cp_model


def post_fairness(cp: cp_model.CpModel, broken: Sequence[Sequence[cp_model.IntVar]], fairness: int) -> None:
    """Nobody has more than `fairness` breaks above the fewest anyone has; negative: no such rule.

    `broken[p][k]` is exact: participant p has more than k breaks. Someone who can have no more than j breaks
    forbids more than d + j to everybody.
    """
    if fairness < 0 or not broken:
        return
    least_most = min(map(len, broken))
    for level in range(max(map(len, broken), default=0) - fairness):
        above = [own[fairness + level] for own in broken if len(own) > fairness + level]
        if level >= least_most:
            cp.add_bool_and(*(~literal for literal in above))
            return  # more breaks imply these
        everybody = cp.new_bool_var("")
        for literal in above:
            cp.add_implication(literal, everybody)
        for own in broken:
            cp.add_implication(everybody, own[level])
