"""The import sample: 40 people, readable back from CSV and XLSX, its mistakes where it says."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import astuple
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from salon import vocabulary
from salon.demo.cast import cast
from salon.demo.imports import HEADERS, SHEET, ImportLine, csv_bytes, sample, xlsx_bytes

CAST = cast(today=date(2026, 11, 23))
CLEAN = sample(CAST)
FLAWED = sample(CAST, flawed=True)
KNOWN = {person.email for person in CAST.delegates}


def line(number: int) -> ImportLine:
    """The flawed line of this spreadsheet number."""
    return FLAWED.lines[number - 2]


def test_a_clean_sample_is_forty_new_people_of_known_organisations() -> None:
    assert len(CLEAN.lines) == len(CLEAN.new) == 40
    assert len({entry.email for entry in CLEAN.lines} - KNOWN) == 40
    people = {f"{p.first_name} {p.last_name}" for p in CAST.delegates}
    assert not people & {f"{entry.first_name} {entry.last_name}" for entry in CLEAN.lines}
    domains = {o.name: o.mail_domain for o in CAST.organisations}
    for entry in CLEAN.lines:
        assert all((entry.organisation, entry.first_name, entry.last_name, entry.job_title, entry.languages))
        assert entry.email.split("@")[1] == domains[entry.organisation]


def test_words_are_those_of_the_vocabulary() -> None:
    shorts = {kind.short for kind in vocabulary.kinds()}
    languages = {term.fr for term in vocabulary.languages()}
    needs = {term.fr for term in vocabulary.access_needs()} | {""}
    for entry in (*CLEAN.lines, *FLAWED.lines):
        assert entry.kind in shorts and entry.departement in dict(vocabulary.choices("departements"))
        assert set(entry.languages.split(", ")) <= languages
        assert set(entry.access_need.split(", ")) <= needs


def test_a_flawed_sample_is_forty_lines_with_faults_at_the_lines_it_names() -> None:
    assert len(FLAWED.lines) == 40
    sizes = [len(FLAWED.new), len(FLAWED.updates), len(FLAWED.duplicates), len(FLAWED.errors)]
    assert sizes == [34, 3, 1, 2]
    for number in FLAWED.updates:
        assert line(number).email != line(number).email.lower() and line(number).email.lower() in KNOWN
    (copy,) = FLAWED.duplicates
    assert Counter(FLAWED.lines)[line(copy)] == 2
    wrong, unnamed = sorted(FLAWED.errors, key=lambda number: line(number).last_name == "")
    assert line(wrong).email.endswith("@") and line(wrong).last_name
    assert line(unnamed).last_name == "" and not line(unnamed).email.endswith("@")


def test_the_other_lines_have_no_fault() -> None:
    new = [line(number) for number in FLAWED.new]
    assert len({entry.email for entry in new}) == 34
    assert not {entry.email for entry in new} & KNOWN
    assert all(entry.last_name and not entry.email.endswith("@") for entry in new)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_csv_reads_back(encoding: str) -> None:
    content = csv_bytes(FLAWED.lines, encoding=encoding)
    rows = list(csv.reader(io.StringIO(content.decode(encoding)), delimiter=";"))
    assert tuple(rows[0]) == HEADERS
    assert [tuple(row) for row in rows[1:]] == [astuple(entry) for entry in FLAWED.lines]


def test_csv_refuses_an_encoding_that_would_lose_letters() -> None:
    with pytest.raises(UnicodeEncodeError):
        csv_bytes(FLAWED.lines, encoding="ascii")


def test_xlsx_reads_back_and_keeps_leading_zeros() -> None:
    first = FLAWED.lines[0]
    lines = (ImportLine(*astuple(first)[:8], departement="01", access_need=""), *FLAWED.lines)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(lines))).get_sheet_by_name(SHEET)
    rows = sheet.to_python()
    assert tuple(rows[0]) == HEADERS
    assert [tuple(row) for row in rows[1:]] == [astuple(entry) for entry in lines]


def test_the_sample_is_repeatable() -> None:
    assert sample(CAST, flawed=True) == FLAWED
    assert sample(CAST, seed=1) != CLEAN
