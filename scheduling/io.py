"""Problems, plans and results as versioned JSON; a bad file raises `BadInput` naming the field.

`scheduling.schema` describes the same format.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from scheduling.fields import (
    BadInput,
    Fields,
    choice_of,
    couple_of,
    identifier,
    list_of,
    text,
    truth,
    whole,
)
from scheduling.problem import (
    DEFAULT_ORDER,
    Group,
    Id,
    Interpreter,
    InvalidProblem,
    Level,
    Meeting,
    Mode,
    Pair,
    Participant,
    Pin,
    Problem,
    Slot,
    Table,
    TermName,
    TypeLimit,
    Weights,
)
from scheduling.result import Result
from scheduling.solution import Assignment, Solution
from scheduling.verify import Violation

__all__ = [
    "BadInput",
    "decode",
    "encode",
    "problem_from",
    "problem_to",
    "result_to",
    "solution_from",
    "solution_to",
    "violation_to",
]

VERSION = 1
SLOT_EVERY_MIN, SLOT_LENGTH_MIN = 25, 20  # a file whose slots give no times gets 20 minutes and 5 to change
MOST_PEOPLE = 8  # of one meeting


# Reading ----------------------------------------------------------------------------------------------------


def _slots(data: object, path: str) -> tuple[Slot, ...]:
    def slot(one: object, where: str) -> Slot:
        if not isinstance(one, dict):
            one = {"id": one}
        fields = Fields(one, where)
        rank = int(where.rpartition("[")[2].rstrip("]"))
        start = fields.get("start_min", whole, rank * SLOT_EVERY_MIN)
        read = Slot(
            fields.get("id", identifier),
            fields.get("session", whole, 0),
            fields.get("day", whole, 0),
            start,
            fields.get("end_min", whole, start + SLOT_LENGTH_MIN),
        )
        fields.done()
        return read

    return list_of(slot)(data, path)


def _table(data: object, path: str) -> Table:
    fields = Fields(data if isinstance(data, dict) else {"id": data}, path)
    table = Table(
        fields.get("id", identifier),
        fields.get("step_free", truth, False),
        fields.maybe("organisation", identifier),
        fields.maybe("available", list_of(identifier)),
        fields.maybe("zone", identifier),
    )
    fields.done()
    return table


def _participant(everywhen: tuple[Id, ...]) -> Callable[[object, str], Participant]:
    def participant(data: object, path: str) -> Participant:
        fields = Fields(data, path)
        person = Participant(
            id=fields.get("id", identifier),
            organisation=fields.get("organisation", identifier),
            type=fields.get("type", text, ""),
            available=fields.get("available", list_of(identifier), everywhen),
            min=fields.get("min", whole, 0),
            max=fields.maybe("max", whole),
            max_per_day=fields.maybe("max_per_day", whole),
            hard_min=fields.get("hard_min", truth, False),
            step_free=fields.get("step_free", truth, False),
            stay_put=fields.get("stay_put", truth, False),
            languages=fields.rows("languages", text),
            max_in_a_row=fields.maybe("max_in_a_row", whole),
            min_per_day=fields.get("min_per_day", whole, 0),
            type_limits=fields.rows("type_limits", _type_limit),
            credit=fields.get("credit", whole, 100),
            silo=fields.maybe("silo", text),
        )
        fields.done()
        return person

    return participant


def _type_limit(data: object, path: str) -> TypeLimit:
    fields = Fields(data, path)
    limit = TypeLimit(fields.get("type", text), fields.get("min", whole, 0), fields.maybe("max", whole))
    fields.done()
    return limit


def _pair(data: object, path: str) -> Pair:
    fields = Fields(data, path)
    pair = Pair(
        fields.get("a", identifier),
        fields.get("b", identifier),
        fields.get("value", whole),
        fields.maybe("level_a", choice_of(Level)),
        fields.maybe("level_b", choice_of(Level)),
        fields.maybe("available", list_of(identifier)),
        fields.maybe("length_min", whole),
        fields.rows("a_instead", identifier),
        fields.rows("b_instead", identifier),
    )
    fields.done()
    return pair


def _group(data: object, path: str) -> Group:
    fields = Fields(data, path)
    group = Group(
        fields.get("members", list_of(identifier)),
        fields.get("value", whole),
        fields.get("must", truth, False),
        fields.maybe("available", list_of(identifier)),
        fields.maybe("length_min", whole),
    )
    fields.done()
    return group


def _interpreter(data: object, path: str) -> Interpreter:
    fields = Fields(data, path)
    interpreter = Interpreter(
        fields.get("id", identifier),
        fields.get("languages", list_of(text)),
        fields.maybe("available", list_of(identifier)),
    )
    fields.done()
    return interpreter


def _meeting(data: object, path: str) -> Meeting:
    people = list_of(identifier)(data, path)
    if not 2 <= len(people) <= MOST_PEOPLE:
        raise BadInput(f"{path}: must be a list of 2 to {MOST_PEOPLE} people")
    return people


def _precedence(data: object, path: str) -> tuple[Meeting, Meeting]:
    fields = Fields(data, path)
    couple = (fields.get("first", _meeting), fields.get("then", _meeting))
    fields.done()
    return couple


def _pin(data: object, path: str) -> Pin:
    fields = Fields(data, path)
    a, b, slot, table = (fields.get(name, identifier) for name in ("a", "b", "slot", "table"))
    others = fields.rows("others", identifier)
    pin = Pin(
        a, b, slot, table, others, fields.maybe("interpreter", identifier), fields.maybe("wish", _meeting)
    )
    fields.done()
    return pin


def _assignment(data: object, path: str) -> Assignment:
    fields = Fields(data, path)
    a, b, slot, table = (fields.get(name, identifier) for name in ("a", "b", "slot", "table"))
    pinned, others = fields.get("pinned", truth, False), fields.rows("others", identifier)
    interpreter, wish = fields.maybe("interpreter", identifier), fields.maybe("wish", _meeting)
    fields.done()
    return Assignment(a, b, slot, table, pinned, others, interpreter, wish)


def _figures(couple: str, figure: str) -> Callable[[object, str], Mapping[tuple[Id, Id], int]]:
    """A list of couples, each with a figure; each couple once, in either order."""

    def figures(data: object, path: str) -> Mapping[tuple[Id, Id], int]:
        found: dict[tuple[Id, Id], int] = {}
        for rank, one in enumerate(list_of(lambda row, where: Fields(row, where))(data, path)):
            both = one.get(couple, couple_of(identifier))
            if both in found or both[::-1] in found:
                raise BadInput(f"{path}[{rank}].{couple}: is given twice")
            found[both] = one.get(figure, whole)
            one.done()
        return found

    return figures


def _mapping(data: object, path: str) -> Mapping[str, int]:
    if not isinstance(data, dict):
        raise BadInput(f"{path}: must be an object")
    return {name: whole(one, f"{path}.{name}") for name, one in data.items()}


def _weights(data: object, path: str) -> Weights:
    fields = Fields(data, path)
    weights = Weights(
        order=fields.get("order", list_of(choice_of(TermName)), DEFAULT_ORDER),
        mode=fields.get("mode", choice_of(Mode), Mode.LEXICOGRAPHIC),
        weights=fields.get("weights", _mapping, {}),
        breaks_across_sessions=fields.get("breaks_across_sessions", truth, False),
    )
    fields.done()
    return weights


def problem_from(data: object) -> Problem:
    """The problem of a decoded file. Raises BadInput, for every issue of an invalid one too."""
    fields = Fields(data, "")
    version = fields.get("version", whole, VERSION)
    if version != VERSION:
        raise BadInput(f"version: {version} is not known, this program reads {VERSION}")
    parts = _parts(fields)
    fields.done()
    try:
        return Problem(**parts)
    except InvalidProblem as error:
        raise BadInput(str(error)) from error


def _parts(fields: Fields) -> dict[str, Any]:
    slots = fields.get("slots", _slots)
    type_rules = fields.maybe("type_rules", list_of(couple_of(text)))
    return {
        "slots": slots,
        "tables": fields.get("tables", list_of(_table)),
        "participants": fields.get("participants", list_of(_participant(tuple(one.id for one in slots)))),
        "pairs": fields.rows("pairs", _pair),
        "type_rules": None if type_rules is None else frozenset(type_rules),
        "exclusions": fields.rows("exclusions", couple_of(identifier)),
        "no_thanks": fields.rows("no_thanks", couple_of(identifier)),
        "mandatory": fields.rows("mandatory", _meeting),
        "pins": fields.rows("pins", _pin),
        "max_per_organisations": fields.get("max_per_organisations", whole, 1),
        "organisation_limits": fields.maybe("organisation_limits", _figures("organisations", "limit")) or {},
        "weights": fields.get("weights", _weights, Weights()),
        "groups": fields.rows("groups", _group),
        "forbidden": fields.rows("forbidden", _meeting),
        "precedences": fields.rows("precedences", _precedence),
        "walks": fields.maybe("walks", _figures("zones", "minutes")) or {},
        "interpreters": fields.rows("interpreters", _interpreter),
        "baseline": fields.rows("baseline", _assignment),
    }


def solution_from(data: object) -> Solution:
    """The plan of a decoded file: `meetings` alone counts, so a result file is a plan. Raises BadInput."""
    return Solution(Fields(data, "").get("meetings", list_of(_assignment)))


# Writing ----------------------------------------------------------------------------------------------------

# What a file mentions only where it is used: a problem without these rules reads as it did before them.
SPARE = frozenset(
    ("zone", "languages", "max_in_a_row", "min_per_day", "type_limits", "credit", "silo", "length_min")
)
SPARE |= {"a_instead", "b_instead", "others", "interpreter", "wish"}


def _record(one: Any) -> dict[str, Any]:
    """A dataclass as JSON data, without the spare fields that have their default."""
    data = asdict(one)
    optional = type(one) in (Pair, Group)
    for field in dataclasses.fields(one):
        spare = field.name in SPARE or (optional and field.name == "available")
        if spare and getattr(one, field.name) == field.default:
            del data[field.name]
    return data


def problem_to(problem: Problem) -> dict[str, Any]:
    """The problem as JSON data; `problem_from` gives an equal one back."""
    weights = problem.weights
    records = ("slots", "tables", "participants", "pairs", "pins")
    couples = ("exclusions", "no_thanks", "mandatory")
    return {
        "version": VERSION,
        **{name: [_record(one) for one in getattr(problem, name)] for name in records},
        **{name: [list(one) for one in getattr(problem, name)] for name in couples},
        "type_rules": None if problem.type_rules is None else sorted(map(list, problem.type_rules)),
        "max_per_organisations": problem.max_per_organisations,
        "organisation_limits": _figures_to(problem.organisation_limits, "organisations", "limit"),
        "weights": {
            "order": list(weights.order),
            "mode": weights.mode,
            "weights": dict(weights.weights),
            "breaks_across_sessions": weights.breaks_across_sessions,
        },
        **{name: rows for name, rows in _rarer(problem).items() if rows},
    }


def _rarer(problem: Problem) -> dict[str, list[Any]]:
    records = ("groups", "interpreters", "baseline")
    return {
        **{name: [_record(one) for one in getattr(problem, name)] for name in records},
        "forbidden": [list(people) for people in problem.forbidden],
        "precedences": [{"first": list(one), "then": list(other)} for one, other in problem.precedences],
        "walks": _figures_to(problem.walks, "zones", "minutes"),
    }


def _figures_to(figures: Mapping[tuple[Id, Id], int], couple: str, figure: str) -> list[dict[str, Any]]:
    return [{couple: list(key), figure: one} for key, one in figures.items()]


def solution_to(solution: Solution) -> list[dict[str, Any]]:
    return [_record(assignment) for assignment in solution.assignments]


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


def violation_to(violation: Violation) -> dict[str, Any]:
    """A violation as JSON data."""
    return {
        "rule": violation.rule,
        "args": dict(violation.args),
        "meetings": [_record(held) for held in violation.meetings],
    }


# Text -------------------------------------------------------------------------------------------------------


def decode(text: str) -> object:
    """The JSON data of a text. Raises BadInput with line and column."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"line {error.lineno}, column {error.colno}: not JSON, {error.msg}") from None
    except RecursionError:
        raise BadInput("file: nested too deeply") from None
    except ValueError:
        raise BadInput("file: holds a number with too many digits") from None


def encode(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
