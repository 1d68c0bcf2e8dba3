"""The six terms on plans small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace

from scheduling import Level, Pair, Participant, Problem, Slot, Table, TermName, Weights, score
from scheduling.scoring import attainable, breaks, rank, satisfactions, table_moves, values
from tests.scheduling.cases import fair, person, plan

SLOTS = tuple(
    Slot(n, (n - 1) // 4, 1, 30 * n, 30 * n + 20) for n in range(1, 9)
)  # two sessions of four, one day
EVER = tuple(range(1, 9))
STAR = Problem(
    slots=SLOTS,
    tables=(Table(1), Table(2)),
    participants=tuple(Participant(n, n, "", EVER) for n in range(1, 6)),
    pairs=(
        Pair(1, 2, 4, Level.MUST),
        Pair(1, 3, 2),
        Pair(4, 1, 1, None, Level.MUST),
        Pair(1, 5, 1),
        Pair(2, 3, 5),
    ),
)


def test_breaks_are_groups_within_a_session() -> None:
    found = plan((1, 2, 1, 1), (1, 3, 4, 1), (1, 4, 5, 1), (1, 5, 8, 1))
    assert breaks(STAR, found) == {1: 2}  # 2-3 and 6-7; the lunch between 4 and 5 is none
    assert breaks(STAR, plan((1, 2, 1, 1), (1, 3, 8, 1))) == {}


def test_breaks_across_sessions_of_a_day_count_when_asked() -> None:
    across = replace(STAR, weights=Weights(breaks_across_sessions=True))
    assert breaks(across, plan((1, 2, 1, 1), (1, 3, 8, 1))) == {1: 1}
    assert breaks(across, plan((1, 2, 4, 1), (1, 3, 5, 1))) == {}
    assert breaks(fair(weights=Weights(breaks_across_sessions=True)), plan((1, 2, 1, 1), (1, 4, 4, 1))) == {}


def test_table_moves_count_changes_within_a_session() -> None:
    assert table_moves(STAR, plan((1, 2, 1, 1), (1, 3, 3, 2), (1, 4, 4, 2), (1, 5, 5, 1))) == {1: 1}


def test_must_and_value() -> None:
    found = {term.name: term.value for term in score(STAR, plan((2, 1, 1, 1), (1, 4, 2, 1), (2, 3, 2, 2)))}
    assert found[TermName.MUST_MEETS] == 2
    assert found[TermName.VALUE] == 4 + 1 + 5


def test_shortfall_sums_missing_meetings() -> None:
    found = values(fair(participants=person(1, min=3)), plan((1, 2, 1, 1)))
    assert found[TermName.MIN_SHORTFALL] == 2


def test_attainable_respects_quota_time_and_rules() -> None:
    assert attainable(STAR)[1] == 8
    few = replace(STAR, participants=tuple(replace(one, max=2) for one in STAR.participants))
    assert attainable(few)[1] == 6
    day = replace(STAR, participants=tuple(replace(one, max_per_day=1) for one in STAR.participants))
    assert attainable(day)[1] == 4
    assert attainable(replace(STAR, exclusions=((1, 2),)))[1] == 4
    assert attainable(replace(STAR, no_thanks=((3, 1),)))[1] == 6


def test_fairness_is_the_worst_of_few_people() -> None:
    found = plan((1, 2, 1, 1), (2, 3, 2, 1), (1, 4, 3, 1), (1, 5, 4, 1))
    assert satisfactions(STAR, found) == {1: 750, 2: 1000, 3: 714, 4: 1000, 5: 1000}
    assert values(STAR, found)[TermName.FAIRNESS] == 714
    assert values(STAR, plan())[TermName.FAIRNESS] == 0
    assert values(replace(STAR, pairs=()), plan())[TermName.FAIRNESS] == 1000


def test_fairness_is_the_mean_of_the_worst_tenth_of_many() -> None:
    people = tuple(Participant(n, n, "", EVER) for n in range(1, 13))
    pairs = tuple(Pair(n, n + 1, 1) for n in range(1, 12, 2))
    problem = replace(STAR, participants=people, pairs=pairs)
    assert values(problem, plan((1, 2, 1, 1)))[TermName.FAIRNESS] == 0
    rest = [(n, n + 1, n // 2 + 1, 1) for n in range(1, 12, 2)]
    assert values(problem, plan(*rest))[TermName.FAIRNESS] == 1000
    twice = replace(problem, pairs=(*pairs, Pair(1, 3, 1)))  # 1 and 3 now get half: the worst two of twelve
    assert values(twice, plan(*rest))[TermName.FAIRNESS] == 500


def test_rank_follows_the_organiser() -> None:
    found = values(STAR, plan((1, 2, 1, 1), (1, 3, 4, 1)))
    assert rank(replace(STAR, weights=Weights(("breaks", "value"))), found) == (-1, 6)
    weighted = Weights(("breaks", "value"), mode="weighted", weights={"breaks": 4})  # type: ignore[arg-type]
    assert rank(replace(STAR, weights=weighted), found) == (2,)
