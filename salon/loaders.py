"""Objects named by an address, each loaded through its edition: another edition's are not there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from salon import models as m
from salon.models import Base

_MAX_ID = 2**31 - 1

# Name in the address -> table; each has an `edition_id`.
_THROUGH_EDITION: Mapping[str, type[Base]] = {
    "delegate": m.Delegate,
    "meeting_session": m.MeetingSession,
    "slot": m.Slot,
    "table": m.Table,
    "ptype": m.ParticipantType,
    "question": m.Question,
    "item": m.ProgrammeItem,
    "exclusion": m.Exclusion,
    "mandatory": m.MandatoryMeeting,
    "membership": m.Membership,
    "batch": m.ImportBatch,
    "mailing": m.MailBatch,
    "mail": m.OutboxMail,
    "run": m.SolverRun,
    "draft": m.Draft,
    "release": m.Release,
    "job": m.Job,
    "file": m.StoredFile,
    "wish": m.Wish,
}
_BY_NUMBER = {"run", "draft", "release"}  # people see numbers, counted by edition
_EDITION = (
    select(m.Edition).options(joinedload(m.Edition.fair)).where(m.Edition.slug == bindparam("slug"))
)  # every page asks: built once


def edition(session: Session, slug: str) -> m.Edition | None:
    """The edition of an address; its fair comes along."""
    return session.scalar(_EDITION, {"slug": slug})


def load(session: Session, name: str, raw: int, found: m.Edition) -> Base | None:
    """The object of that name in that edition, or None."""
    if not 0 < raw <= _MAX_ID:
        return None
    if name == "organisation":
        return session.scalar(_organisation(raw, found))
    if name == "placement":
        return session.scalar(_placement(raw, found))
    return session.scalar(_direct(name), {"raw": raw, "edition": found.id})


@cache
def _direct(name: str) -> Select[Any]:
    table: Any = _THROUGH_EDITION[name]
    key = table.number if name in _BY_NUMBER else table.id
    query = select(table).where(key == bindparam("raw"), table.edition_id == bindparam("edition"))
    if table is m.Delegate:
        query = query.options(
            joinedload(m.Delegate.organisation), joinedload(m.Delegate.account), joinedload(m.Delegate.type)
        )
    return query


def _organisation(raw: int, found: m.Edition) -> Select[Any]:
    here = select(m.Participation.id).where(
        m.Participation.organisation_id == raw, m.Participation.edition_id == found.id
    )
    return select(m.Organisation).where(m.Organisation.id == raw, here.exists())


def _placement(raw: int, found: m.Edition) -> Select[Any]:
    return (
        select(m.Placement)
        .join(m.Draft, m.Draft.id == m.Placement.draft_id)
        .where(m.Placement.id == raw, m.Draft.edition_id == found.id)
    )
