"""Problems, plans and results as versioned JSON; a bad file raises `BadInput` naming the field."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any, TypeVar

from scheduling.problem import (
    Id,
    InvalidProblem,
    Level,
    Mode,
    Pair,
    Participant,
    Pin,
    Problem,
    Slot,
    Table,
    TermName,
    Weights,
)
from scheduling.result import Result
from scheduling.solution import Assignment, Solution
from scheduling.verify import Violation

VERSION = 1
SLOT_EVERY_MIN, SLOT_LENGTH_MIN = 25, 20  # a file whose slots give no times gets 20 minutes and 5 to change

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class BadInput(ValueError):
    """A file that cannot be read; the message is one line and names the field."""


class _Fields:
    """The fields of one JSON object, each read once; `done` refuses those nobody read (a misspelt rule)."""

    def __init__(self, data: object, path: str) -> None:
        if not isinstance(data, dict):
            raise BadInput(f"{path or 'file'}: must be an object")
        self.data, self.path, self.left = data, path, set(data)

    def name(self, field: str) -> str:
        return f"{self.path}.{field}" if self.path else field

    def get(self, field: str, read: Callable[[object, str], T], default: T | None = None) -> T:
        """The field converted by `read`; an absent one is `default`, or an error without one."""
        self.left.discard(field)
        if field not in self.data:
            if default is None:
                raise BadInput(f"{self.name(field)}: is missing")
            return default
        return read(self.data[field], self.name(field))

    def rows(self, field: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
        """A list that may be absent."""
        return self.maybe(field, _list(read)) or ()

    def maybe(self, field: str, read: Callable[[object, str], T]) -> T | None:
        """The field converted by `read`; absent and null are None."""
        self.left.discard(field)
        return None if self.data.get(field) is None else read(self.data[field], self.name(field))

    def done(self) -> None:
        if self.left:
            raise BadInput(f"{self.name(min(self.left))}: is not a field of this format")


def _int(data: object, path: str) -> int:
    if isinstance(data, bool) or not isinstance(data, int):
        raise BadInput(f"{path}: must be a whole number")
    return data


def _bool(data: object, path: str) -> bool:
    if not isinstance(data, bool):
        raise BadInput(f"{path}: must be true or false")
    return data


def _text(data: object, path: str) -> str:
    if not isinstance(data, str):
        raise BadInput(f"{path}: must be a text")
    return data


def _id(data: object, path: str) -> Id:
    if isinstance(data, bool) or not isinstance(data, int | str):
        raise BadInput(f"{path}: must be an id, a whole number or a text")
    return data  # type: ignore[return-value]  # see problem.Id


def _list(read: Callable[[object, str], T]) -> Callable[[object, str], tuple[T, ...]]:
    def items(data: object, path: str) -> tuple[T, ...]:
        if not isinstance(data, list):
            raise BadInput(f"{path}: must be a list")
        return tuple(read(one, f"{path}[{rank}]") for rank, one in enumerate(data))

    return items


def _couple(read: Callable[[object, str], T]) -> Callable[[object, str], tuple[T, T]]:
    def couple(data: object, path: str) -> tuple[T, T]:
        if not isinstance(data, list) or len(data) != 2:
            raise BadInput(f"{path}: must be a list of two")
        return read(data[0], f"{path}[0]"), read(data[1], f"{path}[1]")

    return couple


def _choice(kind: type[E]) -> Callable[[object, str], E]:
    def choice(data: object, path: str) -> E:
        try:
            return kind(_text(data, path))
        except ValueError:
            raise BadInput(f"{path}: must be one of {', '.join(kind)}") from None

    return choice


def _slots(data: object, path: str) -> tuple[Slot, ...]:
    def slot(one: object, where: str) -> Slot:
        if not isinstance(one, dict):
            one = {"id": one}
        fields = _Fields(one, where)
        rank = int(where.rpartition("[")[2].rstrip("]"))
        start = fields.get("start_min", _int, rank * SLOT_EVERY_MIN)
        read = Slot(
            fields.get("id", _id),
            fields.get("session", _int, 0),
            fields.get("day", _int, 0),
            start,
            fields.get("end_min", _int, start + SLOT_LENGTH_MIN),
        )
        fields.done()
        return read

    return _list(slot)(data, path)


def _table(data: object, path: str) -> Table:
    fields = _Fields(data if isinstance(data, dict) else {"id": data}, path)
    table = Table(
        fields.get("id", _id),
        fields.get("step_free", _bool, False),
        fields.maybe("organisation", _id),
        fields.maybe("available", _list(_id)),
    )
    fields.done()
    return table


def _participant(everywhen: tuple[Id, ...]) -> Callable[[object, str], Participant]:
    def participant(data: object, path: str) -> Participant:
        fields = _Fields(data, path)
        person = Participant(
            id=fields.get("id", _id),
            organisation=fields.get("organisation", _id),
            type=fields.get("type", _text, ""),
            available=fields.get("available", _list(_id), everywhen),
            min=fields.get("min", _int, 0),
            max=fields.maybe("max", _int),
            max_per_day=fields.maybe("max_per_day", _int),
            hard_min=fields.get("hard_min", _bool, False),
            step_free=fields.get("step_free", _bool, False),
            stay_put=fields.get("stay_put", _bool, False),
        )
        fields.done()
        return person

    return participant


def _pair(data: object, path: str) -> Pair:
    fields = _Fields(data, path)
    pair = Pair(
        fields.get("a", _id),
        fields.get("b", _id),
        fields.get("value", _int),
        fields.maybe("level_a", _choice(Level)),
        fields.maybe("level_b", _choice(Level)),
    )
    fields.done()
    return pair


def _pin(data: object, path: str) -> Pin:
    fields = _Fields(data, path)
    pin = Pin(*(fields.get(name, _id) for name in ("a", "b", "slot", "table")))
    fields.done()
    return pin


def _limit(data: object, path: str) -> tuple[tuple[Id, Id], int]:
    fields = _Fields(data, path)
    limit = (fields.get("organisations", _couple(_id)), fields.get("limit", _int))
    fields.done()
    return limit


def _mapping(data: object, path: str) -> Mapping[str, int]:
    if not isinstance(data, dict):
        raise BadInput(f"{path}: must be an object")
    return {name: _int(one, f"{path}.{name}") for name, one in data.items()}


def _weights(data: object, path: str) -> Weights:
    fields = _Fields(data, path)
    weights = Weights(
        order=fields.get("order", _list(_choice(TermName)), tuple(TermName)),
        mode=fields.get("mode", _choice(Mode), Mode.LEXICOGRAPHIC),
        weights=fields.get("weights", _mapping, {}),
        breaks_across_sessions=fields.get("breaks_across_sessions", _bool, False),
    )
    fields.done()
    return weights


def problem_from(data: object) -> Problem:
    """The problem of a decoded file. Raises BadInput, for every issue of an invalid one too."""
    fields = _Fields(data, "")
    version = fields.get("version", _int, VERSION)
    if version != VERSION:
        raise BadInput(f"version: {version} is not known, this program reads {VERSION}")
    slots = fields.get("slots", _slots)
    parts: dict[str, Any] = {
        "slots": slots,
        "tables": fields.get("tables", _list(_table)),
        "participants": fields.get("participants", _list(_participant(tuple(one.id for one in slots)))),
        "pairs": fields.rows("pairs", _pair),
        "type_rules": fields.maybe("type_rules", _list(_couple(_text))),
        "exclusions": fields.rows("exclusions", _couple(_id)),
        "no_thanks": fields.rows("no_thanks", _couple(_id)),
        "mandatory": fields.rows("mandatory", _couple(_id)),
        "pins": fields.rows("pins", _pin),
        "max_per_organisations": fields.get("max_per_organisations", _int, 1),
        "organisation_limits": dict(fields.rows("organisation_limits", _limit)),
        "weights": fields.get("weights", _weights, Weights()),
    }
    fields.done()
    if parts["type_rules"] is not None:
        parts["type_rules"] = frozenset(parts["type_rules"])
    try:
        return Problem(**parts)
    except InvalidProblem as error:
        raise BadInput(str(error)) from error


def problem_to(problem: Problem) -> dict[str, Any]:
    """The problem as JSON data; `problem_from` gives an equal one back."""
    limits = problem.organisation_limits.items()
    weights = problem.weights
    records = ("slots", "tables", "participants", "pairs", "pins")
    couples = ("exclusions", "no_thanks", "mandatory")
    return {
        "version": VERSION,
        **{name: [asdict(one) for one in getattr(problem, name)] for name in records},
        **{name: [list(one) for one in getattr(problem, name)] for name in couples},
        "type_rules": None if problem.type_rules is None else sorted(map(list, problem.type_rules)),
        "max_per_organisations": problem.max_per_organisations,
        "organisation_limits": [{"organisations": list(key), "limit": most} for key, most in limits],
        "weights": {
            "order": list(weights.order),
            "mode": weights.mode,
            "weights": dict(weights.weights),
            "breaks_across_sessions": weights.breaks_across_sessions,
        },
    }


def _assignment(data: object, path: str) -> Assignment:
    fields = _Fields(data, path)
    a, b, slot, table = (fields.get(name, _id) for name in ("a", "b", "slot", "table"))
    pinned = fields.get("pinned", _bool, False)
    fields.done()
    return Assignment(a, b, slot, table, pinned)


def solution_from(data: object) -> Solution:
    """The plan of a decoded file: `meetings` alone counts, so a result file is a plan. Raises BadInput."""
    return Solution(_Fields(data, "").get("meetings", _list(_assignment)))


def solution_to(solution: Solution) -> list[dict[str, Any]]:
    return [asdict(assignment) for assignment in solution.assignments]


def result_to(result: Result) -> dict[str, Any]:
    """The result as JSON data; `meetings` is null when there is no plan."""
    simple = ("status", "objective", "bound", "gap", "seconds", "baseline_value", "seed", "workers")
    return {
        "version": VERSION,
        **{name: getattr(result, name) for name in simple},
        "meetings": None if result.solution is None else solution_to(result.solution),
        "terms": [asdict(term) | {"gap": term.gap} for term in result.terms],
        "trace": [asdict(point) for point in result.trace],
        "conflict": list(result.conflict),
        "conflict_minimal": result.conflict_minimal,
        "versions": dict(result.versions),
    }


def decode(text: str) -> object:
    """The JSON data of a text. Raises BadInput with line and column."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"line {error.lineno}, column {error.colno}: not JSON, {error.msg}") from None
    except RecursionError:
        raise BadInput("file: nested too deeply") from None


def encode(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def violation_to(violation: Violation) -> dict[str, Any]:
    """A violation as JSON data."""
    return {
        "rule": violation.rule,
        "args": dict(violation.args),
        "meetings": [asdict(held) for held in violation.meetings],
    }
