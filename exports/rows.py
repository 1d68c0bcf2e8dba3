"""What a document is made of: frozen rows, filled by the web shell, known to no database.

Times are aware datetimes in UTC; the brand's zone turns them into local ones when they are printed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from exports import colours

_PNG = b"\x89PNG\r\n\x1a\n"


class MeetingStatus(StrEnum):
    """What became of a meeting since the release before."""

    SCHEDULED = "scheduled"
    MOVED = "moved"
    NEW = "new"
    CANCELLED = "cancelled"


class Stage(StrEnum):
    """How firm the printed plan is; a draft is watermarked."""

    DRAFT = "draft"
    PROVISIONAL = "provisional"
    FINAL = "final"


class Pattern(StrEnum):
    """What tells two participant types apart on a grey print."""

    PLAIN = "plain"
    HATCH = "hatch"
    DOTS = "dots"
    OUTLINE = "outline"
    BARS = "bars"


@dataclass(frozen=True, slots=True)
class Brand:
    """The edition as a document's head shows it; `info` are paragraphs of « Bon à savoir »."""

    name: str
    subtitle: str
    place: str
    first_day: date
    last_day: date
    timezone: str
    accent: str | None = None
    logo: bytes | None = None  # PNG, re-encoded by whoever stored it
    contact: str = ""
    phone: str = ""
    info: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        ZoneInfo(self.timezone)  # raises on an unknown zone, here rather than on page 40
        _refuse_lone_text(self, "info")
        if self.accent is not None:
            colours.checked(self.accent)
        if self.logo is not None and not self.logo.startswith(_PNG):
            raise ValueError("Brand.logo must be a PNG picture")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def accent_or_default(self) -> str:
        return self.accent or colours.BRAND


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One meeting as one participant sees it: the same shape for page, PDF, calendar and sheet.

    `was` follows « était » in the reader's language: « à 10 h 35 », « table T03 ».
    """

    start: datetime
    end: datetime
    table: str
    counterpart: str
    delegate: str = ""
    job_title: str = ""
    offers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()  # short facts, such as « Éligible aux marchés réservés »
    must: bool = False
    status: MeetingStatus = MeetingStatus.SCHEDULED
    was: str | None = None
    uid: str = ""
    sequence: int = 0
    changed_at: datetime | None = None

    def __post_init__(self) -> None:
        _require_aware(self, "start", "end", "changed_at")
        _refuse_lone_text(self, "offers", "needs", "badges")
        object.__setattr__(self, "status", MeetingStatus(self.status))  # a plain string is welcome

    @property
    def minutes(self) -> int:
        return int((self.end - self.start) / timedelta(minutes=1))

    @property
    def is_on(self) -> bool:
        return self.status is not MeetingStatus.CANCELLED


@dataclass(frozen=True, slots=True)
class BreakRow:
    """A pause of the programme, with its place in the label."""

    start: datetime
    end: datetime
    label: str

    def __post_init__(self) -> None:
        _require_aware(self, "start", "end")


@dataclass(frozen=True, slots=True)
class Zone:
    """A named part of the room and the labels of its tables, in reading order."""

    name: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FloorPlan:
    """A schematic plan: zones of tables, then stands; `entrance` says where the door is."""

    zones: tuple[Zone, ...]
    stands: tuple[str, ...] = ()
    entrance: str = ""


@dataclass(frozen=True, slots=True)
class TypeBand:
    """A participant type as its letter, word, colour and pattern."""

    letter: str
    label: str
    hue: str
    text_colour: str
    pattern: Pattern = Pattern.PLAIN

    def __post_init__(self) -> None:
        colours.checked(self.hue)
        colours.checked(self.text_colour)
        object.__setattr__(self, "pattern", Pattern(self.pattern))


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which release a sheet of paper shows; printed on every page."""

    release_number: int | None = None
    stage: Stage = Stage.FINAL
    published_at: datetime | None = None

    def __post_init__(self) -> None:
        _require_aware(self, "published_at")
        object.__setattr__(self, "stage", Stage(self.stage))


@dataclass(frozen=True, slots=True)
class Agenda:
    """One person's day or days; `url` is the live page, `code` what the desk can type."""

    person: str
    organisation: str
    job_title: str = ""
    type: TypeBand | None = None
    rows: tuple[AgendaRow, ...] = ()
    breaks: tuple[BreakRow, ...] = ()
    changeover_min: int = 0
    url: str = ""
    token: str = ""
    code: str = ""
    release_number: int | None = None
    stage: Stage = Stage.FINAL
    published_at: datetime | None = None
    floor: FloorPlan | None = None
    surname: str = ""  # sorts the pile; empty: the last word of `person`

    def __post_init__(self) -> None:
        object.__setattr__(self, "stage", Stage(self.stage))

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.release_number, self.stage, self.published_at)

    @property
    def sorting_name(self) -> str:
        return self.surname or (self.person.split() or [""])[-1]


@dataclass(frozen=True, slots=True)
class Badge:
    """What one person wears; `url` is an opaque address, short and in capitals to keep the code coarse."""

    first_name: str
    last_name: str
    organisation: str
    job_title: str
    type: TypeBand
    agenda: tuple[AgendaRow, ...] = ()
    url: str = ""
    code: str = ""
    release_number: int | None = None
    note: tuple[str, ...] = ()  # instead of an agenda: lines under « Une question ? »
    breaks: tuple[BreakRow, ...] = ()  # the fold-over's inside shows them
    floor: FloorPlan | None = None


@dataclass(frozen=True, slots=True)
class PlanningRow:
    """One meeting as the organiser sees it: both sides, table and slot."""

    start: datetime
    end: datetime
    table: str
    first_organisation: str
    second_organisation: str
    first_person: str = ""
    second_person: str = ""
    first_type: str = ""  # the letter
    second_type: str = ""
    zone: str = ""
    status: MeetingStatus = MeetingStatus.SCHEDULED
    uid: str = ""
    must: bool = False

    def __post_init__(self) -> None:
        _require_aware(self, "start", "end")
        object.__setattr__(self, "status", MeetingStatus(self.status))


@dataclass(frozen=True, slots=True)
class TableSign:
    """A table's number as it stands on the table; `holder` is a fixed stand's organisation."""

    table: str
    zone: str = ""
    holder: str = ""
    step_free: bool = False


@dataclass(frozen=True, slots=True)
class DoorRow:
    """A line of the list at the door."""

    last_name: str
    first_name: str
    organisation: str
    type: str = ""  # the letter
    note: str = ""


def _require_aware(row: object, *names: str) -> None:
    for name in names:
        moment = getattr(row, name)
        if moment is not None and moment.tzinfo is None:
            raise ValueError(f"{type(row).__name__}.{name} must be an aware datetime")


def _refuse_lone_text(row: object, *names: str) -> None:
    """A string where a tuple of strings is due would print letter by letter."""
    for name in names:
        if isinstance(getattr(row, name), str):
            raise TypeError(f"{type(row).__name__}.{name} is a tuple of texts, not one text")


def field_names(row_type: type) -> tuple[str, ...]:
    """The names of a row's fields, in order."""
    return tuple(f.name for f in fields(row_type))


def in_order(rows: Iterable[AgendaRow]) -> tuple[AgendaRow, ...]:
    """Rows by start, then table: the order of every document."""
    return tuple(sorted(rows, key=lambda row: (row.start, row.table, row.uid)))
