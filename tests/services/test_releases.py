"""Publishing: signed as seen, copied, frozen, told to those concerned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from salon.enums import (
    DelegateStatus,
    DraftOrigin,
    MailKind,
    MeetingStatus,
    ReleaseReason,
    ReleaseStage,
)
from salon.errors import DomainError
from salon.models import Draft, Exclusion, OutboxMail, Placement, Release, ReleasedMeeting
from salon.queries import releases as reads
from salon.services import drafts, plan_edit, releases
from salon.services.release_diff import Kind, compare
from tests.conftest import NOW
from tests.factories import Factory
from tests.planning_fair import SmallFair, small_fair


@pytest.fixture
def fair(make: Factory) -> SmallFair:
    return small_fair(make)


@pytest.fixture
def draft(session: Session, fair: SmallFair) -> Draft:
    """Each buyer meets the supplier across, all at nine."""
    places = [
        drafts.Place((fair.buyers[i].id, fair.suppliers[i].id), fair.slots[0].id, fair.tables[i].id)
        for i in range(3)
    ]
    return drafts.create(session, NOW, edition_id=fair.edition.id, origin=DraftOrigin.MANUAL, places=places)


def publish(session: Session, fair: SmallFair, draft: Draft, **changes: object) -> Release:
    seen = releases.preview(session, fair.edition, draft)
    values: dict[str, object] = {
        "edition": fair.edition, "draft": draft, "fingerprint": seen.fingerprint,
        "acknowledged": {caution.code for caution in seen.cautions}, "stage": ReleaseStage.FINAL,
    }  # fmt: skip
    return releases.release(session, fair.actor, NOW, **{**values, **changes})  # type: ignore[arg-type]


def move_first(session: Session, fair: SmallFair, draft: Draft) -> None:
    placement = session.scalars(
        select(Placement).where(Placement.draft_id == draft.id).order_by(Placement.id)
    ).first()
    assert placement is not None
    plan_edit.move(
        session, fair.actor, NOW, edition=fair.edition, draft=draft, version=draft.version,
        placement=placement, slot=fair.slots[1].id, table=fair.tables[0].id,
    )  # fmt: skip


def sequences(session: Session, release: Release) -> list[tuple[MeetingStatus, int]]:
    query = select(ReleasedMeeting.status, ReleasedMeeting.sequence)
    found = session.execute(query.where(ReleasedMeeting.release_id == release.id))
    return sorted((status, sequence) for status, sequence in found)


def test_the_first_release_tells_everybody(session: Session, fair: SmallFair, draft: Draft) -> None:
    first = publish(session, fair, draft, note="À jeudi")
    assert (first.number, first.reason, first.note) == (1, ReleaseReason.PUBLICATION, "À jeudi")
    assert sequences(session, first) == [(MeetingStatus.SCHEDULED, 0)] * 3
    mails = session.scalars(select(OutboxMail)).all()
    assert {mail.delegate_id for mail in mails} == {one.id for one in fair.buyers + fair.suppliers}
    assert {mail.kind for mail in mails} == {MailKind.PUBLICATION}
    assert {mail.dedupe_key for mail in mails} == {f"release:{first.id}:{mail.delegate_id}" for mail in mails}


def test_the_next_release_tells_those_concerned_and_counts_sequences(
    session: Session, fair: SmallFair, draft: Draft
) -> None:
    first = publish(session, fair, draft)
    move_first(session, fair, draft)
    gone = session.scalars(
        select(Placement).where(Placement.draft_id == draft.id).order_by(Placement.id)
    ).all()[-1]
    plan_edit.remove(session, fair.actor, NOW, draft=draft, version=draft.version, placement=gone)
    session.query(OutboxMail).delete()
    second = publish(session, fair, draft)
    assert sequences(session, second) == [
        (MeetingStatus.CANCELLED, 1), (MeetingStatus.SCHEDULED, 0), (MeetingStatus.SCHEDULED, 1),
    ]  # fmt: skip
    assert [one["kind"] for one in second.diff["meetings"]] == ["cancelled", "moved"]
    kinds = {mail.delegate_id: mail.kind for mail in session.scalars(select(OutboxMail))}
    assert kinds == {
        fair.buyers[0].id: MailKind.PUBLICATION, fair.suppliers[0].id: MailKind.PUBLICATION,
        fair.buyers[2].id: MailKind.CANCELLATION, fair.suppliers[2].id: MailKind.CANCELLATION,
    }  # fmt: skip
    untouched = {row.meeting: row for row in reads.released(session, first.id)}
    same = [row for row in reads.released(session, second.id) if untouched[row.meeting] == row]
    assert len(same) == 1


def test_a_cancelled_meeting_that_comes_back_goes_on_counting(
    session: Session, fair: SmallFair, draft: Draft
) -> None:
    publish(session, fair, draft)
    gone = session.scalars(
        select(Placement).where(Placement.draft_id == draft.id).order_by(Placement.id)
    ).first()
    assert gone is not None
    meeting = gone.meeting_id
    plan_edit.remove(session, fair.actor, NOW, draft=draft, version=draft.version, placement=gone)
    publish(session, fair, draft)
    plan_edit.add(
        session, fair.actor, NOW, edition=fair.edition, draft=draft, version=draft.version,
        people=(fair.buyers[0].id, fair.suppliers[0].id), slot=fair.slots[0].id, table=fair.tables[0].id,
    )  # fmt: skip
    third = publish(session, fair, draft)
    row = next(row for row in reads.released(session, third.id) if row.meeting == meeting)
    assert (row.is_on, row.sequence) == (True, 2)


def test_what_moved_since_the_preview_is_refused_with_the_new_one(
    session: Session, fair: SmallFair, draft: Draft
) -> None:
    seen = releases.preview(session, fair.edition, draft)
    move_first(session, fair, draft)
    with pytest.raises(DomainError, match="preview_stale") as refused:
        publish(session, fair, draft, fingerprint=seen.fingerprint)
    fresh = refused.value.details["preview"]
    assert fresh.fingerprint == releases.preview(session, fair.edition, draft).fingerprint
    assert session.scalar(select(Release.id)) is None


def test_the_second_of_two_organisers_is_told(session: Session, fair: SmallFair, draft: Draft) -> None:
    seen = releases.preview(session, fair.edition, draft)
    publish(session, fair, draft)
    with pytest.raises(DomainError, match="preview_stale"):
        publish(session, fair, draft, fingerprint=seen.fingerprint)


def test_broken_rules_block(session: Session, fair: SmallFair, draft: Draft) -> None:
    first, second = sorted((fair.buyers[0].organisation_id, fair.suppliers[0].organisation_id))
    session.add(Exclusion(edition_id=fair.edition.id, first_id=first, second_id=second, created_at=NOW))
    session.flush()
    with pytest.raises(DomainError, match="hard_rules_broken") as refused:
        publish(session, fair, draft)
    broken = refused.value.details["preview"].broken
    assert [one.rule for one in broken] == ["exclusions"]
    assert set(broken[0].people) == {fair.buyers[0].id, fair.suppliers[0].id}


def test_a_plan_with_somebody_who_left_is_blocked(session: Session, fair: SmallFair, draft: Draft) -> None:
    fair.buyers[0].status = DelegateStatus.WITHDRAWN
    session.flush()
    seen = releases.preview(session, fair.edition, draft)
    assert [(one.rule, one.people) for one in seen.broken] == [("absent_person", (fair.buyers[0].id,))]


def test_a_meeting_nobody_wishes_any_more_is_blocked_unless_placed_by_hand(
    session: Session, fair: SmallFair, draft: Draft
) -> None:
    session.execute(text("DELETE FROM wish"))
    seen = releases.preview(session, fair.edition, draft)
    assert {one.rule for one in seen.broken} == {"wished_or_mandatory"} and len(seen.broken) == 3
    session.execute(update(Placement).values(placed_by_id=fair.owner.id))
    assert releases.preview(session, fair.edition, draft).broken == ()


def test_warnings_must_be_acknowledged(session: Session, fair: SmallFair, draft: Draft) -> None:
    fair.buyers[0].min_override = 2
    session.flush()
    seen = releases.preview(session, fair.edition, draft)
    assert [(one.code, one.people) for one in seen.cautions] == [("below_minimum", (fair.buyers[0].id,))]
    with pytest.raises(DomainError, match="not_acknowledged"):
        publish(session, fair, draft, acknowledged=set())
    assert publish(session, fair, draft).number == 1


def test_an_unreachable_person_is_named_and_gets_no_message(
    session: Session, fair: SmallFair, draft: Draft
) -> None:
    from salon.models import Account

    session.get_one(Account, fair.buyers[1].account_id).disabled_at = NOW
    session.flush()
    seen = releases.preview(session, fair.edition, draft)
    assert [(one.code, one.people) for one in seen.cautions] == [("unreachable", (fair.buyers[1].id,))]
    assert fair.buyers[1].id not in seen.recipients and len(seen.recipients) == 5


@pytest.mark.parametrize("table", ["release", "released_meeting", "released_seat"])
def test_released_rows_refuse_update_and_delete(
    session: Session, fair: SmallFair, draft: Draft, table: str
) -> None:
    publish(session, fair, draft)
    session.commit()
    column = "delegate_id" if table == "released_seat" else "id"
    for statement in (f'UPDATE "{table}" SET {column} = {column}', f'DELETE FROM "{table}"'):
        with pytest.raises(DatabaseError, match="never change"):
            session.execute(text(statement))
        session.rollback()


def test_who_leaves_is_released_and_counterparts_are_told(
    session: Session, fair: SmallFair, draft: Draft
) -> None:
    publish(session, fair, draft)
    session.query(OutboxMail).delete()
    fair.buyers[0].status = DelegateStatus.WITHDRAWN
    session.flush()
    second = releases.withdraw_person(session, fair.actor, NOW + timedelta(hours=1), delegate=fair.buyers[0])
    assert second is not None and second.reason is ReleaseReason.WITHDRAWAL
    assert sequences(session, second)[0] == (MeetingStatus.CANCELLED, 1)
    told = session.scalars(select(OutboxMail)).all()
    assert [(mail.delegate_id, mail.kind) for mail in told] == [(fair.suppliers[0].id, MailKind.CANCELLATION)]
    assert len(reads.placed(session, draft.id)) == 2
    assert releases.preview(session, fair.edition, draft).diff.changes == ()
    assert releases.withdraw_person(session, fair.actor, NOW, delegate=fair.buyers[0]) is None


def test_before_any_release_a_withdrawal_only_frees_places(
    session: Session, fair: SmallFair, draft: Draft
) -> None:
    assert releases.withdraw_person(session, fair.actor, NOW, delegate=fair.buyers[0]) is None
    assert len(reads.placed(session, draft.id)) == 2


def test_a_release_reopens_as_a_draft(session: Session, fair: SmallFair, draft: Draft) -> None:
    first = publish(session, fair, draft)
    move_first(session, fair, draft)
    again, lost = releases.reopen(session, fair.actor, NOW, release=first)
    assert (again.origin, again.based_on, lost) == (DraftOrigin.REOPENED, 1, 0)
    assert not releases.preview(session, fair.edition, again).diff


def test_nothing_changes_between_equal_releases(session: Session, fair: SmallFair, draft: Draft) -> None:
    publish(session, fair, draft)
    rows = [releases._promise(row) for row in reads.placed(session, draft.id)]
    assert not compare(rows, rows)
    assert compare([], rows).count(Kind.NEW) == 3


def test_an_old_draft_is_not_published(session: Session, fair: SmallFair, draft: Draft) -> None:
    drafts.start_by_hand(session, fair.actor, NOW, edition=fair.edition)
    session.refresh(draft)
    with pytest.raises(DomainError, match="draft_not_current"):
        publish(session, fair, draft)
