"""Every kind of message, in both languages, from real rows; nobody's name can break out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import (
    DelegateStatus,
    MailKind,
    MailState,
    MeetingStatus,
    ReleaseReason,
    ReleaseStage,
    Source,
)
from salon.jobs.queue import perform
from salon.mail import letters
from salon.mail.letter import PLACEHOLDERS, Letter, Secrets, Sender
from salon.mail.shape import full_id, html_of, shape, text_of
from salon.models import (
    Account,
    Asset,
    Delegate,
    Edition,
    LoginToken,
    Meeting,
    OutboxMail,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
)
from salon.services import outbox
from salon.web import SalonFlask
from tests.conftest import BASE, NOW
from tests.factories import Factory
from tests.web.conftest import plain

NASTY = '<b>Zoé</b> & "Cie"'
Place = tuple[int, str]  # slot number, table


def typed(letter: Letter) -> Letter:
    """The letter with plain spaces, so that a test can be typed."""

    def flat(value: Any) -> Any:
        if isinstance(value, str):
            return plain(value)
        return tuple(flat(one) for one in value) if isinstance(value, tuple) else value

    return replace(
        letter,
        **{
            name: flat(getattr(letter, name))
            for name in ("subject", "paragraphs", "facts", "lines", "closing")
        },
    )


class Fair:
    """An edition with one reader, three people to meet, and releases written as rows."""

    def __init__(self, app: SalonFlask, session: Session, make: Factory) -> None:
        self.app, self.session, self.make = app, session, make
        self.edition: Edition = make.edition(accent="#0B7A68")
        self.buyers, self.suppliers = make.two_sides(self.edition)
        self.slots = make.slots(self.edition, 4)
        self.me = make.delegate(self.edition, self.buyers, first_name="Claire", last_name="Béranger")
        names = ("Papier Libre", "Les Ateliers du Lin", NASTY)
        self.others = [
            make.delegate(self.edition, self.suppliers, make.organisation(self.edition, name))
            for name in names
        ]
        self.meetings: dict[int, Meeting] = {}
        self.sequence = 0

    def release(
        self, plan: dict[int, Place], *, cancelled: tuple[int, ...] = (), note: str = "",
        reason: ReleaseReason = ReleaseReason.PUBLICATION, stage: ReleaseStage = ReleaseStage.FINAL,
    ) -> Release:  # fmt: skip
        """`plan`: number of the other person -> slot and table."""
        last = self.session.scalar(
            select(Release.number)
            .where(Release.edition_id == self.edition.id)
            .order_by(Release.number.desc())
        )
        new = Release(
            edition_id=self.edition.id, number=(last or 0) + 1, stage=stage, reason=reason, note=note,
            fingerprint="", diff={}, created_at=NOW,
        )  # fmt: skip
        self.session.add(new)
        self.session.flush()
        for other, (slot, table) in plan.items():
            self._meeting(new, other, slot, table, on=other not in cancelled)
        return new

    def _meeting(self, release: Release, other: int, slot: int, table: str, *, on: bool) -> None:
        if other not in self.meetings:
            self.meetings[other] = Meeting(edition_id=self.edition.id, uid=str(uuid4()), created_at=NOW)
            self.session.add(self.meetings[other])
            self.session.flush()
        self.session.add(
            ReleasedMeeting(
                release_id=release.id, meeting_id=self.meetings[other].id, table_label=table,
                starts_at=self.slots[slot].starts_at, ends_at=self.slots[slot].ends_at, sequence=release.number,
                status=MeetingStatus.SCHEDULED if on else MeetingStatus.CANCELLED, changed_at=release.created_at,
                seats=[ReleasedSeat(delegate_id=one.id) for one in (self.me, self.others[other])],
            )
        )  # fmt: skip
        self.session.flush()

    def mail(self, kind: MailKind, language: str = "fr", **fields: Any) -> OutboxMail:
        params = fields.pop("params", {})
        mail = outbox.queue_mail(
            self.session, NOW, kind, account=self.session.get_one(Account, self.me.account_id),
            edition=fields.pop("edition", self.edition), delegate=fields.pop("delegate", self.me),
            params=params, dedupe_key=uuid4().hex, **fields,
        )  # fmt: skip
        assert mail is not None
        mail.language = language
        self.session.flush()
        return mail

    def write(
        self, mail: OutboxMail, now: datetime = NOW, secrets: Secrets = PLACEHOLDERS
    ) -> tuple[Letter, Sender]:
        with self.app.test_request_context(base_url=BASE):
            letter, sender = letters.write(self.session, now, mail, secrets)
        return typed(letter), sender

    def shaped(self, mail: OutboxMail, secrets: Secrets = PLACEHOLDERS) -> EmailMessage:
        with self.app.test_request_context(base_url=BASE):
            letter, sender = letters.write(self.session, NOW, mail, secrets)
            return shape(
                letter,
                sender,
                recipient=mail.recipient,
                language=mail.language,
                message_id=mail.message_id,
                now=NOW,
            )


def deliver(fair: Fair, mail: OutboxMail) -> None:
    """The job does its work, at the test's hour."""
    mail_id = mail.id
    fair.session.commit()
    with time_machine.travel(NOW, tick=False):
        perform(fair.app, "send_mail", mail_id)
    fair.session.rollback()  # lets go of what was read before


