"""Puts the demo cast into an empty database: accounts, structures, editions, people, wishes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon import models as m
from salon.actor import Actor
from salon.demo import rows
from salon.demo.presentation import FACES, title
from salon.enums import DelegateStatus, Role, Source, TermKind, WishLevel
from salon.keys import email_key, name_key
from salon.services import audit, tokens

TYPES = {  # side of the cast -> letter, names; the two others complete the five of a real fair
    "buyer": ("A", "Acheteur", "Buyer"),
    "supplier": ("E", "Exposant", "Exhibitor"),
    "partner": ("P", "Partenaire", "Partner"),
    "visitor": ("V", "Visiteur", "Visitor"),
    "staff": ("O", "Organisation", "Staff"),
}
_Row = TypeVar("_Row", bound=m.Base)
_STATUS = {"approved": DelegateStatus.APPROVED, "pending": DelegateStatus.PENDING}


def build(session: Session, actor: Actor, now: datetime, cast: rows.Cast) -> dict[str, m.Edition]:
    """The editions by their key, flushed with everything in them; the database had none before."""
    return _Builder(session, actor, now, cast).build()


class _Builder:
    """Ids of what was added, by the keys of the cast."""

    def __init__(self, session: Session, actor: Actor, now: datetime, cast: rows.Cast) -> None:
        self.session, self.actor, self.now, self.cast = session, actor, now, cast
        self.accounts: dict[str, int] = {}
        self.organisations: dict[str, int] = {}
        self.people = {row.key: row for row in cast.delegates}

    def build(self) -> dict[str, m.Edition]:
        fair = self._add(m.Fair(name="Passerelles", created_at=self.now))
        self._accounts()
        self._organisations(fair)
        return {row.key: self._edition(fair, row) for row in self.cast.editions}

    def _add(self, row: _Row) -> _Row:
        self.session.add(row)
        self.session.flush()
        return row

    def _add_all(self, new: Iterable[m.Base]) -> None:
        self.session.add_all(list(new))
        self.session.flush()

    # People and structures ----------------------------------------------------------------------------------

    def _accounts(self) -> None:
        people: list[rows.DelegateRow | rows.StaffRow] = [*self.cast.delegates, *self.cast.staff]
        for person in people:
            key = email_key(person.email)
            if key not in self.accounts:
                name = f"{person.first_name} {person.last_name}"
                self.accounts[key] = self._account(person.email, name)

    def _account(self, email: str, name: str) -> int:
        row = m.Account(
            email=email, email_key=email_key(email), name=name, created_at=self.now, verified_at=self.now
        )
        return self._add(row).id

    def _organisations(self, fair: m.Fair) -> None:
        for row in self.cast.organisations:
            made = self._add(
                m.Organisation(
                    fair_id=fair.id, name=row.name, name_key=name_key(row.name), kind=row.kind,
                    legal_form=row.legal_form, department=row.departement, town=row.town, size=row.size,
                    pitch=row.pitch, created_at=self.now,
                )
            )  # fmt: skip
            self.organisations[row.key] = made.id
            self._add_all(_terms(made.id, row))

    # One edition --------------------------------------------------------------------------------------------

    def _edition(self, fair: m.Fair, row: rows.EditionRow) -> m.Edition:
        edition = self._add(_edition(fair, row, self.now))
        types = self._types(edition, row)
        slots = self._slots(edition, row)
        self._room(edition, row)
        self._participations(edition, row)
        delegates = self._delegates(edition, row, types, slots)
        self._wishes(edition, row, delegates)
        self._pairs(edition, row, delegates)
        self._team(edition)
        audit.record(self.session, self.actor, self.now, "demo_built", edition_id=edition.id, obj=edition)
        return edition

    def _types(self, edition: m.Edition, row: rows.EditionRow) -> dict[str, int]:
        made = {}
        for position, (side, (code, french, english)) in enumerate(TYPES.items(), start=1):
            meets = side in {"buyer", "supplier", "partner"}
            made[side] = self._add(
                m.ParticipantType(
                    edition_id=edition.id, code=code, name={"fr": french, "en": english}, hue=code,
                    position=position, is_open=meets, min_meetings=row.min_meetings if meets else 0,
                    max_meetings=row.max_meetings if meets else None,
                )
            ).id  # fmt: skip
        for rule in row.type_rules:
            first, second = sorted((made[rule.first], made[rule.second]))
            self._add(m.TypeRule(edition_id=edition.id, first_id=first, second_id=second))
        return made

    def _slots(self, edition: m.Edition, row: rows.EditionRow) -> dict[int, int]:
        """Slot ids by the index that the cast uses."""
        zone, made = ZoneInfo(row.timezone), {}
        for plage in row.sessions:
            start, end = plage.slots[0].start.astimezone(zone), plage.slots[-1].end.astimezone(zone)
            owner = self._add(
                m.MeetingSession(
                    edition_id=edition.id, day=start.date(), starts=start.time(),
                    ends=(end + timedelta(minutes=row.changeover_minutes)).time(),
                    slot_min=row.slot_minutes, changeover_min=row.changeover_minutes, label=plage.name,
                )
            )  # fmt: skip
            for slot in plage.slots:
                made[slot.index] = self._add(
                    m.Slot(edition_id=edition.id, session_id=owner.id, starts_at=slot.start, ends_at=slot.end)
                ).id
        return made

    def _room(self, edition: m.Edition, row: rows.EditionRow) -> None:
        self._add_all(
            m.Table(
                edition_id=edition.id, label=table.label, position=position, zone=table.zone,
                places=table.seats, step_free=table.step_free,
                organisation_id=self.organisations[table.organisation] if table.organisation else None,
            )
            for position, table in enumerate(row.tables, start=1)
        )  # fmt: skip
        self._add_all(
            m.ProgrammeItem(
                edition_id=edition.id, starts_at=item.start, ends_at=item.end, title=title(item.title),
                place=item.place, on_agendas=True,
            )
            for item in row.programme
        )  # fmt: skip

    def _participations(self, edition: m.Edition, row: rows.EditionRow) -> None:
        here = {self.people[one.delegate].organisation for one in row.registrations}
        for key in sorted(here):
            offers = [one for one in self.cast.offers if one.organisation == key]
            needs = [one for one in self.cast.needs if one.organisation == key]
            made = self._add(
                m.Participation(
                    edition_id=edition.id, organisation_id=self.organisations[key], created_at=self.now,
                    offers="\n".join(one.title for one in offers),
                    needs="\n".join(one.title for one in needs),
                )
            )  # fmt: skip
            self._add_all(_participation_terms(made.id, offers, needs))

    def _delegates(
        self, edition: m.Edition, row: rows.EditionRow, types: dict[str, int], slots: dict[int, int]
    ) -> dict[str, int]:
        made: dict[str, int] = {}
        leads: set[str] = set()
        for one in row.registrations:
            person = self.people[one.delegate]
            delegate = self._add(self._delegate(edition, one, person, types[one.side]))
            delegate.is_lead = person.organisation not in leads
            leads.add(person.organisation)
            made[person.key] = delegate.id
            self._add_all(m.Absence(delegate_id=delegate.id, slot_id=slots[i]) for i in one.unavailable)
        return made

    def _delegate(
        self, edition: m.Edition, one: rows.RegistrationRow, person: rows.DelegateRow, type_id: int
    ) -> m.Delegate:
        interpreters = [need for need in person.access_needs if need != "step_free"]
        return m.Delegate(
            edition_id=edition.id, organisation_id=self.organisations[person.organisation],
            account_id=self.accounts[email_key(person.email)], type_id=type_id, status=_STATUS[one.status],
            source=Source.SELF, first_name=person.first_name, last_name=person.last_name,
            job_title=person.job_title, phone=person.phone, languages=list(person.languages),
            step_free="step_free" in person.access_needs, interpreter=interpreters[0] if interpreters else "",
            code=tokens.new_badge_code(), created_at=one.registered_at, confirmed_at=one.registered_at,
        )  # fmt: skip

    def _wishes(self, edition: m.Edition, row: rows.EditionRow, delegates: dict[str, int]) -> None:
        self._add_all(
            m.Wish(
                edition_id=edition.id, owner_id=delegates[wish.delegate],
                organisation_id=self.organisations[wish.organisation],
                delegate_id=delegates.get(wish.person) if wish.person else None,
                level=WishLevel(wish.level), rank=wish.rank, created_at=wish.made_at, updated_at=wish.made_at,
            )
            for wish in row.wishes
        )  # fmt: skip
        self._add_all(
            m.Wish(
                edition_id=edition.id, owner_id=delegates[one.delegate],
                organisation_id=self.organisations[one.organisation], level=WishLevel.NO_THANKS, rank=None,
                created_at=row.wishes_open_at, updated_at=row.wishes_open_at,
            )
            for one in row.no_thanks
        )  # fmt: skip

    def _pairs(self, edition: m.Edition, row: rows.EditionRow, delegates: dict[str, int]) -> None:
        for pair in row.exclusions:
            first, second = sorted((self.organisations[pair.first], self.organisations[pair.second]))
            self._add(
                m.Exclusion(
                    edition_id=edition.id, first_id=first, second_id=second, reason=pair.note,
                    created_at=self.now,
                )
            )  # fmt: skip
        faces = {
            self.people[key].organisation: delegates[key] for key in reversed(delegates)
        }  # each one's first
        for wanted in row.mandatory:
            first, second = sorted((faces[wanted.first], faces[wanted.second]))
            self._add(
                m.MandatoryMeeting(
                    edition_id=edition.id, first_id=first, second_id=second, reason=wanted.note,
                    created_at=self.now,
                )
            )  # fmt: skip

    def _team(self, edition: m.Edition) -> None:
        self._add_all(
            m.Membership(
                edition_id=edition.id, account_id=self.accounts[email_key(one.email)], role=Role(one.role),
                created_at=self.now,
            )
            for one in self.cast.staff
        )  # fmt: skip


def _edition(fair: m.Fair, row: rows.EditionRow, now: datetime) -> m.Edition:
    face = FACES[row.key]
    return m.Edition(
        fair_id=fair.id, slug=row.key, name=row.name, subtitle=row.tagline,
        place=f"{row.venue}, {row.town}", timezone=row.timezone, first_day=row.day, last_day=row.day,
        languages=list(row.languages), contact_email="bonjour@passerelles.example", is_public=True,
        registration_opens_at=row.registration_opens_at, registration_closes_at=row.registration_closes_at,
        wishes_open_at=row.wishes_open_at, wishes_close_at=row.wishes_close_at, max_wishes=row.max_wishes,
        address=face.address, contact_phone=face.phone, accent=face.accent, set_up_step=7,
        texts={key: dict(words) for key, words in face.texts.items()}, created_at=now,
    )  # fmt: skip


def _terms(organisation_id: int, row: rows.OrganisationRow) -> Iterable[m.OrganisationTerm]:
    lists = {
        TermKind.SECTOR: row.sectors, TermKind.NETWORK: row.networks, TermKind.LABEL: row.labels,
        TermKind.LANGUAGE: row.languages, TermKind.PRESTA: row.prestas,
    }  # fmt: skip
    for kind, codes in lists.items():
        yield from (
            m.OrganisationTerm(organisation_id=organisation_id, kind=kind, code=code)
            for code in dict.fromkeys(codes)
        )


def _participation_terms(
    participation_id: int, offers: list[rows.OfferRow], needs: list[rows.NeedRow]
) -> Iterable[m.ParticipationTerm]:
    lists = {
        TermKind.OFFERED_SECTOR: [code for one in offers for code in one.sectors],
        TermKind.NEEDED_SECTOR: [code for one in needs for code in one.sectors],
    }
    for kind, codes in lists.items():
        yield from (
            m.ParticipationTerm(participation_id=participation_id, kind=kind, code=code)
            for code in dict.fromkeys(codes)
        )


def is_built(session: Session) -> bool:
    """Whether the demo editions are there."""
    return session.scalar(select(m.Edition.id).where(m.Edition.slug == "passerelles")) is not None
