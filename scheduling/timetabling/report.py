"""An answer or broken rules as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from scheduling.timetabling.answer import Answer
from scheduling.timetabling.objective import breaks
from scheduling.timetabling.problem import Slots, Timetabling
from scheduling.timetabling.verifier import Violation


def table(problem: Timetabling, answer: Answer) -> str:
    """The status, then each slot's meetings, then who has breaks."""
    lines = [headline(answer)]
    if answer.slots is not None:
        lines += ["", *_slots(problem, answer.slots), "", *_breaks(problem, answer.slots)]
    return "\n".join(lines)


def headline(answer: Answer) -> str:
    """One line for a terminal or a log."""
    bound = "no bound" if answer.bound is None else f"at least {answer.bound} needed"
    if answer.objective is None:
        return f"{answer.status}: no plan ({bound}), {answer.seconds:.1f} s"
    return f"{answer.status}: {answer.objective} breaks ({bound}), {answer.seconds:.1f} s"


def _slots(problem: Timetabling, slots: Slots) -> list[str]:
    lines = [f"{'slot':>5} {'held':>5}  meetings: participants"]
    for slot in range(1, problem.num_slots + 1):
        there = sorted(number for number in slots if slots[number] == slot)
        held = [problem.meetings[number - 1] for number in there]
        named = (f"{number}: {one.a}-{one.b}" for number, one in zip(there, held, strict=True))
        noon = "  (noon follows)" if slot == problem.num_morning_slots < problem.num_slots else ""
        lines.append(f"{slot:>5} {len(there):>5}  {', '.join(named)}{noon}")
    return lines


def _breaks(problem: Timetabling, slots: Slots) -> list[str]:
    counts = {p: breaks(problem, slots, p) for p in range(1, problem.num_participants + 1)}
    with_breaks = [f"participant {person}: {count}" for person, count in counts.items() if count]
    return ["Breaks: " + ("; ".join(with_breaks) or "none")]


def broken_rules(found: Sequence[Violation]) -> str:
    """One line per violation."""
    if not found:
        return "No rule is broken."
    return "\n".join(f"{one.rule}: {one.text}" for one in found)
