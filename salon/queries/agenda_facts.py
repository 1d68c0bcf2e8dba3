"""What documents say of people, organisations, tables and breaks, whatever the release."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports import colours
from exports.rows import BreakRow, DoorRow, FloorPlan, Pattern, TableSign, TypeBand, Zone
from salon import vocabulary
from salon.enums import DelegateStatus, TermKind, WishLevel
from salon.models import (
    Delegate,
    Edition,
    Meeting,
    MeetingSession,
    Organisation,
    ParticipantType,
    Participation,
    ParticipationTerm,
    ProgrammeItem,
    Table,
    Wish,
)

_HUES = {"A": "#1F3F77", "E": "#0B7A68", "P": "#E3A12C", "V": "#EFE7DF", "O": "#241C22"}
_PATTERNS = {
    "A": Pattern.PLAIN, "E": Pattern.HATCH, "P": Pattern.DOTS, "V": Pattern.OUTLINE, "O": Pattern.BARS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A delegate as documents name one; `approved` is False once they left."""

    id: int
    first_name: str
    last_name: str
    job_title: str
    organisation_id: int
    organisation: str
    kind: str
    type: TypeBand
    code: str
    approved: bool

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Card:
    """What an organisation offers and needs at this edition, in words."""

    offers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def people(
    session: Session, edition: Edition, locale: str = "fr", *, only: Collection[int] | None = None
) -> dict[int, Person]:
    """Every delegate of the edition, those who left included: their old meetings still name them.

    `only` narrows it to these delegates.
    """
    query = (
        select(Delegate, Organisation.name, Organisation.kind, ParticipantType)
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .join(ParticipantType, ParticipantType.id == Delegate.type_id)
        .where(Delegate.edition_id == edition.id)
    )
    if only is not None:
        query = query.where(Delegate.id.in_(only))
    bands: dict[int, TypeBand] = {}
    found = {}
    for delegate, organisation, kind, type_ in session.execute(query):
        band = bands.setdefault(type_.id, type_band(type_, locale))
        found[delegate.id] = Person(
            delegate.id,
            delegate.first_name,
            delegate.last_name,
            delegate.job_title,
            delegate.organisation_id,
            organisation,
            kind,
            band,
            delegate.code,
            delegate.status is DelegateStatus.APPROVED,
        )
    return found


def type_band(type_: ParticipantType, locale: str = "fr") -> TypeBand:
    """A participant type as documents show it."""
    hue = _HUES[type_.hue]
    word = type_.name.get(locale) or type_.name.get("fr") or next(iter(type_.name.values()), type_.code)
    return TypeBand(type_.code, word, hue, colours.text_on(hue), _PATTERNS[type_.hue])


def cards(
    session: Session, edition: Edition, locale: str = "fr", *, only: Collection[int] | None = None
) -> dict[int, Card]:
    """Offers and needs by organisation, or by these only: the words it wrote, else its sectors."""
    query = (
        select(
            Participation.organisation_id, Participation.offers, Participation.needs,
            ParticipationTerm.kind, ParticipationTerm.code,
        )
        .outerjoin(ParticipationTerm, ParticipationTerm.participation_id == Participation.id)
        .where(Participation.edition_id == edition.id)
        .order_by(ParticipationTerm.code)
    )  # fmt: skip
    if only is not None:
        query = query.where(Participation.organisation_id.in_(only))
    texts: dict[int, tuple[str, str]] = {}
    named: dict[tuple[int, TermKind], list[str]] = {}
    for organisation, offers, needs, kind, code in session.execute(query):
        texts[organisation] = (offers, needs)
        if kind is not None:
            named.setdefault((organisation, kind), []).append(_sector(code, locale))
    return {
        organisation: Card(
            _texts(offers) or tuple(named.get((organisation, TermKind.OFFERED_SECTOR), ())),
            _texts(needs) or tuple(named.get((organisation, TermKind.NEEDED_SECTOR), ())),
        )
        for organisation, (offers, needs) in texts.items()
    }


