"""How many meetings: of a person, of a person on a day, of two organisations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from scheduling.problem import meeting_key
from scheduling.solvers.model import Model

K = TypeVar("K")


def maximum(model: Model) -> None:
    """min(p) <= held(p) <= max(p): one row for both ends."""
    limits = model.problem.participants
    limited = [person.max is not None or person.min > 0 for person in limits]
    groups = _grouped(model, lambda team: (person for person in team if limited[person]))
    for person, one in enumerate(limits):
        if limited[person]:
            most = model.num_slots if one.max is None else one.max
            _row(model, "maximum", groups.get(person, []), most, low=one.min, hard=one.hard_min)


def maximum_per_day(model: Model) -> None:
    """Meetings of p on one day <= max_per_day(p)."""
    people = model.problem.participants
    days = [slot.day for slot in model.problem.slots]
    limited = [person.max_per_day is not None for person in people]
    if not any(limited):
        return
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for column, team in enumerate(model.team):
        for person in team:
            if limited[person]:
                groups[person, days[model.start[column]]].append(column)
    for (person, _), columns in groups.items():
        most = people[person].max_per_day
        assert most is not None
        _row(model, "maximum_per_day", columns, most)


def organisation_pair_limit(model: Model) -> None:
    """Two organisations meet at most `organisation_limit` times."""
    organisations = [person.organisation for person in model.problem.participants]
    for sides, columns in _grouped(
        model, lambda team: (meeting_key(organisations[team[0]], organisations[team[1]]),)
    ).items():
        _row(model, "organisation_pair_limit", columns, model.problem.organisation_limit(*sides))


def _grouped(model: Model, keys: Callable[[tuple[int, ...]], Iterable[K]]) -> dict[K, list[int]]:
    """The columns by what the people of their line count for."""
    groups: dict[K, list[int]] = defaultdict(list)
    for line in model.lines:
        columns = range(line.first, line.first + line.starts.bit_count())
        for key in keys(line.team):
            groups[key].extend(columns)
    return groups


def _row(model: Model, rule: str, columns: list[int], most: int, *, low: int = 0, hard: bool = False) -> None:
    """The row, unless it can never bind."""
    if low > 0 or len(set(_wishes(model, columns))) > most:
        model.add(model.row(rule, most, low=low, hard=hard), columns)


def _wishes(model: Model, columns: list[int]) -> Iterator[int]:
    return (model.wish[column] for column in columns)
