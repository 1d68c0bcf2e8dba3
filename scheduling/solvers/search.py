"""The search for large fairs: term after term what is held, guided by the linear relaxation, then when.

With one worker, a seed and a number of units of work it repeats exactly.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from scheduling.bounds.run import Bounds
from scheduling.problem import Mode, TermName
from scheduling.scoring import level, rank
from scheduling.solvers import retiming
from scheduling.solvers.exchange import Exchange
from scheduling.solvers.greedy import by_want, fill
from scheduling.solvers.linear import Guide
from scheduling.solvers.relaxation import LINEAR
from scheduling.solvers.slots import prices, rechoose
from scheduling.solvers.state import State
from scheduling.solvers.tally import Tally
from scheduling.solvers.timing import Agendas, Timing

CHOOSE_SHARE = 0.4  # of the time, at most, for choosing what is held
LATER_SHARE = 0.1  # of it for each term after the value, that timing must not lower either
TIME_SHARE = 0.8  # of the time, before re-timing may also give up or add meetings, where that can pay
TRIALS, ANNEALS = 50, 1000  # of exchange and of annealing in one unit of work
QUICK = 4  # units of exchange without gain before branch and bound may close the gap
PATIENCE = 60  # the same before a neighbourhood of slots is tried
STALE_SLOTS = 20  # neighbourhoods of slots without gain before the next term
SLOT_SECONDS, RETIME_SECONDS = 2.0, 0.5
CLOSE_SECONDS, CLOSE_SHARE = 60.0, 0.3  # of what is left, to prove a plan best over what may better it
TELL_SECONDS = 0.25
HOT, COLD = 0.5, 0.1  # temperatures of the annealing, in breaks
RETIME_PEOPLE = 8  # measured on 250 delegates: 8 beats 4 and 14


@dataclass(frozen=True, slots=True)
class Budget:
    """When the search ends: a deadline in monotonic seconds, or a number of units of work."""

    start: float
    deadline: float
    work: int | None
    should_stop: Callable[[], bool]

    @property
    def repeatable(self) -> bool:
        return self.work is not None

    def spent(self, done: int) -> float:
        """The share used up; 1 or more when it is over."""
        if self.should_stop():
            return 1.0
        if self.work is not None:
            return done / max(1, self.work)
        whole = self.deadline - self.start
        return (time.monotonic() - self.start) / whole if whole > 0 else 1.0

    def seconds(self, most: float, *, share: float = 1.0) -> float:
        """The time one step may take, at most a share of what is left."""
        if self.work is not None:
            return most
        return max(0.01, min(most, share * (self.deadline - time.monotonic())))


def terms_of(state: State) -> dict[TermName, int]:
    """The terms of a state; moves and ways between tables are left 0, tables being seated later."""
    tally = Tally(state)
    found = {
        **tally.terms(state),
        TermName.FAIRNESS: tally.fairness(),
        TermName.BREAKS: Agendas(state).total(),
    }
    return {name: found.get(name, 0) for name in state.model.problem.terms()}


@dataclass(slots=True)
class Search:
    """Betters complete plans; `on_better` hears of each better one, which it may keep."""

    budget: Budget
    bounds: Bounds
    seed: int
    on_better: Callable[[State, dict[TermName, int]], None]
    dice: random.Random = field(init=False)
    likely: list[int] = field(default_factory=list)
    until: float = CHOOSE_SHARE
    done: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 - search, not secrets

    def run(self, state: State) -> State:
        """The best state found, never ranked below the one started from."""
        chosen = self._choose(state)
        timed = self._retimed(self._timed(chosen))
        problem = state.model.problem
        return max((timed, chosen, state), key=lambda one: rank(problem, terms_of(one)))

    # What is held ---------------------------------------------------------------------------------------

    def _choose(self, state: State) -> State:
        weights = state.model.problem.weights
        if not self._stages(state):
            return state
        if weights.mode is Mode.WEIGHTED:
            return self._stage(state, self.bounds.weighed(), [])
        for term, done in self._stages(state):
            if not self._reached(terms_of(state), done) and self.budget.spent(self.done) < self._most():
                guide = self.bounds.guide(term)
                if guide is not None:
                    self._allow(term, done, guide)
                    state = self._stage(state, guide, done)
        return state

    def _allow(self, term: TermName, done: list[TermName], guide: Guide) -> None:
        """Sets how long the stage may take; all but the value's must leave time for timing."""
        self.until = self._most()
        if term is not TermName.VALUE and TermName.VALUE in done:
            self.until = min(self.until, self.budget.spent(self.done) + LATER_SHARE)
        else:
            self.likely = guide.likely

    def _most(self) -> float:
        """The share of the time for all stages: breaks need what is left."""
        return CHOOSE_SHARE if TermName.BREAKS in self.bounds.model.problem.weights.order else 1.0

    def _stages(self, state: State) -> list[tuple[TermName, list[TermName]]]:
        """The terms whose relaxations guide the search in turn, each with all that it settles."""
        order = [TermName(name) for name in state.model.problem.weights.order]
        used = state.model.problem.terms()
        linear = [name for name in order if name in LINEAR and name in used]
        stages = [(term, linear[: rank + 1]) for rank, term in enumerate(linear)]
        if linear[:2] == [TermName.MUST_MEETS, TermName.VALUE]:
            return stages[1:]  # the relaxation for the value prices musts so high that it settles both
        return stages

    def _choosing(self) -> bool:
        return self.budget.spent(self.done) < self.until

    def _reached(self, found: dict[TermName, int], terms: list[TermName]) -> bool:
        """True when nothing is left to gain in these terms."""
        return bool(terms) and all(self.bounds.reached(term, found) for term in terms)

    def _stage(self, state: State, guide: Guide, terms: list[TermName]) -> State:
        """Betters the plan as the relaxation suggests, until the terms reach their bounds or patience ends."""
        found = self._exchanged(self._built(state, guide), guide, terms)
        return max((found, state), key=lambda one: Tally(one).standing(one))

    def _built(self, state: State, guide: Guide) -> State:
        """A new plan in the order of the relaxation's support, or the old one where that is as good."""
        fresh = State(state.model)
        wishes, support = state.model.wishes, guide.support.round(2)
        fill(fresh, sorted(by_want(state.model), key=lambda n: (-wishes[n].mandatory, -support[n])))
        return max((fresh, state), key=lambda one: self._promise(one))

    def _promise(self, state: State) -> tuple[int, ...]:
        """What is likely to become of a plan: a small loss in an early term is soon made good."""
        cost = prices(state.model.problem.weights)
        return (-state.hard_short, level(cost, Tally(state).terms(state)))

    def _exchanged(self, state: State, guide: Guide, terms: list[TermName]) -> State:
        exchange, stale, closed = Exchange(state.copy(), guide.likely, self.dice), 0, not terms
        while self._choosing() and not self._ended(exchange, terms) and stale < STALE_SLOTS:
            if self._trials(exchange, terms, PATIENCE if closed else QUICK):
                self._tell(exchange.state)
                stale = 0
            elif not closed and not exchange.state.hard_short:
                closed = True
                seconds = self.budget.seconds(CLOSE_SECONDS, share=CLOSE_SHARE)
                found = self.bounds.close(terms[-1], exchange.state, seconds)
                exchange = Exchange(found.copy(), guide.likely, self.dice)
                self._tell(exchange.state)
            else:
                stale = 0 if self._slots(exchange) else stale + 1
        return exchange.state

    def _ended(self, exchange: Exchange, terms: list[TermName]) -> bool:
        if exchange.state.hard_short:
            return False
        return self._reached(exchange.tally.terms(exchange.state), terms)

    def _trials(self, exchange: Exchange, terms: list[TermName], patience: int) -> bool:
        """Exchanges until none has helped for a while; True when any helped."""
        gained, stale = False, 0
        while stale < patience and self._choosing() and not self._ended(exchange, terms):
            better = [exchange.step() for _ in range(TRIALS)]
            self.done += 1
            stale = 0 if any(better) else stale + 1
            gained = gained or any(better)
        return gained

    def _slots(self, exchange: Exchange) -> bool:
        """Two slots filled anew as well as possible; True when that helped."""
        state = exchange.state
        slots = self.dice.sample(range(state.model.num_slots), min(2, state.model.num_slots))
        seconds = self.budget.seconds(SLOT_SECONDS)
        cost = prices(state.model.problem.weights)
        rechoose(state, slots, cost, seconds=seconds, repeatable=self.budget.repeatable)
        self.done += 1
        return exchange.judge()

    def _tell(self, state: State) -> None:
        if not state.hard_short:
            self.on_better(state.copy(), terms_of(state))

    # When it is held ------------------------------------------------------------------------------------

    def _timed(self, state: State) -> State:
        if TermName.BREAKS not in state.model.problem.weights.order:
            return state
        last = TIME_SHARE if retiming.break_prices(state.model) else 1.0
        timing = Timing(state.copy(), self.dice, self.likely)
        best, standing, told = state, self._rank(state), time.monotonic()
        begun = self.budget.spent(self.done)
        while timing.total and (now := self.budget.spent(self.done)) < last:
            heat = HOT * (COLD / HOT) ** ((now - begun) / max(1e-9, last - begun))
            for _ in range(ANNEALS):
                timing.step(heat)
            self.done += 1
            if self.budget.repeatable or time.monotonic() < told + TELL_SECONDS:
                continue  # what is kept on the way must not depend on the clock
            told = time.monotonic()
            if self._rank(timing.state) > standing:
                best, standing = timing.state.copy(), self._rank(timing.state)
                self.on_better(best, terms_of(best))
        return max((timing.state, best), key=self._rank)

    def _rank(self, state: State) -> tuple[int, ...]:
        return rank(state.model.problem, terms_of(state))

    def _retimed(self, state: State) -> State:
        """Where breaks may outrank or outweigh a meeting, neighbourhoods of people trade them."""
        cost = retiming.break_prices(state.model)
        if cost is None:
            return state
        problem = state.model.problem
        best = rank(problem, terms_of(state))
        while self.budget.spent(self.done) < 1:
            trial = state.copy()
            people = retiming.connected(trial, self.dice, size=RETIME_PEOPLE)
            effort = retiming.Effort(
                self.budget.seconds(RETIME_SECONDS), self.seed + self.done, self.budget.repeatable
            )
            self.done += 1
            if retiming.retime(trial, people, effort, cost) and not trial.hard_short:
                standing = rank(problem, terms_of(trial))
                if standing > best:
                    self.on_better(trial, terms_of(trial))
                if standing >= best:
                    state, best = trial, standing
        return state
