"""Messages against real mail servers in every mood: each leaves once, or somebody knows."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import MailKind, MailState
from salon.jobs import housekeeping
from salon.jobs import mail as mail_jobs
from salon.jobs.queue import perform
from salon.mail import transport
from salon.mail.shape import full_id
from salon.models import Account, OutboxMail
from salon.nudges import collect
from salon.services import outbox
from salon.web import SalonFlask
from tests.conftest import SECRET
from tests.factories import Factory
from tests.jobs.smtp import Rude, Sink, serving

NOBODY_THERE = "smtp://127.0.0.1:9"


class Post:
    """An edition with people to write to, and the state of what was written."""

    def __init__(self, app: SalonFlask, session: Session, make: Factory) -> None:
        self.app, self.session, self.make = app, session, make
        self.edition = make.edition()
        self.type, _other = make.two_sides(self.edition)

    def queue(self, number: int = 1, kind: MailKind = MailKind.CONFIRMATION) -> list[int]:
        ids = []
        for n in range(number):
            person = self.make.delegate(self.edition, self.type)
            account = self.session.get_one(Account, person.account_id)
            mail = outbox.queue_mail(
                self.session, datetime.now(UTC), kind, account=account, edition=self.edition, delegate=person,
                dedupe_key=f"{kind}:{person.id}:{n}",
            )  # fmt: skip
            assert mail is not None
            ids.append(mail.id)
        self.session.commit()
        collect(self.session)
        return ids

    def send(self, url: str, *ids: int) -> None:
        self.app.config["SALON"].smtp_url = url
        for id_ in ids:
            perform(self.app, "send_mail", id_)
        self.session.rollback()

    def send_due(self, url: str, rounds: int = 1) -> None:
        self.app.config["SALON"].smtp_url = url
        for _n in range(rounds):
            perform(self.app, "send_due", 0)
        self.session.rollback()

    def get(self, id_: int) -> OutboxMail:
        self.session.rollback()
        return self.session.get_one(OutboxMail, id_, populate_existing=True)

    def states(self) -> Counter[MailState]:
        self.session.rollback()
        return Counter(self.session.scalars(select(OutboxMail.state)))

    def wire_id(self, id_: int) -> str:
        return f"<{full_id(self.get(id_).message_id, self.app.config['SALON'].mail_from)}>"


@pytest.fixture
def post(app: SalonFlask, session: Session, make: Factory) -> Post:
    return Post(app, session, make)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(transport, "TIMEOUT_S", 0.5)
    yield


# A server that behaves --------------------------------------------------------------------------------------


def test_a_message_arrives_once_whatever_asks_for_it(post: Post) -> None:
    [id_] = post.queue()
    sink = Sink()
    with serving(sink) as url:
        post.send(url, id_, id_)
        post.send_due(url, rounds=2)
    assert sink.ids == [post.wire_id(id_)]
    mail = post.get(id_)
    assert (mail.state, mail.attempts, mail.last_error) == (MailState.SENT, 1, "")
    assert mail.sent_at is not None
    assert sink.taken[0]["To"] == mail.recipient


def test_a_mailer_that_takes_without_asking_is_noticed(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above: without the conditional update, it leaves twice."""
    [id_] = post.queue()
    monkeypatch.setattr(outbox, "take", lambda session, now, mail_id: session.get(OutboxMail, mail_id))
    sink = Sink()
    with serving(sink) as url:
        post.send(url, id_, id_)
    assert sink.ids == [post.wire_id(id_)] * 2


def test_urgent_messages_overtake_the_others(post: Post) -> None:
    slow = post.queue(2)
    [fast] = post.queue(kind=MailKind.SIGN_IN)
    sink = Sink()
    with serving(sink) as url:
        post.send_due(url)
    assert sink.ids == [post.wire_id(one) for one in (fast, *slow)]


