"""Words for the rules, and one true reason for every wish that is not served."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from scheduling.board import Board
from scheduling.possible import teams
from scheduling.problem import key_of
from scheduling.solution import Assignment

if TYPE_CHECKING:
    from scheduling.problem import Group, Id, Meeting, Pair, Problem
    from scheduling.solution import Solution

# English sentences by rule name, for logs and the command line; the web words its own.
SENTENCES: Mapping[str, str] = {
    "availability": "a person is met only while present",
    "start_allowed": "a meeting starts at a time that its wish allows",
    "length": "a meeting is over before its session is",
    "person_once": "a person has at most one meeting at a time",
    "table_once": "a table holds at most one meeting at a time",
    "interpreter_once": "an interpreter is at one meeting at a time",
    "table_available": "a table is used only while it is open",
    "stand": "an exhibitor's meetings take place at a stand of either side",
    "step_free": "a person who needs it sits at a step-free table",
    "interpreter": "people without a common language have an interpreter who serves all of them",
    "precedences": "of two meetings in order, the first ends before the second starts",
    "walking": "between two meetings there is time to walk from table to table",
    "rest": "a person has a free slot after as many meetings in a row as wanted",
    "organisations_distinct": "nobody meets the own organisation",
    "exclusions": "two excluded organisations do not meet",
    "no_thanks": "nobody meets an organisation that was refused",
    "types": "only types that may meet each other meet",
    "forbidden_pairs": "people who must not meet are not in one meeting",
    "delegates": "whoever goes in another's place was named for it",
    "pair_once": "two people meet at most once",
    "organisation_pair_limit": "two organisations meet no more often than allowed",
    "wished_or_mandatory": "a meeting is wished, mandatory or pinned",
    "maximum": "a person has no more meetings than the maximum",
    "maximum_per_day": "a person has no more meetings a day than the daily maximum",
    "maximum_per_type": "a person has no more meetings with a type than its maximum",
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
    FORBIDDEN = "forbidden"
    NO_COMMON_SLOT = "no_common_slot"
    TOO_LONG = "too_long"
    START_NOT_ALLOWED = "start_not_allowed"
    NO_INTERPRETER = "no_interpreter"
    ORGANISATION_PAIR = "organisation_pair"
    QUOTA_REACHED = "quota_reached"
    NO_TABLE = "no_table"
    INTERPRETER_BUSY = "interpreter_busy"
    TOO_FAR = "too_far"
    REST = "rest"
    ORDER = "order"
    LOWER_PRIORITY = "lower_priority"


ALWAYS: Mapping[str, Reason] = {
    "organisations_distinct": Reason.SAME_ORGANISATION,
    "no_thanks": Reason.NO_THANKS,
    "exclusions": Reason.EXCLUDED,
    "types": Reason.TYPES,
    "forbidden_pairs": Reason.FORBIDDEN,
}
# Rules that the rest of the plan makes impossible to keep, though people, table and interpreter are free.
AROUND: Mapping[str, Reason] = {
    "walking": Reason.TOO_FAR,
    "rest": Reason.REST,
    "precedences": Reason.ORDER,
}


def reasons(problem: Problem, solution: Solution) -> dict[Meeting, Reason]:
    """A reason for every wished pair or group that is not held, by its key; all who may go are considered.

    Rules that forbid the meeting at any time come first. `no_common_slot`: never all present. `too_long`:
    never all present for its whole length within a session. `start_not_allowed`: never at a start the wish
    allows. `no_interpreter`: one is needed and no fitting one is ever there then. `organisation_pair`: two of
    the organisations already meet as often as allowed. `quota_reached`: somebody's maximum, of the fair, of a
    type or of each day left, is full. `no_table`: whenever all are present and free, no suitable table is open
    and free, though there is such a time; `interpreter_busy`: the same of interpreters. `too_far`, `rest`,
    `order`: whenever all of this is free, it would break the rule of that matter. `lower_priority`: other
    meetings took the times all could meet (or those who could go meet for another wish), or the organiser's
    order prefers the plan without it.
    """
    board = Board(problem, solution)
    held = solution.meetings
    return {wish.key: _reason(board, wish) for wish in problem.wishes if wish.key not in held}


Chance: TypeAlias = "tuple[Meeting, tuple[Id, ...]]"  # who goes, and the slots taken


def _reason(board: Board, wish: Pair | Group) -> Reason:
    everyone = teams(wish)
    allowed = [people for people in everyone if not board.always_broken(people)]
    if not allowed:
        return ALWAYS[board.always_broken(everyone[0])[0]]
    chances = [(people, span) for people in allowed for span in board.possible.present(wish.key, people)]
    if not chances:
        together = any(board.possible.together(people) for people in allowed)
        return Reason.TOO_LONG if together else Reason.NO_COMMON_SLOT
    for reason, possible in _filters(board, wish):
        chances = [chance for chance in chances if possible(*chance)]
        if not chances:
            return reason
    return _around(board, wish, chances)


def _filters(board: Board, wish: Pair | Group) -> Iterator[tuple[Reason, Callable[..., object]]]:
    """What a chance needs, in the order of the reasons; without the last of the chances, the reason holds."""
    starts = wish.available
    if starts is not None:
        yield Reason.START_NOT_ALLOWED, lambda people, span: span[0] in starts
    yield Reason.NO_INTERPRETER, board.possible.understood
    yield Reason.ORGANISATION_PAIR, lambda people, span: not board.sides_full(people)
    yield Reason.QUOTA_REACHED, lambda people, span: not board.quota_full(people, span[0])
    yield Reason.LOWER_PRIORITY, lambda people, span: not board.busy(people, span)
    yield Reason.NO_TABLE, board.free_tables
    yield Reason.INTERPRETER_BUSY, lambda people, span: board.free_interpreters(people, span) != []


def _around(board: Board, wish: Pair | Group, chances: Sequence[Chance]) -> Reason:
    """The rule that every chance breaks, if there is one."""
    if not board.problem.has_rules_around():
        return Reason.LOWER_PRIORITY
    broken = [
        set(board.broken(new)) for people, span in chances for new in _meetings(board, wish, people, span)
    ]
    for rule, reason in AROUND.items():
        if all(rule in rules for rules in broken):
            return reason
    return Reason.LOWER_PRIORITY


def _meetings(
    board: Board, wish: Pair | Group, people: Meeting, span: tuple[Id, ...]
) -> Iterator[Assignment]:
    """The meeting at a free table of each zone."""
    a, b, *others = people
    serves = wish.key if key_of(people) != wish.key else None
    for table in {table.zone: table for table in board.free_tables(people, span)}.values():
        new = Assignment(a, b, span[0], table.id, others=tuple(others), wish=serves)
        yield board.interpreted(new)
