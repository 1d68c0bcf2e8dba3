"""One's own data: every declared column of every row about the account, and nobody else's."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import ConsentPurpose, QuestionKind
from salon.errors import NotAllowed
from salon.models import Absence, Account, Answer, AuditEntry, Base, Delegate, Question
from salon.models.base import Privacy
from salon.queries import personal_data
from salon.services import consents, personal_file
from tests.conftest import NOW
from tests.factories import Factory
from tests.planning_fair import SmallFair, small_fair


@pytest.fixture
def fair(make: Factory) -> SmallFair:
    return small_fair(make)


@pytest.fixture
def me(session: Session, fair: SmallFair) -> Delegate:
    one = fair.buyers[0]
    one.job_title = "=SOMME(A1)"
    question = Question(
        edition_id=fair.edition.id, position=1, kind=QuestionKind.TEXT, label={"fr": "Régime ?"}
    )
    session.add(question)
    session.flush()
    session.add_all([
        Answer(delegate_id=one.id, question_id=question.id, value={"text": "sans gluten"}),
        Absence(delegate_id=one.id, slot_id=fair.slots[0].id),
    ])  # fmt: skip
    consents.save(session, fair.actor, NOW, delegate=one, wanted={ConsentPurpose.PHOTO}, wording="v1:fr")
    return one


def handed(session: Session, me: Delegate) -> dict[str, list[dict[str, Any]]]:
    made = personal_file.hand_over(session, Actor(account_id=me.account_id), NOW, as_zip=False)
    assert (made.media_type, made.filename) == ("application/json", "salon-mes-donnees-20270112.json")
    tables: dict[str, list[dict[str, Any]]] = json.loads(made.content)["tables"]
    return tables


def test_it_holds_what_the_person_said(session: Session, me: Delegate) -> None:
    tables = handed(session, me)
    assert tables["delegate"][0]["first_name"] == me.first_name
    assert tables["account"][0]["email"] == session.get_one(Account, me.account_id).email
    assert tables["answer"][0]["value"] == {"text": "sans gluten"}
    assert tables["consent_record"][0]["purpose"] == "photo"
    assert len(tables["wish"]) == 3
    assert len(tables["absence"]) == 1


def test_and_nobody_elses(session: Session, fair: SmallFair, me: Delegate) -> None:
    document = json.dumps(handed(session, me))
    for other in [*fair.buyers[1:], *fair.suppliers]:
        assert other.last_name not in document
        assert session.get_one(Account, other.account_id).email not in document
    assert [row["owner_id"] for row in handed(session, me)["wish"]] == [me.id] * 3


def test_no_secret_is_handed_over(session: Session, me: Delegate) -> None:
    tables = handed(session, me)
    assert "code" not in tables["delegate"][0]
    assert "totp_secret" not in tables["account"][0]
    assert all("token_hash" not in row for row in tables["auth_session"])


def test_every_exported_personal_column_is_reached() -> None:
    """A table whose register says `exported` about a person has its place in the file."""
    reached = {table.__tablename__ for table in personal_data.conditions(personal_data.Reach(0, (), (), ()))}
    elsewhere = {"import_batch"}  # files of organisers, emptied in a week
    for name, table in Base.metadata.tables.items():
        for column in table.columns:
            privacy = column.info.get("privacy")
            if isinstance(privacy, Privacy) and privacy.exported and privacy.personal:
                assert name in reached | elsewhere, f"{name}.{column.name}"


def test_the_zip_opens_in_a_spreadsheet_without_formulas(session: Session, me: Delegate) -> None:
    made = personal_file.hand_over(session, Actor(account_id=me.account_id), NOW, as_zip=True)
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        names = set(archive.namelist())
        sheet = archive.read("delegate.csv").decode("utf-8-sig")
        assert json.loads(archive.read("donnees.json"))["tables"]["delegate"]
    assert {"donnees.json", "account.csv", "wish.csv", "answer.csv"} <= names
    [row] = csv.DictReader(io.StringIO(sheet), delimiter=";")
    assert row["job_title"] == "'=SOMME(A1)"


def test_asking_is_audited_and_only_for_oneself(session: Session, fair: SmallFair, me: Delegate) -> None:
    handed(session, me)
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "personal_data_exported")
    ).one()  # fmt: skip
    assert entry.account_id == me.account_id
    with pytest.raises(NotAllowed):
        personal_file.hand_over(session, Actor(account_id=fair.owner.id, acting_for=me.id), NOW, as_zip=False)
