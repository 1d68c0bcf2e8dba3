"""Whether an answer closes a case: proved, verified here, in time, and what is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scheduling.bench.cases import INFEASIBLE, Case
from scheduling.bench.child import Outcome
from scheduling.io import BadInput
from scheduling.timetabling.answer import Status
from scheduling.timetabling.files import miscount, slots_from
from scheduling.timetabling.reader import read
from scheduling.timetabling.verifier import violations

CLOSED, OPEN, WRONG = "closed", "open", "wrong"


def judge(case: Case, outcome: Outcome, time_limit: float) -> tuple[str, str]:
    """The verdict and a remark; wrong is a broken rule or a disagreement with what is published."""
    if not isinstance(outcome.answer, Mapping):
        return OPEN, outcome.trouble or "no answer"
    status = str(outcome.answer.get("status"))
    if "slots" in outcome.answer and (fault := _fault(case, outcome.answer)):
        return WRONG, fault
    if status == Status.OPTIMAL and "slots" not in outcome.answer:
        return WRONG, "optimal without a plan"
    if disagreement := _disagreement(case, outcome.answer):
        return WRONG, disagreement
    if status not in (Status.OPTIMAL, Status.INFEASIBLE):
        return OPEN, ""
    return (CLOSED, "") if outcome.seconds <= time_limit else (OPEN, "too late")


def _fault(case: Case, answer: Mapping[str, Any]) -> str:
    """What is wrong with the plan by itself."""
    problem = read(case.path.read_text(encoding="utf-8"), fairness=case.fairness)
    try:
        slots = slots_from(answer)
    except BadInput as error:
        return str(error)
    found = (*violations(problem, slots), *miscount(answer, problem, slots))
    return f"{found[0].rule}: {found[0].text}" if found else ""


def _disagreement(case: Case, answer: Mapping[str, Any]) -> str:
    """What contradicts the published result; a bound above the optimum does, too."""
    if case.published is None:
        return ""
    optimum, objective, bound = case.published.optimum, answer.get("objective"), answer.get("bound")
    if optimum is None:
        return f"a plan where {INFEASIBLE} is published" if objective is not None else ""
    if answer.get("status") == Status.INFEASIBLE:
        return f"infeasible where {optimum} is published"
    if objective is not None and objective < optimum:
        return f"{objective} below the published optimum {optimum}"
    if bound is not None and bound > optimum:
        return f"bound {bound} above the published optimum {optimum}"
    return ""
