"""When meetings are held: simulated annealing over alternating chains, for few breaks.

A move changes one meeting to another start and whatever that displaces over and back (a Kempe chain), so the
meetings held stay the same and every plan on the way is legal. Breaks are counted on bit masks.
"""

from __future__ import annotations

import math
import random

from scheduling.problem import Mode, TermName
from scheduling.solvers import kempe
from scheduling.solvers.model import Model
from scheduling.solvers.spans import breaks, spans
from scheduling.solvers.state import State

DEAR, CHEAP = 100.0, 0.01  # breaks that a term ranked before, or after, weighs in the annealing


class Timing:
    """An annealing over a state; `total` is its number of breaks."""

    def __init__(self, state: State, dice: random.Random) -> None:
        self.state, self.model, self.dice = state, state.model, dice
        self.spans = spans(self.model)
        self.used = [all_ & ~free for all_, free in zip(self.model.free, state.free, strict=True)]
        self.total = sum(breaks(used, self.spans) for used in self.used)
        self.price = _price_of_change(self.model)
        state.log.clear()

    def step(self, heat: float) -> None:
        """One trial at a temperature in breaks."""
        person = self.dice.randrange(len(self.used))
        agenda = [column for column in self.state.agenda[person] if column >= 0]
        if not agenda:
            return
        column = self.dice.choice(agenda)
        start, to = self.model.start[column], self.dice.randrange(self.model.num_slots)
        if start == to:
            return
        moves = kempe.flip(self.state, column, to)
        if moves is not None:
            self._try(moves, heat)

    def _try(self, moves: list[int], heat: float) -> None:
        after: dict[int, int] = {}
        masks, teams, used = self.model.mask, self.model.team, self.used
        for old, new in zip(moves[::2], moves[1::2], strict=True):
            change = masks[old] ^ masks[new]
            for person in teams[old]:
                after[person] = after.get(person, used[person]) ^ change
        delta = sum(breaks(now, self.spans) - breaks(used[one], self.spans) for one, now in after.items())
        cost = delta + (self.price * self._changed(moves) if self.price else 0.0)
        if cost > 0 and self.dice.random() >= math.exp(-cost / heat):
            return
        if kempe.shift(self.state, moves):
            for person, now in after.items():
                used[person] = now
            self.total += delta
            self.state.log.clear()
        else:
            self.state.undo()

    def _changed(self, moves: list[int]) -> int:
        """How many more meetings than before are not held as in the baseline."""
        kept = self.model.kept
        return sum(old in kept for old in moves[::2]) - sum(new in kept for new in moves[1::2])


def _price_of_change(model: Model) -> float:
    """What a meeting moved away from the baseline costs, in breaks, by the organiser's order or weights."""
    weights = model.problem.weights
    if not model.kept or TermName.CHANGES not in weights.order:
        return 0.0
    if weights.mode is Mode.WEIGHTED:
        return weights.of(TermName.CHANGES) / max(1, weights.of(TermName.BREAKS))
    order = [TermName(name) for name in weights.order]
    return DEAR if order.index(TermName.CHANGES) < order.index(TermName.BREAKS) else CHEAP
