"""How long an edition knows its people: announced a month ahead, then they are forgotten and numbers stay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from salon import keeping
from salon.actor import Actor, system
from salon.errors import Invalid
from salon.models import Account, Delegate, Edition, ImportBatch, StoredFile
from salon.nudges import after_commit
from salon.queries import retention as reads
from salon.services import audit, editions, erasure

AT_ONCE = 50  # people a transaction forgets: others write in between
ROBOT = system("retention")


def set_months(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, version: int, months: int
) -> None:
    """The edition keeps its people so many months after its last day.

    Raises
    ------
    Invalid
        `retention_length` outside 1 to 36 months.
    DomainError
        `changed_meanwhile`.
    """
    editions.check_version(edition, version)
    if not keeping.MIN_MONTHS <= months <= keeping.MAX_MONTHS:
        raise Invalid("retention_length", field="months", least=keeping.MIN_MONTHS, most=keeping.MAX_MONTHS)
    before, edition.retention_months = edition.retention_months, months
    session.flush()
    audit.record(
        session, actor, now, "retention_changed", edition_id=edition.id, obj=edition, before=before,
        months=months,
    )  # fmt: skip


def sweep(session: Session, now: datetime) -> list[int]:
    """Notices begin, or end when the period became longer; gives the ids of the editions that are due."""
    due = []
    for edition in session.scalars(select(Edition).where(reads.holds_people())).all():
        if not keeping.is_announced(edition, now):
            edition.retention_notice_at = None
        elif edition.retention_notice_at is None:
            _announce(session, now, edition)
        elif keeping.is_due(edition, now):
            due.append(edition.id)
    session.flush()
    return due


def _announce(session: Session, now: datetime, edition: Edition) -> None:
    edition.retention_notice_at = now
    session.flush()
    audit.record(
        session, ROBOT, now, "retention_announced", edition_id=edition.id, obj=edition,
        due=keeping.due_at(edition, now).isoformat(),
    )  # fmt: skip


def forget_due(session: Session, now: datetime, *, edition_id: int) -> int:
    """The next people of an edition whose period is over; 0 when nobody is left or it is not over any more."""
    edition = session.get(Edition, edition_id, with_for_update=True, populate_existing=True)
    if edition is None or not keeping.is_due(edition, now):
        return 0
    return forget_some(session, ROBOT, now, edition=edition)


def forget_some(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, until: datetime | None = None
) -> int:
    """The next fifty people of an edition are forgotten, how many; accounts that nothing else needs are closed.

    `until` leaves out whoever registered after that instant.
    """
    who = select(Delegate).where(Delegate.edition_id == edition.id, Delegate.id.in_(reads.named()))
    if until is not None:
        who = who.where(Delegate.created_at <= until)
    people = session.scalars(who.order_by(Delegate.id).limit(AT_ONCE)).all()
    if not people:
        return 0
    if edition.anonymised_at is None:
        edition.kept_counts = reads.counts(session, edition)
    _forget_files(session, now, edition)
    closed = sum([_forget(session, now, edition, person) for person in people])
    edition.anonymised_at = until or now
    session.flush()
    audit.record(
        session, actor, now, "people_forgotten", edition_id=edition.id, obj=edition, count=len(people),
        closed=closed,
    )  # fmt: skip
    after_commit(session, "note_erasures", 0)
    after_commit(session, "scrub_store", 0)
    return len(people)


def _forget(session: Session, now: datetime, edition: Edition, person: Delegate) -> bool:
    """Whether the account went too."""
    elsewhere = reads.needed_elsewhere(edition.id)
    if session.scalar(elsewhere.where(Account.id == person.account_id)) is not None:
        erasure.detach(session, now, person=person)
        return False
    account = session.get_one(Account, person.account_id)
    erasure.close(session, now, account=account, people=[person])
    return True


def _forget_files(session: Session, now: datetime, edition: Edition) -> None:
    """What names many at once goes: lists that were read in, documents that were printed."""
    session.execute(update(ImportBatch).where(ImportBatch.edition_id == edition.id).values(rows=[]))
    files = (StoredFile.edition_id == edition.id, StoredFile.expires_at > now)
    session.execute(update(StoredFile).where(*files).values(expires_at=now))
