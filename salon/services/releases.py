"""Publishing: look at what a release would be, sign it, publish; a release never changes afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, joinedload

from salon.actor import Actor
from salon.enums import DelegateStatus, DraftOrigin, MailKind, MeetingStatus, ReleaseReason, ReleaseStage
from salon.errors import DomainError
from salon.models import Delegate, Draft, Edition, Release, ReleasedMeeting, ReleasedSeat, Slot, Table
from salon.queries import releases as reads
from salon.queries.releases import Issued, PlacedRow, PromiseRow
from salon.services import audit, drafts, outbox, plan_edit
from salon.services.plan_check import Broken, check
from salon.services.release_diff import Diff, Kind, Promise, compare

MAX_NOTE = 400


class WarningCode(StrEnum):
    """What an organiser must have seen before publishing."""

    BELOW_MINIMUM = "below_minimum"
    WITHOUT_MEETING = "without_meeting"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning to acknowledge, with the people it names."""

    code: WarningCode
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing the draft now would do; `before` is None at the first release."""

    draft: int
    number: int
    before: Issued | None
    meetings: int
    broken: tuple[Broken, ...]
    cautions: tuple[Caution, ...]
    diff: Diff
    recipients: tuple[int, ...]  # delegates who get a message, the unreachable left out
    fingerprint: str

    @property
    def unchanged(self) -> int:
        """Meetings that stay as they were."""
        return self.meetings - sum(change.after is not None for change in self.diff.changes)


def preview(session: Session, edition: Edition, draft: Draft) -> Preview:
    """Look, and write nothing. Raises `DomainError` when the edition's data cannot be judged."""
    before, old = reads.last_promised(session, edition.id)
    new = reads.placed(session, draft.id)
    checked = check(session, edition, [_place(row) for row in new if len(row.people) == 2])
    diff = compare(map(_promise, old), map(_promise, new))
    present = [one.id for one in checked.problem.participants]  # everybody who still attends
    concerned = diff.participants if before else tuple(present)  # the first release is news for all
    lost = reads.unreachable(session, concerned)
    people = {
        WarningCode.BELOW_MINIMUM: checked.below_minimum,
        WarningCode.WITHOUT_MEETING: checked.without_meeting,
        WarningCode.UNREACHABLE: lost,
    }
    cautions = tuple(Caution(code, named) for code, named in people.items() if named)
    recipients = tuple(sorted(set(concerned).intersection(present).difference(lost)))
    seen = (draft.number, before.number if before else None, checked.broken, cautions, recipients)
    return Preview(
        draft=draft.number,
        number=(before.number if before else 0) + 1,
        before=before,
        meetings=len(new),
        broken=checked.broken,
        cautions=cautions,
        diff=diff,
        recipients=recipients,
        fingerprint=_fingerprint(seen, new),
    )


def _promise(row: PromiseRow) -> Promise:
    return Promise(row.meeting, row.people, row.starts_at, row.ends_at, row.table, row.is_on)


def _place(row: PlacedRow) -> drafts.Place:
    first, second = row.people
    return drafts.Place((first, second), row.slot, row.table_id, row.locked, row.meeting, row.placed_by)


def _present(session: Session, delegates: Collection[int]) -> tuple[int, ...]:
    """Those who still attend: somebody who left knows it, and hears nothing."""
    query = select(Delegate.id).where(Delegate.id.in_(delegates), Delegate.status == DelegateStatus.APPROVED)
    return tuple(session.scalars(query.order_by(Delegate.id)))


def _fingerprint(seen: object, meetings: Iterable[PromiseRow]) -> str:
    content = [repr(seen), [repr(_promise(row)) for row in sorted(meetings, key=lambda row: row.meeting)]]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def diff_of(old: Iterable[PromiseRow], new: Iterable[PromiseRow]) -> Diff:
    """The changes between two releases."""
    return compare(map(_promise, old), map(_promise, new))


# Publishing -------------------------------------------------------------------------------------------------


