"""One JSON file that holds a whole run: problem and weights, seed, limits, versions, result.

Whoever has the file can check the plan without trusting its maker, and solve the problem again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scheduling import io, masking, scoring, verify
from scheduling.fields import BadInput, Fields, text, whole
from scheduling.problem import Problem
from scheduling.result import Limits, Result
from scheduling.solution import Solution

FORMAT, VERSION = "scheduling-replay", 1


@dataclass(frozen=True, slots=True)
class Replay:
    """A run: what `solve` was given, and its answer as `io.result_to` writes it."""

    problem: Problem
    limits: Limits
    workers: int
    seed: int
    start: Solution | None
    result: Mapping[str, Any]

    @property
    def plan(self) -> Solution | None:
        """The plan of the answer. Raises BadInput where it cannot be read."""
        if self.result.get("meetings") is None:
            return None
        return io.solution_from({"meetings": self.result["meetings"]})


def to_data(replay: Replay, *, mask: bool = False) -> dict[str, Any]:
    """The run as JSON data; `mask` replaces every name, order kept. Raises masking.NotMasked."""
    problem, result = io.problem_to(replay.problem), dict(replay.result)
    start = None if replay.start is None else io.solution_to(replay.start)
    if mask:
        problem, (start, result["meetings"]) = masking.masked(problem, start, result.get("meetings"))
    return {
        "format": FORMAT,
        "version": VERSION,
        "seed": replay.seed,
        "workers": replay.workers,
        "limits": {"seconds": replay.limits.seconds, "deterministic": replay.limits.deterministic},
        "start": start,
        "problem": problem,
        "result": result,
    }


def from_data(data: object) -> Replay:
    """The run of a decoded file. Raises BadInput naming the field."""
    fields = Fields(data, "")
    if fields.get("format", text) != FORMAT or fields.get("version", whole) != VERSION:
        raise BadInput(f"format: this program reads {FORMAT} {VERSION}")
    start = fields.maybe("start", lambda one, _: io.solution_from({"meetings": one}))
    found = Replay(
        problem=fields.get("problem", lambda one, _: io.problem_from(one)),
        limits=fields.get("limits", _limits),
        workers=fields.get("workers", whole),
        seed=fields.get("seed", whole),
        start=start,
        result=fields.get("result", _object),
    )
    fields.done()
    return found


def _limits(data: object, path: str) -> Limits:
    fields = Fields(data, path)
    limits = Limits(fields.get("seconds", _seconds), fields.maybe("deterministic", whole))
    fields.done()
    return limits


def _seconds(data: object, path: str) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float) or not 0 < data < float("inf"):
        raise BadInput(f"{path}: must be a number above zero")
    return float(data)


def _object(data: object, path: str) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise BadInput(f"{path}: must be an object")
    return data


def faults(replay: Replay) -> tuple[str, ...]:
    """What is wrong with the recorded answer, without solving: broken rules, figures that are not the plan's,
    bounds that the plan itself refutes. Empty for an honest record."""
    plan = replay.plan
    if plan is None:
        return ()
    if broken := verify.violations(replay.problem, plan):
        return tuple(dict.fromkeys(f"the plan breaks the rule {one.rule}" for one in broken))
    return tuple(_wrong_figures(replay, plan))


def _wrong_figures(replay: Replay, plan: Solution) -> Iterator[str]:
    told = {str(term.get("name")): term for term in replay.result.get("terms", ())}
    for name, value in scoring.values(replay.problem, plan).items():
        term = told.get(name, {})
        if term.get("value") != value:
            yield f"{name} is {value}, not {term.get('value')}"
        bound, sign = term.get("bound"), 1 if scoring.SENSES[name] is scoring.Sense.MAX else -1
        if isinstance(bound, int) and sign * value > sign * bound:
            yield f"{name} is {value}, better than its bound {bound}"


def repeats(replay: Replay, result: Result) -> bool | None:
    """Whether another run gave the recorded plan; None where none was promised: without a limit of work, or
    with other software."""
    same_software = replay.result.get("versions") == dict(result.versions)
    if replay.limits.deterministic is None or not same_software:
        return None
    plan = replay.plan
    if plan is None or result.solution is None:
        return plan is None and result.solution is None
    return set(plan.assignments) == set(result.solution.assignments)
