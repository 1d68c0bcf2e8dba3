"""A result or a list of violations as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from scheduling.problem import Problem
from scheduling.result import Result
from scheduling.solution import Assignment
from scheduling.verify import Violation


def table(problem: Problem, result: Result) -> str:
    """Status, terms with bounds, then the meetings in the order of time."""
    lines = [result.summary() if result.solution else str(result.status)]
    if result.conflict:
        lines.append("These rules cannot all hold: " + ", ".join(result.conflict))
    for term in result.terms:
        bound = "no proven bound" if term.bound is None else f"bound {term.bound} ({term.proof})"
        lines.append(f"{term.name:<14} {term.value:>8}  {bound}")
    if result.solution:
        lines.append("")
        lines.append(f"{'slot':>8} {'table':>8}  participants")
        for held in result.solution.assignments:
            lines.append(f"{held.slot!s:>8} {held.table!s:>8}  {_people(held)}{_remarks(held)}")
    return "\n".join(lines)


def _people(held: Assignment) -> str:
    return " - ".join(map(str, held.people))


def _remarks(held: Assignment) -> str:
    """Who interprets, whose wish it is when colleagues go, whether it is locked."""
    remarks = []
    if held.interpreter is not None:
        remarks.append(f"interpreter {held.interpreter}")
    if held.wish is not None:
        remarks.append("for " + " - ".join(map(str, held.wish)))
    if held.pinned:
        remarks.append("pinned")
    return "".join(f"  {remark}" for remark in remarks)


def violations(found: Sequence[Violation]) -> str:
    """One line per violation."""
    if not found:
        return "No rule is broken."
    return "\n".join(_violation(one) for one in found)


def _violation(violation: Violation) -> str:
    about = ", ".join(f"{name} {value}" for name, value in violation.args)
    held = [f"{_people(one)} at {one.slot}, table {one.table}" for one in violation.meetings]
    meetings = "; ".join(held)
    return f"{violation.rule}: {about}{' | ' if about and meetings else ''}{meetings}"
