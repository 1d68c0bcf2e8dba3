"""The last place of a type has one winner, however many press the button at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus
from salon.models import Account, AuditEntry, Delegate, Edition, Organisation, ParticipantType
from salon.services import audit
from salon.services import sign_in as sign_in_proofs
from salon.web import SalonFlask
from tests.conftest import BASE, sign_in
from tests.factories import Factory

CROWD = 8
LIVE = datetime.now(UTC)


def together(acts: list[object]) -> None:
    """Run them in as many threads, all released at the same moment."""
    gate = threading.Barrier(len(acts))

    def run(act: object) -> None:
        gate.wait()
        act()  # type: ignore[operator]

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)


@pytest.fixture
def fair(make: Factory, session: Session) -> tuple[Edition, ParticipantType]:
    edition = make.edition(
        registration_opens_at=LIVE - timedelta(days=1), registration_closes_at=LIVE + timedelta(days=1)
    )
    return edition, make.type(edition, "A", capacity=3)


def statuses(session: Session) -> dict[DelegateStatus, int]:
    session.rollback()
    rows = session.execute(select(Delegate.status, func.count()).group_by(Delegate.status))
    return {status: count for status, count in rows}  # noqa: C416 - rows are not tuples for mypy


@pytest.mark.parametrize("waits", [True, False])
def test_confirming_at_once(
    app: SalonFlask, session: Session, make: Factory, fair: tuple[Edition, ParticipantType], waits: bool
) -> None:
    """Three places for eight: the others wait, or stay unconfirmed and are told."""
    edition, type_ = fair
    type_.has_waiting_list = waits
    app.config["WTF_CSRF_ENABLED"] = False
    people = [
        make.delegate(edition, type_, status=DelegateStatus.UNCONFIRMED, is_lead=True) for _ in range(CROWD)
    ]
    secrets = [
        sign_in_proofs.issue_confirmation(session, LIVE, session.get_one(Account, one.account_id), None)
        for one in people
    ]
    session.commit()
    answers: list[int] = []

    def press(secret: str) -> None:
        answers.append(app.test_client().post(f"/c/{secret}", base_url=BASE).status_code)

    together([lambda secret=secret: press(secret) for secret in secrets])
    other = DelegateStatus.WAITING if waits else DelegateStatus.UNCONFIRMED
    assert statuses(session) == {DelegateStatus.PENDING: 3, other: CROWD - 3}
    assert sorted(answers) == ([303] * CROWD if waits else [303] * 3 + [409] * (CROWD - 3))
    assert audit.broken_link(session) is None


def test_the_same_address_at_once_is_registered_once(
    app: SalonFlask, session: Session, fair: tuple[Edition, ParticipantType]
) -> None:
    """Eight browsers, one new address: one registration, the same answer for all."""
    edition, type_ = fair
    app.config["WTF_CSRF_ENABLED"] = False
    session.commit()
    typed = {
        "type": str(type_.id), "organisation": "Les Ateliers du Lac", "kind": "esat", "first_name": "Claire",
        "last_name": "Béranger", "email": "claire@lac.example", "locale": "fr",
    }  # fmt: skip
    path = f"/e/{edition.slug}/register"
    answers: list[tuple[int, str]] = []

    def send() -> None:
        answer = app.test_client().post(path, data=typed, base_url=BASE)
        answers.append((answer.status_code, answer.location))

    together([send] * CROWD)
    assert answers == [(303, f"{path}/sent")] * CROWD
    assert statuses(session) == {DelegateStatus.UNCONFIRMED: 1}
    registered = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "registered")
    assert session.scalar(registered) == 1


def test_one_structure_for_many_who_name_it_at_once(
    app: SalonFlask, session: Session, fair: tuple[Edition, ParticipantType]
) -> None:
    """The first describes it and is its contact; the others join."""
    edition, type_ = fair
    app.config["WTF_CSRF_ENABLED"] = False
    session.commit()
    path, number = f"/e/{edition.slug}/register", str(type_.id)
    answers: list[int] = []

    def send(n: int) -> None:
        typed = {
            "type": number, "organisation": "Les Ateliers du Lac", "kind": "esat", "locale": "fr",
            "first_name": "Claire", "last_name": "Béranger", "email": f"p{n}@lac.example",
        }  # fmt: skip
        answers.append(app.test_client().post(path, data=typed, base_url=BASE).status_code)

    together([lambda n=n: send(n) for n in range(CROWD)])
    assert answers == [303] * CROWD
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Organisation)) == 1
    leads = select(func.count()).select_from(Delegate).where(Delegate.is_lead)
    assert session.scalar(leads) == 1
    assert statuses(session) == {DelegateStatus.UNCONFIRMED: CROWD}


def test_the_places_of_two_who_leave_at_once_go_to_two_who_wait(
    app: SalonFlask, session: Session, make: Factory, fair: tuple[Edition, ParticipantType]
) -> None:
    edition, type_ = fair
    app.config["WTF_CSRF_ENABLED"] = False
    leavers = [make.delegate(edition, type_) for _ in range(3)]
    waiting = [
        make.delegate(edition, type_, status=DelegateStatus.WAITING, confirmed_at=LIVE + timedelta(minutes=n))
        for n in range(4)
    ]
    clients = []
    for one in leavers[:2]:
        client = app.test_client()
        sign_in(client, session.get_one(Account, one.account_id))
        clients.append(client)
    path = f"/e/{edition.slug}/me/withdraw"
    together([lambda client=client: client.post(path, base_url=BASE) for client in clients])
    session.rollback()
    session.expire_all()
    assert [one.status for one in waiting] == [DelegateStatus.PENDING] * 2 + [DelegateStatus.WAITING] * 2
    assert [one.status for one in leavers[:2]] == [DelegateStatus.WITHDRAWN] * 2
