"""Repairs as JSON data, and the newcomer of a fault read from it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scheduling.fields import Fields, identifier
from scheduling.io import VERSION, BadInput, problem_from, solution_to

if TYPE_CHECKING:
    from scheduling.diff import Diff
    from scheduling.problem import Pair, Participant
    from scheduling.repair import Repair


def repair_to(found: Repair) -> dict[str, Any]:
    """The repaired plan, and the changes by meeting and by participant."""
    return {
        "version": VERSION,
        "meetings": None if found.plan is None else solution_to(found.plan),
        "proven": found.proven,
        "argument": found.argument if found.proven else None,
        **{name: getattr(found, name) for name in ("cost", "points", "bound", "seconds", "clash")},
        "changes": diff_to(found.diff),
        "participants": [
            {"participant": one, "changes": diff_to(found.diff.of(one))} for one in found.diff.participants
        ],
    }


def diff_to(diff: Diff) -> dict[str, Any]:
    return {
        "cancelled": [asdict(one) for one in diff.cancelled],
        "added": [asdict(one) for one in diff.added],
        "moved": [{"old": asdict(one.old), "new": asdict(one.new)} for one in diff.moved],
    }


def late_from(fields: Fields) -> tuple[Participant, tuple[Pair, ...]]:
    """The newcomer and the wishes, which name people of the problem. Raises BadInput."""
    person = fields.get("late", lambda one, path: one)
    pairs = fields.rows("pairs", lambda one, path: one)
    return _read(person, pairs)


def _read(person: object, pairs: tuple[object, ...]) -> tuple[Participant, tuple[Pair, ...]]:
    """Read as a small problem of their own: the people and slots named are there by name only."""
    if not isinstance(person, dict) or not all(isinstance(one, dict) for one in pairs):
        raise BadInput("late: must be a participant as in a problem file, pairs a list of wishes")
    me = identifier(person.get("id"), "late.id")
    named = {one.get(side) for one in pairs if isinstance(one, dict) for side in ("a", "b")} - {me, None}
    slots = person.get("available")
    if not isinstance(slots, list) or not slots:
        raise BadInput("late.available: must be a list of slots")
    others = [
        {"id": identifier(one, "pairs"), "organisation": _other(person.get("organisation"), rank)}
        for rank, one in enumerate(sorted(named, key=str))
    ]
    problem = problem_from(
        {"slots": slots, "tables": [1], "participants": [person, *others], "pairs": list(pairs)}
    )
    return problem.participant(me), problem.pairs


def _other(organisation: object, rank: int) -> object:
    """An organisation of the same kind of id that is not the newcomer's."""
    return organisation + rank + 1 if isinstance(organisation, int) else f"{organisation}-{rank}"
