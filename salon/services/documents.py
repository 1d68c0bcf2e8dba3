"""A print order: asked for, taken once by a worker, told how far it is, stopped, taken up again.

The row is the truth. A file has its row only once it is whole on the disk, so an order that is taken up again
makes what is missing and nothing else. Whoever works on an order proves by its `attempt` that it is still theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, Select, select, update
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import DelegateStatus, JobKind, JobState, Role
from salon.errors import DomainError, Invalid
from salon.models import Account, Delegate, Edition, Job, Membership, StoredFile, Table
from salon.nudges import after_commit
from salon.queries import documents as reads
from salon.queries import releases as promises
from salon.services import audit
from salon.services.print_options import ITEMS, Options

PRINT_TASK = "print"
ACTIVE = (JobState.QUEUED, JobState.RUNNING)
KEPT = timedelta(days=14)  # they name people; a new one is made in seconds
SETS_KEPT = 3  # files of the same document; older ones go at the next sweep
RENUDGE_AFTER = timedelta(seconds=5)  # a queued order whose message may be lost
MAX_ATTEMPTS = 3
_PRINTERS = (Role.OWNER, Role.ORGANISER, Role.DESK)


@dataclass(frozen=True, slots=True)
class Order:
    """A taken job; `made` are the documents that an earlier attempt has finished."""

    job_id: int
    attempt: int
    edition_id: int
    items: tuple[str, ...]
    made: frozenset[str]
    release: int | None
    draft: int | None
    options: Options


@dataclass(frozen=True, slots=True)
class Made:
    """A file on the disk, not yet in the store."""

    item: str
    filename: str
    media_type: str
    stored_name: str
    size: int
    pages: int | None = None


class Lost(Exception):
    """The order is no longer ours: stopped, or taken by another worker."""


def order(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, items: Sequence[str], options: Options
) -> Job:
    """A queued job for these documents of the latest release, else of the current draft."""
    wanted = _wanted(items)
    if active(session, edition.id) is not None:
        raise DomainError("print_active")
    release, draft = checked(session, edition, wanted, options)
    job = Job(
        edition_id=edition.id,
        kind=JobKind.PRINT_SET if any(ITEMS[item].is_paper for item in wanted) else JobKind.EXPORT,
        state=JobState.QUEUED,
        params={
            "items": wanted, "release": release, "draft": draft, "options": options.as_json(), "made": {},
        },
        total=len(wanted),
        account_id=actor.account_id,
        created_at=now,
    )  # fmt: skip
    session.add(job)
    session.flush()
    audit.record(
        session, actor, now, "print_ordered", edition_id=edition.id, obj=job, items=wanted, release=release
    )
    after_commit(session, PRINT_TASK, job.id)
    return job


def checked(
    session: Session, edition: Edition, items: Sequence[str], options: Options, *, release: int | None = None
) -> tuple[int | None, int | None]:
    """Numbers of the release, else of the draft, that these documents will show; raises when they cannot be."""
    options.check()
    if release is not None and promises.by_number(session, edition.id, release) is None:
        raise Invalid("print_no_release", number=release)
    number, draft = (release, None) if release is not None else source(session, edition.id)
    _refuse_empty(session, edition, items, has_plan=number is not None or draft is not None)
    if options.since is not None and not reads.changed_since(session, edition.id, options.since):
        raise Invalid("print_no_changes", field="since")
    return number, draft


def _wanted(items: Sequence[str]) -> list[str]:
    """In the order of the list, each once."""
    if unknown := [item for item in items if item not in ITEMS]:
        raise Invalid("print_unknown", item=unknown[0])
    if not items:
        raise Invalid("print_nothing_chosen")
    return [key for key in ITEMS if key in items]


def source(session: Session, edition_id: int) -> tuple[int | None, int | None]:
    """Numbers of the latest release and, where there is none, of the current draft."""
    release = promises.latest(session, edition_id)
    if release is not None:
        return release.number, None
    draft = promises.current_draft(session, edition_id)
    return None, draft.number if draft else None


def _refuse_empty(session: Session, edition: Edition, items: Sequence[str], *, has_plan: bool) -> None:
    rules = [ITEMS[item] for item in items]
    if any(rule.needs_plan for rule in rules) and not has_plan:
        raise DomainError("print_no_plan")
    if any(rule.needs_people for rule in rules) and not _any(
        session,
        select(Delegate.id).where(
            Delegate.edition_id == edition.id, Delegate.status == DelegateStatus.APPROVED
        ),
    ):
        raise DomainError("print_nobody")
    if any(rule.needs_tables for rule in rules) and not _any(
        session, select(Table.id).where(Table.edition_id == edition.id)
    ):
        raise DomainError("print_no_tables")


def _any(session: Session, query: Select[Any]) -> bool:
    return session.scalar(query.limit(1)) is not None


def active(session: Session, edition_id: int) -> Job | None:
    """The edition's order that waits or is worked on."""
    query = select(Job).where(Job.edition_id == edition_id, Job.state.in_(ACTIVE))
    return session.scalar(query.order_by(Job.id.desc()).limit(1))