def release(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    draft: Draft,
    fingerprint: str,
    acknowledged: Collection[str],
    stage: ReleaseStage,
    note: str = "",
) -> Release:
    """Publish what was previewed: recomputed here, and refused with the new preview if anything moved."""
    if not draft.is_current:
        raise DomainError("draft_not_current", number=draft.number)
    if len(note) > MAX_NOTE:
        raise DomainError("note_too_long", field="note", limit=MAX_NOTE)
    seen = preview(session, edition, draft)
    if seen.fingerprint != fingerprint:
        raise DomainError("preview_stale", preview=seen)
    if seen.broken:
        raise DomainError("hard_rules_broken", preview=seen)
    missing = [caution.code for caution in seen.cautions if caution.code not in acknowledged]
    if missing:
        raise DomainError("not_acknowledged", field="acknowledged", count=len(missing), preview=seen)
    new = _Publication(session, actor, now, edition, ReleaseReason.PUBLICATION, stage, note, draft)
    return new.publish(reads.placed(session, draft.id), seen.diff, seen.recipients)


class _Publication:
    """One release being written: the row, its copies, its mail, its audit line."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        now: datetime,
        edition: Edition,
        reason: ReleaseReason,
        stage: ReleaseStage,
        note: str,
        draft: Draft | None,
    ) -> None:
        self.session, self.actor, self.now, self.edition = session, actor, now, edition
        self.reason, self.stage, self.note, self.draft = reason, stage, note, draft
        self.before = reads.latest(session, edition.id)

    def publish(self, meetings: Sequence[PromiseRow], diff: Diff, recipients: Sequence[int]) -> Release:
        old = reads.released(self.session, self.before.id) if self.before else ()
        rows = next_rows(old, meetings, self.now)
        new = self._add(rows, diff)
        self._copy(new, rows)
        self._queue_mails(new, diff, recipients)
        audit.record(
            self.session,
            self.actor,
            self.now,
            "released",
            edition_id=self.edition.id,
            obj=new,
            number=new.number,
            reason=self.reason.value,
            mails=len(recipients),
        )
        return new

    def _add(self, rows: Sequence[PromiseRow], diff: Diff) -> Release:
        new = Release(
            edition_id=self.edition.id,
            number=(self.before.number if self.before else 0) + 1,
            stage=self.stage,
            reason=self.reason,
            note=self.note,
            fingerprint=content_hash(rows),
            diff=diff.as_json(),
            draft_id=self.draft.id if self.draft else None,
            account_id=self.actor.account_id,
            created_at=self.now,
        )
        self.session.add(new)
        self.session.flush()
        return new

    def _copy(self, new: Release, rows: Sequence[PromiseRow]) -> None:
        if not rows:
            return
        self.session.execute(insert(ReleasedMeeting), [_meeting_values(new.id, row) for row in rows])
        ids = self.session.execute(
            select(ReleasedMeeting.meeting_id, ReleasedMeeting.id).where(ReleasedMeeting.release_id == new.id)
        )
        copy = dict(ids.all())
        seats = [
            {"released_meeting_id": copy[row.meeting], "delegate_id": one}
            for row in rows
            for one in row.people
        ]
        self.session.execute(insert(ReleasedSeat), seats)

    def _queue_mails(self, new: Release, diff: Diff, recipients: Sequence[int]) -> None:
        """One message a person: a cancellation when nothing else changed for them."""
        query = select(Delegate).options(joinedload(Delegate.account)).where(Delegate.id.in_(recipients))
        for delegate in self.session.scalars(query.order_by(Delegate.id)):
            kinds = {change.kind for change in diff.of(delegate.id)}
            outbox.queue_mail(
                self.session,
                self.now,
                MailKind.CANCELLATION if kinds == {Kind.CANCELLED} else MailKind.PUBLICATION,
                account=delegate.account,
                edition=self.edition,
                delegate=delegate,
                release=new,
                dedupe_key=f"release:{new.id}:{delegate.id}",
            )


def next_rows(old: Iterable[PromiseRow], new: Sequence[PromiseRow], now: datetime) -> tuple[PromiseRow, ...]:
    """The rows of a release after `old`.

    An untouched meeting keeps sequence and date, a changed one gets the next; what is no longer planned
    stays, cancelled.
    """
    before = {row.meeting: row for row in old}
    planned = {row.meeting for row in new}
    rows = [_follow(before.get(row.meeting), row, now) for row in new]
    rows += [_follow(row, _cancelled(row), now) for row in before.values() if row.meeting not in planned]
    return tuple(rows)


def _follow(before: PromiseRow | None, row: PromiseRow, now: datetime) -> PromiseRow:
    if before is None:
        return _stamped(row, 0, now)
    if _promise(before) == _promise(row):
        return before
    return _stamped(row, before.sequence + 1, now)


def _stamped(row: PromiseRow, sequence: int, now: datetime) -> PromiseRow:
    return replace(row, sequence=sequence, changed_at=now)


def _cancelled(row: PromiseRow) -> PromiseRow:
    return replace(row, is_on=False)


def _meeting_values(release_id: int, row: PromiseRow) -> dict[str, Any]:
    return {
        "release_id": release_id,
        "meeting_id": row.meeting,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "table_label": row.table,
        "status": MeetingStatus.SCHEDULED if row.is_on else MeetingStatus.CANCELLED,
        "sequence": row.sequence,
        "changed_at": row.changed_at,
    }


def content_hash(rows: Iterable[PromiseRow]) -> str:
    """SHA-256 of what a release promises: who meets whom, when, where, on or off."""
    content = [
        [row.meeting, row.people, row.starts_at.isoformat(), row.ends_at.isoformat(), row.table, row.is_on]
        for row in sorted(rows, key=lambda row: row.meeting)
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


# Somebody leaves --------------------------------------------------------------------------------------------


def withdraw_person(session: Session, actor: Actor, now: datetime, *, delegate: Delegate) -> Release | None:
    """A release of its own cancels that person's promised meetings and tells the counterparts.

    The places in the current draft are free. None when nothing was promised to the person, or all is over:
    what was held is not undone.
    """
    plan_edit.free_person(session, actor, now, delegate=delegate)
    before = reads.latest(session, delegate.edition_id)
    if before is None:
        return None
    old = reads.released(session, before.id)
    kept = [row for row in old if row.is_on and (delegate.id not in row.people or row.ends_at <= now)]
    diff = compare(map(_promise, old), map(_promise, kept))
    if not diff:
        return None
    told = _present(session, [one for one in diff.participants if one != delegate.id])
    lost = set(reads.unreachable(session, told))
    edition = session.get_one(Edition, delegate.edition_id)
    new = _Publication(session, actor, now, edition, ReleaseReason.WITHDRAWAL, before.stage, "", None)
    return new.publish(kept, diff, [one for one in told if one not in lost])


def reopen(session: Session, actor: Actor, now: datetime, *, release: Release) -> tuple[Draft, int]:
    """A current draft with a release's meetings, and how many have lost their slot or table."""
    slots = {
        (slot.starts_at, slot.ends_at): slot.id
        for slot in session.scalars(select(Slot).where(Slot.edition_id == release.edition_id))
    }
    tables = {
        table.label: table.id
        for table in session.scalars(select(Table).where(Table.edition_id == release.edition_id))
    }
    rows = [row for row in reads.released(session, release.id) if row.is_on]
    places = [
        drafts.Place((row.people[0], row.people[1]), slot, table, meeting=row.meeting)
        for row in rows
        if (slot := slots.get((row.starts_at, row.ends_at))) and (table := tables.get(row.table))
    ]
    draft = drafts.create(
        session,
        now,
        edition_id=release.edition_id,
        origin=DraftOrigin.REOPENED,
        places=places,
        based_on=release.number,
        created_by_id=actor.account_id,
    )
    audit.record(
        session,
        actor,
        now,
        "release_reopened",
        edition_id=release.edition_id,
        obj=draft,
        number=release.number,
    )
    return draft, len(rows) - len(places)
