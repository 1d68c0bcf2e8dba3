"""How many meetings: of a person, on a day, with a type; of two organisations; of the same two people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import TypeVar

from scheduling.problem import Participant, meeting_key
from scheduling.solvers.model import Line, Model

K = TypeVar("K")


def maximum(model: Model) -> None:
    """min(p) <= held(p) <= max(p): one row for both ends."""
    people = model.problem.participants
    limited = [one.max is not None or one.min > 0 for one in people]
    groups = _grouped(model, lambda line: (person for person in line.team if limited[person]))
    for person, one in enumerate(people):
        if limited[person]:
            most = model.num_slots if one.max is None else one.max
            row(model, "maximum", groups.get(person, []), most, low=one.min, hard=one.hard_min)


def maximum_per_day(model: Model) -> None:
    """min_per_day(p) <= meetings of p on one day <= max_per_day(p); no minimum on a day of absence."""
    people = model.problem.participants
    days = [slot.day for slot in model.problem.slots]
    limited = [one.max_per_day is not None or one.min_per_day > 0 for one in people]
    if not any(limited):
        return
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for column, team in enumerate(model.team):
        for person in team:
            if limited[person]:
                groups[person, days[model.start[column]]].append(column)
    for person, one in enumerate(people):
        if limited[person]:
            for day in sorted({day for slot, day in enumerate(days) if model.free[person] >> slot & 1}):
                most = model.num_slots if one.max_per_day is None else one.max_per_day
                columns = groups.get((person, day), [])
                row(model, "maximum_per_day", columns, most, low=one.min_per_day, hard=one.hard_min)


def maximum_per_type(model: Model) -> None:
    """min <= meetings of p with a counterpart of the type <= max, for each of p's type limits."""
    people = model.problem.participants
    if not any(one.type_limits for one in people):
        return
    groups = _grouped(model, lambda line: _types_met(people, line))
    for person, one in enumerate(people):
        for limit in one.type_limits:
            most = model.num_slots if limit.max is None else limit.max
            columns = groups.get((person, limit.type), [])
            row(model, "maximum_per_type", columns, most, low=limit.min, hard=one.hard_min)


def _types_met(people: tuple[Participant, ...], line: Line) -> set[tuple[int, str]]:
    return {
        (person, people[other].type)
        for person in line.team
        if people[person].type_limits
        for other in line.team
        if people[other].organisation != people[person].organisation
    }


def organisation_pair_limit(model: Model) -> None:
    """Two organisations meet at most `organisation_limit` times; a group counts for each two of its own."""
    organisations = [person.organisation for person in model.problem.participants]
    groups = _grouped(model, lambda line: _sides([organisations[person] for person in line.team]))
    for sides, columns in groups.items():
        row(model, "organisation_pair_limit", columns, model.problem.organisation_limit(*sides))


def _sides(organisations: list[int]) -> Iterable[tuple[int, int]]:
    if len(organisations) == 2:
        return (meeting_key(*organisations),)
    return combinations(sorted(set(organisations)), 2)


def pair_once(model: Model) -> None:
    """Two people meet alone at most once, whichever wish they serve."""
    if not any(pair.a_instead or pair.b_instead for pair in model.problem.pairs):
        return
    for columns in _grouped(model, lambda line: (_couple(line),) if len(line.team) == 2 else ()).values():
        row(model, "pair_once", columns, 1)


def _couple(line: Line) -> tuple[int, int]:
    return meeting_key(*line.team)  # of two


def _grouped(model: Model, keys: Callable[[Line], Iterable[K]]) -> dict[K, list[int]]:
    """The columns by what their lines count for."""
    groups: dict[K, list[int]] = defaultdict(list)
    for line in model.lines:
        for key in keys(line):
            groups[key].extend(line.columns)
    return groups


def row(model: Model, rule: str, columns: list[int], most: int, *, low: int = 0, hard: bool = False) -> None:
    """The row, unless it can never bind: it needs as many different wishes to be full."""
    if low > 0 or len({model.wish[column] for column in columns}) > most:
        model.add(model.row(rule, most, low=low, hard=hard), columns)
