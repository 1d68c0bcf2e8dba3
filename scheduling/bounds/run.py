"""Proves bounds beside the search, the most useful first, and lends it what the relaxations hold."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from scheduling.bounds.linear import CLOSED, Bound, PricedSum, ladder
from scheduling.problem import Mode, TermName
from scheduling.scoring import SENSES, Sense, level
from scheduling.solvers.closing import close
from scheduling.solvers.coarse import coarse
from scheduling.solvers.interrupt import interrupting
from scheduling.solvers.linear import Guide, Hopeless, guide
from scheduling.solvers.model import Model
from scheduling.solvers.relaxation import LINEAR
from scheduling.solvers.state import State
from scheduling.solvers.tally import Tally

HELD = (TermName.MUST_MEETS, TermName.VALUE)  # terms whose levels other bounds may take as given
PROVABLE = (*LINEAR, TermName.BREAKS)
NONE_BELOW_ZERO = Bound(0, "no plan can have fewer than none")
FLATTER = 3
POLL_SECONDS = 0.05


class Bounds:
    """Bounds by term, each given the terms ranked before; `start` proves them in a thread of its own."""

    def __init__(
        self,
        model: Model,
        *,
        seconds: Callable[[], float],
        repeatable: bool,
        should_stop: Callable[[], bool],
    ) -> None:
        self.model, self.seconds, self.repeatable = model, seconds, repeatable
        self._coarse: Model | None = None  # made by whoever proves first
        self._should_stop = should_stop
        self._closed = threading.Event()
        self._sums: dict[TermName, list[PricedSum]] = defaultdict(list)
        self._guides: dict[TermName, Guide] = {}
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None
        self._musts = any(wish.must for wish in model.wishes)

    # What is proven -------------------------------------------------------------------------------------

    def of(self, term: TermName, found: Mapping[TermName, int]) -> Bound | None:
        """The bound for plans like the one found, or None."""
        if SENSES[term] is Sense.MIN and found[term] == 0:
            return NONE_BELOW_ZERO
        if term is TermName.MUST_MEETS and not self._musts:
            return Bound(0, "nobody called a meeting a must")
        known = [one.bound(self.model, found) for one in list(self._sums[term])]
        tightest = max if SENSES[term] is Sense.MIN else min
        return tightest(known, key=lambda bound: bound.value) if known else None

    def reached(self, term: TermName, found: Mapping[TermName, int]) -> bool:
        """True when the term of the plan found equals its bound."""
        bound = self.of(term, found)
        return bound is not None and bound.value == found[term]

    # How it is proven -----------------------------------------------------------------------------------

    def terms(self) -> list[TermName]:
        """Terms to prove, those first that guide the search."""
        order = [TermName(name) for name in self.model.problem.weights.order]
        used = {name for name in PROVABLE if name in self.model.problem.terms()}
        if not self._musts:
            used.discard(TermName.MUST_MEETS)
        wanted = [term for term in order if term in used]
        rank = {TermName.VALUE: 0, TermName.FAIRNESS: 1}
        return sorted(wanted, key=lambda term: rank.get(term, 2))

    def start(self) -> None:
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def guide(self, term: TermName) -> Guide | None:
        """What the relaxation for a term holds: waits for the thread, or solves it here; None when stopped."""
        while self._thread is not None and self._thread.is_alive() and term not in self._guides:
            if self._stopping():
                return None
            self._thread.join(POLL_SECONDS)
        if term not in self._guides and self._thread is None:
            self.prove(term)
        return self._guides.get(term)

    def prove(self, term: TermName) -> None:
        """The term has its bound, if time allows; raises Hopeless when no plan exists."""
        self._guides[term] = self._sum(term, ladder(self.model, term, self._before(term)))

    def _sum(self, term: TermName, prices: Mapping[TermName, int]) -> Guide:
        answer = self._solved(prices)
        if answer.bound is not None:
            self._sums[term].append(PricedSum(term, prices, answer.unit, answer.bound))
        return answer

    def close(self, term: TermName, state: State, seconds: float) -> State:
        """The best plan for the priced sum behind the term's guide: proven so when time allows; never worse."""
        known = self._guides.get(term)
        if known is None or TermName.FAIRNESS in known.prices:
            return state
        with interrupting(self._stopping) as interrupt:
            found, proven = close(
                state, known, seconds=seconds, repeatable=self.repeatable, interrupt=interrupt
            )
        if proven:
            most = level(known.prices, Tally(found).terms(found))
            self._sums[term].append(PricedSum(term, known.prices, known.unit, most, CLOSED))
        return found

    def weighed(self) -> Guide:
        """What the relaxation holds when the terms are weighed against each other; proves nothing."""
        weights = self.model.problem.weights
        return self._solved(
            {TermName(name): weights.of(name) for name in weights.order if TermName(name) in LINEAR}
        )

    def finish(self) -> None:
        """Whatever is not proven by now stays so; raises what went wrong in the thread."""
        self.stop()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def _before(self, term: TermName) -> list[TermName]:
        weights = self.model.problem.weights
        if weights.mode is Mode.WEIGHTED or term not in weights.order:
            return []
        order = [TermName(name) for name in weights.order]
        held = [name for name in HELD if name is not TermName.MUST_MEETS or self._musts]
        return [name for name in order[: order.index(term)] if name in held]

    def _solved(self, prices: Mapping[TermName, int]) -> Guide:
        if self._coarse is None:
            self._coarse = coarse(self.model)
        with interrupting(self._stopping) as interrupt:
            return guide(
                self._coarse, prices, seconds=self.seconds(), repeatable=self.repeatable, interrupt=interrupt
            )

    def _stopping(self) -> bool:
        return self._closed.is_set() or self._should_stop()

    def _unproven(self) -> Iterator[TermName]:
        for term in self.terms():
            if not self._sums[term] and not self._stopping():
                yield term

    def compute(self) -> None:
        """Everything is proven that the time allows: each term given those before it, then the value with
        lower prices of musts, then each term alone."""
        for term in self._unproven():
            self.prove(term)
            if term is TermName.VALUE:
                self._flatter()
        for term in self.terms():
            if self._before(term) and not self._stopping():
                self._sum(term, {term: 1})

    def _flatter(self) -> None:
        """Where not all musts of the bound can be held, lower prices of musts bound the value better."""
        prices = ladder(self.model, TermName.VALUE, self._before(TermName.VALUE))
        for price in (prices.get(TermName.MUST_MEETS, 0) // FLATTER**n for n in (1, 2)):
            if price and not self._stopping():
                self._sum(TermName.VALUE, {**prices, TermName.MUST_MEETS: price})

    def _work(self) -> None:
        try:
            self.compute()
        except Hopeless:
            pass  # the search finds out why and names the rules
        except BaseException as error:
            self._error = error
