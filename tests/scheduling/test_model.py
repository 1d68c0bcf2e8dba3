"""The complete model counts as `scoring` does, on plans with gaps, moves and several sessions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from scheduling import Pair, Participant, Problem, Slot, Solution, Table, TermName, violations
from scheduling.problem import DEFAULT_ORDER, meeting_key
from scheduling.scoring import SENSES, Sense, values
from scheduling.solvers.cp_sat.objective import Objective
from scheduling.solvers.cp_sat.variables import Variables, asked, single_places
from scheduling.solvers.greedy import greedy
from scheduling.solvers.model import compile_model
from scheduling.solvers.tables import seat
from tests.scheduling.cases import plan
from tests.scheduling.strategies import problems
from tests.scheduling.test_solve import FEW


def modelled(problem: Problem, held: Solution, name: TermName) -> int:
    """The best the model believes of a term when the plan is fixed."""
    these = Variables(problem, meetings=asked(problem), places=single_places(problem))
    places = {(meeting_key(*one.people), one.slot, one.table) for one in held.assignments}
    for one in these.choices:
        these.model.add(one.variable == ((one.meeting, one.slot, one.place.sample.id) in places))
    term = Objective(these).term(name)
    if SENSES[name] is Sense.MAX:
        these.model.maximize(term)
    else:
        these.model.minimize(term)
    solver = cp_model.CpSolver()
    assert solver.solve(these.model) == cp_model.OPTIMAL
    return round(solver.objective_value)


@FEW
@given(problems(people=6, slots=6, tables=3, pairs=14, forced=False), st.data())
def test_terms_of_the_model_equal_the_score(problem: Problem, data: st.DataObject) -> None:
    full = seat(greedy(compile_model(problem))).assignments
    kept = data.draw(st.lists(st.booleans(), min_size=len(full), max_size=len(full)))
    held = Solution(tuple(one for one, keep in zip(full, kept, strict=True) if keep))
    scored = values(problem, held)
    name = data.draw(st.sampled_from(DEFAULT_ORDER))
    assert modelled(problem, held, name) == scored[name]


def test_a_table_is_remembered_through_idle_slots() -> None:
    problem = Problem(
        slots=tuple(Slot(n, 1, 1, 30 * n, 30 * n + 20) for n in (1, 2, 3)),
        tables=(Table(1), Table(2)),
        participants=tuple(Participant(n, n, "", (1, 2, 3)) for n in (1, 2, 3)),
        pairs=(Pair(1, 2, 1), Pair(1, 3, 1)),
    )
    away, back = plan((1, 2, 1, 1), (1, 3, 3, 2)), plan((1, 2, 1, 1), (1, 3, 3, 1))
    assert violations(problem, away) == ()
    assert modelled(problem, away, TermName.TABLE_MOVES) == 1
    assert modelled(problem, back, TermName.TABLE_MOVES) == 0
    assert modelled(problem, away, TermName.BREAKS) == 1
