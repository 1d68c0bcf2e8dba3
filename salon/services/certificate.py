"""What a verified plan is worth, counted from the problem it answers: ids and numbers, kept with the run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from salon.services.planning_problem import Asked
from scheduling import explain, scoring, verify
from scheduling.problem import Pair, Problem
from scheduling.solution import Solution


def asked_json(one: Asked) -> list[Any]:
    """A wish as a run stores it; `summarise` reads it back."""
    reason = None if one.reason is None else str(one.reason)
    return [one.owner, one.organisation, str(one.level), one.rank, one.named, list(one.partners), reason]


def summarise(problem: Problem, solution: Solution, wishes: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Everything the certificate says beside the engine's own terms.

    `wishes` served and asked by level; `pairs` held and asked, mutual and one-sided; `distribution` of the
    meetings per person; who is `below` the minimum; `breaks`, `moves` by person; `unserved` by reason.
    """
    broken = verify.violations(problem, solution)
    held = Counter(one for meeting in solution.assignments for one in meeting.people)
    per_person = [held[person.id] for person in problem.participants]
    served = _Served(problem, solution)
    return {
        "meetings": len(solution.assignments),
        "pinned": len(problem.pins),
        "rules": len(verify.RULES),
        "broken": sorted({one.rule for one in broken}),
        "wishes": _by_level(wishes, served),
        "pairs": _by_side(problem.pairs, solution),
        "terms": {str(name): value for name, value in scoring.values(problem, solution).items()},
        "distribution": sorted([number, people] for number, people in Counter(per_person).items()),
        "median": median(per_person) if per_person else 0,
        "gini": round(gini(per_person), 3),
        "people": len(per_person),
        "below": _below(problem, held),
        "breaks": _by_person(scoring.breaks(problem, solution)),
        "moves": _by_person(scoring.table_moves(problem, solution)),
        "unserved": _unserved(problem, solution, wishes, served),
    }


class _Served:
    """Whether a wish has a meeting: with the delegate named, else with anybody of the organisation."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self._met: set[tuple[int, int]] = set()
        self._sides: set[tuple[int, int]] = set()
        for meeting in solution.assignments:
            for one, other in (meeting.people, meeting.people[::-1]):
                self._met.add((one, other))
                self._sides.add((one, problem.participant(other).organisation))

    def __call__(self, wish: Sequence[Any]) -> bool:
        owner, organisation, _level, _rank, named, partners, _reason = wish
        if named:
            return any((owner, partner) in self._met for partner in partners)
        return (owner, organisation) in self._sides


def _by_level(wishes: Iterable[Sequence[Any]], served: _Served) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {"must": [0, 0], "meet": [0, 0]}
    for wish in wishes:
        found[wish[2]][0] += served(wish)
        found[wish[2]][1] += 1
    return found


def _by_side(pairs: Iterable[Pair], solution: Solution) -> dict[str, list[int]]:
    found = {"mutual": [0, 0], "one_sided": [0, 0]}
    for pair in pairs:
        side = found["mutual" if pair.level_a and pair.level_b else "one_sided"]
        side[0] += pair.key in solution.meetings
        side[1] += 1
    return found


def _below(problem: Problem, held: Mapping[int, int]) -> list[list[int]]:
    """`[person, held, minimum]` of each who has less than the minimum."""
    short = [one for one in problem.participants if held[one.id] < one.min]
    return [[one.id, held[one.id], one.min] for one in short]


def _by_person(counts: Mapping[int, int]) -> list[list[int]]:
    """`[person, count]`, the highest first."""
    return [[one, count] for one, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def _unserved(
    problem: Problem, solution: Solution, wishes: Sequence[Sequence[Any]], served: _Served
) -> dict[str, list[list[Any]]]:
    """`[owner, organisation, level, rank]` by reason, the reason that concerns most wishes first."""
    reasons = explain.reasons(problem, solution)
    found: dict[str, list[list[Any]]] = defaultdict(list)
    for wish in wishes:
        if not served(wish):
            found[_reason(wish, reasons)].append([wish[0], wish[1], wish[2], wish[3]])
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def _reason(wish: Sequence[Any], reasons: Mapping[tuple[int, ...], explain.Reason]) -> str:
    owner, partners, unpaired = wish[0], wish[5], wish[6]
    if unpaired is not None:
        return str(unpaired)
    return str(reasons[min(owner, partners[0]), max(owner, partners[0])])


def gini(counts: Sequence[int]) -> float:
    """Inequality of the counts, 0 (all equal) to 1; 0 when there is nothing to share.

    Source: sum over i of (2 i - n - 1) x_i / (n sum x), x sorted, i from 1 (Sen 1973).
    """
    total, n = sum(counts), len(counts)
    if not total:
        return 0.0
    return sum((2 * i - n - 1) * x for i, x in enumerate(sorted(counts), start=1)) / (n * total)