def cancel(session: Session, actor: Actor, now: datetime, *, job: Job) -> None:
    """The order is over; whoever works on it finds out within a second and leaves no half file."""
    if job.state not in ACTIVE:
        raise DomainError("print_over")
    _close(job, now, JobState.FAILED, "cancelled")
    audit.record(session, actor, now, "print_cancelled", edition_id=job.edition_id, obj=job)


def retry(session: Session, actor: Actor, now: datetime, *, job: Job) -> None:
    """The order waits again; what is made stays made."""
    if job.state is not JobState.FAILED:
        raise DomainError("print_over")
    if active(session, job.edition_id) is not None:
        raise DomainError("print_active")
    job.state, job.error, job.attempts, job.created_at = JobState.QUEUED, "", 0, now
    job.started_at = job.heartbeat_at = job.finished_at = None
    job.account_id = actor.account_id
    session.flush()
    audit.record(session, actor, now, "print_retried", edition_id=job.edition_id, obj=job)
    after_commit(session, PRINT_TASK, job.id)


def note_download(session: Session, actor: Actor, now: datetime, *, file: StoredFile) -> None:
    """Who took which list of people away is in the journal."""
    if file.expires_at <= now:
        raise DomainError("file_gone")
    audit.record(session, actor, now, "document_downloaded", edition_id=file.edition_id, obj=file)


# The worker's side ------------------------------------------------------------------------------------------


def take(session: Session, now: datetime, job_id: int) -> Order | None:
    """The queued order, now ours; None when it is not queued any more (a second delivery)."""
    taken = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.QUEUED)
        .values(state=JobState.RUNNING, attempts=Job.attempts + 1, started_at=now, heartbeat_at=now)
    )
    if not _touched(taken):
        return None
    job = session.get_one(Job, job_id, populate_existing=True)
    if not _may_still_print(session, job):
        _close(job, now, JobState.FAILED, "not_allowed")
        return None
    params = job.params
    return Order(
        job.id, job.attempts, job.edition_id, tuple(params["items"]), _still_there(session, job),
        params["release"], params["draft"], Options.read(params["options"]),
    )  # fmt: skip


def _still_there(session: Session, job: Job) -> frozenset[str]:
    """The documents made by an earlier attempt whose files are still kept."""
    names = set(session.scalars(select(StoredFile.stored_name).where(StoredFile.job_id == job.id)))
    return frozenset(item for item, entry in job.params["made"].items() if entry["file"] in names)


def _may_still_print(session: Session, job: Job) -> bool:
    """Whether whoever ordered it may still print here; a command has no account and may."""
    if job.account_id is None:
        return True
    account = session.get_one(Account, job.account_id)
    if account.disabled_at or account.erased_at:
        return False
    role = select(Membership.id).where(
        Membership.edition_id == job.edition_id,
        Membership.account_id == account.id,
        Membership.role.in_(_PRINTERS),
    )
    return account.is_admin or session.scalar(role) is not None