@pytest.fixture
def fair(app: SalonFlask, session: Session, make: Factory) -> Fair:
    return Fair(app, session, make)


STATUS = {
    MailKind.CONFIRM_ADDRESS: DelegateStatus.UNCONFIRMED,
    MailKind.WAITING_LIST: DelegateStatus.WAITING,
    MailKind.REFUSAL: DelegateStatus.REFUSED,
}


def ready(fair: Fair, kind: MailKind, language: str = "fr") -> OutboxMail:
    """A message of that kind, and all it speaks of."""
    fair.me.status = STATUS.get(kind, DelegateStatus.APPROVED)
    fair.me.reason = "Salon réservé <aux> acheteurs."
    release = None
    if kind in (MailKind.PUBLICATION, MailKind.CANCELLATION):
        fair.release({0: (0, "T01"), 1: (1, "T02"), 2: (2, "T03")})
        gone = (0,) if kind is MailKind.CANCELLATION else ()
        release = fair.release({0: (3, "T01"), 1: (1, "T02"), 2: (2, "T03")}, cancelled=gone)
    return fair.mail(kind, language, release=release)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", list(MailKind))
def test_every_kind_is_written_in_both_languages(fair: Fair, kind: MailKind, language: str) -> None:
    message = fair.shaped(ready(fair, kind, language))
    text = message.get_body(("plain",))
    html = message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert f'lang="{language}"' in html.get_content()
    assert message["Subject"]
    for part in (text.get_content(), html.get_content()):
        assert "%(" not in part
        assert "None" not in part
        assert "http://127.0.0.1:8000/" in part or kind is MailKind.REFUSAL


def test_a_kind_without_a_letter_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(letters.LETTERS) == set(MailKind)
    assert set(letters.LETTERS) - {MailKind.REFUSAL} != set(MailKind)


# What each says ---------------------------------------------------------------------------------------------


def test_the_links_hold_what_was_issued(fair: Fair) -> None:
    secrets = Secrets("abc-secret", "123 456")
    fair.me.status = DelegateStatus.UNCONFIRMED
    confirm, _sender = fair.write(fair.mail(MailKind.CONFIRM_ADDRESS), secrets=secrets)
    change = fair.mail(MailKind.CONFIRM_ADDRESS, params={"change": True}, edition=None, delegate=None)
    changed, sender = fair.write(change, secrets=secrets)
    signing, _sender = fair.write(fair.mail(MailKind.SIGN_IN, edition=None, delegate=None), secrets=secrets)
    invitation, _sender = fair.write(fair.mail(MailKind.INVITATION), secrets=secrets)
    found = [one.action.url for one in (confirm, changed, signing, invitation) if one.action]
    assert found == [f"{BASE}/{where}/abc-secret" for where in ("c", "account/email", "s", "i")]
    assert signing.code == "123 456"
    assert sender.name == "Salon"


def test_a_colleague_learns_who_asked(fair: Fair) -> None:
    fair.me.status, fair.me.source = DelegateStatus.UNCONFIRMED, Source.COLLEAGUE
    letter, _sender = fair.write(fair.mail(MailKind.CONFIRM_ADDRESS))
    assert "Une personne de votre structure" in letter.paragraphs[1]


def test_a_refusal_gives_its_reason_and_a_cancellation_says_so(fair: Fair) -> None:
    fair.me.status, fair.me.reason = DelegateStatus.CANCELLED, "Doublon"
    letter, _sender = fair.write(fair.mail(MailKind.REFUSAL))
    assert letter.facts == (("Raison", "Doublon"),)
    assert "annulé" in letter.paragraphs[1]


