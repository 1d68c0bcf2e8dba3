"""Plans in files: reading the one to verify, writing the answer."""

from __future__ import annotations

from collections.abc import Mapping

from scheduling import io
from scheduling.timetabling.answer import Answer
from scheduling.timetabling.objective import total_breaks
from scheduling.timetabling.problem import Slots, Timetabling
from scheduling.timetabling.verifier import Violation

SUFFIX = ".dzn"


def slots_from(data: object) -> Slots:
    """The plan in an answer (its `slots`) or in a bare object of meeting id to slot. Raises io.BadInput.

    Meetings and slots out of range are read: they are for the verifier to judge.
    """
    if not isinstance(data, Mapping):
        raise io.BadInput("plan: is not an object")
    listed = data.get("slots") if "status" in data or "slots" in data else data
    if not isinstance(listed, Mapping):
        raise io.BadInput("slots: is missing: the file holds no plan")
    return {_meeting(name): _slot(name, value) for name, value in listed.items()}


def miscount(data: object, problem: Timetabling, slots: Slots) -> tuple[Violation, ...]:
    """A violation when the file claims another total of breaks than its plan has."""
    claimed = data.get("objective") if isinstance(data, Mapping) else None
    if claimed is None or claimed == (total := total_breaks(problem, slots)):
        return ()
    return (Violation("objective", f"the file says {claimed}, the plan has {total} breaks"),)


def _meeting(name: object) -> int:
    text = str(name)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise io.BadInput(f"slots: {text[:20]!r} is not a meeting's number")
    return int(text)


def _slot(name: object, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise io.BadInput(f"slots.{name}: is not a slot's number")
    return value


def answer_to(answer: Answer) -> dict[str, object]:
    """The answer as JSON: `slots` is left out when there is no plan."""
    found: dict[str, object] = {
        "status": str(answer.status),
        "objective": answer.objective,
        "bound": answer.bound,
        "seconds": round(answer.seconds, 3),
    }
    if answer.slots is not None:
        found["slots"] = {str(number): answer.slots[number] for number in sorted(answer.slots)}
    return found
