"""A `.dzn` file becomes a problem, or a message that names the line and the field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scheduling.timetabling.problem import FAIRNESS, Meeting, Session, Timetabling
from scheduling.timetabling.syntax import List, Number, NumberSet, Table, Value, parse
from scheduling.timetabling.tokens import BadTimetabling

NUMBERS = ("nBusiness", "nMeetings", "nTables", "nTotalSlots", "nMorningSlots")
LISTS = ("nMeetingsBusiness", "forbidden", "fixed", "precedences")
DERIVED = (
    "meetingsxBusiness"  # follows from `requested`, shifted by one for MiniZinc: read past, may be missing
)
MOST = {"nBusiness": 100_000, "nMeetings": 1_000_000, "nTotalSlots": 10_000}  # beyond: a slip of the keyboard


def read(text: str, *, fairness: int = FAIRNESS) -> Timetabling:
    """The instance in the text, with that fairness. Raises BadTimetabling when the file is not an instance."""
    fields = _Fields(text)
    slots, meetings = fields.size("nTotalSlots"), fields.size("nMeetings")
    people = fields.size("nBusiness")
    rows = list(fields.rows(meetings, people))
    fixed = fields.numbers("fixed", meetings, "nMeetings", range(slots + 1))
    after = fields.sets("precedences", meetings, "nMeetings", range(1, meetings + 1))
    forbidden = fields.sets("forbidden", people, "nBusiness", range(slots + 1))
    fields.check_degrees(rows, people)
    return Timetabling(
        num_tables=fields.size("nTables"),
        num_slots=slots,
        num_morning_slots=fields.size("nMorningSlots", most=slots, name_of_most="nTotalSlots"),
        meetings=tuple(
            Meeting(a, b, Session(session), fixed[i], after[i]) for i, (a, b, session) in enumerate(rows)
        ),
        forbidden=tuple(away - {0} for away in forbidden),
        fairness=fairness,
    )


class _Fields:
    """The values by name; a field is looked at when it is asked for, and complained about by its own line."""

    def __init__(self, text: str) -> None:
        self._values = parse(text)
        self._last_line = text.count("\n") + 1
        known = {*NUMBERS, *LISTS, "requested", DERIVED}
        for name, value in self._values.items():
            if name not in known:
                raise BadTimetabling(value.line, name, "is no field of this format")
        for name in (*NUMBERS, "requested", *LISTS):
            if name not in self._values:
                raise BadTimetabling(self._last_line, name, "is missing")

    def _get(self, name: str) -> Value:
        return self._values[name]

    def size(self, name: str, *, most: int | None = None, name_of_most: str = "") -> int:
        value = self._get(name)
        if not isinstance(value, Number):
            raise BadTimetabling(value.line, name, "is not a number")
        if value.value < 0:
            raise BadTimetabling(value.line, name, f"is {value.value}, below 0")
        limit = MOST.get(name) if most is None else most
        if limit is not None and value.value > limit:
            suffix = f" ({name_of_most})" if name_of_most else ""
            raise BadTimetabling(value.line, name, f"is {value.value}, above {limit}{suffix}")
        return value.value

    def rows(self, count: int, people: int) -> Iterator[tuple[int, int, int]]:
        """Each meeting's two participants and session."""
        table = self._get("requested")
        if isinstance(table, List) and not table.entries:
            table = Table((), table.line)
        if not isinstance(table, Table):
            raise BadTimetabling(table.line, "requested", "is not a table [| a, b, session | … |]")
        if len(table.rows) != count:
            trouble = f"has {len(table.rows)} rows, nMeetings is {count}"
            raise BadTimetabling(table.line, "requested", trouble)
        for row in table.rows:
            yield _meeting(row, people)

    def numbers(self, name: str, count: int, counted_by: str, allowed: range) -> list[int]:
        found = []
        for place, entry in enumerate(self._entries(name, count, counted_by), start=1):
            if not isinstance(entry, Number):
                raise BadTimetabling(entry.line, f"{name}[{place}]", "is not a number")
            _check_range(entry, f"{name}[{place}]", allowed)
            found.append(entry.value)
        return found

    def sets(self, name: str, count: int, counted_by: str, allowed: range) -> list[frozenset[int]]:
        found = []
        for place, entry in enumerate(self._entries(name, count, counted_by), start=1):
            if not isinstance(entry, NumberSet):
                raise BadTimetabling(entry.line, f"{name}[{place}]", "is not a set")
            for value in sorted(entry.values):
                _check_range(Number(value, entry.line), f"{name}[{place}]", allowed)
            found.append(entry.values)
        return found

    def check_degrees(self, rows: list[tuple[int, int, int]], people: int) -> None:
        name = "nMeetingsBusiness"
        degree = Counter(person for row in rows for person in row[:2])
        entries = self._entries(name, people, "nBusiness")
        for person, entry in enumerate(entries, start=1):
            if not isinstance(entry, Number) or entry.value != degree[person]:
                said = entry.value if isinstance(entry, Number) else "a set"
                trouble = f"is {said}, requested has {degree[person]} meetings of participant {person}"
                raise BadTimetabling(entry.line, f"{name}[{person}]", trouble)

    def _entries(self, name: str, count: int, counted_by: str) -> tuple[Number | NumberSet, ...]:
        value = self._get(name)
        if not isinstance(value, List):
            raise BadTimetabling(value.line, name, "is not a list")
        if len(value.entries) != count:
            trouble = f"has {len(value.entries)} entries, {counted_by} is {count}"
            raise BadTimetabling(value.line, name, trouble)
        return value.entries


def _meeting(row: tuple[Number, ...], people: int) -> tuple[int, int, int]:
    if len(row) != 3:
        raise BadTimetabling(row[0].line, "requested", f"a row has {len(row)} numbers, not 3")
    a, b, session = row
    for person in (a, b):
        _check_range(person, "requested", range(1, people + 1), "a participant")
    _check_range(session, "requested", range(1, 4), "a session")
    if a.value == b.value:
        raise BadTimetabling(a.line, "requested", f"participant {a.value} meets themselves")
    return a.value, b.value, session.value


def _check_range(number: Number, field: str, allowed: range, what: str = "a value") -> None:
    if number.value not in allowed:
        bounds = f"{allowed.start} to {allowed.stop - 1}"
        raise BadTimetabling(number.line, field, f"{number.value} is not {what} from {bounds}")
