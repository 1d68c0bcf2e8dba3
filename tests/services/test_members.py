"""Roles in an edition: invited, changed, removed, and never without an owner."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.actor import system
from salon.enums import MailKind, Role
from salon.errors import DomainError, Invalid
from salon.models import Account, AuthSession, Edition, Membership, OutboxMail
from salon.services import members, sessions
from tests.factories import Factory

ROBOT = system("test")


def _membership(session: Session, edition: Edition, account: Account) -> Membership:
    query = select(Membership).where(Membership.edition_id == edition.id, Membership.account_id == account.id)
    return session.scalars(query).one()


def _sessions(session: Session, account: Account) -> int:
    mine = AuthSession.account_id == account.id
    return session.scalar(select(func.count()).select_from(AuthSession).where(mine)) or 0


def test_a_stranger_is_invited_by_mail(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    row = members.invite(session, ROBOT, now, edition=edition, email="Neuf@Exemple.example", role=Role.DESK)
    account = session.get_one(Account, row.account_id)
    assert (account.email, account.email_key) == ("Neuf@Exemple.example", "neuf@exemple.example")
    assert account.verified_at is None
    mail = session.scalars(select(OutboxMail)).one()
    assert (mail.kind, mail.params) == (MailKind.MEMBER_INVITATION, {"membership": row.id})


def test_a_known_account_is_invited_untouched(session: Session, make: Factory, now: datetime) -> None:
    edition, known = make.edition(), make.account("connue@exemple.example", name="Zoé", locale="en")
    row = members.invite(session, ROBOT, now, edition=edition, email="CONNUE@exemple.example", role=Role.DESK)
    assert row.account_id == known.id
    assert (known.name, known.locale, known.email) == ("Zoé", "en", "connue@exemple.example")
    with pytest.raises(Invalid, match="already_member"):
        members.invite(session, ROBOT, now, edition=edition, email=known.email, role=Role.OWNER)
    assert row.role is Role.DESK


def test_an_invitation_is_sent_again_at_most_once_a_minute(
    session: Session, make: Factory, now: datetime
) -> None:
    edition = make.edition()
    row = members.invite(session, ROBOT, now, edition=edition, email="a@exemple.example", role=Role.DESK)
    for minutes in (0, 0, 2):
        later = now + timedelta(minutes=minutes)
        members.invite_again(session, ROBOT, later, edition=edition, membership=row)
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 2


def test_a_new_role_ends_the_sessions(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    make.member(edition)
    helper = make.member(edition, Role.DESK)
    sessions.open_session(session, now, helper, strong=False)
    row = _membership(session, edition, helper)
    members.change_role(session, ROBOT, now, edition=edition, membership=row, role=Role.DESK)
    assert _sessions(session, helper) == 1  # the same role: nothing happened
    members.change_role(session, ROBOT, now, edition=edition, membership=row, role=Role.ORGANISER)
    assert (row.role, _sessions(session, helper)) == (Role.ORGANISER, 0)


def test_removal_ends_the_sessions(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    make.member(edition)
    helper = make.member(edition, Role.DESK)
    sessions.open_session(session, now, helper, strong=False)
    members.remove(session, ROBOT, now, edition=edition, membership=_membership(session, edition, helper))
    assert _sessions(session, helper) == 0
    assert session.scalar(select(func.count()).select_from(Membership)) == 1


def test_the_last_owner_stays(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    owner = make.member(edition)
    make.member(edition, Role.ORGANISER)
    make.member(make.edition())  # an owner elsewhere does not count
    row = _membership(session, edition, owner)
    with pytest.raises(DomainError, match="last_owner"):
        members.remove(session, ROBOT, now, edition=edition, membership=row)
    with pytest.raises(DomainError, match="last_owner"):
        members.change_role(session, ROBOT, now, edition=edition, membership=row, role=Role.DESK)
    make.member(edition)
    members.remove(session, ROBOT, now, edition=edition, membership=row)
