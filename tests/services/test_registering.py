"""Registering: who gets a place, who waits, who is only reminded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import NOBODY, Actor, system
from salon.enums import DelegateStatus, MailKind, Source
from salon.errors import DomainError, Invalid, TooMany
from salon.models import Account, AuditEntry, Delegate, Edition, OutboxMail, ParticipantType
from salon.services import registering, registrations, types
from salon.services.registration_inputs import Application, PersonInput
from salon.services.types import TypeInput
from salon.structures import Structure
from tests.conftest import NOW
from tests.factories import Factory

ROBOT = system("test")


@pytest.fixture
def fair(make: Factory) -> Edition:
    return make.edition()


@pytest.fixture
def buyers(make: Factory, fair: Edition) -> ParticipantType:
    return make.type(fair, "A")


def person(email: str, **changes: object) -> PersonInput:
    return replace(PersonInput("Claire", "Béranger", email), **changes)  # type: ignore[arg-type]


def application(type_: ParticipantType, email: str = "claire@lac.example", **changes: object) -> Application:
    base = Application(type_.id, Structure("Les Ateliers du Lac", "esat"), person(email), wording="w")
    return replace(base, **changes)  # type: ignore[arg-type]


def register(session: Session, fair: Edition, what: Application, ip: str = "192.0.2.1") -> None:
    registering.register(session, NOBODY, NOW, edition=fair, application=what, browser="b", ip=ip)


def one(session: Session, email: str) -> Delegate:
    query = select(Delegate).join(Account, Account.id == Delegate.account_id)
    return session.scalars(query.where(Account.email == email)).one()


def mails(session: Session, delegate: Delegate) -> list[MailKind]:
    query = select(OutboxMail.kind).where(OutboxMail.delegate_id == delegate.id).order_by(OutboxMail.id)
    return list(session.scalars(query))


def waiting(make: Factory, fair: Edition, type_: ParticipantType, after_min: int) -> Delegate:
    moment = NOW + timedelta(minutes=after_min)
    return make.delegate(fair, type_, status=DelegateStatus.WAITING, confirmed_at=moment)


# The first step ---------------------------------------------------------------------------------------------


def test_params_of_the_message_hold_no_address(
    session: Session, fair: Edition, buyers: ParticipantType
) -> None:
    register(session, fair, application(buyers))
    mail = session.scalars(select(OutboxMail)).one()
    assert (mail.kind, mail.params) == (MailKind.CONFIRM_ADDRESS, {"browser": "b"})
    done = session.scalars(select(AuditEntry).where(AuditEntry.action == "registered")).one()
    assert "claire" not in str(done.details)


def test_a_closed_account_is_not_told(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType
) -> None:
    make.account("claire@lac.example", disabled_at=NOW)
    register(session, fair, application(buyers))
    assert session.scalar(select(Delegate.id)) is None
    assert session.scalar(select(OutboxMail.id)) is None


def test_reminders_end_after_three(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType
) -> None:
    known = make.delegate(fair, buyers, account=make.account("claire@lac.example"))
    for _ in range(5):
        register(session, fair, application(buyers))
    assert mails(session, known) == [MailKind.ALREADY_REGISTERED] * 3


def test_one_address_cannot_register_without_end(
    session: Session, fair: Edition, buyers: ParticipantType
) -> None:
    for n in range(30):
        register(session, fair, application(buyers, f"p{n}@lac.example"))
    with pytest.raises(TooMany):
        register(session, fair, application(buyers, "p30@lac.example"))
    register(session, fair, application(buyers, "p31@lac.example"), ip="192.0.2.2")


@pytest.mark.parametrize("change", ["closed", "coming", "unplanned"])
def test_registrations_outside_the_phase_are_refused(
    session: Session, fair: Edition, buyers: ParticipantType, change: str
) -> None:
    opens = {"closed": NOW - timedelta(days=9), "coming": NOW + timedelta(days=1), "unplanned": None}[change]
    fair.registration_opens_at = opens
    fair.registration_closes_at = NOW if change == "closed" else None
    with pytest.raises(DomainError, match="registration_not_open"):
        register(session, fair, application(buyers))


def test_a_type_of_another_edition_is_unknown(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType
) -> None:
    other = make.type(make.edition(), "A")
    with pytest.raises(Invalid, match="unknown_type"):
        register(session, fair, application(other))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"is_open": False}, "type_closed"),
        ({"closes_at": NOW}, "type_closed"),
        ({"capacity": 1, "has_waiting_list": False}, "type_full_public"),
    ],
)
def test_a_type_that_takes_nobody(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType, values: dict[str, object],
    code: str,
) -> None:  # fmt: skip
    make.delegate(fair, buyers)
    for name, value in values.items():
        setattr(buyers, name, value)
    with pytest.raises(DomainError, match=code):
        register(session, fair, application(buyers))


# Confirming -------------------------------------------------------------------------------------------------


def unconfirmed(make: Factory, fair: Edition, type_: ParticipantType, **fields: object) -> Delegate:
    values = {"status": DelegateStatus.UNCONFIRMED, "confirmed_at": None, "is_lead": True, **fields}
    return make.delegate(fair, type_, **values)


def confirm(session: Session, delegate: Delegate) -> tuple[Delegate, ...]:
    account = session.get_one(Account, delegate.account_id)
    return registering.confirm(session, NOBODY, NOW, account=account)


def test_the_log_names_the_account_that_confirmed(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType
) -> None:
    delegate = unconfirmed(make, fair, buyers)
    confirm(session, delegate)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.object_id == delegate.id)).all()
    assert [e.action for e in entries] == ["registration_confirmed", "registration_pending"]
    assert {e.account_id for e in entries} == {delegate.account_id}


def test_all_that_waited_for_the_address_is_settled(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType
) -> None:
    account, other = make.account(), make.edition()
    first = unconfirmed(make, fair, buyers, account=account)
    second = unconfirmed(make, other, make.type(other, "A"), account=account)
    assert confirm(session, first) == (second, first)


def test_a_full_type_without_a_list_does_not_hold_up_the_rest(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType
) -> None:
    account, other = make.account(), make.edition()
    full = make.type(other, "A", capacity=1, has_waiting_list=False)
    make.delegate(other, full)
    first = unconfirmed(make, fair, buyers, account=account)
    second = unconfirmed(make, other, full, account=account)
    assert confirm(session, first) == (first,)
    assert (second.status, second.confirmed_at) == (DelegateStatus.UNCONFIRMED, None)
    with pytest.raises(DomainError, match="type_full_public"):
        confirm(session, second)


def test_the_last_place_then_the_list(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType
) -> None:
    buyers.capacity = 1
    first, second = unconfirmed(make, fair, buyers), unconfirmed(make, fair, buyers)
    confirm(session, first)
    confirm(session, second)
    assert (first.status, second.status) == (DelegateStatus.PENDING, DelegateStatus.WAITING)
    assert mails(session, second) == [MailKind.WAITING_LIST]


@pytest.mark.parametrize("leave", ["withdraw", "cancel", "refuse"])
def test_a_place_that_is_freed_goes_to_the_first_who_waits(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType, leave: str
) -> None:
    buyers.capacity = 1
    leaver = make.delegate(fair, buyers)
    late, early = waiting(make, fair, buyers, 9), waiting(make, fair, buyers, 1)
    if leave == "withdraw":
        registrations.withdraw(session, ROBOT, NOW, delegate=leaver)
    else:
        getattr(registrations, leave)(session, ROBOT, NOW, delegate=leaver, reason="Non")
    assert (early.status, late.status) == (DelegateStatus.PENDING, DelegateStatus.WAITING)
    assert mails(session, early) == [MailKind.WAITING_LIST]
    assert session.scalars(
        select(OutboxMail.params).where(OutboxMail.delegate_id == early.id)
    ).one() == {"place_free": True}  # fmt: skip


def _typed(row: ParticipantType, **changes: object) -> TypeInput:
    names = TypeInput.__dataclass_fields__
    return replace(TypeInput(**{name: getattr(row, name) for name in names}), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("capacity", "promoted"), [(2, 1), (3, 2), (None, 3), (1, 0)])
def test_raising_a_capacity_promotes_in_order(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType, capacity: int | None,
    promoted: int,
) -> None:  # fmt: skip
    buyers.capacity, buyers.approves_itself = 1, True
    make.delegate(fair, buyers)
    people = [waiting(make, fair, buyers, n) for n in range(3)]
    for row in people:
        row.is_lead = True
    types.save_type(
        session, ROBOT, NOW, edition=fair, values=_typed(buyers, capacity=capacity), existing=buyers
    )
    got_in = [row.status is DelegateStatus.APPROVED for row in people]
    assert got_in == [True] * promoted + [False] * (3 - promoted)


# Coming back ------------------------------------------------------------------------------------------------


def test_whoever_withdrew_comes_back_behind_those_who_wait(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType
) -> None:
    buyers.capacity = 1
    gone = make.delegate(fair, buyers, status=DelegateStatus.WITHDRAWN, confirmed_at=NOW - timedelta(days=9))
    make.delegate(fair, buyers)
    first = make.delegate(
        fair, buyers, status=DelegateStatus.WAITING, confirmed_at=NOW - timedelta(minutes=1)
    )
    registering.rejoin(session, ROBOT, NOW, edition=fair, delegate=gone)
    assert gone.status is DelegateStatus.WAITING
    buyers.capacity = 2
    assert registrations.promote_waiting(session, ROBOT, NOW, type_=buyers) == (first,)


@pytest.mark.parametrize("status", [DelegateStatus.REFUSED, DelegateStatus.CANCELLED])
def test_what_an_organiser_ended_is_not_taken_up_again(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType, status: DelegateStatus
) -> None:
    gone = make.delegate(fair, buyers, status=status)
    with pytest.raises(DomainError, match="cannot_rejoin"):
        registering.rejoin(session, ROBOT, NOW, edition=fair, delegate=gone)


# Colleagues -------------------------------------------------------------------------------------------------


def add(session: Session, fair: Edition, lead: Delegate, email: str = "lou@lac.example") -> None:
    actor = Actor(account_id=lead.account_id)
    who = person(email, first_name="Lou")
    registering.add_colleague(session, actor, NOW, edition=fair, lead=lead, person=who)


def test_a_colleague_is_written_to_and_belongs_to_the_structure(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType
) -> None:
    lead = make.delegate(fair, buyers, is_lead=True)
    add(session, fair, lead)
    lou = one(session, "lou@lac.example")
    assert (lou.organisation_id, lou.is_lead, lou.source) == (lead.organisation_id, False, Source.COLLEAGUE)
    assert mails(session, lou) == [MailKind.CONFIRM_ADDRESS]


def test_a_colleague_of_a_self_approving_type_needs_no_decision(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType
) -> None:
    buyers.approves_itself = True
    add(session, fair, make.delegate(fair, buyers, is_lead=True))
    lou = one(session, "lou@lac.example")
    confirm(session, lou)
    assert lou.status is DelegateStatus.APPROVED


def test_an_address_already_there_is_only_reminded(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType
) -> None:
    lead = make.delegate(fair, buyers, is_lead=True)
    there = make.delegate(fair, buyers, account=make.account("lou@lac.example"))
    add(session, fair, lead)
    assert there.organisation_id != lead.organisation_id
    assert mails(session, there) == [MailKind.ALREADY_REGISTERED]


def test_only_the_contact_adds_and_only_ten(
    session: Session, make: Factory, fair: Edition, buyers: ParticipantType
) -> None:
    lead = make.delegate(fair, buyers, is_lead=True)
    with pytest.raises(DomainError, match="lead_only"):
        add(session, fair, make.delegate(fair, buyers))
    for n in range(10):
        add(session, fair, lead, f"c{n}@lac.example")
    with pytest.raises(DomainError, match="too_many_colleagues"):
        add(session, fair, lead)
    lead.status = DelegateStatus.WITHDRAWN
    with pytest.raises(DomainError, match="lead_only"):
        add(session, fair, lead)
