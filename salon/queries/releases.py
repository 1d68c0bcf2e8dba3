"""Releases and the promises they hold, as rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased, defer

from salon.database import filtered
from salon.enums import DelegateStatus, MailState, MeetingStatus, ReleaseReason, ReleaseStage
from salon.models import (
    Account,
    Delegate,
    Draft,
    Meeting,
    OutboxMail,
    Placement,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
    Seat,
    Slot,
    Table,
)


@dataclass(frozen=True, slots=True)
class Issued:
    """Which release, and when."""

    number: int
    stage: ReleaseStage
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A released meeting, or a placement as it would be released (then `sequence` is 0)."""

    meeting: int
    uid: str  # of the meeting in calendars, for life
    people: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime
    table: str
    is_on: bool
    sequence: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlacedRow(PromiseRow):
    """A placement as it would be released, and as the plan holds it."""

    slot: int
    table_id: int
    locked: bool
    placed_by: int | None


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A release in the list, with its counts and the state of its mail."""

    number: int
    stage: ReleaseStage
    reason: ReleaseReason
    note: str
    author: str
    created_at: datetime
    meetings: int
    changes: int
    participants: int
    mails: int
    mails_sent: int
    mails_failed: int


def latest(session: Session, edition_id: int) -> Release | None:
    """The last release of an edition, without its diff, which is long and read elsewhere."""
    return session.scalar(_LATEST, {"edition": edition_id})


_LATEST = (
    select(Release)
    .options(defer(Release.diff, raiseload=True))
    .where(Release.edition_id == bindparam("edition"))
    .order_by(Release.number.desc())
    .limit(1)
)


def has_agenda(session: Session, person: Delegate) -> bool:
    """Whether something was published for this person: they take part, and there is a release."""
    if person.status is not DelegateStatus.APPROVED:
        return False
    return bool(session.scalar(_PUBLISHED, {"edition": person.edition_id}))


_PUBLISHED = select(exists().where(Release.edition_id == bindparam("edition")))


def released(session: Session, release_id: int, *, only: int | None = None) -> tuple[PromiseRow, ...]:
    """Every meeting of a release, or those of one delegate, cancelled ones included, in one statement."""
    query = _released(only is not None)
    return _promises(session.execute(query, {"release": release_id, "only": only}))


def released_before(session: Session, release: Release, *, only: int | None = None) -> tuple[PromiseRow, ...]:
    """The same of the release before it, none at the first."""
    if release.number == 1:
        return ()
    numbered = {"edition": release.edition_id, "number": release.number - 1, "only": only}
    return _promises(session.execute(_released(only is not None, numbered=True), numbered))


@cache
def _released(one_person: bool, *, numbered: bool = False) -> Executable:
    query = select(*_PROMISED).join(*_KNOWN_AS).join(*_SEATED).order_by(*_IN_TIME)
    release = filtered(ReleasedMeeting.release_id) if one_person else ReleasedMeeting.release_id
    if one_person:
        mine = aliased(ReleasedSeat)
        query = query.join(mine, mine.released_meeting_id == ReleasedMeeting.id)
        query = query.where(mine.delegate_id == bindparam("only"))
    if not numbered:
        return query.where(release == bindparam("release"))
    named = (Release.edition_id == bindparam("edition"), Release.number == bindparam("number"))
    return query.where(release == select(Release.id).where(*named).scalar_subquery())


def last_promised(session: Session, edition_id: int) -> tuple[Issued | None, tuple[PromiseRow, ...]]:
    """The last release of an edition and every meeting of it, in one statement."""
    newest = select(func.max(Release.number)).where(Release.edition_id == edition_id).scalar_subquery()
    query = (
        select(Release.number, Release.stage, Release.created_at, *_PROMISED)
        .outerjoin(ReleasedMeeting, ReleasedMeeting.release_id == Release.id)
        .outerjoin(*_KNOWN_AS)
        .outerjoin(*_SEATED)
        .where(Release.edition_id == edition_id, Release.number == newest)
        .order_by(*_IN_TIME)
    )
    rows = session.execute(query).all()
    if not rows:
        return None, ()
    return Issued(*rows[0][:3]), _promises(row[3:] for row in rows if row.meeting_id is not None)


_PROMISED = (
    ReleasedMeeting.meeting_id, Meeting.uid, ReleasedMeeting.starts_at, ReleasedMeeting.ends_at,
    ReleasedMeeting.table_label, ReleasedMeeting.status, ReleasedMeeting.sequence,
    ReleasedMeeting.changed_at, ReleasedSeat.delegate_id,
)  # fmt: skip
_KNOWN_AS = (Meeting, Meeting.id == ReleasedMeeting.meeting_id)
_SEATED = (ReleasedSeat, ReleasedSeat.released_meeting_id == ReleasedMeeting.id)
_IN_TIME = (ReleasedMeeting.starts_at, ReleasedMeeting.meeting_id, ReleasedSeat.delegate_id)


def _promises(rows: Iterable[Any]) -> tuple[PromiseRow, ...]:
    found: dict[tuple[int, str], tuple[list[int], Any]] = {}
    for meeting, uid, *facts, delegate in rows:
        found.setdefault((meeting, uid), ([], facts))[0].append(delegate)
    return tuple(
        PromiseRow(*known, tuple(people), starts, ends, table, status is MeetingStatus.SCHEDULED, *rest)
        for known, (people, (starts, ends, table, status, *rest)) in found.items()
    )


def placed(session: Session, draft_id: int) -> tuple[PlacedRow, ...]:
    """Every meeting of a draft as it would be promised, in one statement."""
    query = (
        select(
            Placement.meeting_id, Meeting.uid, Slot.starts_at, Slot.ends_at, Table.label, Placement.slot_id,
            Placement.table_id, Placement.locked, Placement.placed_by_id, Seat.delegate_id,
        )
        .join(Meeting, Meeting.id == Placement.meeting_id)
        .join(Slot, Slot.id == Placement.slot_id)
        .join(Table, Table.id == Placement.table_id)
        .join(Seat, Seat.placement_id == Placement.id)
        .where(Placement.draft_id == draft_id)
        .order_by(Slot.starts_at, Placement.meeting_id, Seat.delegate_id)
    )  # fmt: skip
    found: dict[tuple[int, str], tuple[list[int], Any]] = {}
    for meeting, uid, *facts, delegate in session.execute(query):
        found.setdefault((meeting, uid), ([], facts))[0].append(delegate)
    return tuple(
        PlacedRow(*known, tuple(people), starts, ends, table, True, 0, None, *place)
        for known, (people, (starts, ends, table, *place)) in found.items()
    )


def lines(session: Session, edition_id: int) -> tuple[ReleaseLine, ...]:
    """All releases, the newest first, in two statements."""
    held = (
        select(func.count())
        .select_from(ReleasedMeeting)
        .where(ReleasedMeeting.release_id == Release.id, ReleasedMeeting.status == MeetingStatus.SCHEDULED)
        .scalar_subquery()
    )
    query = (
        select(Release, Account.name, Account.email, held)
        .outerjoin(Account, Account.id == Release.account_id)
        .where(Release.edition_id == edition_id)
        .order_by(Release.number.desc())
    )
    mails = _mails(session, edition_id)
    return tuple(
        _line(release, name or email or "", meetings, mails.get(release.id, {}))
        for release, name, email, meetings in session.execute(query)
    )


def _mails(session: Session, edition_id: int) -> dict[int, dict[MailState, int]]:
    query = (
        select(OutboxMail.release_id, OutboxMail.state, func.count())
        .where(OutboxMail.edition_id == edition_id, OutboxMail.release_id.is_not(None))
        .group_by(OutboxMail.release_id, OutboxMail.state)
    )
    found: dict[int, dict[MailState, int]] = {}
    for release, state, count in session.execute(query):
        found.setdefault(release or 0, {})[state] = count
    return found


def _line(release: Release, author: str, meetings: int, mails: dict[MailState, int]) -> ReleaseLine:
    return ReleaseLine(
        number=release.number,
        stage=release.stage,
        reason=release.reason,
        note=release.note,
        author=author,
        created_at=release.created_at,
        meetings=meetings,
        changes=len(release.diff.get("meetings", [])),
        participants=len(release.diff.get("participants", [])),
        mails=sum(mails.values()),
        mails_sent=mails.get(MailState.SENT, 0),
        mails_failed=mails.get(MailState.FAILED, 0) + mails.get(MailState.UNCERTAIN, 0),
    )


def line(session: Session, release: Release) -> ReleaseLine:
    """One release as its page shows it."""
    return next(one for one in lines(session, release.edition_id) if one.number == release.number)


def unreachable(session: Session, delegates: tuple[int, ...]) -> tuple[int, ...]:
    """Which of these delegates no message reaches: account closed, or last message failed for good."""
    last = select(func.max(OutboxMail.id)).group_by(OutboxMail.account_id)
    failed = select(OutboxMail.account_id).where(
        OutboxMail.id.in_(last), OutboxMail.state == MailState.FAILED
    )
    query = (
        select(Delegate.id)
        .join(Account, Account.id == Delegate.account_id)
        .where(
            Delegate.id.in_(delegates),
            Account.disabled_at.is_not(None) | Account.erased_at.is_not(None) | Account.id.in_(failed),
        )
        .order_by(Delegate.id)
    )
    return tuple(session.scalars(query))


def current_draft(session: Session, edition_id: int) -> Draft | None:
    """The draft that a release would publish."""
    return session.scalar(select(Draft).where(Draft.edition_id == edition_id, Draft.is_current))


def by_number(session: Session, edition_id: int, number: int) -> Release | None:
    """The release of that number."""
    return session.scalar(select(Release).where(Release.edition_id == edition_id, Release.number == number))
