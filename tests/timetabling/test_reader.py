"""Reading `.dzn` files: variants that are right, and mistakes named by line and field."""

from __future__ import annotations

import dataclasses

import pytest

from scheduling.timetabling.problem import Session
from scheduling.timetabling.reader import read
from scheduling.timetabling.tokens import BadTimetabling
from tests.timetabling.cases import fields, instance, text

SMALL = instance(
    [(1, 2, 1), (1, 3, 2), (2, 1)],
    people=4,
    slots=5,
    tables=2,
    morning=3,
    forbidden={2: {1, 4}},
    fixed={1: 3},
    after={3: {1}},
)


def test_a_file_is_read_as_it_was_written() -> None:
    assert read(text(SMALL)) == SMALL
    assert read(text(SMALL), fairness=-1) == dataclasses.replace(SMALL, fairness=-1)
    assert SMALL.meetings_of == ((1, 2, 3), (1, 3), (2,), ())
    assert SMALL.meetings[1].session is Session.AFTERNOON


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it.replace("\n", "\r\n"),
        lambda it: "% a comment ; [ {\n" + it,
        lambda it: it.replace("nTables", "/* two\nlines */ nTables"),
        lambda it: "\ufeff" + it,
        lambda it: it.rstrip().removesuffix(";"),
        lambda it: it.replace("\n | ", " | \n"),
        lambda it: it.replace(" |]", " | |]"),
        lambda it: it.replace(" |]", ",|]").replace("\n | ", ",\n | "),
        lambda it: it.replace("]", ",]").replace("|,]", "|]"),
        lambda it: it.replace("=", " =\t"),
        lambda it: it.replace("{0,1,4}", "{0, 1..1, 4..4}"),
    ],
)
def test_other_spellings_of_the_same_file(change) -> None:  # type: ignore[no-untyped-def]
    changed = change(text(SMALL))
    assert changed != text(SMALL)
    assert read(changed) == SMALL


def test_order_of_fields_does_not_matter_and_the_derivable_one_may_be_missing() -> None:
    lines = [
        f"{name} = {value};" for name, value in reversed(fields(SMALL).items()) if name != "meetingsxBusiness"
    ]
    assert read("\n".join(lines)) == SMALL


def test_empty_instances() -> None:
    nobody = instance([], people=0, slots=0)
    assert read(text(nobody)) == nobody
    assert read(text(nobody, requested="[]")) == nobody
    idle = instance([], people=3, slots=4, tables=0)
    assert read(text(idle)) == idle


@pytest.mark.parametrize(
    ("replaced", "message"),
    [
        ({"nTables": None}, "nTables: is missing"),
        ({"fixed": None}, "fixed: is missing"),
        ({"nTables": "x"}, "line 3: nTables: expected a number, found x"),
        ({"nTables": "2.5"}, "line 3: text: unexpected '2.5;'"),
        ({"nTables": "-1"}, "line 3: nTables: is -1, below 0"),
        ({"nTables": "99999999999"}, "line 3: nTables: 99999999999… is too large"),
        ({"nTables": "{2}"}, "line 3: nTables: is not a number"),
        ({"nTables": "2; nTables = 2"}, "line 3: nTables: is given twice"),
        ({"nTables": "2 3"}, "line 3: nTables: expected ';', found 3"),
        ({"nTable": "2"}, "nTable: is no field of this format"),
        ({"nMorningSlots": "6"}, "line 5: nMorningSlots: is 6, above 5 (nTotalSlots)"),
        ({"nMeetings": "4"}, "line 6: requested: has 3 rows, nMeetings is 4"),
        ({"requested": "[1, 2, 3]"}, "line 6: requested: is not a table"),
        ({"requested": "[| 1, 2, 1\n| 1, 3\n| 2, 1, 3 |]"}, "line 7: requested: a row has 2 numbers, not 3"),
        (
            {"requested": "[| 1, 2, 1\n| 1, 9, 2\n| 2, 1, 3 |]"},
            "line 7: requested: 9 is not a participant from 1 to 4",
        ),
        (
            {"requested": "[| 1, 2, 1\n| 1, 3, 4\n| 2, 1, 3 |]"},
            "line 7: requested: 4 is not a session from 1 to 3",
        ),
        (
            {"requested": "[| 1, 2, 1\n| 1, 1, 2\n| 2, 1, 3 |]"},
            "line 7: requested: participant 1 meets themselves",
        ),
        ({"requested": "[| 1, 2, 1\n"}, "requested: expected"),
        ({"nMeetingsBusiness": "[3, 2,\n1, 1]"}, "nMeetingsBusiness[4]: is 1, requested has 0 meetings"),
        ({"nMeetingsBusiness": "[3, 2, 1]"}, "nMeetingsBusiness: has 3 entries, nBusiness is 4"),
        ({"forbidden": "[{0}, {1},\n{6}, {}]"}, "line 18: forbidden[3]: 6 is not a value from 0 to 5"),
        ({"forbidden": "[{0}, {1}, {2}]"}, "forbidden: has 3 entries, nBusiness is 4"),
        ({"forbidden": "[0, 0, 0, 0]"}, "forbidden[1]: is not a set"),
        ({"forbidden": "[{0}, {1..2000000}, {}, {}]"}, "forbidden: 1..2000000 is too long"),
        ({"fixed": "[3, {0}, 0]"}, "fixed[2]: is not a number"),
        ({"fixed": "[3, 0]"}, "fixed: has 2 entries, nMeetings is 3"),
        ({"fixed": "[3, 0, 6]"}, "fixed[3]: 6 is not a value from 0 to 5"),
        ({"fixed": "3"}, "fixed: is not a list"),
        ({"precedences": "[{}, {}, {4}]"}, "precedences[3]: 4 is not a value from 1 to 3"),
        ({"precedences": "[{}, {}, {1}"}, "precedences: expected ',' or ']', found ;"),
        ({"precedences": "[{}, {}, {1}]; $"}, "text: unexpected '$;'"),
        ({"precedences": "[{}, {}, {1}]; 7"}, "text: expected the name of a field, found 7"),
    ],
)
def test_a_mistake_is_named_by_line_and_field(replaced: dict[str, str | None], message: str) -> None:
    with pytest.raises(BadTimetabling) as caught:
        read(text(SMALL, **replaced))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("line ")


def test_an_empty_file_says_what_is_missing() -> None:
    with pytest.raises(BadTimetabling, match="line 1: nBusiness: is missing"):
        read("")
