"""Everything held about one account, table by table, as the register of columns declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, select
from sqlalchemy.orm import Session

from salon.models import (
    Absence,
    Account,
    Answer,
    AuthSession,
    Base,
    ConsentRecord,
    Delegate,
    Organisation,
    OrganisationTerm,
    OutboxMail,
    Participation,
    ParticipationTerm,
    ReleasedMeeting,
    ReleasedSeat,
    Wish,
)
from salon.models.base import Privacy


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose rows: the account, its registrations, and what those belong to."""

    account_id: int
    delegates: tuple[int, ...]
    organisations: tuple[int, ...]
    participations: tuple[int, ...]


def reach(session: Session, account_id: int) -> Reach:
    """The ids by which rows are found."""
    mine = session.execute(
        select(Delegate.id, Delegate.organisation_id, Delegate.edition_id).where(
            Delegate.account_id == account_id
        )
    ).all()
    homes = {row.organisation_id for row in mine}
    parts = select(Participation.id).where(
        Participation.organisation_id.in_(homes), Participation.edition_id.in_({r.edition_id for r in mine})
    )
    return Reach(
        account_id,
        tuple(row.id for row in mine),
        tuple(sorted(homes)),
        tuple(session.scalars(parts.order_by(Participation.id))),
    )


def conditions(found: Reach) -> Mapping[type[Base], ColumnElement[bool]]:
    """The tables that are handed over, and which of their rows."""
    return {
        Account: Account.id == found.account_id,
        AuthSession: AuthSession.account_id == found.account_id,
        Delegate: Delegate.id.in_(found.delegates),
        Organisation: Organisation.id.in_(found.organisations),
        OrganisationTerm: OrganisationTerm.organisation_id.in_(found.organisations),
        Participation: Participation.id.in_(found.participations),
        ParticipationTerm: ParticipationTerm.participation_id.in_(found.participations),
        Absence: Absence.delegate_id.in_(found.delegates),
        Answer: Answer.delegate_id.in_(found.delegates),
        ConsentRecord: ConsentRecord.delegate_id.in_(found.delegates),
        Wish: Wish.owner_id.in_(found.delegates),
        ReleasedMeeting: ReleasedMeeting.id.in_(
            select(ReleasedSeat.released_meeting_id).where(ReleasedSeat.delegate_id.in_(found.delegates))
        ),
        OutboxMail: OutboxMail.account_id == found.account_id,
    }


def collect(session: Session, account_id: int) -> dict[str, list[dict[str, Any]]]:
    """Rows by table name, every column that is handed over, as plain JSON values."""
    where = conditions(reach(session, account_id))
    return {table.__tablename__: _rows(session, table, which) for table, which in where.items()}


def _rows(session: Session, model: type[Base], which: ColumnElement[bool]) -> list[dict[str, Any]]:
    table = model.__table__
    assert isinstance(table, Table)
    columns = [column for column in table.columns if handed_over(column)]
    query = select(*columns).where(which).order_by(*table.primary_key.columns)
    return [
        {column.name: _plain(value) for column, value in zip(columns, row, strict=True)}
        for row in session.execute(query)
    ]


def handed_over(column: Column[Any]) -> bool:
    """Declared as exported; or a number, a date or a state, which declares nothing and tells the story."""
    privacy = column.info.get("privacy")
    if isinstance(privacy, Privacy):
        return privacy.exported
    return not isinstance(column.type, LargeBinary)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
