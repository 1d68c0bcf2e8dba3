"""Calendars: a subscribed feed or a one-shot file, byte for byte equal for equal rows."""

from __future__ import annotations

import gettext
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from icalendar import Calendar, Event, vCalAddress, vDuration, vText

from exports.document import Document
from exports.rows import AgendaRow, in_order
from exports.text import clean, file_name, one_line

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Salon//Agenda//FR"
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
_DURATION = re.compile(r"PT[1-9][0-9]{0,3}[HM]|P[1-9][0-9]?D")
LONGEST_PIECE = 74  # octets; with the blank that continues a line, 75
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # DTSTAMP of a row without a change date: constant, never now


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar says about itself; `organiser` is the fair's generic address, `url` the agenda page.

    Raises ValueError for an address which is not one, and for a refresh which is not a simple duration.
    """

    name: str
    timezone: str
    organiser: str
    organiser_name: str = ""
    place: str = ""
    url: str = ""
    refresh: str = "PT1H"

    def __post_init__(self) -> None:
        if not _ADDRESS.fullmatch(self.organiser):
            raise ValueError(f"Not a plain e-mail address: {self.organiser!r}")
        if not _DURATION.fullmatch(self.refresh):
            raise ValueError(f"Not a simple duration such as PT1H: {self.refresh!r}")


def calendar(
    rows: Iterable[AgendaRow],
    *,
    name: str,
    timezone: str,
    organiser: str,
    organiser_name: str = "",
    place: str = "",
    url: str = "",
    refresh: str = "PT1H",
    translations: gettext.NullTranslations | None = None,
) -> Document:
    """`rows` as an RFC 5545 calendar in UTC, METHOD:PUBLISH, nobody invited, cancelled meetings kept.

    Raises ValueError naming the row when two share a UID, one has none or its SEQUENCE is negative.
    """
    feed = Feed(name, timezone, organiser, organiser_name, place, url, refresh)
    *lines, end = _head(feed)
    shared, seen = _Shared(feed, translations or gettext.NullTranslations(), _organiser(feed)), set[str]()
    for row in in_order(rows):
        uid = one_line(row.uid)
        if not uid or uid in seen or row.sequence < 0:
            raise ValueError(f"UID missing, used twice, or SEQUENCE negative: {uid!r}")
        seen.add(uid)
        lines.extend(_event(row, uid, shared))
    content = b"\r\n".join(folded(line.encode()) for line in (*lines, end)) + b"\r\n"
    return Document(file_name(name, "ics"), MEDIA_TYPE, content)


def folded(line: bytes) -> bytes:
    """A content line in pieces of 74 octets at most, no character and no escape torn (RFC 5545, 3.1)."""
    pieces = []
    while len(line) > LONGEST_PIECE:
        cut = LONGEST_PIECE
        while line[cut] & 0xC0 == 0x80:  # inside a character
            cut -= 1
        if line[cut - 1] in b"\\^":
            cut -= 1
        pieces.append(line[:cut])
        line = line[cut:]
    return b"\r\n ".join((*pieces, line))


@dataclass(frozen=True, slots=True)
class _Shared:
    """What every event of a calendar has in common."""

    feed: Feed
    words: gettext.NullTranslations
    organiser: str  # its content line


def _head(feed: Feed) -> list[str]:
    """The content lines of a calendar without events, BEGIN and END included."""
    made = Calendar()
    name, zone = one_line(feed.name), one_line(feed.timezone)
    every = vDuration.from_ical(feed.refresh)  # type: ignore[no-untyped-call]
    made.add("version", "2.0")
    made.add("prodid", PRODUCT)
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", zone)
    made.add("refresh-interval", vDuration(every), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vText(feed.refresh))
    return [str(line) for line in made.content_lines(sorted=False) if line]


def _organiser(feed: Feed) -> str:
    """The content line which names whom to ask; the parameter is quoted as the library does."""
    event = Event()
    event["organizer"] = vCalAddress(f"mailto:{feed.organiser}")
    if feed.organiser_name:
        event["organizer"].params["CN"] = re.sub(r'["^]', "", one_line(feed.organiser_name))
    return str(event.content_lines(sorted=False)[1])


def _event(row: AgendaRow, uid: str, shared: _Shared) -> list[str]:
    """The content lines of a meeting, written here: the library takes ten times as long for the same."""
    feed, words = shared.feed, shared.words
    changed = _moment(row.changed_at or _EPOCH)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_escaped(uid)}",
        f"SEQUENCE:{row.sequence}",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        f"DTSTART:{_moment(row.start)}",
        f"DTEND:{_moment(row.end)}",
        f"SUMMARY:{_escaped(_summary(row, words))}",
        f"LOCATION:{_escaped(_location(row, feed, words))}",
        f"DESCRIPTION:{_escaped(_description(row, feed, words))}",
        "STATUS:CONFIRMED" if row.is_on else "STATUS:CANCELLED",
        "TRANSP:OPAQUE" if row.is_on else "TRANSP:TRANSPARENT",
        shared.organiser,
    ]
    if url := safe_url(feed.url):
        lines.append(f"URL:{url}")
    return [*lines, "END:VEVENT"]


def _moment(moment: datetime) -> str:
    """`moment` to the second, in UTC."""
    utc = moment.astimezone(UTC)
    return f"{utc.year:04}{utc.month:02}{utc.day:02}T{utc.hour:02}{utc.minute:02}{utc.second:02}Z"


def _escaped(text: str) -> str:
    """TEXT of RFC 5545, 3.3.11; `\\N` typed by a person is a line break, as readers take it."""
    flat = text.replace(r"\N", "\n").replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,")
    return flat.replace("\r\n", "\n").replace("\r", "\n").replace("\n", r"\n")


def safe_url(url: str) -> str:
    """`url` if it is plain http(s) without blanks, else nothing: icalendar refuses line breaks in it."""
    return url if re.fullmatch(r"(?i)https?://[\x21-\x7e]+", url) else ""


def _summary(row: AgendaRow, words: gettext.NullTranslations) -> str:
    _ = words.gettext
    facts = {"who": one_line(row.counterpart), "table": one_line(row.table)}
    if not row.is_on:
        return _("Annulé : rendez-vous avec %(who)s") % facts
    return (
        _("Rendez-vous avec %(who)s – table %(table)s") % facts
        if facts["table"]
        else _("Rendez-vous avec %(who)s") % facts
    )


def _location(row: AgendaRow, feed: Feed, words: gettext.NullTranslations) -> str:
    _ = words.gettext
    facts = {"table": one_line(row.table), "place": one_line(feed.place)}
    if not facts["table"]:
        return facts["place"]
    return _("Table %(table)s, %(place)s") % facts if facts["place"] else _("Table %(table)s") % facts


def _description(row: AgendaRow, feed: Feed, words: gettext.NullTranslations) -> str:
    """Who comes, what they offer and seek, and where the truth is: calendars may lag."""
    _ = words.gettext
    lines = [", ".join(filter(None, (one_line(row.delegate), one_line(row.job_title))))]
    if row.offers:
        lines.append(_("Propose : %(what)s") % {"what": "; ".join(map(one_line, row.offers))})
    if row.needs:
        lines.append(_("Cherche : %(what)s") % {"what": "; ".join(map(one_line, row.needs))})
    lines.extend(one_line(badge) for badge in row.badges)
    lines.append(_("Votre calendrier peut retarder ; la page d’agenda fait foi."))
    lines.append(safe_url(feed.url))
    return clean("\n".join(filter(None, lines)))


def zip_of(
    calendars: Mapping[str, Document] | Iterable[Document], *, filename: str = "calendriers.zip"
) -> Document:
    """All calendars in one archive; given by name or, without names, numbered where two would clash."""
    if isinstance(calendars, Mapping):
        named = [(file_name(stem, "ics"), document) for stem, document in calendars.items()]
    else:
        named = [(document.filename, document) for document in calendars]
    out, used = BytesIO(), dict[str, int]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in named:
            used[name] = used.get(name, 0) + 1
            final = name if used[name] == 1 else f"{name.removesuffix('.ics')}-{used[name]}.ics"
            archive.writestr(zipfile.ZipInfo(final, (1980, 1, 1, 0, 0, 0)), document.content)
    return Document(filename, "application/zip", out.getvalue())
