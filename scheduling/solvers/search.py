"""The search for large fairs: first what is held, then when, by neighbourhoods solved on all workers.

Workers take snapshots of the incumbent, solve outside the lock, and fit their move to the incumbent of then;
a move that no longer fits or does not help is dropped. One worker with a seed and a number of neighbourhoods
repeats exactly.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from scheduling.problem import Mode, TermName
from scheduling.scoring import PER_MILLE, rank, tail
from scheduling.solvers import choosing, retiming
from scheduling.solvers.index import Index
from scheduling.solvers.relaxation import LINEAR
from scheduling.solvers.state import State

CHOOSE_SHARE = 0.4  # of the time, at most, before re-timing begins
RETIME_SHARE = 0.8  # of the time, before re-timing may also give up or add meetings, where that can pay
CHOOSE_SECONDS, RETIME_SECONDS = 1.0, 0.5  # of one neighbourhood; nearly all end long before
RETIME_PEOPLE = 8  # measured on 250 delegates: 8 beats 4 and 14
PATIENCE = 1.0  # sweeps over all pairs of slots without gain before re-timing begins
BREAK_TERMS = (TermName.MUST_MEETS, TermName.VALUE, TermName.BREAKS)


def values(state: State) -> dict[TermName, int]:
    """The terms of a state; table moves are left 0, tables being seated later."""
    index = state.index
    held = [index.candidates[number] for number in state.held_numbers()]
    got = [0] * len(index.people)
    for candidate in held:
        got[candidate.a] += candidate.value
        got[candidate.b] += candidate.value
    spans = retiming.sessions(index)
    return {
        TermName.MUST_MEETS: sum(candidate.must for candidate in held),
        TermName.VALUE: sum(candidate.value for candidate in held),
        TermName.MIN_SHORTFALL: sum(
            max(0, person.min - count) for person, count in zip(index.people, state.held, strict=True)
        ),
        TermName.FAIRNESS: _fairness(index, got),
        TermName.BREAKS: sum(retiming.breaks_of(state, one, spans) for one in range(len(index.people))),
        TermName.TABLE_MOVES: 0,
    }


def _fairness(index: Index, got: list[int]) -> int:
    served = [
        PER_MILLE * value // person.attainable
        for value, person in zip(got, index.people, strict=True)
        if person.attainable > 0
    ]
    worst = sorted(served)[: tail(len(served))]
    return sum(worst) // len(worst) if worst else PER_MILLE


@dataclass(slots=True)
class Incumbent:
    """The best state, its terms and its rank; replaced under the lock only.

    While meetings are chosen breaks do not count (`settled` false): re-timing removes them afterwards, and a
    plan is not to stay poor for the sake of breaks it need not have.
    """

    state: State
    settled: bool = False
    terms: dict[TermName, int] = field(init=False)
    rank: tuple[int, ...] = field(init=False)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.terms = values(self.state)
        self.rank = self._rank(self.terms)

    def _rank(self, terms: dict[TermName, int]) -> tuple[int, ...]:
        counted = terms if self.settled else {**terms, TermName.BREAKS: 0}
        return rank(self.state.index.problem, counted)

    def settle(self) -> None:
        """From now on breaks count."""
        self.settled = True
        self.rank = self._rank(self.terms)

    def offer(self, move: choosing.Move | None) -> bool:
        """Makes the move if it still fits and is no worse; True when it is better. Call under the lock."""
        state = choosing.apply(self.state, move) if move is not None else None
        if state is None or not choosing.complete(state.index, state):
            return False
        terms = values(state)
        standing = self._rank(terms)
        better = standing > self.rank
        if standing >= self.rank:
            self.state, self.terms, self.rank = state, terms, standing
        return better


@dataclass(frozen=True, slots=True)
class Budget:
    """When the search ends: a deadline in monotonic seconds, or a number of neighbourhoods."""

    start: float
    deadline: float
    work: int | None
    should_stop: Callable[[], bool]

    @property
    def repeatable(self) -> bool:
        return self.work is not None

    def over(self, done: int, *, share: float = 1.0) -> bool:
        if self.should_stop():
            return True
        if self.work is not None:
            return done >= share * self.work
        return time.monotonic() >= self.start + share * (self.deadline - self.start)

    def seconds(self, most: float) -> float:
        """The time one neighbourhood may take."""
        if self.work is not None:
            return most
        return max(0.01, min(most, self.deadline - time.monotonic()))


class Search:
    """Runs both phases from a complete state; `on_better` hears of each gain, outside the lock."""

    def __init__(
        self,
        state: State,
        budget: Budget,
        *,
        workers: int,
        seed: int,
        on_better: Callable[[State, dict[TermName, int]], None],
        at_best: Callable[[dict[TermName, int]], bool],
    ) -> None:
        self.incumbent = Incumbent(state)
        self.index, self.budget = state.index, budget
        self.workers = 1 if budget.repeatable else workers
        self.dice = random.Random(seed)  # noqa: S311 - search, not secrets
        self.seed = seed
        self.on_better, self.at_best = on_better, at_best
        self.done = self.stale = 0

    def run(self) -> State:
        """The best state found, never ranked below the one started from."""
        start = Incumbent(self.incumbent.state, settled=True)
        self._choose()
        self.incumbent.settle()
        cost = break_prices(self.index)
        self._retime(None, share=1.0 if cost is None else RETIME_SHARE)
        if cost is not None:
            self._retime(cost, share=1.0)
        return max(start, self.incumbent, key=lambda one: one.rank).state

    def _choose(self) -> None:
        cost = choosing.prices(self.index.problem.weights)
        slots = range(self.index.num_slots)
        if not cost or not slots:
            return
        sweep = list(itertools.combinations(slots, min(2, len(slots))))
        neighbourhoods = self._shuffled(sweep)
        self.stale = 0

        def step(state: State, slots: tuple[int, ...]) -> choosing.Move | None:
            seconds = self.budget.seconds(CHOOSE_SECONDS)
            repeatable = self.budget.repeatable
            return choosing.rechoose(state, slots, cost, seconds=seconds, repeatable=repeatable)

        self._parallel(
            lambda: next(neighbourhoods),
            step,
            until=lambda: (
                self.budget.over(self.done, share=CHOOSE_SHARE)
                or self.stale > PATIENCE * len(sweep)
                or self.at_best(self.incumbent.terms)
            ),
        )

    def _shuffled(self, sweep: list[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
        while True:
            self.dice.shuffle(sweep)
            yield from sweep

    def _retime(self, cost: dict[TermName, int] | None, *, share: float) -> None:
        spans = retiming.sessions(self.index)
        if TermName.BREAKS not in self.index.problem.weights.order or not any(self.incumbent.state.at):
            return

        def pick() -> tuple[int, ...]:
            state = self.incumbent.state
            return tuple(retiming.connected(state, self.dice, size=RETIME_PEOPLE, spans=spans))

        def step(state: State, people: tuple[int, ...]) -> choosing.Move | None:
            effort = retiming.Effort(
                self.budget.seconds(RETIME_SECONDS), self.seed + self.done, self.budget.repeatable
            )
            return retiming.retime(state, people, effort, prices=cost)

        self._parallel(
            pick,
            step,
            until=lambda: (
                self.budget.over(self.done, share=share)
                or (cost is None and not self.incumbent.terms[TermName.BREAKS])
            ),
        )

    def _parallel(
        self,
        pick: Callable[[], tuple[int, ...]],
        step: Callable[[State, tuple[int, ...]], choosing.Move | None],
        *,
        until: Callable[[], bool],
    ) -> None:
        """Repeats pick and step on every worker; an error in any of them is raised here."""
        errors: list[BaseException] = []

        def work() -> None:
            try:
                while not errors and not until():
                    self._once(pick, step)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work) for _ in range(self.workers - 1)]
        for thread in threads:
            thread.start()
        work()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]

    def _once(
        self,
        pick: Callable[[], tuple[int, ...]],
        step: Callable[[State, tuple[int, ...]], choosing.Move | None],
    ) -> None:
        with self.incumbent.lock:
            chosen, state = pick(), self.incumbent.state
        move = step(state, chosen)
        with self.incumbent.lock:
            better = self.incumbent.offer(move)
            self.done += 1
            self.stale = 0 if better else self.stale + 1
            terms, state = self.incumbent.terms, self.incumbent.state
        if better:
            self.on_better(state, terms)


def break_prices(index: Index) -> dict[TermName, int] | None:
    """Prices for re-timing that may also change what is held, where breaks can outrank or outweigh a meeting;
    None when the meetings held are settled before breaks count."""
    weights = index.problem.weights
    order = [TermName(name) for name in weights.order]
    if TermName.BREAKS not in order:
        return None
    if weights.mode is Mode.WEIGHTED:
        return {name: weights.of(name) for name in order if name in BREAK_TERMS}
    after = order[order.index(TermName.BREAKS) + 1 :]
    if not set(after) & set(LINEAR):
        return None
    return choosing.prices(weights, BREAK_TERMS)
