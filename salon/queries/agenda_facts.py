"""What documents say of people, organisations, tables and breaks, whatever the release."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import BindParameter, Executable, bindparam, func, select
from sqlalchemy.orm import Session

from exports import colours
from exports.rows import BreakRow, DoorRow, FloorPlan, Pattern, TableSign, TypeBand, Zone
from salon import vocabulary
from salon.database import filtered
from salon.enums import DelegateStatus, TermKind, WishLevel
from salon.models import (
    Delegate,
    Edition,
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


_ONLY: BindParameter[int] = bindparam(
    "only", expanding=True
)  # statements are built once: an agenda is read at each look at it


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
    bands: dict[str, TypeBand] = {}  # by letter, which no two types of an edition share
    found = {}
    rows = session.execute(_people(only is not None), {"edition": edition.id, "only": _listed(only)})
    for *person, status, letter, hue, words in rows:
        if letter not in bands:
            bands[letter] = _band(letter, hue, words, locale)
        id_, first, last, job, code, organisation_id, organisation, kind = person
        found[id_] = Person(
            id_, first, last, job, organisation_id, organisation, kind, bands[letter], code,
            status is DelegateStatus.APPROVED,
        )  # fmt: skip
    return found


@cache
def _people(narrowed: bool) -> Executable:
    edition = filtered(Delegate.edition_id) if narrowed else Delegate.edition_id
    query = (
        select(
            Delegate.id, Delegate.first_name, Delegate.last_name, Delegate.job_title, Delegate.code,
            Delegate.organisation_id, Organisation.name, Organisation.kind, Delegate.status,
            ParticipantType.code, ParticipantType.hue, ParticipantType.name,
        )
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .join(ParticipantType, ParticipantType.id == Delegate.type_id)
        .where(edition == bindparam("edition"))
    )  # fmt: skip
    return query.where(Delegate.id.in_(_ONLY)) if narrowed else query


def _listed(only: Collection[int] | None) -> list[int]:
    return sorted(only) if only else []


def _band(letter: str, hue_name: str, words: Mapping[str, str], locale: str) -> TypeBand:
    """A participant type as documents show it."""
    hue = _HUES[hue_name]
    word = words.get(locale) or words.get("fr") or next(iter(words.values()), letter)
    return TypeBand(letter, word, hue, colours.text_on(hue), _PATTERNS[hue_name])


def cards(
    session: Session, edition: Edition, locale: str = "fr", *, only: Collection[int] | None = None
) -> dict[int, Card]:
    """Offers and needs by organisation, or by these only: the words it wrote, else its sectors."""
    texts: dict[int, tuple[str, str]] = {}
    named: dict[tuple[int, TermKind], list[str]] = {}
    rows = session.execute(_cards(only is not None), {"edition": edition.id, "only": _listed(only)})
    for organisation, offers, needs, kind, code in rows:
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


@cache
def _cards(narrowed: bool) -> Executable:
    query = (
        select(
            Participation.organisation_id, Participation.offers, Participation.needs,
            ParticipationTerm.kind, ParticipationTerm.code,
        )
        .outerjoin(ParticipationTerm, ParticipationTerm.participation_id == Participation.id)
        .where(Participation.edition_id == bindparam("edition"))
        .order_by(ParticipationTerm.code)
    )  # fmt: skip
    return query.where(Participation.organisation_id.in_(_ONLY)) if narrowed else query


def _sector(code: str, locale: str) -> str:
    try:
        return vocabulary.label("sectors", code, locale)
    except vocabulary.UnknownCode:  # an installation's own list may have dropped it
        return code


def _texts(written: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in written.splitlines() if line.strip())


def musts(session: Session, edition_id: int, only: int | None = None) -> frozenset[tuple[int, int]]:
    """Who called whom a must, of everybody or of one."""
    rows = session.execute(_musts(only is not None), {"edition": edition_id, "only": only})
    return frozenset((owner, organisation) for owner, organisation in rows)


@cache
def _musts(of_one: bool) -> Executable:
    edition = filtered(Wish.edition_id) if of_one else Wish.edition_id
    query = select(Wish.owner_id, Wish.organisation_id).where(
        edition == bindparam("edition"), Wish.level == WishLevel.MUST
    )
    return query.where(Wish.owner_id == bindparam("only")) if of_one else query


def breaks(session: Session, edition: Edition, locale: str = "fr") -> tuple[BreakRow, ...]:
    """The pauses that the organiser wants on agendas."""
    rows = session.execute(_BREAKS, {"edition": edition.id})
    return tuple(BreakRow(starts, ends, _label(title, place, locale)) for starts, ends, title, place in rows)


_BREAKS = (
    select(ProgrammeItem.starts_at, ProgrammeItem.ends_at, ProgrammeItem.title, ProgrammeItem.place)
    .where(ProgrammeItem.edition_id == bindparam("edition"), ProgrammeItem.on_agendas)
    .order_by(ProgrammeItem.starts_at)
)


def _label(titles: Mapping[str, str], place: str, locale: str) -> str:
    title = titles.get(locale) or titles.get("fr") or next(iter(titles.values()), "")
    return f"{title} – {place}" if place else title


def changeover_min(session: Session, edition: Edition) -> int:
    """The shortest time between two meetings, what an agenda may promise for walking."""
    return session.scalar(_CHANGEOVER, {"edition": edition.id}) or 0


_CHANGEOVER = select(func.min(MeetingSession.changeover_min)).where(
    MeetingSession.edition_id == bindparam("edition")
)


def floor_plan(session: Session, edition: Edition, *, only: Collection[str] | None = None) -> FloorPlan:
    """Zones of ordinary tables and the stands, in the order of the room; `only` narrows it to these labels."""
    zones: dict[str, list[str]] = {}
    stands = []
    rows = session.execute(_tables(only is not None), {"edition": edition.id, "only": sorted(only or ())})
    for label, zone, holder in rows:
        if holder is not None:
            stands.append(label)
        else:
            zones.setdefault(zone, []).append(label)
    return FloorPlan(tuple(Zone(name, tuple(labels)) for name, labels in zones.items()), tuple(stands))


@cache
def _tables(narrowed: bool) -> Executable:
    query = (
        select(Table.label, Table.zone, Table.organisation_id)
        .where(Table.edition_id == bindparam("edition"))
        .order_by(Table.position, Table.id)
    )
    return query.where(Table.label.in_(_ONLY)) if narrowed else query


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