def test_a_free_place_is_another_letter(fair: Fair) -> None:
    fair.me.status = DelegateStatus.WAITING
    waits, _sender = fair.write(fair.mail(MailKind.WAITING_LIST))
    fair.me.status = DelegateStatus.PENDING
    free, _sender = fair.write(fair.mail(MailKind.WAITING_LIST, params={"place_free": True}))
    assert "liste d’attente" in waits.paragraphs[1]
    assert "s’est libérée" in free.subject


def test_the_first_publication_gives_the_whole_agenda(fair: Fair) -> None:
    release = fair.release({0: (0, "T01"), 1: (1, "T02")}, note="À très vite", stage=ReleaseStage.PROVISIONAL)
    letter, _sender = fair.write(fair.mail(MailKind.PUBLICATION, release=release))
    assert letter.paragraphs[1:3] == ("À très vite", "Votre agenda est prêt : vous avez 2 rendez-vous.")
    assert "provisoire" in letter.paragraphs[3]
    assert [label for label, _value in letter.facts] == ["09 h 00", "09 h 25"]
    assert letter.facts[0][1].startswith("Papier Libre, ")
    assert letter.facts[0][1].endswith("table T01")
    events = vobject.readOne(letter.attachments[0].content.decode()).vevent_list
    assert len(events) == 2


def test_whoever_has_no_meeting_is_told_plainly(fair: Fair) -> None:
    release = fair.release({})
    letter, _sender = fair.write(fair.mail(MailKind.PUBLICATION, release=release))
    assert "aucun rendez-vous n’a pu être placé" in letter.paragraphs[1]
    assert letter.attachments == ()


def test_a_later_publication_says_only_what_changes(fair: Fair) -> None:
    fair.release({0: (0, "T01"), 1: (1, "T02")})
    release = fair.release({0: (3, "T01"), 1: (1, "T09"), 2: (2, "T03")})
    letter, _sender = fair.write(fair.mail(MailKind.PUBLICATION, release=release))
    said = list(letter.lines)
    assert said[0].startswith("Votre rendez-vous avec Les Ateliers du Lin")
    assert said[0].endswith("passe de la table T02 à la table T09.")
    assert said[1].startswith(f"Nouveau : rendez-vous avec {NASTY}")
    assert said[2].endswith("passe de 09 h 00 à 10 h 15, table T01.")
    assert len(said) == 3


def test_a_colleague_in_somebody_s_place_is_named(fair: Fair) -> None:
    new = fair.release({0: (0, "T01")})
    colleague = fair.make.delegate(fair.edition, fair.suppliers, first_name="Paul", last_name="Remplace")
    meeting = fair.session.scalars(select(ReleasedMeeting).where(ReleasedMeeting.release_id == new.id)).one()
    other = fair.release({})
    fair.session.add(
        ReleasedMeeting(
            release_id=other.id, meeting_id=meeting.meeting_id, table_label="T01", starts_at=meeting.starts_at,
            ends_at=meeting.ends_at, sequence=3, status=MeetingStatus.SCHEDULED, changed_at=NOW,
            seats=[ReleasedSeat(delegate_id=one.id) for one in (fair.me, colleague)],
        )
    )  # fmt: skip
    fair.session.flush()
    letter, _sender = fair.write(fair.mail(MailKind.PUBLICATION, release=other))
    assert len(letter.lines) == 1
    assert "Vous rencontrez désormais" in letter.lines[0]
    assert "Paul Remplace" in letter.lines[0]
    assert "(c’était Papier Libre" in letter.lines[0]


def test_sent_again_it_gives_the_whole(fair: Fair) -> None:
    fair.release({0: (0, "T01"), 1: (1, "T02")})
    release = fair.release({0: (3, "T01"), 1: (1, "T02")})
    letter, _sender = fair.write(fair.mail(MailKind.PUBLICATION, release=release, params={"whole": True}))
    assert len(letter.facts) == 2
    assert letter.lines == ()


def test_a_withdrawal_names_what_is_cancelled_and_what_remains(fair: Fair) -> None:
    fair.release({0: (0, "T01"), 1: (1, "T02")})
    release = fair.release({0: (0, "T01"), 1: (1, "T02")}, cancelled=(0,), reason=ReleaseReason.WITHDRAWAL)
    letter, _sender = fair.write(fair.mail(MailKind.CANCELLATION, release=release))
    assert letter.subject.endswith("un rendez-vous est annulé")
    assert letter.lines[0].startswith("Annulé : votre rendez-vous avec Papier Libre")
    assert letter.closing[0] == "Il vous reste 1 rendez-vous."
    calendar = vobject.readOne(letter.attachments[0].content.decode())
    assert {event.status.value for event in calendar.vevent_list} == {"CONFIRMED", "CANCELLED"}


