"""What the demo cast is made of: frozen values that name each other by key and use vocabulary codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Side = Literal["supplier", "buyer", "partner"]
WishLevel = Literal["must", "meet"]
RegistrationStatus = Literal["approved", "pending"]
ExclusionReason = Literal["competitors", "litigation", "same_group"]
StaffRole = Literal["owner", "organiser", "desk"]
ProgrammeKind = Literal["welcome", "plenary", "break", "meal", "closing"]


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """A fictional structure; empty ``networks`` means "known to be in none"."""

    key: str
    name: str
    side: Side
    kind: str
    legal_form: str
    size: str
    town: str
    departement: str
    pitch: str
    sectors: tuple[str, ...]
    prestas: tuple[str, ...]
    networks: tuple[str, ...]
    labels: tuple[str, ...]
    languages: tuple[str, ...]
    mail_domain: str


@dataclass(frozen=True, slots=True)
class OfferRow:
    """What a supplier proposes, and where: ``nationwide``, ``departements`` or ``radius_km`` of its town."""

    key: str
    organisation: str
    title: str
    description: str
    sectors: tuple[str, ...]
    prestas: tuple[str, ...]
    nationwide: bool
    departements: tuple[str, ...]
    radius_km: int | None


@dataclass(frozen=True, slots=True)
class NeedRow:
    """What a buyer looks for, within ``departements``; an anonymous need hides who asks."""

    key: str
    organisation: str
    title: str
    description: str
    sectors: tuple[str, ...]
    amount: str
    departements: tuple[str, ...]
    include_nationwide: bool
    anonymous: bool
    deadline: date


@dataclass(frozen=True, slots=True)
class DelegateRow:
    """A person of an organisation; who needs ``interpreter_language`` speaks only the languages listed."""

    key: str
    organisation: str
    first_name: str
    last_name: str
    email: str
    phone: str
    job_title: str
    languages: tuple[str, ...]
    access_needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Someone of the organising team."""

    first_name: str
    last_name: str
    email: str
    job_title: str
    role: StaffRole


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """A delegate's place in an edition; ``unavailable`` holds slot indices of that edition."""

    delegate: str
    side: Side
    status: RegistrationStatus
    registered_at: datetime
    unavailable: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WishRow:
    """A delegate wishes to meet an organisation, perhaps one person of it; ``rank`` counts from 1."""

    delegate: str
    organisation: str
    person: str | None
    level: WishLevel
    rank: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class NoThanksRow:
    """A delegate would rather not meet an organisation."""

    delegate: str
    organisation: str


@dataclass(frozen=True, slots=True)
class ExclusionRow:
    """Two organisations that must never meet, seen by the organiser only."""

    first: str
    second: str
    reason: ExclusionReason
    note: str


@dataclass(frozen=True, slots=True)
class MandatoryRow:
    """Two organisations that the organiser has promised to bring together."""

    first: str
    second: str
    note: str


@dataclass(frozen=True, slots=True)
class TypeRuleRow:
    """Meetings between these two sides are permitted, in either order; an absent pair is not."""

    first: Side
    second: Side


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A meeting slot ``[start, end)``, the change-over left out; ``index`` counts from 0 over the day."""

    index: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A half day of meetings."""

    key: str
    name: str
    slots: tuple[SlotRow, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """Something for everyone that is not a meeting."""

    kind: ProgrammeKind
    title: str
    place: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table, or the fixed stand of ``organisation``; coordinates in metres from the entrance's corner."""

    label: str
    zone: str
    step_free: bool
    seats: int
    x_m: float
    y_m: float
    organisation: str | None


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One fair day with all that hangs on it; moments are aware, in ``timezone``."""

    key: str
    name: str
    tagline: str
    venue: str
    town: str
    departement: str
    timezone: str
    languages: tuple[str, ...]
    day: date
    registration_opens_at: datetime
    registration_closes_at: datetime
    wishes_open_at: datetime
    wishes_close_at: datetime
    slot_minutes: int
    changeover_minutes: int
    max_wishes: int
    min_meetings: int
    max_meetings: int
    type_rules: tuple[TypeRuleRow, ...]
    sessions: tuple[SessionRow, ...]
    programme: tuple[ProgrammeRow, ...]
    zones: tuple[str, ...]
    tables: tuple[TableRow, ...]
    registrations: tuple[RegistrationRow, ...]
    wishes: tuple[WishRow, ...]
    no_thanks: tuple[NoThanksRow, ...]
    exclusions: tuple[ExclusionRow, ...]
    mandatory: tuple[MandatoryRow, ...]

    @property
    def slots(self) -> tuple[SlotRow, ...]:
        """All slots of the day, in order of index."""
        return tuple(slot for session in self.sessions for slot in session.slots)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything a demo installation starts with; ``editions`` are the main, the open and the past one."""

    organisations: tuple[OrganisationRow, ...]
    offers: tuple[OfferRow, ...]
    needs: tuple[NeedRow, ...]
    delegates: tuple[DelegateRow, ...]
    staff: tuple[StaffRow, ...]
    editions: tuple[EditionRow, ...]

    def edition(self, key: str) -> EditionRow:
        """The edition of this key; raises `KeyError`."""
        for edition in self.editions:
            if edition.key == key:
                return edition
        raise KeyError(key)
