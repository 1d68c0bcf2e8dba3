"""The outbox as rows: queued once, taken by one, sent again only when nobody knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.enums import MailKind, MailState
from salon.errors import DomainError
from salon.models import Account, MailBatch, OutboxMail
from salon.nudges import collect
from salon.services import outbox
from tests.conftest import NOW
from tests.factories import Factory

MINUTE = timedelta(minutes=1)


def queue(session: Session, make: Factory, key: str = "k", **fields: Any) -> OutboxMail:
    mail = outbox.queue_mail(
        session, NOW, fields.pop("kind", MailKind.CONFIRMATION), account=fields.pop("account", None) or make.account(),
        dedupe_key=key, **fields,
    )  # fmt: skip
    assert mail is not None
    return mail


def test_a_key_is_queued_once_and_asks_for_its_delivery(session: Session, make: Factory) -> None:
    account = make.account()
    mail = queue(session, make, account=account)
    assert outbox.queue_mail(session, NOW, MailKind.CONFIRMATION, account=account, dedupe_key="k") is None
    assert collect(session) == [("send_due", 0)]
    urgent = queue(session, make, "u", kind=MailKind.SIGN_IN)
    queue(session, make, "v")
    queue(session, make, "w")
    assert collect(session) == [("send_mail", urgent.id), ("send_due", 0)]
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 4
    assert (mail.recipient, mail.state, mail.language) == (account.email, MailState.QUEUED, "fr")


def test_the_language_is_the_delegate_s(session: Session, make: Factory) -> None:
    edition = make.edition()
    person = make.delegate(edition, make.type(edition), locale="en")
    account = session.get_one(Account, person.account_id)
    assert queue(session, make, account=account, delegate=person).language == "en"


def test_one_mailer_takes_a_message_and_only_when_it_is_due(session: Session, make: Factory) -> None:
    mail = queue(session, make)
    assert outbox.take(session, NOW - MINUTE, mail.id) is None
    taken = outbox.take(session, NOW, mail.id)
    assert taken is not None
    assert (taken.state, taken.attempts, taken.taken_at) == (MailState.SENDING, 1, NOW)
    assert outbox.take(session, NOW + MINUTE, mail.id) is None
    assert outbox.take(session, NOW, 999_999) is None


@pytest.mark.parametrize(
    "state", [MailState.SENT, MailState.FAILED, MailState.UNCERTAIN, MailState.DROPPED, MailState.SENDING]
)
def test_what_has_ended_is_never_taken(session: Session, make: Factory, state: MailState) -> None:
    mail = queue(session, make)
    mail.state = state
    session.flush()
    assert outbox.take(session, NOW + timedelta(days=9), mail.id) is None
    assert outbox.next_due(session, NOW + timedelta(days=9)) is None


def test_the_next_is_whoever_waits_in_front_of_a_page(session: Session, make: Factory) -> None:
    first = queue(session, make, "a")
    urgent = queue(session, make, "b", kind=MailKind.SIGN_IN)
    later = queue(session, make, "c", kind=MailKind.SIGN_IN)
    later.next_attempt_at = NOW + MINUTE
    session.flush()
    assert outbox.next_due(session, NOW) == urgent.id
    outbox.mark_sent(urgent, NOW)
    session.flush()
    assert outbox.next_due(session, NOW) == first.id


def test_a_lost_mailer_leaves_a_doubt_after_five_minutes(session: Session, make: Factory) -> None:
    mail = queue(session, make)
    outbox.take(session, NOW, mail.id)
    assert outbox.sweep(session, NOW + 4 * MINUTE) is False
    session.refresh(mail)
    assert mail.state is MailState.SENDING
    outbox.sweep(session, NOW + 6 * MINUTE)
    session.refresh(mail)
    assert (mail.state, mail.last_error) == (MailState.UNCERTAIN, "mailer stopped while sending")
    assert outbox.sweep(session, NOW + timedelta(days=30)) is False


def test_sent_again_it_goes_to_the_address_of_today_with_its_old_id(session: Session, make: Factory) -> None:
    account = make.account("ancienne@a.example")
    mail = queue(session, make, account=account)
    before = mail.message_id
    outbox.mark_uncertain(mail, "lost")
    account.email = "nouvelle@a.example"
    session.flush()
    outbox.resend(session, NOW, mail)
    assert (mail.recipient, mail.state, mail.message_id) == ("nouvelle@a.example", MailState.QUEUED, before)
    with pytest.raises(DomainError) as refusal:
        outbox.resend(session, NOW, mail)
    assert refusal.value.code == "mail_not_unsure"


def test_the_proof_of_a_new_address_goes_nowhere_else(session: Session, make: Factory) -> None:
    mail = queue(session, make, kind=MailKind.CONFIRM_ADDRESS, params={"change": True})
    mail.recipient = "future@a.example"
    outbox.mark_refused(mail, NOW, "550", for_good=True)
    session.flush()
    outbox.resend(session, NOW, mail)
    assert mail.recipient == "future@a.example"


def test_a_batch_is_one_statement_a_person_less_those_who_have_it(session: Session, make: Factory) -> None:
    from sqlalchemy.orm import joinedload

    from salon.models import Delegate

    edition = make.edition()
    kind = make.type(edition)
    for _n in range(3):
        make.delegate(edition, kind)
    batch = MailBatch(edition_id=edition.id, kind=MailKind.INVITATION, created_at=NOW)
    session.add(batch)
    session.flush()
    collect(session)
    people = session.scalars(select(Delegate).options(joinedload(Delegate.account))).all()

    def queued(key: str) -> int:
        return outbox.queue_batch(
            session, NOW, batch=batch, edition=edition, people=people, release=None, params={}, key=key
        )

    assert (queued("a"), queued("a"), queued("b")) == (3, 0, 3)
    assert collect(session) == [("send_due", 0)]
    mails = session.scalars(select(OutboxMail)).all()
    assert len({mail.message_id for mail in mails}) == 6
    assert {mail.batch_id for mail in mails} == {batch.id}
