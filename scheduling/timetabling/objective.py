"""What is minimised: breaks, the groups of idle slots between a participant's first and last meeting."""

from __future__ import annotations

from scheduling.timetabling.problem import Slots, Timetabling


def used_slots(problem: Timetabling, slots: Slots, participant: int) -> set[int]:
    """The slots in which the participant meets someone."""
    return {slots[number] for number in problem.meetings_of[participant - 1] if number in slots}


def breaks(problem: Timetabling, slots: Slots, participant: int) -> int:
    """Maximal runs of used slots, less one; 0 for someone without a meeting."""
    used = used_slots(problem, slots, participant)
    runs = sum(1 for slot in used if slot - 1 not in used)
    return max(0, runs - 1)


def total_breaks(problem: Timetabling, slots: Slots) -> int:
    """The sum of everybody's breaks."""
    return sum(breaks(problem, slots, person) for person in range(1, problem.num_participants + 1))
