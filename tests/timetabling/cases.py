"""Small instances written for these tests: as values, as the text of a file, and every plan of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from scheduling.timetabling.objective import total_breaks
from scheduling.timetabling.problem import Meeting, Session, Timetabling
from scheduling.timetabling.verifier import violations

Row = tuple[int, int] | tuple[int, int, int]


def instance(
    rows: Sequence[Row],
    *,
    people: int,
    slots: int,
    tables: int = 9,
    morning: int | None = None,
    forbidden: Mapping[int, set[int]] | None = None,
    fixed: Mapping[int, int] | None = None,
    after: Mapping[int, set[int]] | None = None,
    fairness: int = 2,
) -> Timetabling:
    """An instance; people, meetings and slots by their 1-based numbers."""
    away, pinned, order = forbidden or {}, fixed or {}, after or {}
    meetings = tuple(
        Meeting(
            row[0],
            row[1],
            Session(row[2]) if len(row) == 3 else Session.ANY,
            pinned.get(i, 0),
            frozenset(order.get(i, ())),
        )
        for i, row in enumerate(rows, start=1)
    )
    return Timetabling(
        num_tables=tables,
        num_slots=slots,
        num_morning_slots=slots if morning is None else morning,
        meetings=meetings,
        forbidden=tuple(frozenset(away.get(p, ())) for p in range(1, people + 1)),
        fairness=fairness,
    )


def fields(problem: Timetabling) -> dict[str, str]:
    """The values of the instance's file by field."""
    degrees = [len(numbers) for numbers in problem.meetings_of]
    shifted = [sorted({1, *(number + 1 for number in numbers)}) for numbers in problem.meetings_of]
    rows = [f"{one.a}, {one.b}, {one.session.value}" for one in problem.meetings]
    return {
        "nBusiness": str(problem.num_participants),
        "nMeetings": str(len(problem.meetings)),
        "nTables": str(problem.num_tables),
        "nTotalSlots": str(problem.num_slots),
        "nMorningSlots": str(problem.num_morning_slots),
        "requested": "[| " + "\n | ".join(rows) + " |]",
        "meetingsxBusiness": _list(_set(own) for own in shifted),
        "nMeetingsBusiness": _list(map(str, degrees)),
        "forbidden": _list(_set([0, *sorted(own)]) for own in problem.forbidden),
        "fixed": _list(str(one.fixed) for one in problem.meetings),
        "precedences": _list(_set(sorted(one.after)) for one in problem.meetings),
    }


def text(problem: Timetabling, **replaced: str | None) -> str:
    """The file of the instance; a field is replaced, or left out with None."""
    values = {**fields(problem), **replaced}
    return "".join(f"{name} = {value};\n" for name, value in values.items() if value is not None)


def _list(entries: Iterator[str] | map[str]) -> str:
    return "[" + ",\n".join(entries) + "]"


def _set(values: Sequence[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def plans(problem: Timetabling) -> Iterator[dict[int, int]]:
    """Every assignment of slots that breaks no rule: all of them are looked at."""
    numbers = range(1, len(problem.meetings) + 1)
    for chosen in product(range(1, problem.num_slots + 1), repeat=len(numbers)):
        plan = dict(zip(numbers, chosen, strict=True))
        if not violations(problem, plan):
            yield plan


def optimum(problem: Timetabling) -> int | None:
    """The fewest breaks by enumeration; None when there is no plan."""
    return min((total_breaks(problem, plan) for plan in plans(problem)), default=None)
