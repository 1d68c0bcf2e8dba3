"""When meetings are held: simulated annealing for few breaks, over alternating chains and exchanges.

One move changes a meeting to another start and whatever that displaces over and back (a Kempe chain), so that
the meetings held stay the same; the other holds a meeting in the place of one that is worth no more. Every
plan on the way is legal and stands no lower in the terms of what is held. Breaks are counted on bit masks.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from scheduling.problem import Mode, TermName
from scheduling.solvers import kempe
from scheduling.solvers.model import Model
from scheduling.solvers.spans import breaks, spans
from scheduling.solvers.state import State
from scheduling.solvers.tally import Tally

DEAR, CHEAP = 100.0, 0.01  # breaks that a term ranked before, or after, weighs in the annealing
MOST_SAVED = 2  # breaks that one end of a chain can save
LEAST = 1e-300  # keeps the logarithm of a chance finite


class Agendas:
    """Who is used when, as masks; breaks and bits of a mask are remembered, for few masks are ever met."""

    def __init__(self, state: State) -> None:
        self.model, self.spans = state.model, spans(state.model)
        self.used = [all_ & ~free for all_, free in zip(state.model.free, state.free, strict=True)]
        self._breaks: dict[int, int] = {}
        self._bits: dict[int, tuple[int, ...]] = {}

    def breaks(self, mask: int) -> int:
        found = self._breaks.get(mask)
        if found is None:
            found = self._breaks[mask] = breaks(mask, self.spans)
        return found

    def bits(self, mask: int) -> tuple[int, ...]:
        found = self._bits.get(mask)
        if found is None:
            found = tuple(slot for slot in range(mask.bit_length()) if mask >> slot & 1)
            self._bits[mask] = found
        return found

    def total(self) -> int:
        return sum(map(self.breaks, self.used))


class Timing:
    """An annealing over a state; `total` is its number of breaks."""

    def __init__(self, state: State, dice: random.Random, likely: Sequence[int] = ()) -> None:
        self.state, self.model, self.chance = state, state.model, dice.random
        self.agendas = Agendas(state)
        self.total = self.agendas.total()
        self.likely = likely or range(len(state.model.wishes))
        self.tally = Tally(state)
        self.standing = self.tally.standing(state)
        self.weighed = state.model.problem.weights.mode is Mode.WEIGHTED
        self.price = _price_of_change(self.model)
        self.twos = all(len(line.team) == 2 for line in self.model.lines)
        state.log.clear()

    def step(self, heat: float) -> None:
        """One trial at a temperature in breaks."""
        limit = -heat * math.log(self.chance() + LEAST)  # the loss accepted: Metropolis, drawn beforehand
        if self.chance() < 0.5:
            self._shift(limit)
        else:
            self._swap(limit)

    def _pick(self, mask: int) -> int:
        slots = self.agendas.bits(mask)
        return slots[int(self.chance() * len(slots))]

    # The same meetings at other times -------------------------------------------------------------------

    def _shift(self, limit: float) -> None:
        used = self.agendas.used
        person = int(self.chance() * len(used))
        free, busy = self.state.free[person], used[person]
        if not free or not busy:
            return
        to, start = self._pick(free), self._pick(busy)
        if self.twos:  # then a chain changes the days of the people at its two ends only
            counted = self.agendas.breaks
            change = counted(busy ^ (1 << start) ^ (1 << to)) - counted(busy)
            if change - MOST_SAVED > limit:
                return
        column = self.state.agenda[person][start]
        moves = kempe.flip(self.state, column, to) if column >= 0 else None
        if moves is not None:
            self._try(moves, limit)

    def _try(self, moves: list[int], limit: float) -> None:
        after: dict[int, int] = {}
        masks, teams, used = self.model.mask, self.model.team, self.agendas.used
        for old, new in zip(moves[::2], moves[1::2], strict=True):
            change = masks[old] ^ masks[new]
            for person in teams[old]:
                after[person] = after.get(person, used[person]) ^ change
        delta = self._delta(after)
        if delta + (self.price * self._changed(moves) if self.price else 0.0) > limit:
            return
        if kempe.shift(self.state, moves):
            self._keep(after, delta)
        else:
            self.state.undo()

    def _changed(self, moves: list[int]) -> int:
        """How many more meetings than before are not held as in the baseline."""
        kept = self.model.kept
        return sum(old in kept for old in moves[::2]) - sum(new in kept for new in moves[1::2])

    # Another meeting in the place of one ----------------------------------------------------------------

    def _swap(self, limit: float) -> None:
        if not self.likely:
            return
        wish = self.likely[int(self.chance() * len(self.likely))]
        if self.state.held[wish] >= 0:
            return
        lines = self.model.lines_of[wish]
        line = self.model.lines[lines[int(self.chance() * len(lines))]]
        person = line.team[int(self.chance() * len(line.team))]
        starts = line.starts & self.agendas.used[person]
        for one in line.team:
            if one != person:
                starts &= self.state.free[one]
        if starts:
            start = self._pick(starts)
            self._replace(self.state.agenda[person][start], self.model.twin(line.first, start), limit)

    def _replace(self, old: int, new: int, limit: float) -> None:
        """The column `new` is held instead of `old`, if that is as good in every other term."""
        state, model, wishes = self.state, self.model, self.model.wishes
        if old < 0 or not state.movable(old) or model.mask[new] != model.mask[old]:
            return
        if not self.weighed and wishes[model.wish[old]].value > wishes[model.wish[new]].value:
            return
        state.take(old)
        if not state.fits(new):
            state.undo()
            return
        state.put(new)
        people = {*model.team[old], *model.team[new]}
        after = {one: model.free[one] & ~state.free[one] for one in people}
        delta = self._delta(after)
        if delta <= limit and self._as_good(limit - delta):
            self._keep(after, delta)
        else:
            state.undo()

    def _as_good(self, spare: float) -> bool:
        """True when the standing has not fallen; or, where terms are weighed, by no more than is spare."""
        log = self.state.log
        self.tally.count(log)
        standing = self.tally.standing(self.state)
        right = standing >= self.standing
        if not right and self.weighed and standing[0] == self.standing[0]:
            unit = max(1, self.model.problem.weights.of(TermName.BREAKS))
            right = (self.standing[1] - standing[1]) / unit <= spare
        if right:
            self.standing = standing
        else:
            self.tally.count(log, back=True)
        return right

    # Both -----------------------------------------------------------------------------------------------

    def _delta(self, after: dict[int, int]) -> int:
        used, counted = self.agendas.used, self.agendas.breaks
        return sum(counted(now) - counted(used[one]) for one, now in after.items() if now != used[one])

    def _keep(self, after: dict[int, int], delta: int) -> None:
        used = self.agendas.used
        for person, now in after.items():
            used[person] = now
        self.total += delta
        self.state.log.clear()


def _price_of_change(model: Model) -> float:
    """What a meeting moved away from the baseline costs, in breaks, by the organiser's order or weights."""
    weights = model.problem.weights
    if not model.kept or TermName.CHANGES not in weights.order:
        return 0.0
    if weights.mode is Mode.WEIGHTED:
        return weights.of(TermName.CHANGES) / max(1, weights.of(TermName.BREAKS))
    order = [TermName(name) for name in weights.order]
    return DEAR if order.index(TermName.CHANGES) < order.index(TermName.BREAKS) else CHEAP
