"""The one way to an answer: learn the facts, race, verify, report."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from scheduling.solvers.timetabling.board import Board, OnChange
from scheduling.solvers.timetabling.domains import Closed
from scheduling.solvers.timetabling.facts import learn
from scheduling.solvers.timetabling.line_up import ENDLESS, line_up
from scheduling.solvers.timetabling.racer import Racer
from scheduling.timetabling.answer import Answer
from scheduling.timetabling.problem import Slots, Timetabling

POLL_SECONDS = 0.02
GRACE_SECONDS = 0.2  # CP-SAT stops at its next look at the flag; a racer still deaf then is left behind


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: wall seconds, and with `work` the CP-SAT units of each racer (one worker: repeatable)."""

    seconds: float = 60.0
    work: float | None = None


def solve(
    problem: Timetabling,
    *,
    limits: Limits | None = None,
    workers: int = 2,
    seed: int = 1,
    start: Slots | None = None,
    on_change: OnChange | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Answer:
    """The plan with the fewest breaks, or what is known of it when time, work or `should_stop` ends the race.

    The answer comes within the seconds, but a racer inside CP-SAT may outlive it by a moment.
    Raises WrongAnswer if a solver broke a rule or contradicted another, ValueError for a wrong `start`.
    """
    begin = time.monotonic()
    limits = limits or Limits()
    board = Board(problem, on_change)
    if start is not None:
        board.plan(start)
    try:
        facts = learn(problem)
    except Closed:
        board.no_plan()
        return replace(board.answer(), seconds=time.monotonic() - begin)
    board.raise_bound(facts.bound)
    deadline = begin + limits.seconds
    stages = line_up(workers, seed, ENDLESS if limits.work is None else limits.work)
    racers = [Racer(facts, board, own, deadline) for own in stages]
    _race(racers, board, deadline, should_stop or (lambda: False))
    return board.answer()


def _race(racers: list[Racer], board: Board, deadline: float, should_stop: Callable[[], bool]) -> None:
    """The race is over: settled, out of time, stopped, or every racer out of work."""
    if board.over.is_set():
        return
    for racer in racers:
        racer.start()
    while not board.over.wait(POLL_SECONDS) and any(racer.is_alive() for racer in racers):
        for racer in racers:
            racer.interrupt_if_useless()
        if should_stop() or time.monotonic() > deadline:
            board.stop()
    board.over.set()
    _dismiss(racers)


def _dismiss(racers: list[Racer]) -> None:
    until = time.monotonic() + GRACE_SECONDS
    while any(racer.is_alive() for racer in racers) and time.monotonic() < until:
        for racer in racers:
            racer.interrupt_if_useless()
            racer.join(POLL_SECONDS / len(racers))
