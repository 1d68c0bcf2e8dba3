"""Names for ids, read apart: what the engine and the releases store knows no name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus
from salon.models import Delegate, Edition, Organisation, ParticipantType, Participation


@dataclass(frozen=True, slots=True)
class Named:
    """A delegate as a list shows one."""

    id: int
    name: str
    organisation_id: int
    organisation: str
    letter: str
    hue: str
    approved: bool

    @property
    def full(self) -> str:
        return f"{self.name} ({self.organisation})"


def delegates(session: Session, edition: Edition) -> dict[int, Named]:
    """Everybody ever registered in the edition, in one statement."""
    query = (
        select(
            Delegate.id, Delegate.first_name, Delegate.last_name, Delegate.organisation_id,
            Organisation.name, ParticipantType.code, ParticipantType.hue, Delegate.status,
        )
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .join(ParticipantType, ParticipantType.id == Delegate.type_id)
        .where(Delegate.edition_id == edition.id)
    )  # fmt: skip
    return {
        row[0]: Named(
            row[0],
            f"{row[1]} {row[2]}".strip(),
            row[3],
            row[4],
            row[5],
            row[6],
            row[7] is DelegateStatus.APPROVED,
        )
        for row in session.execute(query)
    }


def organisations(session: Session, edition: Edition) -> dict[int, str]:
    """The organisations of the edition, in one statement."""
    query = (
        select(Organisation.id, Organisation.name)
        .join(Participation, Participation.organisation_id == Organisation.id)
        .where(Participation.edition_id == edition.id)
    )
    return dict(session.execute(query).all())