def _sector(code: str, locale: str) -> str:
    try:
        return vocabulary.label("sectors", code, locale)
    except vocabulary.UnknownCode:  # an installation's own list may have dropped it
        return code


def _texts(written: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in written.splitlines() if line.strip())


def musts(session: Session, edition_id: int, only: int | None = None) -> frozenset[tuple[int, int]]:
    query = select(Wish.owner_id, Wish.organisation_id).where(
        Wish.edition_id == edition_id, Wish.level == WishLevel.MUST
    )
    if only is not None:
        query = query.where(Wish.owner_id == only)
    return frozenset((owner, organisation) for owner, organisation in session.execute(query))


def uids(session: Session, edition_id: int, only: Collection[int] | None = None) -> dict[int, str]:
    query = select(Meeting.id, Meeting.uid).where(Meeting.edition_id == edition_id)
    if only is not None:
        query = query.where(Meeting.id.in_(only))
    return {meeting: uid for meeting, uid in session.execute(query)}  # noqa: C416 - rows, not tuples, to mypy


def breaks(session: Session, edition: Edition, locale: str = "fr") -> tuple[BreakRow, ...]:
    """The pauses that the organiser wants on agendas."""
    query = (
        select(ProgrammeItem)
        .where(ProgrammeItem.edition_id == edition.id, ProgrammeItem.on_agendas)
        .order_by(ProgrammeItem.starts_at)
    )
    return tuple(
        BreakRow(item.starts_at, item.ends_at, _label(item, locale)) for item in session.scalars(query)
    )


def _label(item: ProgrammeItem, locale: str) -> str:
    title = item.title.get(locale) or item.title.get("fr") or next(iter(item.title.values()), "")
    return f"{title} – {item.place}" if item.place else title


def changeover_min(session: Session, edition: Edition) -> int:
    """The shortest time between two meetings, what an agenda may promise for walking."""
    query = select(MeetingSession.changeover_min).where(MeetingSession.edition_id == edition.id)
    return min(session.scalars(query), default=0)


def floor_plan(session: Session, edition: Edition) -> FloorPlan:
    """Zones of ordinary tables and the stands, in the order of the room."""
    query = (
        select(Table.label, Table.zone, Table.organisation_id)
        .where(Table.edition_id == edition.id)
        .order_by(Table.position, Table.id)
    )
    zones: dict[str, list[str]] = {}
    stands = []
    for label, zone, holder in session.execute(query):
        if holder is not None:
            stands.append(label)
        else:
            zones.setdefault(zone, []).append(label)
    return FloorPlan(tuple(Zone(name, tuple(labels)) for name, labels in zones.items()), tuple(stands))


def table_signs(session: Session, edition: Edition) -> tuple[TableSign, ...]:
    """What stands on each table."""
    query = (
        select(Table.label, Table.zone, Organisation.name, Table.step_free)
        .outerjoin(Organisation, Organisation.id == Table.organisation_id)
        .where(Table.edition_id == edition.id)
        .order_by(Table.position, Table.id)
    )
    return tuple(
        TableSign(label, zone, holder or "", step_free)
        for label, zone, holder, step_free in session.execute(query)
    )


def door_rows(session: Session, edition: Edition) -> tuple[DoorRow, ...]:
    """Who is expected at the door, by surname."""
    expected = [one for one in people(session, edition).values() if one.approved]
    expected.sort(key=lambda one: (one.last_name.casefold(), one.first_name.casefold(), one.id))
    return tuple(
        DoorRow(one.last_name, one.first_name, one.organisation, one.type.letter) for one in expected
    )


def zones(session: Session, edition_id: int) -> dict[str, str]:
    """The zone of each table, by the table's label."""
    query = select(Table.label, Table.zone).where(Table.edition_id == edition_id)
    return dict(session.execute(query).all())
