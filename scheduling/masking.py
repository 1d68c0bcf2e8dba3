"""A replay without names: every id and text of problem and plans replaced, their order kept.

Order is all that the engine asks of an id, so the masked problem is solved alike. A text in a field that this
module does not know is refused, never let through: a new field of the format cannot leak.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Name: TypeAlias = int | str
Rename: TypeAlias = Callable[[str, Name], Name]

PERSON, ORGANISATION, SLOT, TABLE, ZONE, INTERPRETER = (
    "person",
    "organisation",
    "slot",
    "table",
    "zone",
    "interpreter",
)
TYPE, SILO, LANGUAGE = "type", "silo", "language"

# Whom or what a field names, wherever it stands; lists of names are fields too.
NAMES: Mapping[str, str] = {
    **dict.fromkeys(("a", "b", "others", "wish", "members", "a_instead", "b_instead"), PERSON),
    **dict.fromkeys(("mandatory", "forbidden", "first", "then"), PERSON),
    **dict.fromkeys(("organisation", "organisations", "exclusions"), ORGANISATION),
    **dict.fromkeys(("slot", "available"), SLOT),
    **dict.fromkeys(("zone", "zones"), ZONE),
    **dict.fromkeys(("type", "type_rules"), TYPE),
    "table": TABLE,
    "interpreter": INTERPRETER,
    "languages": LANGUAGE,
    "silo": SILO,
}
IDS: Mapping[str, str] = {
    "slots": SLOT,
    "tables": TABLE,
    "participants": PERSON,
    "interpreters": INTERPRETER,
}
WORDS = frozenset(("level_a", "level_b", "order", "mode"))  # fields whose texts are words of the format
WEIGHTS, REFUSALS, ID = "weights", "no_thanks", "id"


class NotMasked(ValueError):
    """A text stands where the format is not known to name anything; the message says where."""


def masked(problem: Mapping[str, Any], *plans: list[Any] | None) -> tuple[dict[str, Any], list[Any]]:
    """The problem as JSON data and the plans of it (lists of meetings) with all names replaced alike.

    Ids become whole numbers from 1, texts become `type-01` and the like. Raises NotMasked.
    """
    names: dict[str, set[Name]] = defaultdict(set)

    def note(kind: str, name: Name) -> Name:
        names[kind].add(name)
        return name

    data = {"problem": dict(problem), "meetings": list(plans)}
    _walk(data, "", note)
    table = {kind: _replacements(kind, found) for kind, found in names.items()}
    new = _walk(data, "", lambda kind, name: table[kind][name])
    return new["problem"], new["meetings"]


def _replacements(kind: str, found: set[Name]) -> dict[Name, Name]:
    """A new name for each, in the same order; a type may be the empty text, which says nothing and stays."""
    ordered = sorted(found)  # of one kind, as `validation` demands
    if kind not in (TYPE, SILO, LANGUAGE):
        return {name: rank for rank, name in enumerate(ordered, start=1)}
    width = len(str(len(ordered)))
    return {name: f"{kind}-{rank:0{width}}" if name else name for rank, name in enumerate(ordered, start=1)}


def _walk(data: Any, field: str, rename: Rename) -> Any:
    """The data with what each field names renamed; `field` is the name of the field it stands in."""
    if isinstance(data, dict):
        return {name: _field(name, one, field, rename) for name, one in data.items()}
    if isinstance(data, list):
        if field == REFUSALS:
            return [[rename(PERSON, who), rename(ORGANISATION, whom)] for who, whom in data]
        return [_walk(one, field, rename) for one in data]
    if isinstance(data, int | str) and not isinstance(data, bool) and field in NAMES:
        return rename(NAMES[field], data)
    if isinstance(data, str) and field not in WORDS:
        raise NotMasked(f"{field}: {data!r} is not known to be no name")
    return data


def _field(name: str, data: Any, around: str, rename: Rename) -> Any:
    if name == ID and around in IDS and data is not None:
        return rename(IDS[around], data)
    if around == WEIGHTS and name == WEIGHTS:
        return data  # a figure for each term
    return _walk(data, name, rename)
