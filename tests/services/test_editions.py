"""An edition created, described, dated, shown and copied."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.actor import Actor, system
from salon.clockwork import Stretch
from salon.errors import DomainError, Invalid
from salon.models import (
    AuditEntry,
    Delegate,
    Edition,
    Membership,
    ParticipantType,
    Question,
    Slot,
    Table,
    TypeRule,
)
from salon.services import duplication, editions, programme
from salon.services.editions import Identity, NewEdition, Phases
from tests.factories import Factory

DAY = date(2027, 3, 11)
ROBOT = system("test")


def _count(session: Session, table: Any, edition: Edition) -> int:
    return session.scalar(select(func.count()).select_from(table).where(table.edition_id == edition.id)) or 0


def _identity(edition: Edition, **changes: Any) -> Identity:
    names = Identity.__dataclass_fields__
    return Identity(**{**{name: getattr(edition, name) for name in names}, **changes})


def _phases(edition: Edition, **changes: Any) -> Phases:
    names = Phases.__dataclass_fields__
    return Phases(**{**{name: getattr(edition, name) for name in names}, **changes})


def test_a_new_edition_is_ready_to_run(session: Session, make: Factory, now: datetime) -> None:
    actor = Actor(account_id=make.account().id, email="moi@exemple.example")
    values = NewEdition("Passerelles 2027 – Été", DAY, DAY, "Halle des Docks")
    edition = editions.create(session, actor, now, values=values)
    assert edition.slug == "passerelles-2027-ete"
    assert not edition.is_public
    counted = {t: _count(session, t, edition) for t in (ParticipantType, Slot, Table, TypeRule, Membership)}
    assert counted == {ParticipantType: 5, Slot: 16, Table: 20, TypeRule: 1, Membership: 1}
    codes = session.scalars(select(ParticipantType.code).order_by(ParticipantType.position))
    assert "".join(codes) == "AEPVO"
    assert edition.wishes_open_at == datetime(2027, 2, 9, 8, tzinfo=UTC)
    assert edition.registration_opens_at is None
    assert session.scalar(select(AuditEntry.action).order_by(AuditEntry.id.desc())) == "edition_created"


def test_a_fair_next_week_plans_nothing_in_the_past(session: Session, make: Factory, now: datetime) -> None:
    soon = now.date() + timedelta(days=10)
    edition = editions.create(session, ROBOT, now, values=NewEdition("Bientôt", soon, soon))
    assert (edition.wishes_open_at, edition.wishes_close_at) == (None, None)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Éclat d’œuvres", "eclat-d-oeuvres"), ("new", "edition-new"), ("日本", "edition"), ("  A  B ", "a-b")],
)
def test_names_become_addresses(name: str, slug: str) -> None:
    assert editions.slugify(name) == slug


def test_two_editions_of_one_name_have_two_addresses(session: Session, now: datetime) -> None:
    values = NewEdition("Rencontres", DAY, DAY)
    slugs = [editions.create(session, ROBOT, now, values=values).slug for _n in range(3)]
    assert slugs == ["rencontres", "rencontres-2", "rencontres-3"]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (DAY, DAY - timedelta(days=1), "days_in_order"),
        (DAY, DAY + timedelta(days=14), "too_many_days"),
        (date(1, 1, 1), date(1, 1, 1), "day_out_of_reach"),
    ],
)
def test_impossible_days_are_refused(
    session: Session, now: datetime, first: date, last: date, code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        editions.create(session, ROBOT, now, values=NewEdition("X", first, last))
    assert refusal.value.code == code


def _save_identity(session: Session, now: datetime, edition: Edition, **changes: Any) -> None:
    editions.save_identity(session, ROBOT, now, edition=edition, version=edition.version,
                           values=_identity(edition, **changes))  # fmt: skip


def test_an_edition_put_off_by_a_week_takes_its_sessions_along(
    session: Session, make: Factory, now: datetime
) -> None:
    edition = make.edition()
    row = programme.save_session(session, ROBOT, now, edition=edition,
                                 stretch=Stretch(DAY, time(9), time(10)))  # fmt: skip
    week = timedelta(days=7)
    _save_identity(session, now, edition, first_day=DAY + week, last_day=DAY + week)
    assert row.day == DAY + week
    assert session.scalars(select(Slot.starts_at)).first() == datetime(2027, 3, 18, 8, tzinfo=UTC)


def test_a_session_is_never_left_outside(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition(last_day=DAY + timedelta(days=1))
    stretch = Stretch(DAY + timedelta(days=1), time(9), time(10))
    programme.save_session(session, ROBOT, now, edition=edition, stretch=stretch)
    with pytest.raises(Invalid) as refusal:
        _save_identity(session, now, edition, last_day=DAY)
    assert refusal.value.details["days"] == (DAY + timedelta(days=1),)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"timezone": "Mars/Olympus"}, "unknown_zone"),
        ({"languages": ["xx"]}, "languages_needed"),
        ({"languages": []}, "languages_needed"),
        ({"accent": "red"}, "not_a_colour"),
    ],
)
def test_identity_refuses(
    session: Session, make: Factory, now: datetime, changes: dict[str, Any], code: str
) -> None:
    edition = make.edition()
    with pytest.raises(Invalid) as refusal:
        _save_identity(session, now, edition, **changes)
    assert refusal.value.code == code


def test_a_stale_form_changes_nothing(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    stale = edition.version
    _save_identity(session, now, edition, subtitle="Première main")
    with pytest.raises(DomainError) as refusal:
        editions.save_identity(session, ROBOT, now, edition=edition, version=stale,
                               values=_identity(edition, subtitle="Seconde main"))  # fmt: skip
    assert refusal.value.code == "changed_meanwhile"
    assert edition.subtitle == "Première main"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"wishes_close_at": datetime(2026, 1, 1, tzinfo=UTC)}, "wishes_close_at"),
        ({"registration_closes_at": datetime(2026, 1, 1, tzinfo=UTC)}, "registration_closes_at"),
        ({"publication_at": datetime(2027, 1, 13, tzinfo=UTC)}, "publication_at"),
        ({"max_wishes": 0}, "max_wishes"),
    ],
)
def test_phases_that_contradict_each_other_are_refused(
    session: Session, make: Factory, now: datetime, changes: dict[str, Any], field: str
) -> None:
    edition = make.edition()
    with pytest.raises(Invalid) as refusal:
        editions.save_phases(session, ROBOT, now, edition=edition, version=edition.version,
                             values=_phases(edition, **changes))  # fmt: skip
    assert refusal.value.field == field


def test_a_phase_opens_and_closes_now(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition(wishes_open_at=None, wishes_close_at=now - timedelta(days=1))
    with pytest.raises(DomainError, match="phase_not_open"):
        editions.close_phase(session, ROBOT, now, edition=edition, phase="wishes")
    editions.open_phase(session, ROBOT, now, edition=edition, phase="wishes")
    assert (edition.wishes_open_at, edition.wishes_close_at) == (now, None)
    later = now + timedelta(hours=1)
    editions.close_phase(session, ROBOT, later, edition=edition, phase="wishes")
    assert edition.wishes_close_at == later


def test_a_copy_has_the_settings_and_nobody(session: Session, make: Factory, now: datetime) -> None:
    owner = Actor(account_id=make.account().id)
    source = editions.create(session, owner, now, values=NewEdition("Salon 2027", DAY, DAY))
    source.texts = {"about": {"fr": "Bonjour"}}
    buyer = session.scalars(select(ParticipantType).where(ParticipantType.edition_id == source.id)).first()
    assert buyer is not None
    person = make.delegate(source, buyer)
    stand = session.scalars(select(Table).where(Table.edition_id == source.id)).first()
    assert stand is not None
    stand.organisation_id = person.organisation_id
    session.flush()
    values = duplication.CopyInput("Salon 2028", date(2028, 3, 30))  # summer time, unlike the source
    copy = duplication.duplicate(session, owner, now, source=source, values=values)
    for table in (ParticipantType, Slot, Table, TypeRule):
        assert _count(session, table, copy) == _count(session, table, source)
    assert _count(session, Delegate, copy) == 0
    assert _count(session, Membership, copy) == 1
    assert copy.fair_id == source.fair_id
    assert (copy.texts, copy.is_public, copy.slug) == (source.texts, False, "salon-2028")
    stands = select(func.count()).where(Table.edition_id == copy.id, Table.organisation_id.is_not(None))
    assert session.scalar(stands) == 0
    first = session.scalar(select(func.min(Slot.starts_at)).where(Slot.edition_id == copy.id))
    assert first == datetime(2028, 3, 30, 7, tzinfo=UTC)
    rule = session.scalars(select(TypeRule).where(TypeRule.edition_id == copy.id)).one()
    mine = set(session.scalars(select(ParticipantType.id).where(ParticipantType.edition_id == copy.id)))
    assert {rule.first_id, rule.second_id} <= mine
    assert _count(session, Question, copy) == 0
