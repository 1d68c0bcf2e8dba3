"""The smallest clash: named rules and orders, each needed, checked by lifting them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from scheduling import Group, Pair, Problem, Status, Table, solve
from scheduling.lifting import LIFTS, Order, orders, reduced
from scheduling.solvers.clash import PERSON_ONCE, Search, clash
from scheduling.solvers.cp_sat.run import Control
from tests.scheduling.cases import fair, person
from tests.scheduling.strategies_more import fairs
from tests.scheduling.test_solve import WORK

FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def control() -> Control:
    return Control(time.monotonic() + 20, 1, 1, lambda: False)


def speaking(*languages: str) -> tuple[Any, ...]:
    return person(1, languages=languages)


CLASHES: list[tuple[dict[str, Any], set[str]]] = [
    ({"mandatory": ((1, 2),), "forbidden": ((1, 2),)}, {"mandatory", "forbidden_pairs"}),
    ({"mandatory": ((1, 2), (1, 4)), "precedences": (((1, 2), (1, 4)),) * 1, "participants": person(1, max=1)},
     {"mandatory", "maximum"}),
    ({"mandatory": ((1, 2),), "pairs": (Pair(1, 2, 3, length_min=500),)}, {"mandatory", "length"}),
    ({"mandatory": ((1, 2),), "pairs": (Pair(1, 2, 3, available=()),)}, {"mandatory", "start_allowed"}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "rules"), CLASHES, ids=["-".join(sorted(one[1])) for one in CLASHES])
def test_general_rules_that_clash_are_named(changes: dict[str, Any], rules: set[str]) -> None:
    problem = fair(**changes)
    found = clash(problem, control())
    assert found is not None
    assert (set(found.rules), found.minimal) == (rules, True)


def test_the_orders_are_named_and_the_innocent_left_out() -> None:
    problem = fair(mandatory=((3, 4), (1, 2)), forbidden=((2, 1),))
    found = clash(problem, control())
    assert found is not None
    assert found.orders == (Order("mandatory", (1, 2)),)


def test_a_fair_with_a_plan_has_no_clash() -> None:
    assert clash(fair(mandatory=((1, 2),)), control()) is None


def test_solve_names_the_clash_of_general_rules() -> None:
    everyone = Group((1, 2, 4), 5)
    problem = fair(groups=(everyone,), mandatory=((1, 2, 4),), forbidden=((1, 2),), tables=(Table(1),))
    result = solve(problem, limits=WORK)
    assert result.status is Status.INFEASIBLE
    assert set(result.conflict) == {"mandatory", "forbidden_pairs"}
    assert result.conflict_minimal


@FEW
@given(fairs(people=6, slots=3, tables=2, pairs=6))
def test_each_rule_and_order_of_a_clash_is_needed(problem: Problem) -> None:
    """And with all of it there is none, which another solve of the whole fair confirms."""
    assume(orders(problem))
    found = clash(problem, control())
    result = solve(problem, limits=WORK)
    assert (found is not None) == (result.status is Status.INFEASIBLE)
    if found is None:
        return
    assert found.minimal
    search, every = Search(problem, control()), frozenset((*LIFTS, PERSON_ONCE))
    others = every - frozenset(found.rules)
    assert search.clashes(found.orders, others)
    assert not any(search.clashes(found.orders, others | {name}) for name in found.rules)
    for order in found.orders:
        rest = tuple(one for one in found.orders if one != order)
        assert clash(reduced(problem, rest), control()) is None
