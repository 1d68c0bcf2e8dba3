"""The slots open to each meeting, from sessions, absences, fixed slots and precedences."""

from __future__ import annotations

from typing import TypeAlias

from scheduling.timetabling.problem import Meeting, Session, Timetabling

Domains: TypeAlias = dict[int, set[int]]
"""The open slots of each meeting, both 1-based."""


class Closed(Exception):
    """A meeting has no open slot left: the instance is infeasible. The message names the meeting."""


def domains(problem: Timetabling) -> Domains:
    """Every slot a meeting can have in any plan, and few others. Raises Closed."""
    found = {number: _own(problem, meeting) for number, meeting in enumerate(problem.meetings, start=1)}
    _check(found)
    while _order(problem, found) | _take(problem, found):
        _check(found)
    return found


def _own(problem: Timetabling, meeting: Meeting) -> set[int]:
    noon = problem.num_morning_slots
    open_slots = {
        Session.MORNING: set(range(1, noon + 1)),
        Session.AFTERNOON: set(range(noon + 1, problem.num_slots + 1)),
        Session.ANY: set(range(1, problem.num_slots + 1)),
    }[meeting.session]
    open_slots -= problem.forbidden[meeting.a - 1] | problem.forbidden[meeting.b - 1]
    return open_slots & {meeting.fixed} if meeting.fixed else open_slots


def _order(problem: Timetabling, found: Domains) -> bool:
    """A meeting is after the first open slot of those before it; whether a domain shrank."""
    shrank = False
    for number, meeting in enumerate(problem.meetings, start=1):
        for earlier in meeting.after:
            first, last = min(found[earlier], default=0), max(found[number], default=0)
            shrank |= _keep(found, number, {slot for slot in found[number] if slot > first})
            shrank |= _keep(found, earlier, {slot for slot in found[earlier] if slot < last})
            if not found[number] or not found[earlier]:
                return shrank
    return shrank


def _take(problem: Timetabling, found: Domains) -> bool:
    """A meeting with one open slot takes it from the other meetings of its people; whether a domain shrank."""
    shrank = False
    for number, meeting in enumerate(problem.meetings, start=1):
        if len(found[number]) == 1:
            others = {*problem.meetings_of[meeting.a - 1], *problem.meetings_of[meeting.b - 1]} - {number}
            for other in others:
                shrank |= _keep(found, other, found[other] - found[number])
    return shrank


def _keep(found: Domains, number: int, slots: set[int]) -> bool:
    shrank = len(slots) < len(found[number])
    found[number] = slots
    return shrank


def _check(found: Domains) -> None:
    for number, slots in found.items():
        if not slots:
            raise Closed(f"meeting {number} has no open slot")
