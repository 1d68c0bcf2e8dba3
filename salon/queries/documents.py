"""The documents page as rows: what there is to print, what is made, what is being made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, JobState
from salon.keys import fold
from salon.models import (
    Account,
    Delegate,
    Draft,
    Edition,
    Job,
    Organisation,
    ParticipantType,
    Release,
    StoredFile,
    Table,
)

HISTORY = 10  # orders that the first page looks at
SILENT_AFTER = timedelta(seconds=7)  # it beats each second, in a thread of its own
LONG_IN_LINE = timedelta(seconds=45)  # another print, or no worker at all


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that can be downloaded now."""

    id: int
    job_id: int
    item: str
    filename: str
    size: int
    pages: int | None
    created_at: datetime
    expires_at: datetime
    release: int | None
    draft: int | None
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JobLine:
    """An order with how far it is; `step` is the document being made, `part` of `parts` of it done."""

    id: int
    state: JobState
    items: tuple[str, ...]
    done: int
    total: int
    step: str
    part: int
    parts: int
    error: str
    attempts: int
    author: str
    release: int | None
    draft: int | None
    created_at: datetime
    finished_at: datetime | None
    is_silent: bool
    waits_long: bool
    options: Mapping[str, Any]
    files: tuple[FileLine, ...] = ()

    @property
    def is_active(self) -> bool:
        return self.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def progress(self) -> float:
        """From 0 to `total`, parts included."""
        return self.done + (self.part / self.parts if self.parts else 0.0)


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the page shows."""

    release: Release | None
    draft: int | None
    releases: tuple[int, ...]
    people: int
    tables: int
    jobs: tuple[JobLine, ...]
    newest: Mapping[str, FileLine]
    approved_since: int  # registrations validated after the newest badges were made

    @property
    def active(self) -> JobLine | None:
        return next((job for job in self.jobs if job.is_active), None)


def overview(session: Session, edition: Edition, now: datetime) -> Overview:
    """The page of an edition, in five statements."""
    jobs = _jobs(session, edition.id)
    files = _files(session, edition.id, now)
    newest: dict[str, FileLine] = {}
    for file in files:  # the newest first
        newest.setdefault(file.item, file)
    releases = session.scalars(
        select(Release).where(Release.edition_id == edition.id).order_by(Release.number.desc())
    ).all()
    people, tables, draft, since = _counts(session, edition.id, newest.get("badges"))
    return Overview(
        release=releases[0] if releases else None,
        draft=draft,
        releases=tuple(release.number for release in releases),
        people=people,
        tables=tables,
        jobs=tuple(_job_line(*row, now, files) for row in jobs),
        newest=newest,
        approved_since=since,
    )


def job(session: Session, job_id: int, edition_id: int, now: datetime) -> JobLine:
    """One order as its page shows it."""
    (row,) = _jobs(session, edition_id, job_id)
    return _job_line(*row, now, _files(session, edition_id, now))


def orders(
    session: Session, edition: Edition, now: datetime, *, first: int, size: int
) -> tuple[JobLine, ...]:
    """Orders of the edition, the latest first, from the `first` one (1-based), with the files still kept."""
    files = _files(session, edition.id, now)
    found = _jobs(session, edition.id, offset=first - 1, size=size)
    return tuple(_job_line(*row, now, files) for row in found)


def how_many_orders(session: Session, edition: Edition) -> int:
    """Every order ever made in the edition."""
    return session.scalar(select(func.count(Job.id)).where(Job.edition_id == edition.id)) or 0


def _jobs(
    session: Session, edition_id: int, only: int | None = None, *, offset: int = 0, size: int = HISTORY
) -> list[tuple[Job, str]]:
    query = (
        select(Job, Account.name, Account.email)
        .outerjoin(Account, Account.id == Job.account_id)
        .where(Job.edition_id == edition_id)
        .order_by(Job.id.desc())
        .limit(size)
        .offset(offset)
    )
    if only is not None:
        query = query.where(Job.id == only)
    return [(found, name or email or "") for found, name, email in session.execute(query)]


def _job_line(found: Job, author: str, now: datetime, files: list[FileLine]) -> JobLine:
    step, part, parts = read_message(found.message)
    beat = found.heartbeat_at
    return JobLine(
        id=found.id,
        state=found.state,
        items=tuple(found.params["items"]),
        done=found.done,
        total=found.total,
        step=step,
        part=part,
        parts=parts,
        error=found.error,
        attempts=found.attempts,
        author=author,
        release=found.params["release"],
        draft=found.params["draft"],
        created_at=found.created_at,
        finished_at=found.finished_at,
        is_silent=found.state is JobState.RUNNING and beat is not None and now - beat > SILENT_AFTER,
        waits_long=found.state is JobState.QUEUED and now - found.created_at > LONG_IN_LINE,
        options=found.params["options"],
        files=tuple(file for file in files if file.job_id == found.id),
    )


def message(step: str, part: int, parts: int) -> str:
    """How far an order is, as its row says it."""
    return f"{step}:{part}:{parts}"


def read_message(text: str) -> tuple[str, int, int]:
    """The step and how many of its parts are done, of how many."""
    step, _sep, rest = text.partition(":")
    part, _sep, parts = rest.partition(":")
    return step, int(part) if part.isdecimal() else 0, int(parts) if parts.isdecimal() else 0


def _files(session: Session, edition_id: int, now: datetime) -> list[FileLine]:
    """Files that are still kept, the newest first."""
    query = (
        select(StoredFile, Job.params)
        .join(Job, Job.id == StoredFile.job_id)
        .where(StoredFile.edition_id == edition_id, StoredFile.expires_at > now)
        .order_by(StoredFile.id.desc())
    )
    return [_file_line(file, params) for file, params in session.execute(query)]


def _file_line(file: StoredFile, params: Mapping[str, Any]) -> FileLine:
    item = item_of(params, file.stored_name)
    assert file.job_id is not None
    return FileLine(
        id=file.id,
        job_id=file.job_id,
        item=item,
        filename=file.filename,
        size=file.size,
        pages=params["made"].get(item, {}).get("pages"),
        created_at=file.created_at,
        expires_at=file.expires_at,
        release=params["release"],
        draft=params["draft"],
        options=params["options"],
    )


def item_of(params: Mapping[str, Any], stored_name: str) -> str:
    """Which document of its order a file is."""
    entries = params.get("made", {}).items()
    return next((item for item, entry in entries if entry.get("file") == stored_name), "")


def changed_since(session: Session, edition_id: int, number: int) -> frozenset[int]:
    """Delegates whom the releases after `number` change."""
    later = select(Release.diff).where(Release.edition_id == edition_id, Release.number > number)
    return frozenset(one for diff in session.scalars(later) for one in diff.get("participants", ()))


def last_options(session: Session, edition_id: int) -> Mapping[str, Any]:
    """How the last order of the edition was laid out."""
    query = select(Job.params).where(Job.edition_id == edition_id).order_by(Job.id.desc()).limit(1)
    params = session.scalar(query)
    return params["options"] if params else {}


def _counts(session: Session, edition_id: int, badges: FileLine | None) -> tuple[int, int, int | None, int]:
    """People, tables, number of the current draft, people validated since the badges were made."""
    people = (Delegate.edition_id == edition_id, Delegate.status == DelegateStatus.APPROVED)
    since = Delegate.decided_at > badges.created_at if badges else false()
    query = select(
        _count(Delegate.id, *people),
        _count(Table.id, Table.edition_id == edition_id),
        select(Draft.number).where(Draft.edition_id == edition_id, Draft.is_current).scalar_subquery(),
        _count(Delegate.id, *people, since),
    )
    found = session.execute(query).one()
    return found[0], found[1], found[2], found[3]


def _count(column: Any, *where: ColumnElement[bool]) -> Any:
    return select(func.count(column)).where(*where).scalar_subquery()


# One person -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody whose badge and agenda can be printed alone."""

    id: int
    name: str
    organisation: str
    letter: str
    hue: str
    type_name: Mapping[str, str]


def people(session: Session, edition: Edition, q: str) -> list[PersonLine]:
    """Approved people whose name or organisation holds every word of `q`, by surname; one statement.

    Accents and case are folded here: SQLite and PostgreSQL do not agree on them.
    """
    query = (
        select(
            Delegate.id, Delegate.first_name, Delegate.last_name, Organisation.name, ParticipantType.code,
            ParticipantType.hue, ParticipantType.name,
        )
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .join(ParticipantType, ParticipantType.id == Delegate.type_id)
        .where(Delegate.edition_id == edition.id, Delegate.status == DelegateStatus.APPROVED)
    )  # fmt: skip
    words = fold(q).split()
    rows = [row for row in session.execute(query) if _holds(fold(f"{row[1]} {row[2]} {row[3]}"), words)]
    rows.sort(key=lambda row: (fold(row[2]), fold(row[1]), row[0]))
    return [PersonLine(row[0], f"{row[1]} {row[2]}".strip(), row[3], row[4], row[5], row[6]) for row in rows]


def _holds(text: str, words: list[str]) -> bool:
    return all(word in text for word in words)