def test_an_old_release_is_told_as_it_was(fair: Fair) -> None:
    first = fair.release({0: (0, "T01")})
    mail = fair.mail(MailKind.PUBLICATION, release=first)
    before, _sender = fair.write(mail)
    fair.release({0: (2, "T05")})
    after, _sender = fair.write(mail)
    assert before == after


# What nobody needs ------------------------------------------------------------------------------------------


def _wished(fair: Fair) -> None:
    fair.make.wish(fair.me, fair.make.organisation(fair.edition))


def _gone(fair: Fair) -> None:
    fair.me.status = DelegateStatus.WITHDRAWN


def _closed(fair: Fair) -> None:
    fair.edition.wishes_close_at = NOW


def _account_closed(fair: Fair) -> None:
    fair.session.get_one(Account, fair.me.account_id).disabled_at = NOW


POINTLESS: list[tuple[MailKind, Callable[[Fair], None]]] = [
    (MailKind.WISHES_REMINDER, _wished),
    (MailKind.WISHES_REMINDER, _closed),
    (MailKind.WISHES_OPEN, _closed),
    (MailKind.WISHES_OPEN, _gone),
    (MailKind.INVITATION, _gone),
    (MailKind.CONFIRMATION, _gone),
    (MailKind.PUBLICATION, _gone),
    (MailKind.CANCELLATION, _gone),
    (MailKind.CONFIRM_ADDRESS, _gone),
    (MailKind.WAITING_LIST, _gone),
    (MailKind.REFUSAL, _gone),
    (MailKind.ALREADY_REGISTERED, _account_closed),
]


@pytest.mark.parametrize(("kind", "happens"), POINTLESS, ids=[f"{k}-{f.__name__}" for k, f in POINTLESS])
def test_a_message_that_nobody_needs_is_dropped(
    fair: Fair, kind: MailKind, happens: Callable[[Fair], None]
) -> None:
    mail = ready(fair, kind)
    fair.write(mail)  # before, it is worth sending
    happens(fair)
    deliver(fair, mail)
    assert (mail.state, mail.attempts) == (MailState.DROPPED, 1)
    assert mail.last_error
    assert not (Path(fair.app.config["SALON"].instance) / "outbox").exists()


# The shape --------------------------------------------------------------------------------------------------


def test_names_are_shown_and_never_obeyed(fair: Fair) -> None:
    fair.edition.name = fair.edition.place = NASTY
    fair.me.first_name = NASTY
    fair.release({2: (0, "T01")})
    message = fair.shaped(fair.mail(MailKind.PUBLICATION, release=fair.release({2: (1, "T01")})))
    html = message.get_body(("html",))
    text = message.get_body(("plain",))
    assert html is not None
    assert text is not None
    assert "<b>Zoé" not in html.get_content()
    assert "&lt;b&gt;Zoé&lt;/b&gt; &amp; &#34;Cie&#34;" in html.get_content()
    assert NASTY in text.get_content()


LETTER = Letter(subject="Bonjour", paragraphs=("Un mot",))
SENDER = Sender(name="Salon", address="salon@salon.example", reply_to="bonjour@salon.example")
KNOWN = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "reply-to", "mime-version", "content-type"
}  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=st.text(max_size=80), name=st.text(max_size=80), filename=st.text(max_size=60))
def test_no_name_adds_a_header(app: SalonFlask, subject: str, name: str, filename: str) -> None:
    """Whatever stands in a name, the message has the same headers and a reader reads it back."""
    from salon.mail.letter import Attachment

    hostile = f"{subject}\r\nBcc: eve@evil.example\r\n\r\n{subject}"
    letter = replace(LETTER, subject=hostile, attachments=(Attachment(filename, "text/calendar", b"X"),))
    sender = replace(SENDER, name=f"{name}\nBcc: eve@evil.example")
    with app.test_request_context(base_url=BASE):
        message = shape(letter, sender, recipient="a@b.example", language="fr", message_id="1@salon", now=NOW)
    read = message_from_bytes(message.as_bytes(policy=SMTP), policy=default)
    assert {key.lower() for key in read} == KNOWN
    assert read["Bcc"] is None
    assert read["To"] == "a@b.example"
    assert len(read["From"].addresses) == 1
    assert read["From"].addresses[0].addr_spec == "salon@salon.example"


