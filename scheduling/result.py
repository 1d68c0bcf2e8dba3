"""What `solve` hands back: a verified plan, what is proven about it, and how it came to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduling.problem import TermName
    from scheduling.scoring import Term
    from scheduling.solution import Solution


class Status(StrEnum):
    """How a run ended; `cancelled` and `feasible` keep the best plan found."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: wall seconds, or a number of searched neighbourhoods that makes a run repeatable.

    With `deterministic` the clock is ignored and one worker is used.
    """

    seconds: float = 30.0
    deterministic: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """A point of the run: what was known after `seconds`; `value` and `bound` are the term `value`."""

    seconds: float
    step: str
    value: int
    bound: int | None
    breaks: int


@dataclass(frozen=True, slots=True)
class Result:
    """The end of a run; `objective`, `bound` and `gap` are those of the term `value`, every term has its own.

    `status` is optimal only when each optimised term is proven best given those the organiser ranks before.
    `conflict` names rules that clash when infeasible (`conflict_minimal`: leaving any of them out frees it);
    `baseline_value` is the value of the greedy plan of this run.
    """

    status: Status
    solution: Solution | None = None
    terms: tuple[Term, ...] = ()
    objective: int | None = None
    bound: int | None = None
    gap: float | None = None
    seconds: float = 0.0
    trace: tuple[Trace, ...] = ()
    conflict: tuple[str, ...] = ()
    conflict_minimal: bool = False
    baseline_value: int | None = None
    seed: int = 1
    workers: int = 1
    versions: tuple[tuple[str, str], ...] = field(default=())

    def term(self, name: TermName | str) -> Term:
        """The term of that name. Raises KeyError when there is no plan."""
        for term in self.terms:
            if term.name == name:
                return term
        raise KeyError(name)

    def summary(self) -> str:
        """One English line for a log."""
        if self.gap is None:
            return f"{self.status}: value {self.objective}, no proven bound, {self.seconds:.1f} s"
        proven = f"value {self.objective} of at most {self.bound} ({self.gap:.2%})"
        return f"{self.status}: {proven}, {self.seconds:.1f} s"


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known while a run goes on; `incumbent` and `bound` are the term `value`.

    `step` is data, first, improve, verify or done; `terms` are those of the incumbent.
    """

    elapsed: float
    step: str
    incumbent: int | None = None
    bound: int | None = None
    gap: float | None = None
    meetings: int = 0
    must_held: int = 0
    terms: tuple[tuple[str, int], ...] = ()
