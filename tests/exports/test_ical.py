"""Calendars: what other programs read, and that nothing else gets in."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import vText
from icalendar.parser import Contentline

from exports import ical
from exports.document import Document
from exports.rows import AgendaRow, MeetingStatus
from tests.exports import samples
from tests.exports.test_text import HOSTILE

PAGE = "https://salon.example/a/k7qm2xv9"


def feed(rows: tuple[AgendaRow, ...], **changes: str) -> Document:
    facts = {
        "name": "Passerelles 2027 – Claire Béranger",
        "timezone": "Europe/Paris",
        "organiser": "rendez-vous@salon.example",
        "organiser_name": "Passerelles 2027",
        "place": "Halle des Docks, Nantes",
        "url": PAGE,
    }
    return ical.calendar(rows, **{**facts, **changes})


def unfolded(document: Document) -> list[str]:
    return document.content.decode().replace("\r\n ", "").split("\r\n")


def test_snapshot_of_one_meeting() -> None:
    row = replace(samples.rows(4)[3], uid="5c1e8f0a@salon.example")
    lines = unfolded(feed((row,)))
    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Salon//Agenda//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Passerelles 2027 – Claire Béranger",
        "X-WR-CALNAME:Passerelles 2027 – Claire Béranger",
        "X-WR-TIMEZONE:Europe/Paris",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VEVENT",
        "UID:5c1e8f0a@salon.example",
        "SEQUENCE:1",
        "DTSTAMP:20270304T091200Z",
        "LAST-MODIFIED:20270304T091200Z",
        "DTSTART:20270311T093500Z",
        "DTEND:20270311T095500Z",
        "SUMMARY:Rendez-vous avec Les Ateliers du Clain – table T04",
        "LOCATION:Table T04\\, Halle des Docks\\, Nantes",
        "DESCRIPTION:Noé Barreau\\, chargé d’affaires\\nPropose\u202f: conditionnement et sous-traitance "
        "industrielle\\nVotre calendrier peut retarder\u202f\\; la page d’agenda fait foi.\\n" + PAGE,
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        'ORGANIZER;CN="Passerelles 2027":mailto:rendez-vous@salon.example',
        "URL:" + PAGE,
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_lines_are_folded_by_octets_and_end_in_crlf() -> None:
    content = feed(samples.rows(9)).content
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75 and b"\n" not in content.replace(b"\r\n", b"")
    assert any(line.startswith(b" ") for line in lines)  # control: something was folded
    content.decode("utf-8")


@given(st.text(st.sampled_from("aé漢🙂\\\\^;, "), max_size=400))
def test_lines_are_folded_as_the_library_folds_them(text: str) -> None:
    assert ical.folded(text.encode()) == Contentline(text).to_ical()


def test_equal_rows_give_equal_bytes_and_order_does_not_matter() -> None:
    rows = samples.rows(6)
    assert feed(rows).content == feed(rows).content == feed(tuple(reversed(rows))).content
    moved = replace(rows[0], sequence=1)
    assert feed((moved, *rows[1:])).content != feed(rows).content


def test_an_untouched_meeting_keeps_its_bytes() -> None:
    rows = samples.rows(3)
    later = (*rows[:2], replace(rows[2], sequence=9, changed_at=datetime(2027, 3, 9, tzinfo=UTC)))
    before, after = (feed(r).content.split(b"BEGIN:VEVENT") for r in (rows, later))
    assert before[1] == after[1] and before[2] == after[2] and before[3] != after[3]


def test_other_programs_read_it() -> None:
    rows = samples.rows(9)
    calendar = vobject.readOne(feed(rows).content.decode())
    events = calendar.vevent_list
    assert [e.uid.value for e in events] == [row.uid for row in rows]
    for event, row in zip(events, rows, strict=True):
        assert event.dtstart.value == row.start and event.dtend.value == row.end
        assert event.sequence.value == str(row.sequence)
    assert not [line for line in unfolded(feed(rows)) if line.startswith("ATTENDEE")]


def test_a_cancelled_meeting_stays_in_the_feed() -> None:
    gone = replace(samples.rows(1)[0], status=MeetingStatus.CANCELLED, sequence=2)
    lines = unfolded(feed((gone,)))
    assert "STATUS:CANCELLED" in lines and "TRANSP:TRANSPARENT" in lines and "SEQUENCE:2" in lines
    assert any(line.startswith("SUMMARY:Annulé\u202f: rendez-vous avec") for line in lines)


@pytest.mark.parametrize("zone", ["Europe/Paris", "Europe/Lisbon", "Europe/Helsinki", "UTC"])
@pytest.mark.parametrize("day", [datetime(2026, 10, 25), datetime(2027, 3, 28), datetime(2027, 3, 27)])  # noqa: DTZ001
def test_clock_changes(zone: str, day: datetime) -> None:
    start = day.replace(hour=10, tzinfo=ZoneInfo(zone))
    row = AgendaRow(start, start + timedelta(minutes=20), "T1", "Papier Libre", uid="a@b")
    event = vobject.readOne(feed((row,), timezone=zone).content.decode()).vevent
    assert event.dtstart.value == start and event.dtstart.value.astimezone(ZoneInfo(zone)).hour == 10


ALLOWED = {
    "BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "X-WR-TIMEZONE",
    "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND",
    "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "TRANSP", "ORGANIZER", "URL", "",
}  # fmt: skip


def properties(document: Document) -> list[str]:
    return [re.split("[;:]", line, maxsplit=1)[0] for line in unfolded(document)]


def hostile_feed(value: str) -> Document:
    start = samples.at(9, 0)
    row = AgendaRow(
        start,
        start + timedelta(minutes=20),
        value,
        value,
        value,
        value,
        (value,),
        (value,),
        (value,),
        uid="a@b",
    )
    return feed((row,), name=value, organiser_name=value, place=value, url=value)


INJECTIONS = (
    *HOSTILE,
    "x\r\nATTENDEE:mailto:evil@example.org",
    "x\nEND:VEVENT\nBEGIN:VALARM",
    "x\u2028ATTACH:http://evil.example",
    'a";CN=x:mailto:evil@example.org\r\nX:',
    "a\\nb;c,d:e",
    "https://evil.example/\r\nATTACH:x",
    "^n^'\"",
)


@pytest.mark.parametrize("value", INJECTIONS)
def test_no_property_is_injected(value: str) -> None:
    document = hostile_feed(value)
    assert set(properties(document)) <= ALLOWED
    assert len(vobject.readOne(document.content.decode()).vevent_list) == 1


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_no_text_injects_a_property(value: str) -> None:
    found = properties(hostile_feed(value))
    assert set(found) <= ALLOWED and found.count("SUMMARY") == 1 and found.count("END") == 2


def test_injection_control() -> None:
    """Negative control: the check would see a property added to the bytes."""
    spoiled = feed(samples.rows(1)).content.replace(b"STATUS:", b"ATTENDEE:mailto:x@y\r\nSTATUS:")
    assert "ATTENDEE" in properties(Document("x.ics", "", spoiled))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"organiser": "x@y\r\nATTENDEE:z"}, "address"),
        ({"organiser": "nobody"}, "address"),
        ({"refresh": "PT1H\r\nX:1"}, "duration"),
    ],
)
def test_a_bad_head_is_refused(wrong: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        feed(samples.rows(1), **wrong)


def test_uids_are_there_and_unique() -> None:
    row = samples.rows(1)[0]
    for rows in ((replace(row, uid=""),), (row, row), (replace(row, sequence=-1),)):
        with pytest.raises(ValueError, match="UID"):
            feed(rows)


def test_a_dangerous_address_is_left_out() -> None:
    for url in ("javascript:alert(1)", "https://x/\r\nX:1", "ftp://x", "https://x y"):
        assert "URL" not in properties(feed(samples.rows(1), url=url))
    assert "URL" in properties(feed(samples.rows(1)))  # control


def test_the_archive_is_stable_and_loses_nobody() -> None:
    one, two = feed(samples.rows(1)), feed(samples.rows(2))
    archive = ical.zip_of([one, two])
    assert archive.content == ical.zip_of([one, two]).content
    with zipfile.ZipFile(BytesIO(archive.content)) as opened:
        assert opened.namelist() == [
            "passerelles-2027-claire-beranger.ics",
            "passerelles-2027-claire-beranger-2.ics",
        ]
        assert opened.read(opened.namelist()[1]) == two.content
    named = ical.zip_of({"../../Zoé": one, "zoé": two})
    with zipfile.ZipFile(BytesIO(named.content)) as opened:
        assert opened.namelist() == ["zoe.ics", "zoe-2.ics"]


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\\\r\n;,Nn")))
def test_text_is_escaped_as_the_library_does(value: str) -> None:
    assert ical._escaped(value) == vText(value).to_ical().decode()
