"""Deleting an account: no byte of the person is left, and what others were promised stays without a name."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import JSON, LargeBinary, String, Text, select, text
from sqlalchemy.orm import Session

from salon.actor import Actor, system
from salon.enums import (
    ConsentPurpose,
    DelegateStatus,
    DraftOrigin,
    MailKind,
    MailState,
    QuestionKind,
    ReleaseStage,
    Role,
    WishLevel,
)
from salon.errors import DomainError, NotAllowed
from salon.extensions import db
from salon.jobs.queue import perform
from salon.models import (
    Absence,
    Account,
    Answer,
    AuditEntry,
    AuthSession,
    Base,
    ConsentRecord,
    Delegate,
    Erasure,
    LoginToken,
    Organisation,
    OutboxMail,
    Question,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
    StoredFile,
    Wish,
)
from salon.models.base import Privacy
from salon.services import (
    consents,
    drafts,
    erasure,
    import_reading,
    imports,
    outbox,
    profile,
    releases,
    sessions,
    sign_in,
    throttle,
)
from salon.services.registration_inputs import PersonInput
from salon.web import SalonFlask
from tests.conftest import NOW, POSTGRES
from tests.factories import Factory
from tests.planning_fair import SmallFair, small_fair

ROBOT = system("test")
CANARY = "zyxcanari"
EMAIL = f"{CANARY}@exemple.example"


@pytest.fixture
def fair(make: Factory) -> SmallFair:
    return small_fair(make)


@pytest.fixture
def person(session: Session, make: Factory, fair: SmallFair) -> Delegate:
    """The first buyer, who left something of herself wherever one can."""
    one = fair.buyers[0]
    account = session.get_one(Account, one.account_id)
    account.email, account.email_key, account.name = EMAIL, EMAIL, f"Claire {CANARY}"
    _sheet(session, one)
    _traces(session, fair, one, account)
    session.commit()
    return one


def _sheet(session: Session, one: Delegate) -> None:
    question = Question(edition_id=one.edition_id, position=1, kind=QuestionKind.TEXT, label={"fr": "Quoi ?"})
    session.add(question)
    session.flush()
    profile.update_person(
        session, ROBOT, NOW, delegate=one, version=one.version,
        person=PersonInput(CANARY, CANARY.upper(), EMAIL, f"Chef {CANARY}", "06 39 98 76 54",
                           languages=("lsf",), step_free=True),
        answers={question.id: {"text": f"Je suis {CANARY}"}},
    )  # fmt: skip
    one.reason = f"Bravo {CANARY}"
    consents.save(session, ROBOT, NOW, delegate=one, wanted={ConsentPurpose.PHOTO}, wording="v1:fr")


def _traces(session: Session, fair: SmallFair, one: Delegate, account: Account) -> None:
    sign_in.issue_link(session, NOW, account, "browser")
    sessions.open_session(session, NOW, account, strong=False)
    throttle.count(session, NOW, throttle.LINK_PER_ADDRESS, EMAIL)
    session.add(Absence(delegate_id=one.id, slot_id=fair.slots[3].id))
    for kind, state in ((MailKind.CONFIRMATION, MailState.SENT), (MailKind.SIGN_IN, MailState.QUEUED)):
        mail = outbox.queue_mail(
            session, NOW, kind, account=account, delegate=one, edition=fair.edition, dedupe_key=kind.value
        )
        assert mail is not None
        mail.state = state
    table = import_reading.read(f"Nom;E-mail\n{CANARY};{EMAIL}\nAutre;autre@exemple.example\n".encode())
    imports.store(session, fair.actor, NOW, edition=fair.edition, filename="liste.csv", table=table)


def publish(session: Session, fair: SmallFair) -> Release:
    """Each buyer meets the supplier across."""
    places = [
        drafts.Place((fair.buyers[i].id, fair.suppliers[i].id), fair.slots[0].id, fair.tables[i].id)
        for i in range(3)
    ]
    draft = drafts.create(
        session, NOW, edition_id=fair.edition.id, origin=DraftOrigin.MANUAL, places=places
    )  # fmt: skip
    seen = releases.preview(session, fair.edition, draft)
    done = releases.release(
        session, fair.actor, NOW, edition=fair.edition, draft=draft, fingerprint=seen.fingerprint,
        acknowledged={caution.code for caution in seen.cautions}, stage=ReleaseStage.FINAL, note="",
    )  # fmt: skip
    session.commit()
    return done


def erase(session: Session, one: Delegate) -> Account:
    account = session.get_one(Account, one.account_id)
    erasure.delete_own(session, Actor(account_id=account.id), NOW)
    session.commit()
    return account


def words_in_tables(session: Session) -> str:
    """Every text, document and byte string of every row."""
    found = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, (String, Text, JSON, LargeBinary)):
                found += [
                    f"{table.name}.{column.name}={value!r}" for value in session.scalars(select(column))
                ]
    return "\n".join(found).casefold()


# The canary -------------------------------------------------------------------------------------------------


def test_no_row_names_the_person(session: Session, fair: SmallFair, person: Delegate) -> None:
    publish(session, fair)
    assert CANARY in words_in_tables(session)  # negative control: the search finds what is there
    erase(session, person)
    left = [line for line in words_in_tables(session).split("\n") if CANARY in line or "0639987654" in line]
    assert left == []
    assert "autre@exemple.example" in words_in_tables(session)  # other lines of the file are kept


@pytest.mark.skipif(bool(POSTGRES), reason="looks into SQLite's file")
def test_no_byte_is_left_in_the_file(
    app: SalonFlask, session: Session, fair: SmallFair, person: Delegate
) -> None:
    publish(session, fair)
    path = Path(str(db.engine.url.database))
    assert CANARY.encode() in bytes_of(path)
    erase(session, person)
    session.close()  # a reader would hold the journal
    perform(app, "scrub_store", 0)
    content = bytes_of(path)
    assert CANARY.encode() not in content
    assert CANARY.upper().encode() not in content
    assert b"autre@exemple.example" in content


def bytes_of(path: Path) -> bytes:
    return b"".join(part.read_bytes() for part in path.parent.glob(path.name + "*") if part.is_file())


def test_scrubbing_gives_way_to_a_reader(app: SalonFlask, session: Session, person: Delegate) -> None:
    """It only comes later: nothing fails."""
    with db.engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM account")).scalar()
        perform(app, "scrub_store", person.account_id)


# What the register says is what happens ---------------------------------------------------------------------


def test_every_personal_column_has_somebody_who_clears_it() -> None:
    """A new table with personal columns must be deleted, cleared, or named as seen to elsewhere."""
    cleared = {table.__tablename__ for table in erasure.CLEARED}
    going = {table.__tablename__ for table in erasure.deleted(0, [])}
    for name, table in Base.metadata.tables.items():
        personal = [
            column.name
            for column in table.columns
            if isinstance(privacy := column.info.get("privacy"), Privacy) and privacy.personal
        ]
        if personal:
            assert name in cleared | going | erasure.ELSEWHERE, f"{name}: {personal}"


def test_choices_go_and_the_ledger_stays(session: Session, fair: SmallFair, person: Delegate) -> None:
    account = erase(session, person)
    for table in (Answer, Absence, AuthSession, LoginToken):
        assert session.scalars(select(table)).all() == [], table
    assert session.scalars(select(Wish.id).where(Wish.owner_id == person.id)).all() == []
    assert session.scalars(select(Erasure.account_id)).all() == [account.id]
    assert account.erased_at == NOW
    assert (person.status, person.step_free, person.languages) == (DelegateStatus.WITHDRAWN, False, [])
    kept = session.scalars(select(OutboxMail).where(OutboxMail.account_id == account.id)).all()
    assert [(mail.state, mail.recipient) for mail in kept] == [(MailState.SENT, "")]
    actions = session.scalars(select(AuditEntry.action)).all()
    assert "account_erased" in actions


def test_the_proof_of_a_consent_stays_without_a_name(
    session: Session, fair: SmallFair, person: Delegate
) -> None:
    erase(session, person)
    lines = session.scalars(select(ConsentRecord).where(ConsentRecord.delegate_id == person.id)).all()
    assert [(line.purpose, line.wording) for line in lines] == [(ConsentPurpose.PHOTO, "v1:fr")]


def test_meetings_are_cancelled_and_old_releases_keep_their_rows(
    session: Session, fair: SmallFair, person: Delegate
) -> None:
    first = publish(session, fair)
    erase(session, person)
    numbers = session.scalars(select(Release.number).order_by(Release.number)).all()
    assert numbers == [1, 2]
    seats = select(ReleasedSeat.delegate_id).join(
        ReleasedMeeting, ReleasedMeeting.id == ReleasedSeat.released_meeting_id
    )
    assert person.id in session.scalars(seats.where(ReleasedMeeting.release_id == first.id)).all()
    told = session.scalars(
        select(OutboxMail.delegate_id).where(OutboxMail.kind == MailKind.CANCELLATION)
    ).all()  # fmt: skip
    assert fair.suppliers[0].id in told
    assert person.id not in told


def test_what_was_held_is_not_cancelled_when_somebody_leaves_after_the_fair(
    session: Session, fair: SmallFair, person: Delegate
) -> None:
    publish(session, fair)
    after = fair.slots[-1].ends_at.replace(year=fair.slots[-1].ends_at.year + 1)
    account = session.get_one(Account, person.account_id)
    erasure.delete_own(session, Actor(account_id=account.id), after)
    session.commit()
    assert session.scalars(select(Release.number)).all() == [1]
    told = select(OutboxMail.id).where(OutboxMail.kind == MailKind.CANCELLATION)
    assert session.scalars(told).all() == []
    assert account.erased_at == after


def test_a_wish_for_the_person_becomes_one_for_the_structure(
    session: Session, make: Factory, fair: SmallFair, person: Delegate
) -> None:
    wish = session.scalars(select(Wish).where(Wish.organisation_id == person.organisation_id)).first()
    assert wish is not None
    wish.delegate_id, wish.level = person.id, WishLevel.MUST
    session.commit()
    erase(session, person)
    session.refresh(wish)
    assert (wish.delegate_id, wish.organisation_id) == (None, person.organisation_id)


def test_printed_sets_of_the_edition_expire(session: Session, fair: SmallFair, person: Delegate) -> None:
    later = NOW.replace(year=NOW.year + 1)
    printed = StoredFile(
        edition_id=fair.edition.id, filename="badges.pdf", media_type="application/pdf", stored_name="x",
        size=1, created_at=NOW, expires_at=later,
    )  # fmt: skip
    session.add(printed)
    session.commit()
    erase(session, person)
    session.refresh(printed)
    assert printed.expires_at == NOW


def test_the_address_is_free_again(session: Session, make: Factory, person: Delegate) -> None:
    erase(session, person)
    assert make.account(EMAIL).id != person.account_id


# Refusals ---------------------------------------------------------------------------------------------------


def test_nobody_deletes_for_somebody_else(session: Session, fair: SmallFair, person: Delegate) -> None:
    acting = Actor(account_id=fair.owner.id, acting_for=person.id)
    with pytest.raises(NotAllowed, match="not_while_acting"):
        erasure.delete_own(session, acting, NOW)
    with pytest.raises(NotAllowed, match="not_while_acting"):
        erasure.delete_own(session, Actor(), NOW)


def test_the_last_owner_hands_over_first(session: Session, make: Factory, fair: SmallFair) -> None:
    with pytest.raises(DomainError, match="last_owner_leaves"):
        erasure.delete_own(session, fair.actor, NOW)
    make.member(fair.edition, Role.OWNER)
    erasure.delete_own(session, fair.actor, NOW)
    assert session.get_one(Account, fair.owner.id).erased_at == NOW


def test_the_last_administrator_too(session: Session, make: Factory) -> None:
    admin = make.account(is_admin=True)
    with pytest.raises(DomainError, match="last_admin_leaves"):
        erasure.delete_own(session, Actor(account_id=admin.id), NOW)
    make.account(is_admin=True)
    erasure.delete_own(session, Actor(account_id=admin.id), NOW)
    assert not admin.is_admin


def test_those_who_are_told_read_the_structure_and_no_empty_name(
    app: SalonFlask, session: Session, fair: SmallFair, person: Delegate
) -> None:
    """The message leaves after the erasure: it names what is left."""
    publish(session, fair)
    home = session.get_one(Organisation, person.organisation_id).name
    erase(session, person)
    kinds = (OutboxMail.kind == MailKind.CANCELLATION, OutboxMail.delegate_id == fair.suppliers[0].id)
    mail = session.scalars(select(OutboxMail).where(*kinds)).one()
    mail.next_attempt_at = datetime.now(UTC)  # the tests' clock is ahead of the mailer's
    session.commit()
    perform(app, "send_mail", mail.id)
    [letter] = (Path(app.config["SALON"].instance) / "outbox").glob("*.eml")
    body = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default).get_body(("plain",))
    assert body is not None
    text_ = body.get_content()
    assert home in text_
    for gap in (" ,", "avec ,", "()", "avec .", "  avec"):
        assert gap not in text_, text_