def test_several_mailers_at_once_send_each_once(post: Post) -> None:
    ids = post.queue(24)
    sink = Sink()
    with serving(sink) as url:
        post.app.config["SALON"].smtp_url = url
        threads = [
            threading.Thread(target=lambda: [perform(post.app, "send_mail", one) for one in ids])
            for _n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert post.states() == {MailState.SENT: 24}
    assert sorted(sink.ids) == sorted(post.wire_id(one) for one in ids)


# A server that is down --------------------------------------------------------------------------------------


def test_a_server_that_is_down_costs_one_attempt_and_loses_nothing(post: Post) -> None:
    ids = post.queue(5)
    post.send_due(NOBODY_THERE)
    assert sorted(post.get(one).attempts for one in ids) == [0, 0, 0, 0, 1]
    waiting = post.get(ids[0])
    assert waiting.state is MailState.RETRY
    assert "ConnectionRefused" in waiting.last_error
    sink = Sink()
    with serving(sink) as url:
        post.send_due(url)
        assert len(sink.taken) == 4  # the first waits for its next attempt
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
            post.send_due(url)
    assert post.states() == {MailState.SENT: 5}
    assert len(set(sink.ids)) == len(sink.ids) == 5


def test_attempts_are_spread_over_a_day_then_end(post: Post) -> None:
    [id_] = post.queue()
    at, started = datetime.now(UTC), datetime.now(UTC)
    for attempt in range(1, 50):
        with time_machine.travel(at, tick=False):
            post.send(NOBODY_THERE, id_)
        mail = post.get(id_)
        assert mail.attempts == attempt
        if mail.state is MailState.FAILED:
            break
        at = mail.next_attempt_at
    assert attempt == len(outbox.RETRY_AFTER) + 1
    assert timedelta(hours=20) < at - started < timedelta(hours=28)
    assert mail.last_error


@pytest.mark.slow
def test_two_hundred_messages_and_one_connection_refused(post: Post) -> None:
    ids = post.queue(200)
    with Rude(refuse_nth=100) as server:
        post.send_due(server.url)
        for _n in range(30):
            if post.states()[MailState.QUEUED] == 0:
                break
            post.send_due(server.url)
        assert post.states() == {MailState.SENT: 199, MailState.RETRY: 1}
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
            post.send_due(server.url)
        assert post.states() == {MailState.SENT: 200}
        arrived = Counter(str(message_from_bytes(body)["Message-ID"]) for body in server.bodies)
    assert set(arrived.values()) == {1}
    assert set(arrived) == {post.wire_id(one) for one in ids}


# A server that refuses --------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "state"), [("550 no such user", MailState.FAILED), ("451 later", MailState.RETRY)]
)
def test_a_refusal_is_kept_with_its_reason(post: Post, verb: str, answer: str, state: MailState) -> None:
    [id_] = post.queue()
    sink = Sink({verb: answer})
    with serving(sink) as url:
        post.send(url, id_)
    mail = post.get(id_)
    assert mail.state is state
    assert answer.split(maxsplit=1)[1] in mail.last_error
    assert sink.taken == []


def test_a_server_that_refuses_our_own_address_loses_nothing(post: Post) -> None:
    """The operator mends the setting; until then one attempt in a round tells that it is still wrong."""
    ids = post.queue(3)
    sink = Sink({"MAIL": "553 sender not allowed"})
    with serving(sink) as url:
        post.send_due(url)
        assert post.states() == {MailState.RETRY: 1, MailState.QUEUED: 2}
        assert "sender not allowed" in post.get(ids[0]).last_error
        sink.answers.clear()
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
            post.send_due(url)
    assert post.states() == {MailState.SENT: 3}


def test_a_refused_message_leaves_once_it_is_asked_for_again(post: Post) -> None:
    [id_] = post.queue()
    sink = Sink({"RCPT": "550 no such user"})
    with serving(sink) as url:
        post.send(url, id_)
        sink.answers.clear()
        post.send_due(url)
        assert sink.taken == []  # never by itself
        outbox.resend(post.session, datetime.now(UTC), post.get(id_))
        post.session.commit()
        post.send_due(url)
    assert sink.ids == [post.wire_id(id_)]


# A server that breaks off -----------------------------------------------------------------------------------


def _never_again(post: Post, url: str, id_: int) -> None:
    """Neither the sweep nor a late nudge sends it again, however long one waits."""
    for later in (timedelta(minutes=1), timedelta(hours=1), timedelta(days=3)):
        with time_machine.travel(datetime.now(UTC) + later, tick=True):
            with post.app.app_context():
                housekeeping.mail(post.session, datetime.now(UTC))  # type: ignore[operator]
                post.session.commit()
            post.send(url, id_)
            post.send_due(url)


def test_a_connection_cut_after_the_message_leaves_a_doubt(post: Post) -> None:
    [id_] = post.queue()
    with Rude() as server:
        post.send(server.url, id_)
    assert post.get(id_).state is MailState.UNCERTAIN
    assert len(server.bodies) == 1
    sink = Sink()
    with serving(sink) as url:
        _never_again(post, url, id_)
        assert sink.taken == []
        outbox.resend(post.session, datetime.now(UTC), post.get(id_))
        post.session.commit()
        post.send_due(url)
    first = str(message_from_bytes(server.bodies[0])["Message-ID"])
    assert sink.ids == [first] == [post.wire_id(id_)]  # a second copy is recognised


@pytest.mark.usefixtures("impatient")
def test_a_server_that_never_answers_the_message_leaves_a_doubt(post: Post) -> None:
    [id_] = post.queue()
    with Rude(stalls=True) as server:
        post.send(server.url, id_)
    mail = post.get(id_)
    assert mail.state is MailState.UNCERTAIN
    assert "imeout" in mail.last_error or "timed out" in mail.last_error


@pytest.mark.usefixtures("impatient")
def test_a_silent_server_is_left_after_a_while(post: Post) -> None:
    [id_] = post.queue()
    began = time.monotonic()
    with Rude(greets=False) as server:
        post.send(server.url, id_)
    assert time.monotonic() - began < 5
    assert post.get(id_).state is MailState.RETRY


