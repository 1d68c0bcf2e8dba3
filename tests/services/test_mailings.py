"""Sendings: what is previewed is what leaves, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import DelegateStatus, MailKind, MailState, ReleaseReason, ReleaseStage, Role
from salon.errors import DomainError
from salon.extensions import db
from salon.jobs.unit import writing
from salon.models import Account, AuditEntry, Delegate, Edition, MailBatch, OutboxMail, Release
from salon.services import mailings
from salon.services.mailings import Audience, Order, Reason
from salon.web import SalonFlask
from tests.conftest import NOW
from tests.factories import Factory

INVITE = Order(MailKind.INVITATION)


class Sender:
    """An organiser and the people of an edition."""

    def __init__(self, session: Session, make: Factory) -> None:
        self.session, self.make = session, make
        self.edition: Edition = make.edition()
        self.buyers, self.suppliers = make.two_sides(self.edition)
        self.account = make.member(self.edition, Role.ORGANISER)
        self.actor = Actor(account_id=self.account.id, roles={self.edition.id: Role.ORGANISER})

    def people(self, number: int, **fields: object) -> list[Delegate]:
        return [self.make.delegate(self.edition, self.buyers, **fields) for _n in range(number)]  # type: ignore[arg-type]

    def look(self, order: Order = INVITE) -> mailings.Preview:
        return mailings.preview(self.session, NOW, edition=self.edition, order=order)

    def send(self, order: Order = INVITE, fingerprint: str = "") -> MailBatch:
        seen = fingerprint or self.look(order).fingerprint
        return mailings.send(
            self.session, self.actor, NOW, edition=self.edition, order=order, fingerprint=seen
        )

    def mails(self) -> list[OutboxMail]:
        return list(self.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


@pytest.fixture
def sender(session: Session, make: Factory) -> Sender:
    return Sender(session, make)


def refused(sender: Sender, order: Order, fingerprint: str = "") -> str:
    with pytest.raises(DomainError) as refusal:
        sender.send(order, fingerprint)
    return refusal.value.code


def test_what_is_previewed_is_what_leaves(sender: Sender) -> None:
    people = sender.people(4)
    people[0].status = DelegateStatus.REFUSED
    seen = sender.look()
    batch = sender.send()
    assert [mail.delegate_id for mail in sender.mails()] == sorted(one.id for one in seen.recipients)
    assert {one.id for one in seen.recipients} == {one.id for one in people[1:]}
    assert {mail.batch_id for mail in sender.mails()} == {batch.id}
    entry = sender.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.object_id, entry.details["count"]) == ("mails_sent", batch.id, 3)


def test_an_old_preview_sends_nothing(sender: Sender) -> None:
    sender.people(2)
    seen = sender.look().fingerprint
    sender.send(fingerprint=seen)
    assert refused(sender, INVITE, seen) == "mail_preview_stale"
    assert refused(sender, replace(INVITE, note="autre"), sender.look().fingerprint) == "mail_preview_stale"
    assert len(sender.mails()) == 2


def test_refusals_have_their_reason(sender: Sender) -> None:
    assert refused(sender, INVITE) == "mail_nobody"
    assert refused(sender, Order(MailKind.PUBLICATION)) == "mail_nothing_published"
    assert refused(sender, Order(MailKind.SIGN_IN)) == "mail_kind_not_sendable"
    assert refused(sender, replace(INVITE, note="x" * 401)) == "note_too_long"
    sender.edition.wishes_open_at = NOW + timedelta(days=1)
    assert refused(sender, Order(MailKind.WISHES_OPEN)) == "mail_wishes_not_open"
    assert sender.mails() == []


@pytest.mark.parametrize(
    ("audience", "expected"), [(Audience.ALL, 3), (Audience.NEW, 1), (Audience.CHOSEN, 1)]
)
def test_audiences(sender: Sender, audience: Audience, expected: int) -> None:
    people = sender.people(2)
    sender.send()
    newcomer = sender.people(1)[0]
    order = Order(MailKind.INVITATION, audience, people=frozenset({people[0].id}))
    seen = sender.look(order)
    assert len(seen.recipients) == expected
    if audience is Audience.NEW:
        assert [one.id for one in seen.recipients] == [newcomer.id]
        assert {reason for _one, reason in seen.left_out} == {Reason.ALREADY}


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.DROPPED])
def test_a_lost_message_does_not_count_as_had(sender: Sender, state: MailState) -> None:
    one = sender.people(1)[0]
    sender.send()
    sender.mails()[0].state = state
    sender.session.flush()
    seen = sender.look(Order(MailKind.INVITATION, Audience.NEW))
    if state is MailState.DROPPED:
        assert [who.id for who in seen.recipients] == [one.id]
    else:
        assert [reason for _who, reason in seen.left_out] == [Reason.UNREACHABLE]


def test_publishing_again_gives_the_whole_of_the_latest_release(sender: Sender) -> None:
    sender.people(2)
    for number in (1, 2):
        sender.session.add(
            Release(
                edition_id=sender.edition.id, number=number, stage=ReleaseStage.FINAL, diff={}, fingerprint="",
                reason=ReleaseReason.PUBLICATION, created_at=NOW,
            )
        )  # fmt: skip
    sender.session.flush()
    sender.send(Order(MailKind.PUBLICATION))
    for mail in sender.mails():
        assert mail.params == {"whole": True}
        assert sender.session.get_one(Release, mail.release_id).number == 2


def test_another_edition_s_people_are_never_meant(sender: Sender) -> None:
    other = sender.make.edition()
    stranger = sender.make.delegate(other, sender.make.type(other))
    order = Order(MailKind.INVITATION, Audience.CHOSEN, people=frozenset({stranger.id}))
    assert sender.look(order).recipients == ()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    statuses=st.lists(st.sampled_from(list(DelegateStatus)), max_size=6),
    kind=st.sampled_from(
        [MailKind.INVITATION, MailKind.WISHES_OPEN, MailKind.WISHES_REMINDER, MailKind.CONFIRMATION]
    ),
    wishing=st.integers(0, 6),
    audience=st.sampled_from([Audience.ALL, Audience.NEW]),
)
def test_nobody_is_written_to_who_should_not_be(
    sender: Sender, statuses: list[DelegateStatus], kind: MailKind, wishing: int, audience: Audience
) -> None:
    """Whatever the people: only those the message concerns, each at most once, all of them if asked."""
    edition = sender.make.edition()
    buyers, _suppliers = sender.make.two_sides(edition)
    people = [sender.make.delegate(edition, buyers, status=status) for status in statuses]
    for one in people[:wishing]:
        sender.make.wish(one, sender.make.organisation(edition))
    seen = mailings.preview(sender.session, NOW, edition=edition, order=Order(kind, audience))
    ids = [one.id for one in seen.recipients]
    present = {DelegateStatus.PENDING, DelegateStatus.WAITING, DelegateStatus.APPROVED}
    fit = {
        one.id
        for rank, one in enumerate(people)
        if one.status in (present if kind is MailKind.INVITATION else {DelegateStatus.APPROVED})
        and not (kind is MailKind.WISHES_REMINDER and rank < wishing)
    }
    assert len(ids) == len(set(ids))
    assert set(ids) == fit


def test_two_organisers_at_once_send_once(app: SalonFlask, sender: Sender) -> None:
    """Both looked, both press the button: one sending leaves, the other organiser is told."""
    sender.people(5)
    seen = sender.look().fingerprint
    edition_id = sender.edition.id
    sender.session.commit()
    start, said = Barrier(2), []

    def press() -> None:
        with app.app_context():
            start.wait()
            try:
                with writing() as (session, _now):
                    edition = session.get_one(Edition, edition_id)
                    mailings.send(session, sender.actor, NOW, edition=edition, order=INVITE, fingerprint=seen)
                said.append("sent")
            except DomainError as error:
                said.append(error.code)
            finally:
                db.session.remove()

    threads = [Thread(target=press) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sender.session.rollback()
    assert sorted(said) == ["mail_preview_stale", "sent"]
    assert sender.session.scalar(select(func.count()).select_from(OutboxMail)) == 5


def test_the_trial_s_account_is_the_organiser_s(sender: Sender) -> None:
    one = sender.people(1)[0]
    mail = mailings.send_trial(
        sender.session, sender.actor, NOW, edition=sender.edition, order=INVITE, delegate=one
    )
    assert mail.recipient == sender.session.get_one(Account, sender.account.id).email
    assert sender.look(Order(MailKind.INVITATION, Audience.NEW)).recipients[0].id == one.id
