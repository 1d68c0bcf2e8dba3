"""What solving gives: a status, a plan and what is proven about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scheduling.timetabling.problem import Slots


class Status(StrEnum):
    """How a run ended; a cancelled run is `feasible` or `unknown`."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """`objective` is the total of breaks of `slots`; `bound` is proven: no plan has fewer breaks."""

    status: Status
    objective: int | None = None
    bound: int | None = None
    seconds: float = 0.0
    slots: Slots | None = None


class WrongAnswer(Exception):
    """A solver broke a rule or contradicted another: a defect of this program, never to be shown as an answer."""