def test_no_lock_is_held_while_the_server_thinks(post: Post) -> None:
    [id_] = post.queue()
    with Rude(stalls=True) as server:
        post.app.config["SALON"].smtp_url = server.url
        mailer = threading.Thread(target=perform, args=(post.app, "send_mail", id_), daemon=True)
        mailer.start()
        assert server.in_data.wait(10)
        began = time.monotonic()
        post.edition.place = "Ailleurs"
        post.session.commit()  # a writer meanwhile
        assert time.monotonic() - began < 1
        server.close()
        mailer.join(15)


@pytest.mark.slow
def test_a_mailer_killed_while_sending_leaves_a_doubt_and_the_rest_goes_on(
    post: Post, tmp_path: Path
) -> None:
    ids = post.queue(3)
    with Rude(stalls=True) as server:
        worker = _worker(post, tmp_path, server.url)
        try:
            assert server.in_data.wait(60)
        finally:
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
    taken = [one for one in ids if post.get(one).state is MailState.SENDING]
    assert len(taken) == 1
    assert not _sweep(post, minutes=1) or post.get(taken[0]).state is MailState.SENDING
    _sweep(post, minutes=6)
    assert post.get(taken[0]).state is MailState.UNCERTAIN
    sink = Sink()
    with serving(sink) as url:
        worker = _worker(post, tmp_path, url)
        try:
            end = time.monotonic() + 60
            while len(sink.taken) < 2 and time.monotonic() < end:
                time.sleep(0.1)
        finally:
            worker.terminate()
            worker.wait(30)
    assert sorted(sink.ids) == sorted(post.wire_id(one) for one in ids if one not in taken)
    assert post.states() == {MailState.SENT: 2, MailState.UNCERTAIN: 1}


def _worker(post: Post, folder: Path, url: str) -> subprocess.Popen[bytes]:
    """A real worker process on this test's database, with a queue of its own."""
    settings = post.app.config["SALON"]
    environment = {
        **os.environ, "SALON_INSTANCE": str(folder), "SALON_SECRET_KEY": SECRET, "SALON_SMTP_URL": url,
        "SALON_DATABASE_URL": settings.database_url,
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-m", "salon.cli", "worker"], env=environment)


def _sweep(post: Post, minutes: int) -> bool:
    due = outbox.sweep(post.session, datetime.now(UTC) + timedelta(minutes=minutes))
    post.session.commit()
    return due


# The folder -------------------------------------------------------------------------------------------------


def test_without_a_server_the_folder_holds_one_file_a_message(post: Post) -> None:
    ids = post.queue(3)
    post.send_due("")
    folder = Path(post.app.config["SALON"].instance) / "outbox"
    assert len(list(folder.glob("*.eml"))) == 3
    assert list(folder.glob("*.part")) == []
    assert post.states() == {MailState.SENT: 3}
    names = {file.stem for file in folder.glob("*.eml")}
    assert names == {re.sub(r"[^\w-]", "", post.wire_id(one).strip("<>").replace("@", "")) for one in ids}


def test_a_folder_that_cannot_be_written_is_tried_again(post: Post) -> None:
    [id_] = post.queue()
    (Path(post.app.config["SALON"].instance) / "outbox").write_text("a file stands in the way")
    post.send("", id_)
    assert post.get(id_).state is MailState.RETRY


def test_the_folder_keeps_a_month_and_nothing_of_who_left(post: Post) -> None:
    kept, erased, old = post.queue(3)
    post.send_due("")
    folder = Path(post.app.config["SALON"].instance) / "outbox"
    files = {
        id_: next(folder.glob(f"{post.get(id_).message_id.removesuffix('@salon')}*.eml"))
        for id_ in (kept, erased, old)
    }
    post.get(erased).recipient = ""
    post.session.commit()
    os.utime(files[old], (0, 0))
    with post.app.app_context():
        mail_jobs.outbox_folder(post.session, datetime.now(UTC))  # type: ignore[operator]
    assert [file.exists() for file in files.values()] == [True, False, False]


def test_a_password_is_not_shouted(post: Post) -> None:
    """Without encryption the password stays here, unless the server is this very machine."""
    [id_] = post.queue()
    with Rude(refuse_nth=99, host="127.0.0.2") as server:
        post.send(server.url.replace("smtp://", "smtp+clear://someone:secret@"), id_)
    assert "password stays here" in post.get(id_).last_error
    assert server.bodies == []


# Settings that are wrong ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["smtp://127.0.0.1:notaport", "smtp://", "smtps://127.0.0.1:1", "smtp://[::bad"]
)
def test_a_bad_server_address_loses_nothing(post: Post, url: str) -> None:
    [id_] = post.queue()
    post.send(url, id_)
    assert post.get(id_).state is MailState.RETRY


def test_a_round_is_bounded_and_asks_for_the_next(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.queue(3)
    monkeypatch.setattr(mail_jobs, "ROUND_S", -1.0)
    post.send_due("")
    assert post.states() == {MailState.QUEUED: 3}
    nudges = post.app.extensions["salon_queue"].huey
    assert len(nudges.pending()) == 1
    monkeypatch.setattr(mail_jobs, "ROUND_S", 5.0)
    post.send_due("")
    assert post.states() == {MailState.SENT: 3}
