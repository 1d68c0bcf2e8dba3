"""The organiser's messages: what was sent, what goes out, and the outbox on screen."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from salon.enums import DelegateStatus, MailKind, MailState, Role, Source
from salon.jobs.queue import perform
from salon.models import Account, AuditEntry, Delegate, Edition, LoginToken, MailBatch, OutboxMail
from salon.services import sign_in
from salon.web import SalonFlask
from tests.conftest import BASE, NOW
from tests.factories import Factory
from tests.web.conftest import CountQueries, enter, plain

SOON = datetime.now(UTC) + timedelta(days=30)
AGO = datetime.now(UTC) - timedelta(days=1)


class Desk:
    """A signed-in organiser of an edition whose wishes are open, and the pages as text."""

    def __init__(self, app: SalonFlask, session: Session, make: Factory, client: FlaskClient) -> None:
        self.app, self.session, self.make, self.client = app, session, make, client
        self.edition: Edition = make.edition(wishes_open_at=AGO, wishes_close_at=SOON)
        self.buyers, self.suppliers = make.two_sides(self.edition)
        self.account = make.member(self.edition, Role.ORGANISER, make.account("moi@salon.example"))
        self.root = f"/o/{self.edition.slug}/messages/"

    def person(self, first: str = "Claire", last: str = "Béranger", **fields: object) -> Delegate:
        return self.make.delegate(self.edition, self.buyers, first_name=first, last_name=last, **fields)  # type: ignore[arg-type]

    def mail(
        self, delegate: Delegate, kind: MailKind = MailKind.CONFIRMATION, state: MailState = MailState.SENT,
        error: str = "", **fields: object,
    ) -> OutboxMail:  # fmt: skip
        number = self.session.scalar(select(func.count()).select_from(OutboxMail)) or 0
        email = self.session.get_one(Account, delegate.account_id).email
        row = OutboxMail(
            kind=kind, edition_id=self.edition.id, account_id=delegate.account_id, delegate_id=delegate.id,
            recipient=email, language="fr", dedupe_key=f"k{number}", message_id=f"m{number}@salon", state=state,
            next_attempt_at=NOW, created_at=AGO, last_error=error, attempts=1, **fields,
        )  # fmt: skip
        self.session.add(row)
        self.session.flush()
        return row

    def enter(self) -> Desk:
        enter(self.client, self.account)
        return self

    def get(self, path: str = "", expect: int = 200) -> str:
        self.session.commit()
        answer = self.client.get(path if path.startswith("/") else self.root + path, base_url=BASE)
        assert answer.status_code == expect, answer.text[:800]
        return plain(answer.text)

    def post(self, path: str, expect: int = 303, **data: object) -> TestResponse:
        self.session.commit()
        answer = self.client.post(self.root + path, base_url=BASE, data=data)
        assert answer.status_code == expect, answer.text[:800]
        self.session.rollback()
        return answer

    def names(self, path: str = "") -> list[str]:
        return re.findall(r'<th scope="row"><a href="[^"]+/messages/\d+">([^<]+)</a>', self.get(path))

    def fingerprint(self, path: str) -> str:
        found = re.search(r'name="fingerprint"[^>]*value="([0-9a-f]{64})"', self.get(path))
        assert found is not None
        return found[1]

    def queued(self) -> list[OutboxMail]:
        self.session.rollback()
        return list(self.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))

    def journal(self) -> list[AuditEntry]:
        """What was recorded about the edition."""
        here = AuditEntry.edition_id == self.edition.id
        return list(self.session.scalars(select(AuditEntry).where(here).order_by(AuditEntry.id)))

    def deliver(self) -> None:
        self.session.commit()
        perform(self.app, "send_due", 0)
        self.session.rollback()


@pytest.fixture
def desk(app: SalonFlask, session: Session, make: Factory, client: FlaskClient) -> Desk:
    return Desk(app, session, make, client).enter()


# The list ---------------------------------------------------------------------------------------------------


def test_an_edition_that_wrote_to_nobody_says_what_to_do(desk: Desk) -> None:
    page = desk.get()
    assert "Aucun message n’est encore parti" in page
    assert "Préparer un message" in page
    assert "<table" not in page


def test_states_and_kinds_filter_with_their_counts(desk: Desk) -> None:
    desk.mail(desk.person("A", "Arrivé"))
    desk.mail(desk.person("B", "Perdu"), state=MailState.FAILED, error="550 b'no such user'")
    desk.mail(desk.person("C", "Douteux"), MailKind.INVITATION, MailState.UNCERTAIN)
    assert desk.names() == ["C Douteux", "B Perdu", "A Arrivé"]
    assert desk.names("?state=failed") == ["B Perdu"]
    assert desk.names("?state=failed&state=uncertain") == ["C Douteux", "B Perdu"]
    assert desk.names("?what=invitation") == ["C Douteux"]
    assert desk.names("?what=invitation&state=failed") == []
    page = desk.get("?what=invitation&state=failed")
    assert "Aucun message ne correspond à ces filtres" in page
    assert "Tout effacer" in page
    page = desk.get()
    assert "refusé" in page
    assert "no such user" in page
    assert re.search(r'value="failed"><span>Non remis</span><span class="count">1</span>', page)


def test_search_by_name_structure_and_address(desk: Desk) -> None:
    desk.mail(desk.person("Maëlle", "Le Goff", account=desk.make.account("m.legoff@estran.example")))
    there = desk.make.organisation(desk.edition, "Université de l’Estran")
    desk.mail(desk.person("Étienne", "Morvan", organisation=there))
    assert desk.names("?q=maelle+goff") == ["Maëlle Le Goff"]
    assert desk.names("?q=universite") == ["Étienne Morvan"]
    assert desk.names("?q=LEGOFF@estran") == ["Maëlle Le Goff"]
    assert desk.names("?q=%25") == []
    assert desk.names("?q=zzz") == []


def test_one_person_s_history(desk: Desk) -> None:
    one = desk.person("Maëlle", "Le Goff")
    desk.mail(one)
    desk.mail(one, MailKind.INVITATION)
    desk.mail(desk.person("Autre", "Personne"))
    page = desk.get(f"?who={one.id}")
    assert "Messages adressés à Maëlle Le Goff" in page
    assert "Autre Personne" not in page
    stranger = desk.make.delegate(desk.make.edition(), desk.buyers)
    assert "Messages adressés à" not in desk.get(f"?who={stranger.id}")


def test_sorting_and_pages(desk: Desk) -> None:
    for n in range(60):
        desk.mail(desk.person("P", f"N{n:02d}", account=desk.make.account(f"n{59 - n:02d}@a.example")))
    assert desk.names("?sort=recipient")[0] == "P N59"
    assert desk.names("?sort=-recipient")[0] == "P N00"
    assert desk.names("?page=3") == [f"P N{n:02d}" for n in range(9, -1, -1)]
    assert desk.names("?page=400") == desk.names("?page=3")
    assert "26–50 sur 60" in desk.get("?page=2")


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=9999999999", "page=x", "sort=%00", "state=nope", "what=nope", "who=x",
              "who=9e9", "sending=²", "q=" + "x" * 5000, "q=%00", "q=🎪"]
)  # fmt: skip
def test_nonsense_is_left_out(desk: Desk, query: str) -> None:
    desk.mail(desk.person())
    desk.get("?" + query)


def test_the_list_costs_the_same_whatever_its_length(desk: Desk, count_queries: CountQueries) -> None:
    counts = []
    first = desk.mail(desk.person("P", "Un"))
    desk.get()
    for total in (1, 3, 1000):
        known = desk.session.scalar(select(func.count()).select_from(OutboxMail)) or 0
        rows = [
            {
                "kind": MailKind.INVITATION, "edition_id": desk.edition.id, "account_id": first.account_id,
                "delegate_id": first.delegate_id, "recipient": f"p{n}@a.example", "language": "fr", "params": {},
                "dedupe_key": f"bulk{n}", "message_id": f"bulk{n}@salon", "state": MailState.SENT, "attempts": 1,
                "next_attempt_at": NOW, "created_at": NOW, "last_error": "",
            }
            for n in range(known, total)
        ]  # fmt: skip
        if rows:
            desk.session.execute(insert(OutboxMail), rows)
        desk.session.commit()
        with count_queries() as seen:
            page = desk.get("?q=p")
        counts.append(len(seen))
        assert f"sur {total}".replace("1000", "1 000") in page
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 15, "\n".join(seen)


# One message ------------------------------------------------------------------------------------------------


def test_a_message_is_shown_without_its_secrets(desk: Desk) -> None:
    one = desk.person("Claire <i>", "Béranger")
    mail = desk.mail(one, MailKind.INVITATION)
    page = desk.get(str(mail.id))
    assert "Votre participation à" in page
    assert "Claire &lt;i&gt;" in page
    assert "/i/" not in page
    page = desk.get(f"{mail.id}/letter")
    assert "/i/apercu" in page
    assert desk.session.scalars(select(LoginToken)).all() == []


def test_a_letter_on_screen_can_run_nothing(desk: Desk) -> None:
    mail = desk.mail(desk.person())
    desk.session.commit()
    answer = desk.client.get(f"{desk.root}{mail.id}/letter", base_url=BASE)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert (
        "'unsafe-inline'" not in desk.client.get(desk.root, base_url=BASE).headers["Content-Security-Policy"]
    )


def test_a_message_about_what_is_gone_says_so(desk: Desk) -> None:
    mail = desk.mail(desk.person(status=DelegateStatus.WITHDRAWN), MailKind.INVITATION)
    assert "L’inscription a pris fin entre-temps." in desk.get(str(mail.id))
    desk.get(f"{mail.id}/letter", expect=410)
    orphan = desk.mail(desk.person(), MailKind.PUBLICATION)
    assert "n’existe plus" in desk.get(str(orphan.id))


def test_another_edition_s_message_is_not_there(desk: Desk) -> None:
    mail = desk.mail(desk.person())
    mail.edition_id = desk.make.edition().id
    for path in (str(mail.id), f"{mail.id}/letter", f"{mail.id}/resend"):
        desk.get(path, expect=404)


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.UNCERTAIN])
def test_resending_is_explained_then_done(desk: Desk, state: MailState) -> None:
    one = desk.person()
    mail = desk.mail(one, state=state, error="550 b'no'")
    desk.session.get_one(Account, one.account_id).email = "corrigee@a.example"
    page = desk.get(f"{mail.id}/resend")
    assert ("en recevoir deux" in page) is (state is MailState.UNCERTAIN)
    desk.post(f"{mail.id}/resend")
    desk.session.expire_all()
    assert (mail.state, mail.recipient, mail.attempts) == (MailState.QUEUED, "corrigee@a.example", 0)
    assert [entry.action for entry in desk.journal()] == ["mail_resent"]
    desk.post(f"{mail.id}/resend", expect=409)


@pytest.mark.parametrize("state", [MailState.SENT, MailState.QUEUED, MailState.DROPPED, MailState.SENDING])
def test_what_left_is_not_sent_again(desk: Desk, state: MailState) -> None:
    mail = desk.mail(desk.person(), state=state)
    assert "rien à renvoyer" in desk.get(f"{mail.id}/resend")
    assert "rien à renvoyer" in desk.post(f"{mail.id}/resend", expect=409).text
    assert mail.state is state


def test_what_failed_in_a_sending_leaves_again_at_once(desk: Desk) -> None:
    batch = MailBatch(edition_id=desk.edition.id, kind=MailKind.INVITATION, created_at=NOW)
    desk.session.add(batch)
    desk.session.flush()
    states = (MailState.FAILED, MailState.FAILED, MailState.UNCERTAIN, MailState.SENT)
    people = [desk.person("P", f"N{n}") for n in range(4)]
    mails = [
        desk.mail(one, MailKind.INVITATION, state, batch_id=batch.id)
        for one, state in zip(people, states, strict=True)
    ]
    desk.session.get_one(Account, people[0].account_id).email = "corrigee@a.example"
    assert "Renvoyer les 2 messages non remis" in desk.get(f"sendings/{batch.id}")
    desk.post(f"sendings/{batch.id}/resend")
    desk.session.expire_all()
    assert [mail.state for mail in mails] == [
        MailState.QUEUED,
        MailState.QUEUED,
        MailState.UNCERTAIN,
        MailState.SENT,
    ]
    assert mails[0].recipient == "corrigee@a.example"
    assert "Renvoyer les" not in desk.get(f"sendings/{batch.id}")
    assert [(entry.action, entry.details["count"]) for entry in desk.journal()] == [("mails_resent", 2)]
    desk.post(f"sendings/{batch.id}/resend")
    assert "rien à renvoyer" in desk.get(f"sendings/{batch.id}")
    assert len(desk.journal()) == 1


# Sending ----------------------------------------------------------------------------------------------------


def test_other_pages_lead_to_the_right_place(desk: Desk) -> None:
    one = desk.person()
    desk.session.commit()

    def goes(query: str) -> str:
        answer = desk.client.get(f"{desk.root}?{query}", base_url=BASE)
        assert answer.status_code == 303
        return str(answer.location)

    assert goes("kind=wishes_reminder").endswith("preview?kind=wishes_reminder&audience=all")
    assert goes("kind=invitation").endswith("preview?kind=invitation&audience=new")
    assert f"people={one.id}" in goes(f"person={one.id}")
    assert "/messages/new?" in goes(f"people={one.id},2")


def test_the_choice_keeps_what_was_asked(desk: Desk) -> None:
    one = desk.person()
    page = desk.get(f"new?kind=confirmation&people={one.id},77&type={desk.buyers.id}&note=Bonjour+%3Cb%3E")
    assert re.search(r'value="confirmation" checked', page)
    assert re.search(r'value="chosen" checked', page)
    assert "2 personnes choisies" in page
    assert "Bonjour &lt;b&gt;" in page
    assert "Votre mot dépasse" in desk.get("new?note=" + "x" * 500)
    answer = desk.client.get(desk.root + "preview?kind=confirmation&note=" + "x" * 500, base_url=BASE)
    assert "/messages/new?" in answer.location


def test_a_reminder_goes_to_those_without_wishes_only(desk: Desk) -> None:
    silent = desk.person("Sans", "Vœu")
    busy = desk.person("Avec", "Vœu")
    desk.make.wish(busy, desk.make.organisation(desk.edition))
    desk.person("Pas", "Validée", status=DelegateStatus.PENDING)
    desk.make.delegate(
        desk.edition, desk.make.type(desk.edition, "V"), first_name="Visite", last_name="Seule"
    )
    path = "preview?kind=wishes_reminder&note=Courage"
    page = desk.get(path)
    assert "1 message partira" in page
    assert "Sans Vœu" in page
    assert "Avec Vœu" not in page
    assert "Courage" in page
    answer = desk.post(path, fingerprint=desk.fingerprint(path))
    [mail] = desk.queued()
    assert (mail.delegate_id, mail.kind, mail.state) == (
        silent.id,
        MailKind.WISHES_REMINDER,
        MailState.QUEUED,
    )
    [batch] = desk.session.scalars(select(MailBatch))
    assert answer.location.endswith(f"/messages/sendings/{batch.id}")
    assert (mail.batch_id, batch.note, batch.account_id) == (batch.id, "Courage", desk.account.id)
    [entry] = desk.journal()
    assert (entry.action, entry.details) == ("mails_sent", {"kind": "wishes_reminder", "count": 1})
    page = desk.get(f"sendings/{batch.id}")
    assert 'data-poll-running="true"' in page
    desk.deliver()
    page = desk.get(f"sendings/{batch.id}")
    assert "L’envoi est terminé" in page
    assert 'data-poll-running="false"' in page
    [file] = (Path(desk.app.config["SALON"].instance) / "outbox").iterdir()
    assert file.suffix == ".eml"


def test_nothing_leaves_twice(desk: Desk) -> None:
    for n in range(3):
        desk.person("P", f"N{n}")
    path = "preview?kind=invitation&audience=all"
    seen = desk.fingerprint(path)
    desk.post(path, fingerprint=seen)
    again = desk.post(path, expect=409, fingerprint=seen)
    assert "La situation a changé" in again.text
    assert "ont déjà reçu ce message" in again.text
    assert len(desk.queued()) == 3
    desk.post(path, fingerprint=desk.fingerprint(path))  # looked at again, wanted again
    assert len(desk.queued()) == 6
    assert "Personne ne recevrait ce message" in desk.get("preview?kind=invitation&audience=new")


def test_the_same_form_counts_once(desk: Desk) -> None:
    desk.person()
    path = "preview?kind=invitation"
    seen = desk.fingerprint(path)
    first = desk.post(path, fingerprint=seen, once="one-form")
    second = desk.post(path, fingerprint=seen, once="one-form")
    assert first.location == second.location
    assert len(desk.queued()) == 1


def test_somebody_new_since_the_preview_is_seen_first(desk: Desk) -> None:
    desk.person()
    path = "preview?kind=invitation"
    seen = desk.fingerprint(path)
    desk.person("Nouvelle", "Venue")
    again = desk.post(path, expect=409, fingerprint=seen)
    assert "Nouvelle Venue" in again.text
    assert desk.queued() == []


@pytest.mark.parametrize("fingerprint", ["", "0" * 64, "x" * 9000, "\x00"])
def test_a_forged_fingerprint_sends_nothing(desk: Desk, fingerprint: str) -> None:
    desk.person()
    desk.post("preview?kind=invitation", expect=409, fingerprint=fingerprint)
    assert desk.queued() == []


def test_what_cannot_be_sent_now_says_why(desk: Desk) -> None:
    desk.person()
    desk.edition.wishes_close_at = AGO
    page = desk.get("preview?kind=wishes_open")
    assert "Les vœux ne sont pas ouverts" in page
    assert "Envoyer 1 message" not in page
    assert (
        "Les vœux ne sont pas ouverts"
        in desk.post("preview?kind=wishes_open", expect=422, fingerprint="").text
    )
    assert "Aucun planning n’est publié" in desk.get("preview?kind=publication")
    desk.post("preview?kind=publication", expect=422, fingerprint="")
    assert desk.queued() == []


def test_nobody_to_write_to(desk: Desk) -> None:
    path = "preview?kind=wishes_reminder"
    assert "Personne ne recevrait ce message" in desk.get(path)
    desk.post(path, expect=409, fingerprint="0" * 64)


def test_who_cannot_be_reached_is_named(desk: Desk) -> None:
    lost = desk.person("Adresse", "Morte")
    desk.mail(lost, state=MailState.FAILED, error="550 b'no such user'")
    closed = desk.person("Compte", "Fermé")
    desk.session.get_one(Account, closed.account_id).disabled_at = NOW
    desk.person("Bonne", "Adresse")
    page = desk.get("preview?kind=invitation&audience=all")
    assert "1 message partira" in page
    assert "2 sans message : injoignable" in page
    assert "Adresse Morte" in page
    gone = desk.person("Partie", "Ailleurs", status=DelegateStatus.WITHDRAWN)
    page = desk.get(f"preview?kind=invitation&people={gone.id},{lost.id}")
    assert "0 message" in page
    assert "inscription non validée ou terminée" in page


def test_types_narrow_the_choice(desk: Desk) -> None:
    desk.person("Une", "Acheteuse")
    desk.make.delegate(desk.edition, desk.suppliers, first_name="Un", last_name="Vendeur")
    page = desk.get(f"preview?kind=invitation&type={desk.suppliers.id}")
    assert "Un Vendeur" in page
    assert "Une Acheteuse" not in page


def test_each_recipient_can_be_looked_at(desk: Desk) -> None:
    one, two = desk.person("Anne", "Alpha"), desk.person("Bruno", "Bêta")
    page = desk.get("preview?kind=invitation")
    assert "Bonjour Anne," in page
    assert f"sample={two.id}" in page
    page = desk.get(f"preview?kind=invitation&sample={two.id}")
    assert "Bonjour Bruno," in page
    assert f"sample={one.id}" in page
    assert "Bonjour Anne," in desk.get("preview?kind=invitation&sample=999")


def test_a_trial_goes_to_oneself_alone(desk: Desk) -> None:
    one = desk.person("Anne", "Alpha")
    desk.post(f"trial?kind=invitation&sample={one.id}")
    [mail] = desk.queued()
    assert (mail.recipient, mail.delegate_id, mail.params["sample"]) == ("moi@salon.example", None, one.id)
    assert "Un essai part vers moi@salon.example" in desk.get("preview?kind=invitation&audience=new")
    assert "1 message partira" in desk.get("preview?kind=invitation&audience=new")  # a trial is no invitation
    assert [entry.action for entry in desk.journal()] == ["mail_tried"]
    desk.deliver()
    [file] = (Path(desk.app.config["SALON"].instance) / "outbox").iterdir()
    assert b"moi@salon.example" in file.read_bytes()


def test_trials_have_an_end(desk: Desk) -> None:
    desk.person()
    for _n in range(20):
        desk.post("trial?kind=invitation")
    desk.post("trial?kind=invitation", expect=429)
    desk.edition.wishes_close_at = AGO
    assert len(desk.queued()) == 20


@pytest.mark.parametrize(
    "query", ["", "kind=sign_in", "kind=%00", "audience=chosen", "audience=x", "people=" + "9," * 5000, "type=x",
              "sample=-1", "note=%00%0d%0aBcc:+x"]
)  # fmt: skip
def test_odd_orders_are_read_with_patience(desk: Desk, query: str) -> None:
    desk.person()
    desk.session.commit()
    for page in ("new", "preview"):
        assert desk.client.get(f"{desk.root}{page}?{query}", base_url=BASE).status_code in (200, 303)
    assert desk.client.post(f"{desk.root}preview?{query}", base_url=BASE).status_code in (303, 409, 422)
    assert desk.client.post(f"{desk.root}trial?{query}", base_url=BASE).status_code == 303


# Who may ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.DESK, Role.READ_ONLY])
def test_other_roles_do_not_see_addresses(desk: Desk, role: Role) -> None:
    enter(desk.client, desk.make.member(desk.edition, role))
    mail = desk.mail(desk.person())
    for path in ("", "new", "preview?kind=invitation", str(mail.id), f"{mail.id}/letter"):
        desk.get(path, expect=403)
    for path in ("preview?kind=invitation", "trial?kind=invitation", f"{mail.id}/resend"):
        desk.post(path, expect=403)


# The outbox on screen ---------------------------------------------------------------------------------------


def _administrator(desk: Desk) -> None:
    enter(desk.client, desk.make.account("admin@salon.example", is_admin=True))


def _sign_in_mail(desk: Desk) -> OutboxMail:
    now = datetime.now(UTC)
    account = desk.make.account("claire@a.example", verified_at=now)
    sign_in.request_link(desk.session, now, email=account.email, browser="b", ip="127.0.0.1")
    desk.deliver()
    return desk.session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.SIGN_IN)).one()


def test_the_administrator_reads_what_was_deposited(desk: Desk) -> None:
    mail = desk.mail(desk.person(), MailKind.INVITATION, MailState.QUEUED, batch_id=None)
    mail.next_attempt_at = AGO
    desk.deliver()
    desk.get("/outbox/", expect=403)
    _administrator(desk)
    assert f"/outbox/{mail.id}" in desk.get("/outbox/")
    page = desk.get(f"/outbox/{mail.id}")
    link = re.search(rf'<a href="{BASE}/i/([^"]+)">', page)
    assert link is not None
    assert link[1] != "apercu"
    assert link[1] in desk.get(f"/outbox/{mail.id}/letter")
    desk.get("/outbox/999999", expect=404)
    desk.get("/outbox/99999999999999999999", expect=404)


def test_a_sign_in_link_is_read_in_a_demonstration_only(desk: Desk) -> None:
    mail = _sign_in_mail(desk)
    _administrator(desk)
    assert f'href="/outbox/{mail.id}"' not in desk.get("/outbox/")
    desk.get(f"/outbox/{mail.id}", expect=404)
    desk.app.config["SALON"].demo = True
    assert f'href="/outbox/{mail.id}"' in desk.get("/outbox/")
    assert "/s/" in desk.get(f"/outbox/{mail.id}")


def test_with_a_mail_server_there_is_no_outbox_on_screen(desk: Desk) -> None:
    mail = desk.mail(desk.person())
    _administrator(desk)
    desk.app.config["SALON"].smtp_url = "smtp://127.0.0.1:9"
    desk.get("/outbox/", expect=404)
    desk.get(f"/outbox/{mail.id}", expect=404)
    assert "n’a pas de serveur d’envoi" not in desk.get()


# What pages cost --------------------------------------------------------------------------------------------


def _crowd(desk: Desk, number: int) -> None:
    """So many approved people of one structure, added in two statements."""
    known = desk.session.scalar(select(func.count()).select_from(Delegate)) or 0
    home = desk.make.organisation(desk.edition)
    emails = [f"foule{n}@a.example" for n in range(known, number)]
    if not emails:
        return
    accounts = desk.session.scalars(
        insert(Account).returning(Account.id),
        [{"email": one, "email_key": one, "created_at": NOW, "verified_at": NOW} for one in emails],
    ).all()
    desk.session.execute(
        insert(Delegate),
        [
            {
                "edition_id": desk.edition.id, "organisation_id": home.id, "account_id": account,
                "type_id": desk.buyers.id, "status": DelegateStatus.APPROVED, "source": Source.IMPORT,
                "first_name": "P", "last_name": f"N{n}", "code": f"C{account}", "created_at": NOW,
            }
            for n, account in enumerate(accounts)
        ],
    )  # fmt: skip
    desk.session.commit()


def test_a_preview_costs_the_same_for_a_thousand(desk: Desk, count_queries: CountQueries) -> None:
    counts = []
    for number in (1, 3, 1000):
        _crowd(desk, number)
        desk.get("preview?kind=invitation")
        with count_queries() as seen:
            page = desk.get("preview?kind=invitation")
        counts.append(len(seen))
        assert f"Envoyer {number}".replace("1000", "1 000") in page or number == 1000
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 15, "\n".join(seen)


def test_a_thousand_messages_are_ordered_in_a_moment(desk: Desk, count_queries: CountQueries) -> None:
    _crowd(desk, 1000)
    path = "preview?kind=invitation"
    fingerprint = desk.fingerprint(path)
    with count_queries() as seen:
        desk.post(path, fingerprint=fingerprint)
    assert len(desk.queued()) == 1000
    assert len(seen) <= 40
