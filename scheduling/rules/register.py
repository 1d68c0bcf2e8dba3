"""What a checker is and finds, and the register of them all under the names of the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from scheduling.problem import Id, Problem
    from scheduling.solution import Assignment, Solution


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: `args` name what it is about (ids and figures), `meetings` are the guilty ones."""

    rule: str
    args: tuple[tuple[str, object], ...] = ()
    meetings: tuple[Assignment, ...] = ()


Checker: TypeAlias = "Callable[[Problem, Solution], Iterator[Violation]]"
_CHECKERS: list[Checker] = []


def rule(checker: Checker) -> Checker:
    """Registers a checker under its own name."""
    _CHECKERS.append(checker)
    return checker


def rules_of(*modules: ModuleType) -> dict[str, Checker]:
    """The checkers of some modules by name, in that order."""
    return {
        checker.__name__: checker
        for module in modules
        for checker in _CHECKERS
        if checker.__module__ == module.__name__
    }


def slots_of(problem: Problem, held: Assignment) -> tuple[Id, ...]:
    """The slots a meeting takes; its first alone where it cannot start, which the rule `length` says."""
    return problem.spans(held) or (held.slot,)
