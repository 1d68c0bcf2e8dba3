"""The file format of `scheduling.io` as a JSON Schema (2020-12), for whoever writes problem files.

The schema says which fields there are and of what form; that ids exist, times rise and pins are legal is said
by `io.problem_from` alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from scheduling.io import MOST_PEOPLE, SLOT_EVERY_MIN, SLOT_LENGTH_MIN, VERSION
from scheduling.problem import DEFAULT_ORDER, Level, Mode, TermName
from scheduling.result import Status
from scheduling.validation import GROUP_SIZES, MAX_CREDIT

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema: TypeAlias = dict[str, Any]


def schema() -> Schema:
    """The schema of a problem file; `$defs.result` is that of the answer."""
    return {
        "$schema": DIALECT,
        "title": "A fair to schedule",
        "description": (
            "Slots, tables, participants and wished meetings; every other rule is optional. Ids are whole "
            "numbers or texts, of one kind per list. Times are minutes from the first day's midnight."
        ),
        **_object(_problem(), ("slots", "tables", "participants")),
        "$defs": {
            "id": {
                "description": "An id, compared and never shown: all whole numbers or all texts within a list.",
                "type": ["integer", "string"],
            },
            "people": _list(_ref("id"), "Those who meet: two people or the members of a group, in any order.",
                            least=2, most=MOST_PEOPLE),
            **{name: _titled(*made) for name, made in _things().items()},
            "result": _answer(),
        },
    }  # fmt: skip


# Forms ------------------------------------------------------------------------------------------------------


def _object(fields: Schema, required: Iterable[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": fields,
        "required": list(required),
        "additionalProperties": False,
    }


def _titled(description: str, fields: Schema, required: Iterable[str]) -> Schema:
    return {"description": description, **_object(fields, required)}


def _ref(name: str, description: str | None = None) -> Schema:
    found = {"$ref": f"#/$defs/{name}"}
    return found if description is None else found | {"description": description}


def _whole(description: str, *, least: int | None = None, most: int | None = None, **more: Any) -> Schema:
    limits = {"minimum": least, "maximum": most}
    found = {"description": description, "type": "integer", **more}
    return found | {name: limit for name, limit in limits.items() if limit is not None}


def _text(description: str, **more: Any) -> Schema:
    return {"description": description, "type": "string", **more}


def _truth(description: str) -> Schema:
    return {"description": description, "type": "boolean", "default": False}


def _choice(kind: Iterable[str], description: str, **more: Any) -> Schema:
    return {"description": description, "enum": [str(one) for one in kind], **more}


def _list(items: Schema, description: str, *, least: int | None = None, most: int | None = None) -> Schema:
    limits = {"minItems": least, "maxItems": most}
    found: Schema = {"description": description, "type": "array", "items": items}
    return found | {name: limit for name, limit in limits.items() if limit is not None}


def _couple(items: Schema, description: str) -> Schema:
    return _list(items, description, least=2, most=2)


def _or_null(one: Schema) -> Schema:
    """The field may be null, which is as if it were absent."""
    described = {name: one[name] for name in ("description",) if name in one}
    rest = {name: value for name, value in one.items() if name not in described}
    return {**described, "anyOf": [rest, {"type": "null"}], "default": None}


def _rows(items: Schema, description: str) -> Schema:
    """A list that may be null or absent: none."""
    return _or_null(_list(items, description))


def _slot_ids(description: str) -> Schema:
    return _or_null(_list(_ref("id"), description))


# The problem ------------------------------------------------------------------------------------------------


def _problem() -> Schema:
    return {
        "version": _whole("The version of this format.", const=VERSION, default=VERSION),
        "slots": _list({"anyOf": [_ref("slot"), _ref("id")]}, "The times of meetings, in order; ids alone give "
                       f"slots of {SLOT_LENGTH_MIN} minutes every {SLOT_EVERY_MIN} in one session."),
        "tables": _list({"anyOf": [_ref("table"), _ref("id")]}, "Where meetings are held; an id alone is an "
                        "ordinary table."),
        "participants": _list(_ref("participant"), "The delegates."),
        "pairs": _rows(_ref("pair"), "The meetings of two people that somebody wishes."),
        "groups": _rows(_ref("group"), f"Wished meetings of {GROUP_SIZES[0]} to {GROUP_SIZES[-1]} people."),
        "type_rules": _rows(_couple(_text("A type."), "Two types that may meet, in any order."),
                            "Which types of participants may meet each other; null or absent = all."),
        "exclusions": _rows(_couple(_ref("id"), "Two organisations."), "Organisations that must not meet."),
        "no_thanks": _rows(_couple(_ref("id"), "A participant, then the organisation he refuses to meet."),
                           "Refusals by participants; they hold from either side."),
        "forbidden": _rows(_ref("people"), "People who must not all be in one meeting."),
        "mandatory": _rows(_ref("people"), "Meetings that must be held, wished or not."),
        "precedences": _rows(_ref("precedence"), "Orders between two meetings that are both held."),
        "pins": _rows(_ref("pin"), "Meetings whose place is fixed."),
        "max_per_organisations": _whole("How often two organisations may meet, whoever goes.", least=0, default=1),
        "organisation_limits": _rows(_ref("organisation_limit"), "Exceptions to `max_per_organisations`."),
        "walks": _rows(_ref("walk"), "Minutes between zones of tables; what is absent takes no time."),
        "interpreters": _rows(_ref("interpreter"), "People who help those without a common language."),
        "baseline": _rows(_ref("meeting"), "The plan that changes are counted against, such as the meetings of an "
                          "earlier result; its tables and interpreters may be gone."),
        "weights": _ref("weights", "What makes a plan better."),
    }  # fmt: skip


def _things() -> dict[str, tuple[str, Schema, tuple[str, ...]]]:
    """The objects a problem and a result are made of: description, fields, required fields."""
    return {
        "slot": ("A time at which meetings are held.", _slot(), ("id",)),
        "table": ("A place for one meeting at a time.", _table(), ("id",)),
        "participant": ("A delegate with an agenda of his own.", _participant(), ("id", "organisation")),
        "type_limit": ("How many meetings with a type of counterpart.", _type_limit(), ("type",)),
        "pair": ("A meeting of two people that somebody wishes.", _pair(), ("a", "b", "value")),
        "group": ("A wished meeting of several people.", _group(), ("members", "value")),
        "precedence": ("When both are held, the first ends before the other starts.", _precedence(),
                       ("first", "then")),
        "pin": ("A meeting with a fixed place.", _pin(), ("a", "b", "slot", "table")),
        "organisation_limit": ("How often two organisations may meet.", _organisation_limit(),
                               ("organisations", "limit")),
        "walk": ("How long one walks between two zones, both ways.", _walk(), ("zones", "minutes")),
        "interpreter": ("Somebody who interprets at one meeting at a time.", _interpreter(), ("id", "languages")),
        "weights": ("An order of terms, and how they combine.", _weights(), ()),
        "meeting": ("A meeting of a plan.", _meeting(), ("a", "b", "slot", "table")),
        "term": ("A figure of a plan and what is proven about it.", _term(),
                 ("name", "sense", "value", "bound", "proof", "gap")),
    }  # fmt: skip


def _slot() -> Schema:
    return {
        "id": _ref("id"),
        "session": _whole("The session, rising in time: breaks and rests are counted within it.", default=0),
        "day": _whole("The day, rising in time.", default=0),
        "start_min": _whole(f"Start, in minutes from the first midnight; by default {SLOT_EVERY_MIN} times the "
                            "place in the list.", least=0),
        "end_min": _whole(f"End, in minutes from the first midnight, not included; by default {SLOT_LENGTH_MIN} "
                          "after the start.", least=1),
    }  # fmt: skip


def _table() -> Schema:
    return {
        "id": _ref("id"),
        "step_free": _truth("It can be reached without steps."),
        "organisation": _or_null(_ref("id", "The exhibitor whose stand it is; null = an ordinary table.")),
        "available": _slot_ids("The slots at which it is open; null = all."),
        "zone": _or_null(_ref("id", "The part of the hall it stands in, as `walks` names it.")),
    }


def _participant() -> Schema:
    return {
        "id": _ref("id"),
        "organisation": _ref("id", "The organisation the delegate comes for."),
        "type": _text("What `type_rules` and `type_limits` go by, such as buyer.", default=""),
        "available": _list(_ref("id"), "The slots at which the delegate is there; absent = all."),
        "min": _whole("Fewest meetings: what is missing is priced, or forbidden with `hard_min`.", least=0, default=0),
        "max": _or_null(_whole("Most meetings; null = any number.", least=0)),
        "max_per_day": _or_null(_whole("Most meetings on one day; null = any number.", least=0)),
        "min_per_day": _whole("Fewest meetings on each day with an available slot.", least=0, default=0),
        "hard_min": _truth("A plan below a minimum of this person is refused."),
        "step_free": _truth("The delegate needs step-free tables."),
        "stay_put": _truth("The delegate would rather not change tables."),
        "languages": _rows(_text("A language; a sign language is one."),
                           "What the delegate understands; none = everybody."),
        "max_in_a_row": _or_null(_whole("Most slots in a row with a meeting, within a session; null = any number.",
                                        least=1)),
        "type_limits": _rows(_ref("type_limit"), "Fewest and most meetings by type of counterpart, each type once."),
        "credit": _whole("What the delegate's wishes count, in per cent.", least=0, most=MAX_CREDIT, default=100),
        "silo": _or_null(_text("The network or family that cross-silo meetings bring together; null = unknown.")),
    }  # fmt: skip


def _type_limit() -> Schema:
    return {
        "type": _text("The type of at least one counterpart, somebody of another organisation."),
        "min": _whole("Fewest such meetings.", least=0, default=0),
        "max": _or_null(_whole("Most such meetings; null = any number.", least=0)),
    }


def _times() -> Schema:
    return {
        "available": _slot_ids("The slots at which the meeting may start; null = any."),
        "length_min": _or_null(_whole("Its length in minutes: it takes the following slots of the session too, "
                                      "until that time is over; null = one slot.", least=1)),
    }  # fmt: skip


def _pair() -> Schema:
    return {
        "a": _ref("id", "One participant."),
        "b": _ref("id", "The other participant."),
        "value": _whole("What holding the meeting is worth.", least=0),
        "level_a": _or_null(_choice(Level, "How strongly a wishes it; null = not at all.")),
        "level_b": _or_null(_choice(Level, "How strongly b wishes it; null = not at all.")),
        **_times(),
        "a_instead": _rows(_ref("id"), "Colleagues of a who may go in a's place."),
        "b_instead": _rows(_ref("id"), "Colleagues of b who may go in b's place."),
    }


def _group() -> Schema:
    return {
        "members": _list(_ref("id"), "Different participants, of two organisations at least.",
                         least=GROUP_SIZES[0], most=GROUP_SIZES[-1]),
        "value": _whole("What holding the meeting, with all members, is worth.", least=0),
        "must": _truth("Somebody calls it a must."),
        **_times(),
    }  # fmt: skip


def _precedence() -> Schema:
    return {
        "first": _ref("people", "The meeting that comes first."),
        "then": _ref("people", "The meeting that comes after it."),
    }


def _pin() -> Schema:
    return {
        "a": _ref("id", "One participant."),
        "b": _ref("id", "Another participant."),
        "others": _rows(_ref("id"), "The other members of a group."),
        "slot": _ref("id", "The slot it starts at."),
        "table": _ref("id", "Where it is held."),
        "interpreter": _or_null(_ref("id", "Who interprets, where somebody has to.")),
        "wish": _or_null(_ref("people", "The pair that is served when colleagues go in its place.")),
    }


def _meeting() -> Schema:
    return _pin() | {"pinned": _truth("The problem fixes it there.")}


def _organisation_limit() -> Schema:
    return {
        "organisations": _couple(_ref("id"), "Two organisations, in any order, each couple once."),
        "limit": _whole("The most meetings between them.", least=0),
    }


def _walk() -> Schema:
    return {
        "zones": _couple(_ref("id"), "Two different zones, in any order, each couple once."),
        "minutes": _whole("Minutes from a table of one to a table of the other.", least=0),
    }


def _interpreter() -> Schema:
    return {
        "id": _ref("id"),
        "languages": _list(
            _text("A language; a sign language is one."), "What the interpreter speaks.", least=1
        ),
        "available": _slot_ids("The slots at which the interpreter is there; null = all."),
    }


def _weights() -> Schema:
    named = _choice(TermName, "A term of the score.")
    return {
        "order": _list(named, "The terms to optimise, most important first, each once; terms left out are only "
                       "reported.") | {"uniqueItems": True, "default": [str(name) for name in DEFAULT_ORDER]},
        "mode": _choice(Mode, "Strictly one after the other, or as one sum.", default=str(Mode.LEXICOGRAPHIC)),
        "weights": {
            "description": "For the sum: what a unit of each term counts; 1 where absent.",
            "type": "object",
            "propertyNames": {"enum": [str(name) for name in TermName]},
            "additionalProperties": _whole("The weight of the term.", least=0),
        },
        "breaks_across_sessions": _truth("Idle slots between two sessions of a day count as a break too."),
    }  # fmt: skip


# The result -------------------------------------------------------------------------------------------------


def _term() -> Schema:
    return {
        "name": _choice(TermName, "Which term it is."),
        "sense": _choice(("max", "min"), "Whether more or less is better."),
        "value": _whole("Its value for this plan."),
        "bound": _or_null(_whole("No plan is better than this; null where nothing is proven.")),
        "proof": _or_null(_text("The argument behind the bound.")),
        "gap": _or_null({"description": "Distance to the bound relative to it.", "type": "number"}),
    }


def _answer() -> Schema:
    """Open to fields of later programs, unlike what is read."""
    closed = _titled("The answer of `solve`.", _result(), ("version", "status", "meetings", "terms"))
    return closed | {"additionalProperties": True}


def _result() -> Schema:
    number: Schema = {"type": "number"}
    return {
        "version": _whole("The version of this format.", const=VERSION),
        "status": _choice(Status, "How the run ended."),
        "meetings": _rows(_ref("meeting"), "The plan; null when there is none."),
        "terms": _list(_ref("term"), "The figures of the plan."),
        "objective": _or_null(_whole("The value of the term `value`.")),
        "bound": _or_null(_whole("The proven bound of the term `value`.")),
        "gap": _or_null(number | {"description": "Distance to the bound relative to it."}),
        "seconds": number | {"description": "How long the run took, in seconds."},
        "trace": _list({"type": "object"}, "How the plan came to be: seconds, step, value, bound, breaks."),
        "conflict": _list(_text("A rule."), "Rules that clash when no plan exists."),
        "conflict_minimal": _truth("Leaving out any rule of the conflict frees it."),
        "baseline_value": _or_null(_whole("The value of the run's first, greedy plan.")),
        "seed": _whole("The seed of the run."),
        "workers": _whole("How many workers searched."),
        "versions": {"description": "Software that matters for a replay.", "type": "object"},
    }
