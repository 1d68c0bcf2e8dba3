"""Words for the rules, and one true reason for every wish that is not served."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from scheduling.placing import Board

if TYPE_CHECKING:
    from scheduling.problem import Meeting, Pair, Problem
    from scheduling.solution import Solution

# English sentences by rule name, for logs and the command line; the web words its own.
SENTENCES: Mapping[str, str] = {
    "availability": "a person is met only while present",
    "person_once": "a person has at most one meeting at a time",
    "table_once": "a table holds at most one meeting at a time",
    "table_available": "a table is used only while it is open",
    "stand": "an exhibitor's meetings take place at a stand of either side",
    "step_free": "a person who needs it sits at a step-free table",
    "organisations_distinct": "nobody meets the own organisation",
    "exclusions": "two excluded organisations do not meet",
    "no_thanks": "nobody meets an organisation that was refused",
    "types": "only types that may meet each other meet",
    "pair_once": "two people meet at most once",
    "organisation_pair_limit": "two organisations meet no more often than allowed",
    "wished_or_mandatory": "a meeting is wished, mandatory or pinned",
    "maximum": "a person has no more meetings than the maximum",
    "maximum_per_day": "a person has no more meetings a day than the daily maximum",
    "hard_minimum": "a person with a hard minimum reaches it",
    "pins": "a pinned meeting keeps its slot and table",
    "mandatory": "a mandatory meeting is held",
}


class Reason(StrEnum):
    """Why a wish is not served, in the order tried: the first that is true."""

    SAME_ORGANISATION = "same_organisation"
    NO_THANKS = "no_thanks"
    EXCLUDED = "excluded"
    TYPES = "types"
    NO_COMMON_SLOT = "no_common_slot"
    NO_TABLE = "no_table"
    ORGANISATION_PAIR = "organisation_pair"
    QUOTA_REACHED = "quota_reached"
    LOWER_PRIORITY = "lower_priority"


ALWAYS: Mapping[str, Reason] = {
    "organisations_distinct": Reason.SAME_ORGANISATION,
    "no_thanks": Reason.NO_THANKS,
    "exclusions": Reason.EXCLUDED,
    "types": Reason.TYPES,
}


def reasons(problem: Problem, solution: Solution) -> dict[Meeting, Reason]:
    """A reason for every wished pair that is not held, by pair key.

    Rules that forbid the meeting at any time come first. `no_common_slot`: never both present. `no_table`: at
    each slot when both are present and free no suitable table is open and free, though there is such a slot.
    `organisation_pair`: the two organisations already meet as often as allowed. `quota_reached`: one side's
    maximum, of the fair or of each day left, is full. `lower_priority`: other meetings took the times both
    could meet, or the organiser's order prefers the plan without it.
    """
    board = Board(problem, solution)
    held = solution.meetings
    return {pair.key: _reason(board, pair) for pair in problem.pairs if pair.key not in held}


def _reason(board: Board, pair: Pair) -> Reason:
    for rule in board.always_broken(pair.a, pair.b):
        if rule in ALWAYS:
            return ALWAYS[rule]
    common = board.common_slots(pair.a, pair.b)
    if not common:
        return Reason.NO_COMMON_SLOT
    if board.sides_full(pair.a, pair.b):
        return Reason.ORGANISATION_PAIR
    within = [slot for slot in common if not board.quota_full(pair.a, pair.b, slot)]
    if not within:
        return Reason.QUOTA_REACHED
    free = [slot for slot in within if not board.busy(pair.a, slot) and not board.busy(pair.b, slot)]
    if free and not any(board.free_tables(pair.a, pair.b, slot) for slot in free):
        return Reason.NO_TABLE
    return Reason.LOWER_PRIORITY
