"""Mail over TLS against real servers: delivered when the certificate is trusted, else kept, and never in clear."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from salon.config import SettingsError, load_settings
from salon.enums import MailState
from salon.mail import transport
from salon.wording.messages import error_sentence
from tests.conftest import SECRET
from tests.jobs.smtp import Sink, serving
from tests.jobs.test_mail import Post, post
from tests.jobs.tls import Wire, certificate, implicit, starttls

__all__ = ["post"]
Serve = Callable[[Sink, Path], AbstractContextManager[int]]
BOTH = pytest.mark.parametrize(("scheme", "serve"), [("smtp", starttls), ("smtps", implicit)])


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return file


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    return certificate(tmp_path)


def sent_over(post: Post, scheme: str, serve: Serve, file: Path) -> tuple[int, Sink, bytes]:
    """One message through a wire that is listened to."""
    [id_] = post.queue()
    sink = Sink()
    with serve(sink, file) as port, Wire(port) as wire:
        post.send(f"{scheme}://127.0.0.1:{wire.port}", id_)
        return id_, sink, wire.heard


@BOTH
def test_a_message_arrives_over_tls(post: Post, trusted: Path, scheme: str, serve: Serve) -> None:
    id_, sink, heard = sent_over(post, scheme, serve, trusted)
    mail = post.get(id_)
    assert (mail.state, mail.last_error) == (MailState.SENT, "")
    assert sink.ids == [post.wire_id(id_)]
    assert mail.recipient.encode() not in heard
    assert b"Message-ID" not in heard


def test_control_the_wire_hears_what_is_not_encrypted(post: Post) -> None:
    [id_] = post.queue()
    with serving(Sink()) as url, Wire(int(url.rsplit(":", 1)[1])) as wire:
        post.send(f"smtp://127.0.0.1:{wire.port}", id_)
        assert post.get(id_).recipient.encode() in wire.heard


@BOTH
def test_a_certificate_that_nobody_vouches_for_is_refused(
    post: Post, stranger: Path, scheme: str, serve: Serve
) -> None:
    """Even by a server that would take mail in clear."""
    relaxed = (lambda sink, file: starttls(sink, file, strict=False)) if scheme == "smtp" else serve
    id_, sink, heard = sent_over(post, scheme, relaxed, stranger)
    mail = post.get(id_)
    assert mail.state is MailState.RETRY
    assert mail.last_error.startswith("untrusted certificate: self")
    assert sink.taken == []
    assert mail.recipient.encode() not in heard
    assert b"MAIL" not in heard.upper()
    with post.app.test_request_context():
        assert "Le certificat du serveur d’envoi n’est pas reconnu" in error_sentence(
            mail.state, mail.last_error
        )


@BOTH
def test_a_certificate_for_another_address_is_refused(
    post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, serve: Serve
) -> None:
    file = certificate(tmp_path, "192.0.2.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    id_, sink, _heard = sent_over(post, scheme, serve, file)
    assert post.get(id_).last_error.startswith("untrusted certificate: IP address mismatch")
    assert sink.taken == []


def test_it_leaves_once_the_certificate_is_trusted(
    post: Post, stranger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [id_] = post.queue()
    sink = Sink()
    with starttls(sink, stranger) as port:
        post.send(f"smtp://127.0.0.1:{port}", id_)
        assert post.get(id_).state is MailState.RETRY
        monkeypatch.setenv("SSL_CERT_FILE", str(stranger))
        mail = post.get(id_)
        mail.next_attempt_at = mail.created_at
        post.session.commit()
        post.send(f"smtp://127.0.0.1:{port}", id_)
    assert post.get(id_).state is MailState.SENT
    assert len(sink.taken) == 1


# A server elsewhere that offers no encryption ---------------------------------------------------------------


@pytest.fixture
def _far(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's own address taken for another's."""
    monkeypatch.setattr(transport, "_is_here", lambda host: False)


@pytest.mark.usefixtures("_far")
def test_nothing_leaves_this_machine_in_clear(post: Post) -> None:
    [id_] = post.queue()
    sink = Sink()
    with serving(sink) as url:
        post.send(url, id_)
    mail = post.get(id_)
    assert (mail.state, mail.last_error) == (
        MailState.RETRY, "SMTPNotSupportedError: no encryption: nothing was sent",
    )  # fmt: skip
    assert sink.taken == []
    with post.app.test_request_context():
        assert "n’offre pas de connexion chiffrée" in error_sentence(mail.state, mail.last_error)


@pytest.mark.usefixtures("_far")
def test_unless_the_operator_says_that_the_network_is_closed(post: Post) -> None:
    [first] = post.queue()
    sink = Sink()
    with serving(sink) as url:
        clear = url.replace("smtp://", "smtp+clear://")
        post.send(clear, first)
        assert post.get(first).state is MailState.SENT
        [second] = post.queue()
        post.send(clear.replace("//", "//salon:secret@"), second)
    assert "the password stays here" in post.get(second).last_error
    assert len(sink.taken) == 1


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp:25"])
def test_an_address_that_is_none_is_refused_at_the_start(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="SALON_SMTP_URL must look like"):
        load_settings(tmp_path, secret_key=SECRET, smtp_url=url)
