"""Consents: each apart, one line a change, never rewritten."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import system
from salon.enums import ConsentPurpose
from salon.models import AuditEntry, ConsentRecord, Delegate
from salon.services import consents
from salon.wording import consents as words
from tests.conftest import NOW
from tests.factories import Factory

ROBOT = system("test")


@pytest.fixture
def one(make: Factory) -> Delegate:
    edition = make.edition()
    return make.delegate(edition, make.type(edition))


def save(session: Session, one: Delegate, *wanted: ConsentPurpose, wording: str = "v1:fr") -> None:
    consents.save(session, ROBOT, NOW, delegate=one, wanted=set(wanted), wording=wording)


def test_only_what_changed_leaves_a_line_with_its_wording(session: Session, one: Delegate) -> None:
    save(session, one, ConsentPurpose.PHOTO)
    save(session, one, ConsentPurpose.PHOTO, ConsentPurpose.NEWSLETTER, wording="v2:en")
    save(session, one, ConsentPurpose.NEWSLETTER, wording="v2:fr")
    lines = session.execute(
        select(ConsentRecord.purpose, ConsentRecord.given, ConsentRecord.wording).order_by(ConsentRecord.id)
    ).all()
    assert [tuple(line) for line in lines] == [
        (ConsentPurpose.PHOTO, True, "v1:fr"),
        (ConsentPurpose.NEWSLETTER, True, "v2:en"),
        (ConsentPurpose.PHOTO, False, "v2:fr"),
    ]
    assert consents.given(session, one.id) == {ConsentPurpose.NEWSLETTER}
    actions = session.scalars(select(AuditEntry.action)).all()
    assert actions == ["consent_changed"] * 3


def test_the_directory_decides_what_the_catalogue_shows(session: Session, one: Delegate) -> None:
    save(session, one, ConsentPurpose.DIRECTORY)
    assert one.shows_contact
    save(session, one)
    assert not one.shows_contact


def test_every_purpose_has_its_text() -> None:
    assert set(words.TEXTS) == set(ConsentPurpose)
