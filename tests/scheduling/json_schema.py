"""A validator for the keywords our schema uses: no library for it is among the dependencies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

TYPES: dict[str, Callable[[object], bool]] = {
    "object": lambda one: isinstance(one, dict),
    "array": lambda one: isinstance(one, list),
    "string": lambda one: isinstance(one, str),
    "integer": lambda one: isinstance(one, int) and not isinstance(one, bool),
    "number": lambda one: isinstance(one, int | float) and not isinstance(one, bool),
    "boolean": lambda one: isinstance(one, bool),
    "null": lambda one: one is None,
}
NOTES = {"$schema", "$defs", "title", "description", "default"}  # which forbid nothing


def faults(schema: dict[str, Any], data: object, *, root: dict[str, Any] | None = None) -> list[str]:
    """The paths where the data is not of the schema's form; raises KeyError for a keyword not known here."""
    return list(_faults(schema, data, root or schema, ""))


def _faults(schema: dict[str, Any], data: object, root: dict[str, Any], path: str) -> Iterator[str]:
    for keyword, rule in schema.items():
        if keyword not in NOTES:
            yield from KEYWORDS[keyword](rule, data, root, path, schema)


def _ref(rule: str, data: object, root: dict[str, Any], path: str, _: dict[str, Any]) -> Iterator[str]:
    kind, _, name = rule.rpartition("/")
    assert kind == "#/$defs"
    yield from _faults(root["$defs"][name], data, root, path)


def _any_of(
    rule: list[Any], data: object, root: dict[str, Any], path: str, _: dict[str, Any]
) -> Iterator[str]:
    if all(any(True for _ in _faults(one, data, root, path)) for one in rule):
        yield f"{path}: none of the forms"


def _type(rule: str | list[str], data: object, root: object, path: str, _: object) -> Iterator[str]:
    if not any(TYPES[one](data) for one in ([rule] if isinstance(rule, str) else rule)):
        yield f"{path}: not {rule}"


def _one_of_values(rule: list[object], data: object, root: object, path: str, _: object) -> Iterator[str]:
    if not any(type(one) is type(data) and one == data for one in rule):
        yield f"{path}: not among {rule}"


def _properties(
    rule: dict[str, Any], data: object, root: dict[str, Any], path: str, _: object
) -> Iterator[str]:
    for name, inner in rule.items() if isinstance(data, dict) else ():
        if name in data:
            yield from _faults(inner, data[name], root, f"{path}.{name}")


def _required(rule: list[str], data: object, root: object, path: str, _: object) -> Iterator[str]:
    if isinstance(data, dict):
        yield from (f"{path}.{name}: missing" for name in rule if name not in data)


def _additional(
    rule: Any, data: object, root: dict[str, Any], path: str, own: dict[str, Any]
) -> Iterator[str]:
    for name in set(data) - set(own.get("properties", ())) if isinstance(data, dict) else ():
        if rule is False:
            yield f"{path}.{name}: not a field"
        elif rule is not True:
            yield from _faults(rule, data[name], root, f"{path}.{name}")


def _names(rule: dict[str, Any], data: object, root: dict[str, Any], path: str, _: object) -> Iterator[str]:
    for name in data if isinstance(data, dict) else ():
        yield from _faults(rule, name, root, f"{path}.{name}")


def _items(rule: dict[str, Any], data: object, root: dict[str, Any], path: str, _: object) -> Iterator[str]:
    for rank, one in enumerate(data if isinstance(data, list) else ()):
        yield from _faults(rule, one, root, f"{path}[{rank}]")


def _unique(rule: bool, data: object, root: object, path: str, _: object) -> Iterator[str]:
    if rule and isinstance(data, list) and any(one in data[:rank] for rank, one in enumerate(data)):
        yield f"{path}: given twice"


def _limit(right: Callable[[Any, Any], bool], kind: type | tuple[type, ...]) -> Callable[..., Iterator[str]]:
    def check(rule: int, data: object, root: object, path: str, _: object) -> Iterator[str]:
        if isinstance(data, kind) and not isinstance(data, bool) and not right(data, rule):
            yield f"{path}: beyond {rule}"

    return check


KEYWORDS: dict[str, Callable[..., Iterator[str]]] = {
    "$ref": _ref,
    "anyOf": _any_of,
    "type": _type,
    "enum": _one_of_values,
    "const": lambda rule, *rest: _one_of_values([rule], *rest),
    "properties": _properties,
    "required": _required,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "items": _items,
    "uniqueItems": _unique,
    "minItems": _limit(lambda data, least: len(data) >= least, list),
    "maxItems": _limit(lambda data, most: len(data) <= most, list),
    "minimum": _limit(lambda data, least: data >= least, (int, float)),
    "maximum": _limit(lambda data, most: data <= most, (int, float)),
}