@pytest.mark.parametrize("recipient", ["a@b.example\r\nBcc: x@y.example", "a b@c.example", "", "<>"])
def test_an_address_that_cannot_stand_in_a_header_is_refused(app: SalonFlask, recipient: str) -> None:
    with app.test_request_context(base_url=BASE), pytest.raises(ValueError):
        shape(LETTER, SENDER, recipient=recipient, language="fr", message_id="1@salon", now=NOW)


def test_the_look_is_the_edition_s(fair: Fair) -> None:
    fair.edition.logo_version = 3
    fair.session.add(
        Asset(
            edition_id=fair.edition.id,
            kind="logo",
            media_type="image/png",
            content=b"\x89PNG\r\n\x1a\nx",
            created_at=NOW,
        )
    )
    mail = fair.mail(MailKind.CONFIRMATION)
    message = fair.shaped(mail)
    html = message.get_body(("html",))
    assert html is not None
    assert "#0B7A68" in html.get_content()
    assert 'src="cid:logo@salon"' in html.get_content()
    pictures = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert [part["Content-ID"] for part in pictures] == ["<logo@salon>"]
    assert message["Reply-To"] == "bonjour@salon.example"
    letter, sender = fair.write(mail)
    with fair.app.test_request_context(base_url=BASE):
        assert 'src="/logo.png"' in html_of(letter, sender, "fr", "/logo.png")
        assert "cid:" not in text_of(letter, sender, "fr")


def test_the_message_id_is_the_same_at_every_attempt(fair: Fair) -> None:
    mail = fair.mail(MailKind.CONFIRMATION)
    assert fair.shaped(mail)["Message-ID"] == fair.shaped(mail)["Message-ID"]
    assert full_id("abc@salon", "salon@fair.example") == "abc@fair.example"


# Secrets ----------------------------------------------------------------------------------------------------


def test_looking_makes_no_secret_and_sending_does(fair: Fair) -> None:
    mail = fair.mail(MailKind.INVITATION)
    letter, _sender = fair.write(mail)
    assert letter.action is not None
    assert letter.action.url.endswith("/i/apercu")
    assert fair.session.scalars(select(LoginToken)).all() == []
    deliver(fair, mail)
    assert mail.state is MailState.SENT
    [token] = fair.session.scalars(select(LoginToken))
    [file] = (Path(fair.app.config["SALON"].instance) / "outbox").iterdir()
    sent = message_from_bytes(file.read_bytes(), policy=default)
    text = sent.get_body(("plain",))
    assert text is not None
    assert "apercu" not in text.get_content()
    assert token.token_hash not in text.get_content()


def test_a_trial_opens_nothing(fair: Fair) -> None:
    organiser = fair.make.member(fair.edition)
    mail = outbox.queue_mail(
        fair.session, NOW, MailKind.INVITATION, account=organiser, edition=fair.edition,
        params={"test": True, "sample": fair.me.id}, dedupe_key="essai",
    )  # fmt: skip
    assert mail is not None
    deliver(fair, mail)
    assert fair.session.scalars(select(LoginToken)).all() == []
    letter, _sender = fair.write(mail)
    assert letter.subject.startswith("Essai : ")
    assert letter.paragraphs[0] == "Bonjour Claire,"


def test_what_cannot_be_written_fails_and_says_why(fair: Fair) -> None:
    mail = fair.mail(MailKind.PUBLICATION)  # no release: a fault of ours
    deliver(fair, mail)
    assert (mail.state, mail.last_error) == (MailState.FAILED, "unwritable: LookupError")


def test_clock_and_zone_are_the_edition_s(fair: Fair) -> None:
    fair.edition.timezone = "Indian/Reunion"
    fair.edition.wishes_close_at = datetime(2027, 1, 20, 14, 0, tzinfo=NOW.tzinfo)
    letter, _sender = fair.write(fair.mail(MailKind.WISHES_OPEN), now=NOW + timedelta(minutes=1))
    assert letter.facts[0][1].endswith("18 h 00")


def test_a_reader_of_another_edition_s_delegate_is_no_one(fair: Fair) -> None:
    orphan = fair.mail(MailKind.CONFIRMATION, delegate=None)
    with pytest.raises(LookupError):
        fair.write(orphan)
    assert isinstance(fair.me, Delegate)
