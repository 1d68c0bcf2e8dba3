"""Computes the bounds beside the search, most useful first, and hands out what is known so far."""

from __future__ import annotations

import threading
import time

from scheduling.bounds.linear import Bound, Hopeless, linear_bound
from scheduling.problem import TermName
from scheduling.solvers.index import Index
from scheduling.solvers.relaxation import LINEAR

ORDER = (TermName.VALUE, TermName.MUST_MEETS, TermName.MIN_SHORTFALL, TermName.FAIRNESS)
SHARE = 0.1  # of the remaining time for one bound; any duals prove one, so haste costs tightness only
LEAST_SECONDS = 0.2


class Bounds:
    """Bounds by term name; `compute` here and now, or `start` in a thread of its own."""

    def __init__(self, index: Index, *, deadline: float, repeatable: bool) -> None:
        self._index, self._deadline, self._repeatable = index, deadline, repeatable
        self._found: dict[TermName, Bound] = {}
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    def of(self, term: TermName) -> Bound | None:
        return self._found.get(term)

    def reached(self, terms: dict[TermName, int]) -> bool:
        """True when every linear term the organiser optimises equals its bound."""
        wanted = [name for name in LINEAR if name in self._index.problem.weights.order]
        return all((bound := self.of(name)) is not None and bound.value == terms[name] for name in wanted)

    def start(self) -> None:
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def compute(self) -> None:
        """All bounds are known that the time allows."""
        for term in ORDER:
            if self._stopped.is_set():
                return
            seconds = max(LEAST_SECONDS, SHARE * (self._deadline - time.monotonic()))
            bound = linear_bound(self._index, term, seconds=seconds, repeatable=self._repeatable)
            if bound is not None:
                self._found[term] = bound

    def _work(self) -> None:
        try:
            self.compute()
        except Hopeless:
            pass  # the search finds out why and names the rules
        except BaseException as error:
            self._error = error

    def finish(self) -> None:
        """Waits for the bound being computed; raises what went wrong in the thread."""
        self.stop()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