def beat(session: Session, now: datetime, order: Order, message: str) -> bool:
    """Note that the order is alive and how far it is; False when it is no longer ours."""
    return _touched(
        session.execute(update(Job).where(*_ours(order)).values(heartbeat_at=now, message=message[:200]))
    )


def keep(session: Session, now: datetime, order: Order, made: Made) -> None:
    """The file belongs to the order; raises `Lost` when the order is no longer ours."""
    job = session.scalar(
        select(Job).where(*_ours(order)).with_for_update().execution_options(populate_existing=True)
    )
    if job is None:
        raise Lost
    session.add(
        StoredFile(
            edition_id=order.edition_id, job_id=job.id, filename=made.filename, media_type=made.media_type,
            stored_name=made.stored_name, size=made.size, created_at=now, expires_at=now + KEPT,
        )
    )  # fmt: skip
    entry = {"file": made.stored_name, "pages": made.pages}
    job.params = {**job.params, "made": {**job.params["made"], made.item: entry}}
    job.done, job.heartbeat_at = len(job.params["made"]), now
    session.flush()


def finish(session: Session, now: datetime, order: Order, error: str = "") -> None:
    """The order is over; nothing happens when it is no longer ours."""
    job = session.scalar(
        select(Job).where(*_ours(order)).with_for_update().execution_options(populate_existing=True)
    )
    if job is None:
        return
    _close(job, now, JobState.FAILED if error else JobState.DONE, error)
    session.flush()


def _ours(order: Order) -> tuple[Any, ...]:
    return Job.id == order.job_id, Job.state == JobState.RUNNING, Job.attempts == order.attempt


def _touched(result: Any) -> bool:
    assert isinstance(result, CursorResult)
    return result.rowcount > 0


def _close(job: Job, now: datetime, state: JobState, error: str) -> None:
    job.state, job.error, job.finished_at, job.message = state, error, now, ""


# Sweeps -----------------------------------------------------------------------------------------------------


def sweep(session: Session, now: datetime) -> list[int]:
    """Orders whose worker fell silent wait again, thrice at most; gives the ids to nudge."""
    silent = (Job.state == JobState.RUNNING, Job.heartbeat_at < now - reads.SILENT_AFTER)
    free = select(Job).where(*silent).with_for_update(skip_locked=True)  # others are being finished
    for job in session.scalars(free.execution_options(populate_existing=True)).all():
        if job.attempts >= MAX_ATTEMPTS:
            _close(job, now, JobState.FAILED, "worker_lost")
        else:
            job.state = JobState.QUEUED
    session.flush()
    waiting = (Job.state == JobState.QUEUED, Job.created_at < now - RENUDGE_AFTER)
    return list(session.scalars(select(Job.id).where(*waiting)))


def forget_files(session: Session, now: datetime) -> list[str]:
    """Names of the files that are kept no longer, their rows gone: expired, or replaced too often."""
    for stale in _replaced(session):
        stale.expires_at = min(stale.expires_at, now)
    session.flush()
    gone = session.scalars(select(StoredFile).where(StoredFile.expires_at <= now)).all()
    names = [file.stored_name for file in gone]
    for file in gone:
        session.delete(file)
    session.flush()
    return names


def _replaced(session: Session) -> list[StoredFile]:
    """Files beyond the last few of the same document of the same edition."""
    query = select(StoredFile, Job.params).join(Job, Job.id == StoredFile.job_id)
    seen: dict[tuple[int, str], int] = {}
    found = []
    for file, params in session.execute(query.order_by(StoredFile.id.desc())):
        item = reads.item_of(params, file.stored_name)
        seen[file.edition_id, item] = seen.get((file.edition_id, item), 0) + 1
        if seen[file.edition_id, item] > SETS_KEPT:
            found.append(file)
    return found


def known_files(session: Session) -> frozenset[str]:
    """Every name on the disk that a row speaks of."""
    return frozenset(session.scalars(select(StoredFile.stored_name)))
