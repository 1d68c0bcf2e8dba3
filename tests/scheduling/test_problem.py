"""An invalid problem cannot be built: every fault is reported at once, each naming its thing."""

from __future__ import annotations

from typing import Any

import pytest

from scheduling import InvalidProblem, Pair, Participant, Pin, Slot, Table, Weights
from tests.scheduling.cases import ALL, PAIRS, PEOPLE, SLOTS, TABLES, fair, person

FAULTS: list[tuple[dict[str, Any], str, object]] = [
    ({"slots": (*SLOTS, SLOTS[0])}, "duplicate", 1),
    ({"slots": (Slot(1, 1, 1, 50, 40), *SLOTS[1:])}, "bad_time", 1),
    ({"slots": SLOTS[::-1]}, "slot_order", 3),
    ({"slots": (*SLOTS[:2], Slot(3, 1, 2, 700, 720), Slot(4, 2, 2, 730, 740))}, "session_days", 3),
    ({"tables": (*TABLES, Table(9, available=(77,)))}, "unknown", 9),
    ({"participants": (*PEOPLE, Participant(1, 9, "x", ALL))}, "duplicate", 1),
    ({"participants": person(1, available=(8,))}, "unknown", 1),
    ({"participants": person(1, min=3, max=2)}, "min_over_max", 1),
    ({"participants": person(1, max_per_day=-1)}, "negative", 1),
    ({"participants": (*PEOPLE, Participant("x", 9, "x", ALL))}, "mixed_ids", "ids"),  # type: ignore[arg-type]
    ({"pairs": (*PAIRS, Pair(1, 77, 1))}, "unknown", (1, 77)),
    ({"pairs": (*PAIRS, Pair(2, 1, 1))}, "duplicate", (1, 2)),
    ({"pairs": (*PAIRS, Pair(1, 1, 1))}, "self_meeting", (1, 1)),
    ({"pairs": (Pair(1, 2, -1),)}, "negative", (1, 2)),
    ({"no_thanks": ((77, 10),)}, "unknown", (77, 10)),
    ({"mandatory": ((1, 77),)}, "unknown", (1, 77)),
    ({"max_per_organisations": -1}, "negative", "organisation limits"),
    ({"weights": Weights(order=("value", "joy"))}, "unknown", "joy"),
    ({"weights": Weights(order=("value", "value"))}, "duplicate", ("value", "value")),
    ({"weights": Weights(weights={"value": -1})}, "negative", "value"),
    ({"pins": (Pin(1, 2, 9, 1),)}, "unknown", (1, 2)),
    ({"pins": (Pin(1, 3, 1, 1),)}, "pin_breaks_rule", ((1, 3),)),
    ({"pins": (Pin(1, 2, 1, 1), Pin(1, 4, 1, 2))}, "pin_breaks_rule", ((1, 2), (1, 4))),
    ({"pins": (Pin(1, 2, 1, 1),), "exclusions": ((10, 20),)}, "pin_breaks_rule", ((1, 2),)),
]


@pytest.mark.parametrize(
    ("changes", "code", "what"), FAULTS, ids=[f"{n}-{one[1]}" for n, one in enumerate(FAULTS)]
)
def test_fault_is_named(changes: dict[str, Any], code: str, what: object) -> None:
    with pytest.raises(InvalidProblem) as caught:
        fair(**changes)
    assert (code, what) in {(issue.code, issue.subject[1]) for issue in caught.value.issues}


def test_all_faults_are_reported_at_once() -> None:
    with pytest.raises(InvalidProblem) as caught:
        fair(participants=person(1, min=3, max=2), pairs=(Pair(1, 2, -1), Pair(3, 3, 1)))
    assert {issue.code for issue in caught.value.issues} == {"min_over_max", "negative", "self_meeting"}


def test_a_sound_problem_is_frozen_and_hashable() -> None:
    problem = fair(organisation_limits={(20, 10): 2}, type_rules=frozenset({("supplier", "buyer")}))
    assert problem.organisation_limit(10, 20) == problem.organisation_limit(20, 10) == 2
    assert problem.type_rules == {("buyer", "supplier")}
    assert hash(problem) == hash(fair(organisation_limits={(10, 20): 2}, type_rules=problem.type_rules))
    with pytest.raises(AttributeError):
        problem.pairs = ()  # type: ignore[misc]
