"""What all racers know: the best plan, the best bound, whether to stop. Safe between threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from scheduling.timetabling.answer import Answer, Status, WrongAnswer
from scheduling.timetabling.objective import total_breaks
from scheduling.timetabling.problem import Slots, Timetabling
from scheduling.timetabling.verifier import violations

OnChange = Callable[[float, int | None, int | None], None]
"""Told the elapsed seconds, the incumbent's breaks and the bound, each time either is better."""


class Board:
    """Plans are verified before they count; a contradiction is kept and raised by `answer`."""

    def __init__(self, problem: Timetabling, on_change: OnChange | None = None) -> None:
        self.over = threading.Event()
        self._problem = problem
        self._on_change = on_change
        self._lock = threading.RLock()
        self._since = time.monotonic()
        self._slots: Slots | None = None
        self._objective: int | None = None
        self._bound = 0
        self._infeasible = False
        self._defect: Exception | None = None

    @property
    def bound(self) -> int:
        """No plan has fewer breaks."""
        return self._bound

    @property
    def objective(self) -> int | None:
        """The breaks of the best plan so far."""
        return self._objective

    @property
    def slots(self) -> Slots | None:
        """The best plan so far."""
        return self._slots

    def plan(self, slots: Slots, claimed: int | None = None) -> None:
        """A plan was found, with that total of breaks if the solver counted them."""
        broken = violations(self._problem, slots)
        objective = total_breaks(self._problem, slots)
        if broken:
            self.fail(WrongAnswer(f"a solver broke {broken[0].rule}: {broken[0].text}"))
        elif claimed is not None and claimed != objective:
            self.fail(WrongAnswer(f"a solver counted {claimed} breaks, the plan has {objective}"))
        else:
            self._improve(slots, objective)

    def _improve(self, slots: Slots, objective: int) -> None:
        with self._lock:
            if self._objective is not None and objective >= self._objective:
                return
            self._slots, self._objective = dict(slots), objective
            self._settle()
        self._tell()

    def raise_bound(self, bound: int) -> None:
        """It is proven that no plan has fewer breaks."""
        with self._lock:
            if bound <= self._bound:
                return
            self._bound = bound
            self._settle()
        self._tell()

    def no_plan(self) -> None:
        """It is proven that no plan exists."""
        with self._lock:
            self._infeasible = True
            self._settle()
        self._tell()

    def fail(self, defect: Exception) -> None:
        """Something is wrong with this program; the race is over."""
        with self._lock:
            self._defect = self._defect or defect
        self.stop()

    def stop(self) -> None:
        """The race is over, whatever is known."""
        self.over.set()
        self._tell()

    def _settle(self) -> None:
        if self._objective is not None and (self._infeasible or self._objective < self._bound):
            proven = "no plan exists" if self._infeasible else f"none has fewer than {self._bound} breaks"
            self._defect = WrongAnswer(f"a plan with {self._objective} breaks, proved: {proven}")
        if self._infeasible or self._defect or self._objective == self._bound:
            self.over.set()

    def _tell(self) -> None:
        if self._on_change is not None and self._defect is None:
            self._on_change(time.monotonic() - self._since, self._objective, self._bound)

    def answer(self) -> Answer:
        """What is known now. Raises WrongAnswer (or what a racer died of) instead of a doubtful answer."""
        with self._lock:
            if self._defect is not None:
                raise self._defect
            seconds = time.monotonic() - self._since
            if self._infeasible:
                return Answer(Status.INFEASIBLE, seconds=seconds)
            if self._objective is None:
                return Answer(Status.UNKNOWN, bound=self._bound, seconds=seconds)
            status = Status.OPTIMAL if self._objective == self._bound else Status.FEASIBLE
            return Answer(status, self._objective, self._bound, seconds, self._slots)
